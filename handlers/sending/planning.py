"""When a broadcast would be through: by the pace and the quota of its lanes, what waits there, and the quiet hours."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.sending.limits import Limitations, day_of, end_of_day, shipped
from storage.messages import Priority

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from handlers.sending.limits import Limits
    from storage.lanes import LaneKey
    from storage.unit_of_work import UnitOfWork

MOST_DAYS = 1_000
"""A forecast beyond this is none."""


def through_at(
    work: UnitOfWork,
    now: datetime,
    messages: Mapping[LaneKey, int],
    priority: Priority = Priority.NOTICE,
    limitations: Limitations | None = None,
) -> datetime:
    """When so many further messages in each lane would have been sent, if they were written at `now`.

    What waits there already with the same or a higher priority goes first. With no message at all it is `now`.
    """
    limitations = limitations or shipped()
    moments = [now]
    for lane, count in messages.items():
        if count:
            waiting = count + work.outbox.waiting(lane, priority, now)
            used = work.lanes.handed_on(lane, day_of(now))
            moments.append(finished_at(limitations, limitations.of(*lane), now, waiting, used, priority))
    return max(moments)


def finished_at(
    limitations: Limitations, limits: Limits, now: datetime, count: int, used: int, priority: Priority
) -> datetime:
    """When `count` messages have gone through a lane of these limits, of whose quota of the day `used` are spent.

    Raises ValueError where that takes longer than MOST_DAYS.
    """
    pace = limits.pace or limitations.own_pace
    is_notice = priority is Priority.NOTICE
    at, left = now, float(count)
    for _ in range(3 * MOST_DAYS):
        until, room = _room(limitations, limits, at, used, is_notice=is_notice)
        if left <= room:
            return at + timedelta(seconds=left / pace)
        used = used + int(room) if day_of(until) == day_of(at) else 0
        at, left = until, left - room
    raise ValueError(f"{count} messages would take longer than {MOST_DAYS} days")


def _room(
    limitations: Limitations, limits: Limits, at: datetime, used: int, *, is_notice: bool
) -> tuple[datetime, float]:
    """Until when things stay as they are at `at`, and how many messages may go until then."""
    quiet, until = limitations.quiet, end_of_day(at)
    if is_notice and quiet.holds(at):
        return quiet.over_at(at), 0.0
    if is_notice:
        until = min(until, quiet.next_after(at))
    room = (until - at).total_seconds() * (limits.pace or limitations.own_pace)
    if limits.per_day is not None:
        allowed = limitations.for_notices(limits.per_day) if is_notice else limits.per_day
        room = min(room, max(0, allowed - used))
    return until, room
