"""Codes that change: shown for a minute where something takes place, and said by whoever is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyotp


@dataclass(frozen=True, slots=True)
class Code:
    """A code, and the moment from which another one is shown."""

    digits: str
    until: datetime


def new_secret() -> str:
    """A secret from which codes are made; it never leaves the server."""
    return pyotp.random_base32()


def shown(secret: str, now: datetime, seconds: int) -> Code:
    """The code to show now; another one follows after so many seconds."""
    step = int(now.timestamp()) // seconds
    until = datetime.fromtimestamp((step + 1) * seconds, UTC)
    return Code(pyotp.TOTP(secret, interval=seconds).at(int(now.timestamp())), until)


def is_right(secret: str, digits: str, now: datetime, seconds: int, grace: timedelta) -> bool:
    """Whether `digits` is the code of this moment, or was within the time that it takes to type it in."""
    totp = pyotp.TOTP(secret, interval=seconds)
    return any(totp.verify(digits, for_time=moment.astimezone(UTC)) for moment in (now, now - grace))
