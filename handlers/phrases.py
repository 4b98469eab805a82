"""Phrases that every feature says alike: moments, days and spans of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from datetime import date, datetime

_WEEKDAYS = "一二三四五六日"


def moment(when: datetime) -> str:
    """A moment as people say it: 4月17日（周五）15:30."""
    local = when.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日（周{_WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def day(when: date) -> str:
    """A day: 4月17日."""
    return f"{when.month}月{when.day}日"


def span(start: datetime, end: datetime | None) -> str:
    """From when to when; the day of the end is said where it is another one."""
    if end is None:
        return moment(start)
    local_start, local_end = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
    said = f"{local_end:%H:%M}" if local_end.date() == local_start.date() else moment(end)
    return f"{moment(start)}到{said}"
