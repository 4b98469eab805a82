"""What reading a written time gives: a span in Asia/Shanghai."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time that a text says.

    `start` and `end` are aware datetimes at Asia/Shanghai or None: a deadline has no start, a point in time and an open
    beginning have no end. Where `date_only` is true both stand at 00:00 and `end` is the last day included.
    `rrule` is an RFC 5545 rule; `start` and `end` are then those of one occurrence.
    `part` is the part of the day that was named without an hour: 凌晨 早上 上午 下午 傍晚 擦黑 晚上 夜间 or 白天.
    `text` are the words that say it, `text[offset:offset + len(span.text)]` of what was read.
    """

    start: datetime | None
    end: datetime | None
    date_only: bool = False
    rrule: str | None = None
    part: str | None = None
    text: str = ""
    offset: int = 0
