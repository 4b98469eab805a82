"""Reads what staff say with the code of a household's printed card (`data/household_codes.yml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from nlu.tables import read_table

_CODE = re.compile(r"((?:[A-HJ-NP-Za-hj-np-z2-9][ \-]?){7}[A-HJ-NP-Za-hj-np-z2-9])(?![0-9A-Za-z])")
"""Eight of the letters and digits of which codes are made, also in groups (ABCD 2345)."""

_MARKS = " ：:，,。！!"


class HouseholdWish(StrEnum):
    """What may be wanted for a household."""

    SHOW = "show"
    REPORT = "report"
    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    REGISTER = "register"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class ForHousehold:
    """A code in capitals, what is wanted, and the words about it.

    `named` says that it was called a household's code; without that it may be any other code.
    """

    code: str
    wish: HouseholdWish
    words: str
    named: bool


def read_household(text: str) -> ForHousehold | None:
    """What `text` wants for the household whose code it begins with, or None where it begins with none."""
    said = text.strip()
    opening = _pattern("named").match(said)
    rest = said[opening.end() :] if opening is not None else said
    match = _CODE.match(rest)
    if match is None:
        return None
    code = re.sub(r"[ \-]", "", match[1]).upper()
    words = _pattern("behind").sub("", rest[match.end() :]).strip()
    return ForHousehold(code, *_wish(words), opening is not None)


def _wish(words: str) -> tuple[HouseholdWish, str]:
    if not words.strip(" ？?。！!"):
        return HouseholdWish.SHOW, ""
    wishes = _wishes()
    for wish in (HouseholdWish.CHECK_OUT, HouseholdWish.CHECK_IN, HouseholdWish.ERASE):
        if wishes[wish].search(words):
            return wish, words
    registered = wishes[HouseholdWish.REGISTER].match(words)
    if registered is not None and not _pattern("thing").search(words):
        return HouseholdWish.REGISTER, words[registered.end() :].strip(_MARKS)
    for opening in (registered, wishes[HouseholdWish.REPORT].match(words)):
        if opening is not None:
            return HouseholdWish.REPORT, words[opening.end() :].strip(_MARKS)
    return HouseholdWish.REPORT, words


@cache
def _wishes() -> dict[HouseholdWish, re.Pattern[str]]:
    return {HouseholdWish(wish): re.compile(says) for wish, says in read_table("household_codes")["wishes"].items()}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(read_table("household_codes")[name])
