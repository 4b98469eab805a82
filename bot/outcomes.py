"""What came of calls to a platform: noted in the outbox, tried again, tried elsewhere, or given up with its reason."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.channels.channel import Failure
from handlers.sending import trouble
from handlers.turn import Desk
from storage.lanes import LaneKey
from storage.messages import URGENT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.lanes import Hold
    from storage.outbox import Handed
    from storage.unit_of_work import UnitOfWork

TRIED_FOR = timedelta(hours=3)
"""How long a message that fails is tried again before it is given up."""

URGENT_TRIED_FOR = timedelta(hours=12)
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 300.0
LANE_RESTS = timedelta(minutes=10)
"""How long a lane rests whose platform does not say how long; then one message tries whether it goes on."""

QUOTA_USED_UP = "the quota of the day is used up"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one message: taken by the platform, failed, or never `called` for because the bot stopped.

    `after` is how many seconds the platform asks to wait.
    """

    message: Handed
    failure: Failure | None = None
    reason: str = ""
    after: float | None = None
    platform_id: str | None = None
    called: bool = True

    @classmethod
    def not_called(cls, message: Handed) -> Outcome:
        """The platform was never asked to take the message."""
        return cls(message, called=False)

    @property
    def was_sent(self) -> bool:
        """Whether the platform took it."""
        return self.called and self.failure is None


def note_sent(work: UnitOfWork, outcomes: Sequence[Outcome], now: datetime) -> bool:
    """Note what was sent; whether anything was."""
    sent = {outcome.message.id: outcome.platform_id for outcome in outcomes if outcome.was_sent}
    work.outbox.mark_sent(sent, now)
    return bool(sent)


def note(
    work: UnitOfWork, lane: LaneKey, outcomes: Sequence[Outcome], now: datetime, *, hold: Hold, knows_keys: bool
) -> datetime | None:
    """Note everything; the moment until which the lane rests now, if it does.

    `hold` is the lane as it was found: one that failed goes on as soon as its platform takes something again, and one
    whose quota is used up does not, whatever of its last calls arrives.
    """
    until = hold.rests_until
    if note_sent(work, outcomes, now) and hold.stopped not in (None, QUOTA_USED_UP):
        work.lanes.go_on(lane)
        until = None
    if uncalled := [outcome.message.id for outcome in outcomes if not outcome.called]:
        work.outbox.put_back(uncalled)
    lane_failed: Outcome | None = None
    for outcome in outcomes:
        match outcome.failure:
            case None:
                pass
            case Failure.LANE:
                work.outbox.put_back([outcome.message.id], outcome.reason)
                lane_failed = outcome
            case Failure.PERSON:
                _try_elsewhere(work, lane, outcome, now)
            case Failure.MESSAGE:
                _give_up(work, lane, outcome)
            case Failure.UNKNOWN if not knows_keys and outcome.message.priority not in URGENT:
                work.outbox.mark_unknown(outcome.message.id, outcome.reason)
            case Failure.AGAIN | Failure.UNKNOWN:
                _try_again(work, lane, outcome, now)
    if lane_failed is None:
        return until
    until = now + (LANE_RESTS if lane_failed.after is None else timedelta(seconds=lane_failed.after))
    rest(work, lane, now, until, lane_failed.reason)
    return until


def rest(
    work: UnitOfWork, lane: LaneKey, now: datetime, until: datetime, reason: str, *, but_alarms: bool = False
) -> None:
    """Let the lane rest, or all `but_alarms`, and tell those who answer for the whole once.

    Alarms do not wait for a lane that rests: they go to whoever has an account in another.
    """
    if not but_alarms:
        _move_alarms(work, lane, now, reason)
    if work.lanes.rest(lane, now if but_alarms else until, reason):
        log.warning("lane stopped", channel=lane.channel, reason=reason)
        trouble.lane_stopped(Desk(work, now, f"lane:{lane.channel}:{lane.account}:{now.isoformat()}"), lane, until)


def pause_after(attempts: int) -> float:
    """Seconds to wait after so many tries: doubling, with jitter, so that a platform that comes back is not rushed."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 20))
    return pause * random.uniform(0.75, 1.25)


def _try_again(work: UnitOfWork, lane: LaneKey, outcome: Outcome, now: datetime) -> None:
    message = outcome.message
    since = message.failing_since or now
    if now - since >= (URGENT_TRIED_FOR if message.priority in URGENT else TRIED_FOR):
        _give_up(work, lane, outcome)
        return
    pause = timedelta(seconds=outcome.after or pause_after(message.attempts))
    work.outbox.mark_retry(message.id, now + pause, outcome.reason, since)


def _try_elsewhere(work: UnitOfWork, lane: LaneKey, outcome: Outcome, now: datetime) -> None:
    """Write to the person's next account; in a group nobody is lost, and a chat that is nobody's has no next one."""
    person = work.people.lost(*lane, outcome.message.chat, now)
    address = work.people.address_of(person) if person is not None else None
    if address is None or address.private_chat is None:
        _give_up(work, lane, outcome)
        return
    to = LaneKey(address.channel, address.account)
    work.outbox.send_elsewhere(outcome.message.id, to, address.private_chat, now, outcome.reason)


def _move_alarms(work: UnitOfWork, lane: LaneKey, now: datetime, reason: str) -> None:
    for row_id, person_id in work.outbox.alarms(lane):
        for address in work.people.addresses(work.people.get(person_id)):
            to = LaneKey(address.channel, address.account)
            if to != lane and address.private_chat is not None and not work.lanes.rests(to, now):
                work.outbox.send_elsewhere(row_id, to, address.private_chat, now, reason)
                break


def _give_up(work: UnitOfWork, lane: LaneKey, outcome: Outcome) -> None:
    log.warning("message given up", row=outcome.message.id, channel=lane.channel, reason=outcome.reason)
    work.outbox.mark_dead(outcome.message.id, outcome.reason)
