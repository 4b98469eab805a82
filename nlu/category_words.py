"""The words of `data/categories.yml` by which a text names a category, each weighed by how much it tells."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nlu.tables import any_of, read_table
from nlu.wording import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

GAP = "…"
"""Stands in a word for a few characters, whatever they are."""

# Stands for a gap while a word is normalised, which would take the dots of … for punctuation.
_MARK = "|"
_GAP_COST = 0.5
_ANYTHING = "[^。.!?;]{0,6}?"
# What a character of a hint, of a word and of a key weighs.
_HINT, _WORD, _KEY = 0.6, 1.0, 1.5


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A word of the category `slug` of the kind `kind` at `start:end` of a normalised text."""

    start: int
    end: int
    weight: float
    kind: str
    slug: str


@dataclass(frozen=True, slots=True)
class _Word:
    head: str
    tail: re.Pattern[str] | None
    weight: float
    slug: str
    kind: str
    is_hint: bool


def matching_words(plain: str, kinds: frozenset[str], *, with_hints: bool = False) -> list[WordMatch]:
    """The words of `kinds` in `plain`, a normalised text; a word that stands inside a longer one does not count.

    Nor does a hint that stands in a figure: the 电 of 电话 is none.
    """
    kept: list[WordMatch] = []
    taken = bytearray(len(plain))
    found = _all_matches(plain, kinds, with_hints)
    for match in sorted(found, key=lambda match: (-match.weight, match.end - match.start, match.start)):
        if not any(taken[match.start : match.end]):
            taken[match.start : match.end] = b"\1" * (match.end - match.start)
            kept.append(match)
    return kept


def _all_matches(plain: str, kinds: frozenset[str], with_hints: bool) -> Iterator[WordMatch]:
    index = _index()
    figures = [figure.span() for figure in _figures().finditer(plain)] if with_hints else []
    for start, character in enumerate(plain):
        for word in index.get(character, ()):
            wanted = word.kind in kinds and (not word.is_hint or (with_hints and not _is_hidden(start, word, figures)))
            if wanted and plain.startswith(word.head, start):
                end = start + len(word.head)
                tail = word.tail.match(plain, end) if word.tail else None
                if tail or not word.tail:
                    yield WordMatch(start, tail.end() if tail else end, word.weight, word.kind, word.slug)


def _is_hidden(start: int, hint: _Word, figures: list[tuple[int, int]]) -> bool:
    """Whether the hint is a piece of a longer figure."""
    end = start + len(hint.head)
    return any(first <= start and end <= last and end - start < last - first for first, last in figures)


@cache
def _figures() -> re.Pattern[str]:
    return re.compile(any_of(map(normalise, read_table("categories")["figures"])))


@cache
def _index() -> dict[str, tuple[_Word, ...]]:
    """The words and hints of all categories by their first character."""
    index: dict[str, list[_Word]] = defaultdict(list)
    for category in read_table("categories")["categories"]:
        factors = dict.fromkeys(category["hints"], _HINT) | dict.fromkeys(category["words"], _WORD)
        factors |= dict.fromkeys(category["keys"], _KEY)
        for word, factor in factors.items():
            head, *rest = normalise(word.replace(GAP, _MARK)).split(_MARK)
            tail = re.compile("".join(_ANYTHING + re.escape(piece) for piece in rest)) if rest else None
            weight = (sum(map(len, (head, *rest))) - _GAP_COST * len(rest)) * factor
            index[head[0]].append(_Word(head, tail, weight, category["slug"], category["kind"], factor == _HINT))
    return {character: tuple(words) for character, words in index.items()}
