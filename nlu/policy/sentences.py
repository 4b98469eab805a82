"""Splits a clause into its sentences, each a verbatim piece of the text with its place in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM = r"(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．](?!\d)|[①-⑳])"
# A sentence closes with its mark and any closing quote or bracket after it; an item of a list is one too.
_END = re.compile(rf"[。！？!?；;][”’」』）)]*|\n+(?={_ITEM})|\n+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is `clause.text[start:end]`; `full_start` and `full_end` bound all up to the full stops around it."""

    text: str
    start: int
    end: int
    full_start: int
    full_end: int


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a clause's text in order; text without any closing mark is one sentence."""
    spans = []
    start = 0
    for match in _END.finditer(text):
        end = match.start() if match.group().startswith("\n") else match.end()
        spans.append((start, end))
        start = match.end()
    spans.append((start, len(text)))
    spans = [span for span in (_trimmed(text, *span) for span in spans) if span[0] < span[1]]
    return tuple(Sentence(text[a:b], a, b, *_whole(text, spans, index)) for index, (a, b) in enumerate(spans))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _whole(text: str, spans: list[tuple[int, int]], index: int) -> tuple[int, int]:
    first = last = index
    while first and _runs_on(text, spans[first - 1], spans[first]):
        first -= 1
    while last + 1 < len(spans) and _runs_on(text, spans[last], spans[last + 1]):
        last += 1
    return spans[first][0], spans[last][1]


def _runs_on(text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether two neighbours are one sentence, closed between them by a semicolon or a colon only."""
    return text[before[1] - 1] in "；;：:" and "\n" not in text[before[1] : after[0]]


def is_item(sentence: str) -> bool:
    """Whether a sentence is a numbered item of a list."""
    return bool(re.match(_ITEM, sentence))
