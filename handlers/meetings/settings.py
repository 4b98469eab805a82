"""The numbers that hold for meetings (`meetings.yml`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nlu.tables import read_yaml
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.meetings import Meeting


@dataclass(frozen=True, slots=True)
class Settings:
    """Each number is explained where it is set."""

    code_seconds: int
    code_grace_seconds: int
    check_in_opens_before: int
    usual_length: int
    minutes_within_days: int
    longest_minutes: int
    remind_days: int
    waking: Sequence[int]


@cache
def settings() -> Settings:
    """What holds. Raises TypeError where a number is missing or not known."""
    return Settings(**read_yaml(Path(__file__).parent / "meetings.yml"))


def is_on(meeting: Meeting, now: datetime) -> bool:
    """Whether one may say now that one is there."""
    opens = meeting.start - timedelta(minutes=settings().check_in_opens_before)
    return opens <= now <= (meeting.end or meeting.start + timedelta(minutes=settings().usual_length))


def is_awake(now: datetime) -> bool:
    """Whether it is an hour in which people are reminded."""
    first, last = settings().waking
    return first <= now.astimezone(SHANGHAI).hour < last
