"""Decisions about points: what a question for the rules is about, and which span a ranking."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from handlers import citing
from nlu.policy.document import parse
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.volunteers import Activity

_BUYS = re.compile(r"换|兑|买|超市|有啥子?用|拿来做啥")
_POINTS = "积分"
_COMMON = frozenset({"活动", "志愿", "一次", "社区", "积分", "参加"})
"""Pairs of characters that tell no activity from another."""

_YEAR = re.compile(r"年度|今年|全年|一年|年榜")
_LAST_YEAR = re.compile(r"去年|上一?年")
_LAST_MONTH = re.compile(r"上个?月")
_ALL_TIME = re.compile(r"累计|一直|总榜|历史|有史以来|全部|所有|历年|到现在")


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a ranking is about, from `since` until before `until`, and what it is called."""

    name: str
    since: datetime
    until: datetime


def span_of(text: str, now: datetime) -> Span:
    """The span that a question for the ranking names: this month, unless it says otherwise."""
    today = now.astimezone(SHANGHAI)
    month = datetime(today.year, today.month, 1, tzinfo=SHANGHAI)
    if _ALL_TIME.search(text):
        return Span("累计", datetime(2000, 1, 1, tzinfo=SHANGHAI), now + timedelta(days=1))
    if _LAST_YEAR.search(text):
        year = datetime(today.year - 1, 1, 1, tzinfo=SHANGHAI)
        return Span(f"{year.year}年", year, year.replace(year=today.year))
    if _YEAR.search(text):
        year = datetime(today.year, 1, 1, tzinfo=SHANGHAI)
        return Span(f"{today.year}年", year, year.replace(year=today.year + 1))
    if _LAST_MONTH.search(text):
        before = (month - timedelta(days=1)).replace(day=1)
        return Span(f"{before.month}月", before, month)
    return Span(f"{month.month}月", month, (month + timedelta(days=32)).replace(day=1))


def masked(name: str | None) -> str:
    """A name as everybody may read it: 李**."""
    return f"{name[0]}**" if name else "一位居民"


@cache
def clauses_on_points(text: str) -> tuple[str, ...]:
    """Where a policy document speaks of points, by the numbers as printed."""
    document = parse(text)
    return tuple(citing.cited(document, clause.id) for clause in document.clauses if _POINTS in clause.text)


def asks_what_they_buy(text: str) -> bool:
    """Whether a question for the rules is about what points buy, and not about what earns them."""
    return _BUYS.search(text) is not None


def named_activities(text: str, activities: Sequence[Activity]) -> list[Activity]:
    """The activities whose title shares two characters in a row with `text`."""
    pairs = {text[start : start + 2] for start in range(len(text) - 1)} - _COMMON
    return [each for each in activities if any(pair in each.title for pair in pairs)]
