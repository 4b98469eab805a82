"""Phrases that every feature says alike: moments, days and spans of time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from datetime import date, datetime

_WEEKDAYS = "一二三四五六日"
_DAYS = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), _WEEKDAYS, strict=True))
_BYDAY = re.compile(r"(-?\d)?(MO|TU|WE|TH|FR|SA|SU)")
_ORDINALS = {"1": "第一个", "2": "第二个", "3": "第三个", "4": "第四个", "-1": "最后一个"}


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


def repeats(rrule: str | None) -> str:
    """A rule in words (「每周六」), or nothing."""
    if not rrule:
        return ""
    parts = dict(part.split("=", 1) for part in rrule.split(";") if "=" in part)
    every, count = int(parts.get("INTERVAL", 1)), parts.get("COUNT")
    days = [(which, _DAYS[name]) for which, name in _BYDAY.findall(parts.get("BYDAY", ""))]
    match parts.get("FREQ"):
        case "DAILY":
            said = "每天" if every == 1 else f"每{every}天"
        case "WEEKLY":
            lead = "每周" if every == 1 else "隔周的周" if every == 2 else f"每{every}周的周"
            said = lead + "、".join(name for _, name in days)
        case "MONTHLY" if days:
            said = "每月" + "、".join(f"{_ORDINALS.get(which, '')}周{name}" for which, name in days)
        case "MONTHLY":
            said = f"每月{parts.get('BYMONTHDAY', '').replace(',', '、')}日"
        case _:
            said = "每年"
    return f"{said}，共{count}次" if count else said
