"""The code of the minute that is shown where an activity is, and whether a code that somebody says is the one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyotp

from handlers.volunteers.settings import settings

if TYPE_CHECKING:
    from storage.volunteers import Activity


@dataclass(frozen=True, slots=True)
class Code:
    """A code, and the moment from which another one is shown."""

    digits: str
    until: datetime


def new_secret() -> str:
    """A secret from which the codes of one activity are made; it never leaves the server."""
    return pyotp.random_base32()


def shown_at(activity: Activity, now: datetime) -> Code | None:
    """The code to show now, or None for an activity that has none."""
    if activity.secret is None:
        return None
    seconds = settings().code_seconds
    step = int(now.timestamp()) // seconds
    until = datetime.fromtimestamp((step + 1) * seconds, UTC)
    return Code(_totp(activity.secret).at(int(now.timestamp())), until)


def is_right(activity: Activity, digits: str, now: datetime) -> bool:
    """Whether `digits` is the code of this moment, or was within the time that it takes to type it in."""
    if activity.secret is None:
        return False
    totp = _totp(activity.secret)
    moments = (now, now - settings().code_grace)
    return any(totp.verify(digits, for_time=moment.astimezone(UTC)) for moment in moments)


def opens_at(activity: Activity) -> datetime:
    """From when on one may check in."""
    return activity.start - settings().opens_before


def is_open(activity: Activity, now: datetime) -> bool:
    """Whether one may check in now."""
    return opens_at(activity) <= now <= activity.end


def soon(now: datetime) -> datetime:
    """Until when an activity begins to which one may check in now."""
    opens: timedelta = settings().opens_before
    return now + opens


def _totp(secret: str) -> pyotp.TOTP:
    return pyotp.TOTP(secret, interval=settings().code_seconds)
