"""The event of a text: its time, with what the rest of the text says of its end and of how often it repeats."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from nlu.times.atoms import NUMERALS, Bound
from nlu.times.choice import chosen
from nlu.times.clock import DAY, end_minutes, minutes_of
from nlu.times.days import Fixed
from nlu.times.lengths import lasting, on_days_in_a_row, shifted
from nlu.times.numbers import to_int
from nlu.times.ranges import minutes_next_day
from nlu.times.roles import Role
from nlu.times.search import add_months
from nlu.times.setting import at

if TYPE_CHECKING:
    from datetime import date, datetime

    from nlu.times.moments import Stretch
    from nlu.times.reading import Reading, Text
    from nlu.times.span import TimeSpan

_TIMES = re.compile(
    rf"(?:一共|总共|共|连续|满|教|连开|连搞|连办|合计|开展?|搞|办|上|计划)\s?(?P<count>[0-9]{{1,2}}|[{NUMERALS}]{{1,3}})\s?(?:次|期|场|节课?|堂课?|回)",
    re.ASCII,
)
_GOING_ON = re.compile(r"(?:(?:连续|连着|一连|为期|持续|坚持|共|历时)了?|[,\s][放搞跳开演教做播办测])\s?$")


def event_of(text: Text) -> TimeSpan | None:
    """The span of the event that a text speaks of; None where it says no time or a day that does not exist."""
    try:
        reading = chosen(text)
        return _completed(reading, text) if reading else None
    except (ValueError, OverflowError):
        # A shift or a length leads beyond the calendar.
        return None


def _completed(reading: Reading, text: Text) -> TimeSpan | None:
    span = reading.span
    if span is None:
        return None
    span = shifted(span, reading, text)
    span = _finished(span, reading, text)
    span = on_days_in_a_row(span, text)
    span = lasting(span, reading, text)
    return _counted(span, reading, text)


def _finished(span: TimeSpan, reading: Reading, text: Text) -> TimeSpan:
    """明天早上8点停水，下午6点恢复: the end that is said in a clause of its own."""
    if span.end or not span.start or reading.chain.bound is Bound.UNTIL:
        return span
    for other in text.readings:
        if other.standing.role is not Role.FINISH or other.span is None or other.chain.start < reading.chain.end:
            continue
        end = _end_on_its_day(span.start, reading, other) or other.span.start or other.span.end
        if end and end > span.start and other.span.date_only == span.date_only:
            return replace(span, end=end)
    return span


def _end_on_its_day(start: datetime, reading: Reading, other: Reading) -> datetime | None:
    """The hour that ends it, on the day that is named for it or the first one after the start (9点开始，11点结束)."""
    head, tail = reading.chain.head, other.chain.head
    own_day = tail.dated and not isinstance(tail.day, Fixed)
    if not tail.clock or not head.clock:
        return None
    first = start.hour * 60 + start.minute
    if own_day:
        later = other.days is not None and other.days.first > start.date()
        return (
            at(other.days.first, minutes_next_day(head, tail.clock, tail.parts, first))
            if other.days and later
            else None
        )
    if minutes_of(head.clock, head.parts) >= DAY:
        # The night after the day named: 昨天半夜两点, 叫到四点.
        return at(start.date(), end_minutes(first + DAY, head.clock, head.parts, tail.clock, tail.parts) - DAY)
    return at(start.date(), end_minutes(first, head.clock, head.parts, tail.clock, tail.parts))


def _counted(span: TimeSpan, reading: Reading, text: Text) -> TimeSpan:
    """COUNT of a rule: 一共八次, 连续两周."""
    repeat = next((moment.repeat for moment in reading.chain.moments if moment.repeat), None)
    if repeat is None or span.rrule is None or "COUNT" in span.rrule:
        return span
    match = _TIMES.search(text.norm)
    if match and to_int(match["count"]) > 1:
        return replace(span, rrule=replace(repeat, count=to_int(match["count"])).rule())
    last = _last_day(span, reading, text)
    if last is None or span.start is None:
        return span
    return replace(span, rrule=replace(repeat, count=repeat.count_until(span.start.date(), last)).rule())


def _last_day(span: TimeSpan, reading: Reading, text: Text) -> date | None:
    """The last day of what repeats: 连续一周, or 一直到月底 after it."""
    for other in text.readings:
        ends = (
            other.standing.role is Role.FINISH
            and other.chain.bound is Bound.UNTIL
            and other.chain.start > reading.chain.end
        )
        if ends and other.span and other.span.date_only and other.span.end:
            return other.span.end.date()
    length = next((each.length for each in text.lengths if not each.length.minutes and _goes_on(each, text)), None)
    if length is None or span.start is None:
        return None
    return add_months(span.start.date(), length.months) + timedelta(days=length.days - 1)


def _goes_on(stretch: Stretch, text: Text) -> bool:
    return _GOING_ON.search(text.norm, max(0, stretch.start - 5), stretch.start) is not None
