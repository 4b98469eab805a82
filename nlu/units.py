"""To whom a case is passed on: units outside, offices of the community and above (`data/units.yml`)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from nlu.tables import any_of, read_table

_BEFORE = re.compile(r".*(?:转给|转到|转交给?|转派|转办|转至|转去|转|移交给?|交给|交由|派给|派到|推给|报给|给)")
_LONGEST_NAME = 14


def find_unit(text: str) -> str | None:
    """The unit outside that `text` names, by the name that is recorded; the longest name counts, or None.

    A unit of no list is one by its ending, behind the word that passes the case on: 转给园林绿化管理站.
    """
    found = _called("units").search(text)
    if found is not None:
        return _names("units")[found[0]]
    behind = _BEFORE.sub("", text)
    named = rf"[\u4e00-\u9fffA-Za-z0-9]{{1,{_LONGEST_NAME}}}?(?:{any_of(_table()['endings'])})"
    match = re.match(rf"({named})(?![\u4e00-\u9fff]?[的长])", behind)
    return match[1] if match and behind != text else None


def find_office(text: str) -> str | None:
    """The role (`mediator`, `community_admin` …) that `text` names by its office, or None."""
    found = _called("roles").search(text)
    return _names("roles")[found[0]] if found is not None else None


def names_above(text: str) -> bool:
    """Whether `text` passes a case on to whoever is next above (往上报, 转上去)."""
    return re.search("|".join(_table()["above"]), text) is not None


@cache
def _table() -> dict[str, Any]:
    return read_table("units")


@cache
def _names(kind: str) -> dict[str, str]:
    return {called: name for name, many in _table()[kind].items() for called in many}


@cache
def _called(kind: str) -> re.Pattern[str]:
    return re.compile(any_of(_names(kind)))
