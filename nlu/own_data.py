"""Reads what somebody wants with the data that are held on them: see, take along, erase, take a consent back."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

from nlu.tables import read_table

PROFILE_PARTS = frozenset({"name", "phone", "home"})
"""What somebody registered of themselves; whoever names all of it means everything."""


class DataWish(StrEnum):
    """What may be wanted."""

    SEE = "see"
    TAKE = "take"
    ERASE = "erase"
    CONSENTS = "consents"
    """To see what one has agreed to."""
    TAKE_BACK = "take_back"
    """To take a consent back."""


def wish_in(text: str) -> DataWish:
    """The wish of a text about one's own data; what is unclear is a wish to erase, which is asked about."""
    if _says("erase", text):
        return DataWish.ERASE
    for kind, wish in (("takes_back", DataWish.TAKE_BACK), ("consents", DataWish.CONSENTS), ("take", DataWish.TAKE)):
        if _says(kind, text):
            return wish
    return DataWish.SEE if _says("see", text) else DataWish.ERASE


def takes_consent_back(text: str) -> bool:
    """Whether a text says plainly, and nothing else, that a consent is taken back (「我不同意了」)."""
    return len(text) <= _SHORT and _says("takes_back", text) and not _says("erase", text)


def asks_for_consents(text: str) -> bool:
    """Whether a text asks, and nothing else, what was agreed to (「我同意过什么」)."""
    return len(text) <= _SHORT and wish_in(text) is DataWish.CONSENTS


def wants_to_see_first(text: str) -> bool:
    """Whether whoever wants to erase wants to see it before (「先给我看，再全部删」)."""
    erase = _pattern("erase").search(text)
    return bool(erase and re.search("先|发我|给我看|看一眼|念给", text[: erase.start()]))


def parts_in(text: str) -> frozenset[str]:
    """Which parts are to be erased; empty means everything."""
    kept = _kept(text)
    named = {part for part in read_table("own_data")["parts"] if _names(part, text)} - kept
    if kept and not named:
        return PROFILE_PARTS - kept
    everything = _says("all", text) and not _says("only", text) and not kept
    return frozenset() if everything or named >= PROFILE_PARTS else frozenset(named)


def is_about_others(text: str) -> bool:
    """Whether it is the data of somebody else that is spoken of."""
    return _says("others", text)


_SHORT = 14


def _kept(text: str) -> frozenset[str]:
    table = read_table("own_data")
    found = [match["kept"] for key in ("but", "keeps") for match in re.finditer(table[key], text)]
    return frozenset(part for part in table["parts"] for words in found if _names(part, words))


def _names(part: str, text: str) -> bool:
    return any(word in text for word in read_table("own_data")["parts"][part])


def _says(kind: str, text: str) -> bool:
    return _pattern(kind).search(text) is not None


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(read_table("own_data")[kind]))
