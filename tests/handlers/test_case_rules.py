"""What a report's words say about names, places and ratings, and what a review's words decide, as tables."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from handlers.cases import rules
from handlers.cases.clocks import is_late
from handlers.cases.working_time import DAY, after
from handlers.volunteers.rules import decision_in
from nlu.times import SHANGHAI
from storage.cases import Case

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "approve"),
    [
        ("把今天的打卡都审核通过", True),
        ("通过陈小雨的打卡", True),
        ("没有不合格的，全部审核通过", True),
        ("陈小雨的不通过", False),
        ("驳回", False),
        ("有哪些打卡要审核", None),
        ("通过陈小雨，驳回李明", None),
    ],
)
def test_what_a_review_decides(text: str, approve: bool | None) -> None:
    assert decision_in(text) is approve


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-04-15T10:20", 1, "2026-04-16T10:20"),
        ("2026-04-17T17:00", 1, "2026-04-20T17:00"),
        ("2026-04-18T09:00", 1, "2026-04-20T18:00"),
        # 9 May 2026 is a Saturday on which people work for the days off around 1 May.
        ("2026-05-08T10:00", 1, "2026-05-09T10:00"),
        ("2026-09-30T10:00", 1, "2026-10-08T10:00"),
    ],
)
def test_working_days_follow_the_swapped_days(start: str, days: int, end: str) -> None:
    begin, due = (datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI) for moment in (start, end))
    assert after(begin, DAY * days) == due


@pytest.mark.parametrize(
    ("text", "stars"),
    [("很满意", 5), ("还可以嘛", 3), ("不满意", 2), ("太差了", 1), ("处理得不错", 4), ("今天下雨", None)],
)
def test_a_rating_in_words(text: str, stars: int | None) -> None:
    assert rules.rating_in(text) == stars


@pytest.mark.parametrize(
    ("due_after", "asked_after", "late"),
    [(0, 0, False), (0, 59, False), (0, 61, True), (240, 61, False), (240, 241, True)],
)
def test_what_is_due_at_once_is_late_after_an_hour(due_after: int, asked_after: int, late: bool) -> None:
    due, now = NOW + timedelta(minutes=due_after), NOW + timedelta(minutes=asked_after)
    case = Case(created_at=NOW)
    assert is_late(case, due, now) is late
    case.waiting_since = NOW
    assert not is_late(case, due, now)
