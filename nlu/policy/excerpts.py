"""Shortens and lays out what is quoted; every line is a verbatim piece."""

from __future__ import annotations

import re

from nlu.policy.sentences import split_sentences

_PHRASE_END = re.compile(r"[，。；：\n]")
_CLOSING = re.compile(r"；\s*|\n+")
_LIST = 3


def beginning(text: str, longest: int) -> str:
    """The sentences that `text` begins with, up to `longest` characters; at least one."""
    if len(text) <= longest:
        return text
    ends = [sentence.full_end for sentence in split_sentences(text)]
    return text[: max([end for end in ends if end <= longest], default=ends[0])]


def opening(text: str) -> str:
    """The phrase that `text` opens with."""
    return _PHRASE_END.split(text, maxsplit=1)[0]


def listed(text: str) -> tuple[str, ...]:
    """The pieces of a text that sets out several things, by lines or semicolons; none where it does not."""
    pieces, start = [], 0
    for match in _CLOSING.finditer(text):
        pieces.append(text[start : match.end()].strip())
        start = match.end()
    pieces = [piece for piece in (*pieces, text[start:].strip()) if piece]
    return tuple(pieces) if len(pieces) >= _LIST else ()
