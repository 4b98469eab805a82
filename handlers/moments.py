"""The time of something planned, as a form holds it: said at once, in pieces (「周日」 then 「两点」), or put right."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers.forms import Slot
from handlers.phrases import day
from nlu.times import SHANGHAI, find_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from handlers.forms import Said, Values
    from handlers.turn import Reply
    from nlu.times import TimeSpan

_NOON, _EVENING = 12, 18

When = dict[str, Any]
"""JSON: `start`, `end` (ISO or None), `date_only`, the `part` of the day, the `words` that said it, and `at`, when."""


def slot(ask: Callable[[Values], Reply], read: Callable[[Said], When | None]) -> Slot:
    """The slot `when` of a form for something planned: a day and an hour, said at once or one after the other."""
    return Slot("when", ask, read=read, find=read, merge=join, complete=has_hour, called=("时间", "日期", "日子"))


def read_when(text: str, now: datetime) -> When | None:
    """The time that `text` says, with or without an hour, or None."""
    span = find_time(text, now)
    return None if span is None or span.start is None else _when(span, span.text, now)


def join(old: When, new: When) -> When:
    """`old` with what `new` says in its place: a day keeps the hours that were known, hours keep the day."""
    now = datetime.fromisoformat(new["at"])
    further = ("，", "，不对，") if old["date_only"] and not new["date_only"] else ("，不对，",)
    for between in further:
        span = find_time(f"{_written(old)}{between}{new['words']}", now)
        if span is not None and span.start is not None and (not span.date_only or new["date_only"]):
            return _keep_length(old, _when(span, new["words"], now))
    return new


def has_hour(when: When) -> bool:
    """Whether the time says at what hour."""
    return not when["date_only"]


def day_of(when: When | None) -> str:
    """The day that is known while the hour is not (「4月19日」), or nothing."""
    return day(_local(when["start"]).date()) if when else ""


def _when(span: TimeSpan, words: str, now: datetime) -> When:
    return {
        "start": span.start.isoformat() if span.start else None,
        "end": span.end.isoformat() if span.end else None,
        "date_only": span.date_only,
        "part": span.part,
        "words": words,
        "at": now.isoformat(),
    }


def _keep_length(old: When, new: When) -> When:
    """`new` with the length of `old`, where only the day was changed."""
    start, was = _local(new["start"]), _local(old["start"])
    if new["end"] or not old["end"] or start.time() != was.time():
        return new
    return {**new, "end": (start + (_local(old["end"]) - was)).isoformat()}


def _written(when: When) -> str:
    """The time in words that are read as that very time; the part of the day goes on to hours said later."""
    start = _local(when["start"])
    if when["date_only"]:
        return f"{start:%Y年%m月%d日}{when['part'] or ''}"
    return f"{_clock(start)}到{_clock(_local(when['end']))}" if when["end"] else _clock(start)


def _clock(moment: datetime) -> str:
    part = "晚上" if moment.hour >= _EVENING else "下午" if moment.hour > _NOON else ""
    hour = moment.hour - _NOON if part else moment.hour
    return f"{moment:%Y年%m月%d日}{part}{hour}点{moment.minute:02d}分"


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(SHANGHAI)
