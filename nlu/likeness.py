"""How alike two reports are in words: shared pairs of characters, without what stands in every report."""

from __future__ import annotations

import re
from functools import cache

from nlu.tables import read_table
from nlu.wording import normalise

_NO_WORDS = re.compile(r"[\W_0-9a-z]+")


def likeness(one: str, other: str, without: tuple[str, ...] = ()) -> float:
    """Shared character pairs over those of the shorter text, 0 to 1; 0 where one of them says nothing of a thing.

    `without` are the places of the two, which are compared as places.
    """
    first, second = (_pairs(text, without) for text in (one, other))
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


@cache
def is_broad(category: str) -> bool:
    """Whether a category holds many different things at one place, so that the words decide which is meant."""
    return category in read_table("likeness")["broad"]


def _pairs(text: str, without: tuple[str, ...]) -> set[str]:
    for place in filter(None, without):
        text = text.replace(place, " ")
    pieces = _NO_WORDS.split(_said_of_anything().sub(" ", _NO_WORDS.sub(" ", normalise(text))))
    return {piece[at : at + 2] for piece in pieces for at in range(max(1, len(piece) - 1)) if len(piece) > 1}


@cache
def _said_of_anything() -> re.Pattern[str]:
    return re.compile("|".join(read_table("likeness")["says_nothing"]))
