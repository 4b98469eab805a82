"""Splits a message into the parts that may be wishes of their own: at sentence ends and at joining words (另外)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlu.tables import any_of, read_table

MOST_PARTS = 8
"""More parts than this are a story."""

_PAUSES = r"[\s，,、：:~～]"
_ENDS = r"[。！!？?；;…\n]"
_SAYS_NOTHING = re.compile(r"[\s\W_]*")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text that may be a wish of its own: `text[start:end]`; `joined` by a word that says so (另外)."""

    start: int
    end: int
    joined: bool = False


def parts(text: str) -> tuple[Part, ...]:
    """The parts of `text`, without the marks and the joining words between them."""
    found: list[Part] = []
    start, joined = 0, False
    for match in _boundary().finditer(text):
        if not _SAYS_NOTHING.fullmatch(text, start, match.start()):
            found.append(Part(start, match.start(), joined))
            joined = False
        start, joined = match.end(), joined or any(match.groups())
    if not _SAYS_NOTHING.fullmatch(text, start):
        found.append(Part(start, len(text), joined))
    return tuple(found)


@cache
def _boundary() -> re.Pattern[str]:
    """What stands between two parts; a group holds the word that joins them, if there is one."""
    table = read_table("wishes")
    clause, anywhere = f"({any_of(table['joining'])}){_PAUSES}*", f"({any_of(table['anywhere'])}){_PAUSES}*"
    return re.compile(f"{_PAUSES}*{_ENDS}(?:{_ENDS}|{_PAUSES})*(?:{clause})?|{_PAUSES}+{clause}|{anywhere}")
