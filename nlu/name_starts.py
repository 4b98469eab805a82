"""Tells where the name of a place begins whose ending is known: 东升 before 家园, 打石坝 before 村."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from nlu.tables import read_table

_LONGEST_NAME = 6
_LONGEST_WORD = 4
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The characters and words of `data/places.yml` that names consist of and that they do not."""

    characters: frozenset[str]
    words: frozenset[str]
    stop_characters: frozenset[str]
    stops: frozenset[str]
    cities: frozenset[str]
    surnames: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    table: dict[str, Any] = read_table("places")
    return _Lexicon(
        characters=frozenset(table["name_characters"]) - {" "},
        words=frozenset(table["name_words"]),
        stop_characters=frozenset(table["stop_characters"]) - {" "},
        stops=frozenset(read_table("ordinary_words")["words"]),
        cities=frozenset(table["cities"]),
        surnames=frozenset(word for word in read_table("persons")["surnames"] if len(word) == 1),
    )


def name_start(text: str, end: int, limit: int, *, open_to: int = 0) -> int:
    """Where the name that goes on to `end` begins, `limit` at the earliest; `end` itself if there is no name.

    A name consists of characters of names. An open one of up to `open_to` characters may hold any others as well, where
    it reaches from a pause or a word that is no part of names (在, 我们) to its ending.
    """
    lexicon = _lexicon()
    limit = max(limit, end - _LONGEST_NAME)
    for length in (3, 2):
        if end - length >= limit and text[end - length : end] in lexicon.cities:
            return end - length
    sure = _reach(text, end, limit, lexicon, is_open=False)
    if open_to:
        whole = _reach(text, end, limit, lexicon, is_open=True)
        if end - whole <= open_to:
            return whole
    return sure


def _reach(text: str, end: int, limit: int, lexicon: _Lexicon, *, is_open: bool) -> int:
    start = end
    while start > limit:
        step = _step_back(text, start, limit, lexicon, is_open=is_open)
        if not step:
            break
        start -= step
    return start


def _step_back(text: str, end: int, limit: int, lexicon: _Lexicon, *, is_open: bool) -> int:
    """How many characters before `end` belong to a name: a word of names (和平), 王家, or one character; else 0."""
    for length in range(_LONGEST_WORD, 1, -1):
        piece = text[end - length : end] if end - length >= limit else ""
        if piece in lexicon.words or (length == 2 and piece.endswith("家") and piece[0] in lexicon.surnames):
            return length
        if piece and piece in lexicon.stops:
            return 0
    character = text[end - 1]
    if is_open:
        return 1 if _HAN.match(character) and character not in lexicon.stop_characters else 0
    return 1 if character in lexicon.characters else 0
