"""What is said about points in so many words: credits by hand, deductions, objections, and answers to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from nlu.tables import read_table
from nlu.wording import chinese_number, fold_width

_MARKS = " 。.，,！!？?~～；;：:"
_NAME = r"[^，,。：:\s0-9和跟与给扣补()]{1,12}?(?:[(（]居民[0-9]{1,18}[)）])?"
_NUMBER = r"[0-9]{1,6}|[零一二两三四五六七八九十百千]{1,7}"
_ID = r"[0-9]{1,18}"
_HOURS = frozenset({"小时", "钟头", "个钟头", "学时", "工时"})


@dataclass(frozen=True, slots=True)
class Award:
    """Points that are to be given by hand, or taken; `is_plain` where the words may mean something else."""

    name: str
    amount: int | None
    why: str
    is_hours: bool = False
    is_plain: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision about a request or an objection; without `number` it is the only one that waits."""

    agrees: bool
    number: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """An objection to an item of the list that was shown; without `item` it is not said which."""

    item: int | None
    why: str


def asks_for_list(text: str) -> bool:
    """Whether the public list of credits is asked for."""
    return _match("public", text) is not None


def item_alone(text: str) -> int | None:
    """The number of an item, where that is all that is said (「第3条」 「3」)."""
    match = re.fullmatch(rf"(?:{_pattern('item')}|(?P<bare>{_NUMBER}))", _bare(text))
    return chinese_number(match["item"] or match["bare"]) if match else None


def objection(text: str, *, to_list: bool) -> Complaint | None:
    """The objection that a message is; `to_list` says that a list of credits was shown just before."""
    said = fold_width(text)
    if not re.search(_pattern("objects"), said) or not (to_list or re.search(_pattern("about_points"), said)):
        return None
    item = re.search(_pattern("item"), said)
    if item is None:
        named = re.search("异议", said) and re.search(_pattern("about_points"), said)
        return Complaint(None, "") if named else None
    return Complaint(chinese_number(item["item"]), _bare(re.sub(_pattern("objection_lead"), "", said)))


def appeal(text: str) -> str | None:
    """The reason of an appeal against a deduction, maybe empty; None for anything else."""
    match = _match("appeal", text)
    return None if match is None else _bare(match["why"])


def by_hand(text: str) -> Award | None:
    """The points that are to be typed in for somebody."""
    match = _match("by_hand", text)
    if match is None:
        return None
    plain = match["verb"].startswith(("补", "录"))
    return Award(
        match["name"], chinese_number(match["amount"]), _bare(match["why"]), match["unit"] in _HOURS, is_plain=plain
    )


def deduction(text: str) -> Award | None:
    """The points that are to be taken from somebody."""
    match = _match("deduct", text)
    if match is None:
        return None
    return Award(match["name"], chinese_number(match["amount"]) if match["amount"] else None, _bare(text))


def second(text: str) -> Verdict | None:
    """What a second person says to a request."""
    return _verdict("second", text)


def settlement(text: str) -> Verdict | None:
    """What somebody says who has looked into an objection."""
    return _verdict("settle", text)


def asks_for_requests(text: str) -> bool:
    """Whether an approver asks what waits for a second person."""
    return _match("requests", text) is not None


def asks_for_certificate(text: str) -> bool:
    """Whether somebody wants their points certified, for the social credit record."""
    return _match("certificate", text) is not None


def names_a_span(text: str) -> bool:
    """Whether a request for a certificate says of which time."""
    return re.search(_pattern("spans"), text) is not None


def asks_for_objections(text: str) -> bool:
    """Whether an approver asks which objections wait."""
    return _match("objections", text) is not None


def tie(text: str) -> tuple[str, str, bool] | None:
    """Two names, and whether the two are said to be of one household (True) or not to be."""
    match = _match("tie", text)
    return None if match is None else (match["name"], match["other"], match["no"] is None)


def _verdict(key: str, text: str) -> Verdict | None:
    match = _match(key, text)
    if match is None:
        return None
    return Verdict(match["yes"] is not None, int(match["id"]) if match["id"] else None, _bare(match["why"]))


def _match(key: str, text: str) -> re.Match[str] | None:
    said = _bare(fold_width(text))
    return next((match for pattern in _patterns(key) if (match := pattern.fullmatch(said))), None)


@cache
def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    entry = _table()[key]
    return tuple(re.compile(_filled(pattern)) for pattern in ([entry] if isinstance(entry, str) else entry))


@cache
def _pattern(key: str) -> str:
    return _filled(str(_table()[key]))


def _filled(pattern: str) -> str:
    return pattern.replace("NAME", _NAME).replace("NUMBER", _NUMBER).replace("ID", _ID)


def _table() -> dict[str, Any]:
    return read_table("points_words")


def _bare(text: str) -> str:
    return text.strip(_MARKS)
