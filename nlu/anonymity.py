"""Whether somebody who reports wants to be named: 「不要让他晓得是我」, 「实名」, 「不用匿名」."""

from __future__ import annotations

import re
from functools import cache

from nlu.tables import read_table


def wants_no_name(text: str) -> bool | None:
    """True for a wish to stay unnamed, False for a word that one may be named, None where `text` says neither."""
    if _any("named_after_all").search(text):
        return False
    if _any("asks").search(text):
        return None
    if _any("unnamed").search(text):
        return True
    return False if _any("named").search(text) else None


def asks_about_secrecy(text: str) -> bool:
    """Whether `text` asks whether a report is kept secret."""
    return _any("asks").search(text) is not None


@cache
def _any(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(read_table("anonymity")[kind]))
