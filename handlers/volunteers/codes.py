"""The code of the minute that is shown where an activity is, and whether a code that somebody says is the one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import totp
from handlers.totp import Code, new_secret
from handlers.volunteers.settings import settings

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from storage.volunteers import Activity

__all__ = ["Code", "is_open", "is_right", "new_secret", "opens_at", "shown_at", "soon"]


def shown_at(activity: Activity, now: datetime) -> Code | None:
    """The code to show now, or None for an activity that has none."""
    return totp.shown(activity.secret, now, settings().code_seconds) if activity.secret is not None else None


def is_right(activity: Activity, digits: str, now: datetime) -> bool:
    """Whether `digits` is the code of this moment, or was within the time that it takes to type it in."""
    if activity.secret is None:
        return False
    return totp.is_right(activity.secret, digits, now, settings().code_seconds, settings().code_grace)


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
