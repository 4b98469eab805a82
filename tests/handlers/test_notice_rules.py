"""Rules of notices: when one that repeats is due next."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.notices import rules
from nlu.notice_commands import read_command
from nlu.times import SHANGHAI

FIRST = datetime(2026, 5, 1, 7, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def test_a_counted_series_ends_though_it_begins_anew_each_time() -> None:
    at, rule, days = FIRST, "FREQ=DAILY;COUNT=7", []
    while (following := rules.next_time(rule, at, at + timedelta(minutes=1))) is not None:
        at, rule = following
        days.append(at.day)
    assert days == [2, 3, 4, 5, 6, 7]


def test_times_that_were_slept_through_count_as_passed() -> None:
    assert rules.next_time("FREQ=DAILY;COUNT=3", FIRST, FIRST + 1.5 * DAY) == (FIRST + 2 * DAY, "FREQ=DAILY;COUNT=1")
    assert rules.next_time("FREQ=DAILY;COUNT=3", FIRST, FIRST + 2 * DAY) is None
    weekly = "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
    assert rules.next_time(weekly, FIRST, FIRST + DAY) == (FIRST + 14 * DAY, weekly)


def test_a_new_hour_keeps_the_days_of_a_series() -> None:
    nine = {"at": (FIRST + timedelta(hours=-22)).isoformat(), "rrule": None}
    weekly, friday = "FREQ=WEEKLY;BYDAY=FR", FIRST.replace(hour=9)
    kept = {"rrule": weekly, "same_rule": True}
    assert rules.same_rule(nine, weekly, FIRST, FIRST - 2 * DAY) == {"at": friday.isoformat(), **kept}
    assert rules.same_rule(nine, weekly, FIRST, friday) == {"at": (friday + 7 * DAY).isoformat(), **kept}


def test_from_now_on_means_the_series() -> None:
    command = read_command("有害垃圾的通知以后改成早上9点发")
    assert command is not None
    assert (command.which, command.to, command.for_good) == ("有害垃圾", "早上9点发", True)
