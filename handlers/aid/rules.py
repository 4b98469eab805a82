"""Decisions about mutual aid: how long it waits, what fits, who may approve; the numbers stand in `aid.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nlu.mutual_aid import OTHER
from nlu.tables import read_yaml
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storage.aid import AidOffer, AidRequest
    from storage.people import Person

_FILE = Path(__file__).parent / "aid.yml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers of `aid.yml`."""

    request_days: int
    hours_after_start: int
    part_ends: Mapping[str, int]
    offer_days: int
    staff_told_after_hours: int
    waking: Sequence[int]
    asked_back_after_hours: int
    most_open: int
    most_wanted: int
    most_told: int
    points: int
    rewarded_per_month: int
    careful: Sequence[str]
    youngest: int
    complaint_days: int


@cache
def settings() -> Settings:
    """What holds. Raises TypeError where a number is missing or not known."""
    return Settings(**read_yaml(_FILE))


def over_at(start: datetime | None, end: datetime | None, part: str | None, otherwise: datetime) -> datetime:
    """When that which is wanted at this time is over; `otherwise` where no time was said."""
    if end is not None:
        return _end_of_day(end, part) if _is_day(end) else end
    if start is None:
        return otherwise
    return _end_of_day(start, part) if _is_day(start) else start + timedelta(hours=settings().hours_after_start)


def _end_of_day(day: datetime, part: str | None) -> datetime:
    local = day.astimezone(SHANGHAI)
    midnight = datetime.combine(local.date(), time(), tzinfo=SHANGHAI)
    return midnight + timedelta(hours=settings().part_ends.get(part or "", 24))


def _is_day(moment: datetime) -> bool:
    return moment.astimezone(SHANGHAI).time() == time()


def fits(request: AidRequest, offer: AidOffer) -> bool:
    """Whether an offer is for such help, and for that time; whoever offers any help is asked for every kind."""
    same = offer.kind in (request.kind, OTHER)
    if not same or offer.start is None or (request.start is None and request.end is None):
        return same
    begins = request.start or request.created_at
    return offer.start <= request.expires_at and begins <= offer.expires_at


def staff_told_from(request: AidRequest) -> datetime:
    """From when on a grid member is told that nobody took a request."""
    half = request.created_at + (request.expires_at - request.created_at) / 2
    return min(request.created_at + timedelta(hours=settings().staff_told_after_hours), half)


def is_waking(now: datetime) -> bool:
    """Whether people may be written to unasked at this hour."""
    first, last = settings().waking
    return first <= now.astimezone(SHANGHAI).hour < last


def may_come(request: AidRequest, helper: Person) -> bool:
    """Whether this person may help with that kind of thing: to children only somebody whom a grid member knows."""
    return request.kind not in settings().careful or helper.confirmed_at is not None


def month_of(now: datetime) -> datetime:
    """When the month of a moment began."""
    return now.astimezone(SHANGHAI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
