"""A lane: sends for one channel account, at its pace, and notes what came of every message.

A message counts as handed over once that is committed, before the platform is called; so a sender that dies in between
leaves a message whose fate is unknown, and never one that is sent twice without being known.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.channels.channel import Button, ChannelError, Failure, Outgoing
from bot.outcomes import QUOTA_USED_UP, Outcome, note, note_sent, rest
from bot.pace import Pace
from handlers.sending.limits import day_of, end_of_day
from storage.lanes import LaneKey
from storage.messages import Priority
from storage.outbox import ALL
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.channels.channel import Channel
    from bot.clock import Clock
    from handlers.sending.limits import Limitations
    from storage.database import Database
    from storage.lanes import Hold
    from storage.outbox import Handed

BATCH = 50
"""Messages that are handed over at once where the platform knows their keys: a crash repeats them harmlessly."""

UNKEYED_BATCH = 10
"""The same where it does not: the fate of so many is unknown after a crash."""

LEASE = timedelta(seconds=8)
"""After this another process takes over the lane of a dead one."""

SEND_TIMEOUT = 10.0
LOOK_EVERY = 1.0
GRACE = 1.0
"""Seconds that calls under way are given when the bot stops."""

NOT_NOTICES = ALL - {Priority.NOTICE}
ALARMS = frozenset({Priority.EMERGENCY})

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Taken:
    """What one look at the database gave: what was handed over, and whether there may be more."""

    messages: Sequence[Handed] = ()
    more: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Lane:
    """One account of one channel, sent for by this process while it holds the lane."""

    database: Database
    channel: Channel
    clock: Clock
    limitations: Limitations
    holder: str = field(default_factory=lambda: uuid.uuid4().hex)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _pace: Pace | None = None
    _held_until: datetime | None = None
    _rests_until: datetime | None = None
    _notices_from: datetime | None = None
    _replies_from: datetime | None = None
    _more: bool = False
    _in_doubt: bool = False
    _stopping: bool = False
    _has_failed: bool = False
    _chains: set[asyncio.Task[None]] = field(default_factory=set)
    _calling: dict[int, Handed] = field(default_factory=dict)
    _outcomes: list[Outcome] = field(default_factory=list)

    @property
    def key(self) -> LaneKey:
        """Its account."""
        return LaneKey(self.channel.name, self.channel.account)

    def stop(self) -> None:
        """Call the platform no more; `run` then ends."""
        self._stopping = True
        self.wake.set()

    async def run(self) -> None:
        """Send until stopped; what fails is tried again at the next look."""
        while not self._stopping:
            pause = 0.0
            try:
                await self.step()
                pause = self.pause()
            except Exception:
                log.exception("lane failed", channel=self.channel.name)
                pause = LOOK_EVERY
            if pause:
                await self._sleep(pause)
        await self._wind_up()

    async def drain(self) -> int:
        """Send what may go now, at most one batch, and wait for what comes of it; how many messages were tried."""
        started = await self.step()
        while self._chains:
            await asyncio.gather(*self._chains)
        if self._outcomes:
            await self._look(take=False)
        return started

    async def step(self) -> int:
        """Note what came of earlier messages and hand over what may go now; how many messages that were."""
        now = self.clock()
        rests = self._rests_until is not None and self._rests_until > now
        if not self._outcomes and not self._must_renew(now):
            if rests or not self._free() or self._short_of_room(now):
                return 0
            is_known = self._more or self._in_doubt
            if not is_known and not await asyncio.to_thread(self.has_due) and not self._may_let_go():
                return 0
        taken = await self._look(take=not rests)
        self._begin(taken.messages)
        return len(taken.messages)

    def pause(self) -> float:
        """Seconds after which it is worth another step, unless something happens before."""
        now = self.clock()
        if self._outcomes:
            return 0.0
        if not self._more or not self._free() or self._pace is None:
            return LOOK_EVERY
        return min(LOOK_EVERY, self._pace.until(self._pace.stride(), now))

    def has_due(self) -> bool:
        """Whether anything is due that may go now, or a dead sender left something; it reads the database."""
        now = self.clock()
        if self._rests_until is not None and self._rests_until > now:
            return False
        with UnitOfWork(self.database, read_only=True) as work:
            was_left = work.lanes.is_left(self.key, self.holder, now)
            return was_left or work.outbox.has_due(self.key, now, self._priorities(now))

    def is_busy(self) -> bool:
        """Whether calls are under way or their outcome is not noted yet."""
        return bool(self._chains or self._outcomes)

    def _priorities(self, now: datetime) -> frozenset[Priority]:
        if self._replies_from is not None and self._replies_from > now:
            return ALARMS
        saved = self._notices_from is not None and self._notices_from > now
        return NOT_NOTICES if saved or self.limitations.quiet.holds(now) else ALL

    def _free(self) -> int:
        """How many messages may be called for beside those under way; all at once go in one chain, one by one."""
        at_once = self.limitations.of(*self.key).at_once
        if at_once == 1:
            return 0 if self._chains else self._batch()
        return min(max(0, at_once - len(self._chains)), self._batch())

    def _batch(self) -> int:
        return BATCH if self.channel.knows_keys else UNKEYED_BATCH

    def _short_of_room(self, now: datetime) -> bool:
        """Whether more is known to wait than the pace allows yet."""
        return self._more and self._pace is not None and self._pace.until(self._pace.stride(), now) > 0.0

    def _must_renew(self, now: datetime) -> bool:
        return bool(self._calling) and self._held_until is not None and self._held_until - now < LEASE * 2 / 3

    def _may_let_go(self) -> bool:
        return self._held_until is not None and not self.is_busy()

    async def _look(self, *, take: bool) -> _Taken:
        outcomes, self._outcomes = self._outcomes, []
        try:
            taken = await asyncio.to_thread(self._transact, outcomes, take)
        except BaseException:
            # Whether it was committed is not known: noting an outcome twice is harmless, and what was handed over
            # without us is put right at the next look.
            self._outcomes = [*outcomes, *self._outcomes]
            self._in_doubt = True
            raise
        self._in_doubt = False
        for outcome in outcomes:
            self._calling.pop(outcome.message.id, None)
        return taken

    def _transact(self, outcomes: Sequence[Outcome], take: bool) -> _Taken:
        now = self.clock()
        with UnitOfWork(self.database) as work:
            hold = work.lanes.hold(self.key, self.holder, now, now + LEASE)
            if hold is None:
                # Whoever has the lane now has decided about these; only what surely was sent is still worth noting.
                note_sent(work, outcomes, now)
                work.commit()
                self._held_until, self._more = None, False
                return _Taken()
            self._held_until = now + LEASE
            if self._pace is None or hold.since is not None:
                self._pace = Pace(self.limitations.of(*self.key), hold.since or now)
            self._take_up(work, hold)
            until = note(work, self.key, outcomes, now, hold=hold, knows_keys=self.channel.knows_keys)
            self._rests_until = until
            may = take and not self._stopping and (until is None or until <= now)
            calling = self._calling.keys() - {outcome.message.id for outcome in outcomes}
            taken = self._hand_over(work, hold, now, calling) if may else _Taken()
            if not taken.messages and not taken.more and not calling:
                work.lanes.let_go(self.key, self.holder, now)
                self._held_until = None
            work.commit()
        # Only now, for the calls come after this: a commit that takes long must not let two bursts meet.
        for message in taken.messages:
            self._pace.take(message.chat, self.clock(), is_group=self.channel.is_group(message.chat))
        self._more = taken.more
        return taken

    def _take_up(self, work: UnitOfWork, hold: Hold) -> None:
        if hold.was_left:
            work.outbox.take_up(self.key, "its sender died", knows_keys=self.channel.knows_keys, but=[*self._calling])
        elif self._in_doubt:
            # Handed over by us in a transaction whose end we never saw: no call was made.
            work.outbox.take_up(self.key, "", knows_keys=True, but=[*self._calling])

    def _hand_over(self, work: UnitOfWork, hold: Hold, now: datetime, calling: Collection[int]) -> _Taken:
        """Take what pace, quota and time of day allow, and nothing for the chats of those that are `calling`."""
        assert self._pace is not None
        room, limits = self._pace.room(now), self.limitations.of(*self.key)
        limit = self._free() if room is None else min(self._free(), room)
        priorities, used = self._priorities(now), 0
        if limits.per_day is not None:
            used = hold.handed_on(day_of(now))
            if used >= limits.per_day:
                self._rests_until = end_of_day(now)
                rest(work, self.key, now, self._rests_until, QUOTA_USED_UP)
                return _Taken()
            for_notices = self.limitations.for_notices(limits.per_day) - used
            but_alarms = self.limitations.but_alarms(limits.per_day) - used
            if but_alarms <= 0:
                self._replies_from, priorities = end_of_day(now), ALARMS
                if hold.stopped is None:
                    rest(work, self.key, now, self._replies_from, QUOTA_USED_UP, but_alarms=True)
                limit = min(limit, limits.per_day - used)
            elif for_notices <= 0:
                self._notices_from, priorities = end_of_day(now), NOT_NOTICES
                limit = min(limit, but_alarms)
            else:
                limit = min(limit, for_notices)
        if hold.stopped == QUOTA_USED_UP:
            if priorities != ALARMS:
                work.lanes.go_on(self.key)
        elif hold.stopped is not None:
            # One message tries whether the platform takes anything again.
            limit = min(limit, 1)
        if limit <= 0:
            return _Taken(more=True)
        busy = {*self._pace.exhausted(now), *(self._calling[each].chat for each in calling)}
        found = work.outbox.hand_over(self.key, now, limit, priorities, busy)
        kept, back = self._sort(found, now)
        if back:
            work.outbox.put_back([message.id for message in back])
        if kept and limits.per_day is not None:
            work.lanes.count(self.key, day_of(now), used + len(kept))
        return _Taken(kept, more=len(found) >= limit)

    def _sort(self, found: Sequence[Handed], now: datetime) -> tuple[list[Handed], list[Handed]]:
        """Those that may go, and those to whose chats enough goes already."""
        assert self._pace is not None
        kept: list[Handed] = []
        back: list[Handed] = []
        going: dict[str, int] = {}
        for message in found:
            room = self._pace.room_in(message.chat, now, is_group=self.channel.is_group(message.chat))
            going[message.chat] = going.get(message.chat, 0) + 1
            (kept if room is None or going[message.chat] <= room else back).append(message)
        return kept, back

    def _begin(self, messages: Sequence[Handed]) -> None:
        """Call for each chat's messages in their order, for different chats at once where the lane may."""
        if messages:
            self._has_failed = False
        self._calling.update((message.id, message) for message in messages)
        chains: dict[str, list[Handed]] = {}
        in_one = self.limitations.of(*self.key).at_once == 1
        for message in messages:
            chains.setdefault("" if in_one else message.chat, []).append(message)
        for chain in chains.values():
            task = asyncio.create_task(self._call_in_turn(chain))
            self._chains.add(task)
            task.add_done_callback(self._chains.discard)

    async def _call_in_turn(self, messages: Sequence[Handed]) -> None:
        try:
            await self._call_each(messages)
        finally:
            # Already here, so that one look at the database notes the last outcome and hands over what is next.
            self._chains.discard(asyncio.current_task())
            self.wake.set()

    async def _call_each(self, messages: Sequence[Handed]) -> None:
        looked = asyncio.get_running_loop().time()
        for place, message in enumerate(messages):
            ends = self._stopping or self._has_failed or self._is_lease_over()
            if not ends and place and asyncio.get_running_loop().time() - looked >= LOOK_EVERY:
                looked = asyncio.get_running_loop().time()
                ends = message.priority not in ALARMS and await asyncio.to_thread(self._has_alarm)
            if ends:
                self._outcomes += [Outcome.not_called(each) for each in messages[place:]]
                return
            try:
                outcome = await self._call(message)
            except asyncio.CancelledError:
                rest_of_it = [Outcome.not_called(each) for each in messages[place + 1 :]]
                self._outcomes += [Outcome(message, Failure.UNKNOWN, "stopped"), *rest_of_it]
                raise
            self._outcomes.append(outcome)
            self._has_failed = self._has_failed or outcome.failure is Failure.LANE
            self.wake.set()

    def _has_alarm(self) -> bool:
        """Whether an alarm waits behind what is called for; it reads the database."""
        with UnitOfWork(self.database, read_only=True) as work:
            return work.outbox.has_due(self.key, self.clock(), ALARMS)

    def _is_lease_over(self) -> bool:
        """Whether another process may have taken the lane over, with a pace of its own."""
        return self._held_until is None or self._held_until <= self.clock()

    async def _call(self, message: Handed) -> Outcome:
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                return Outcome(message, platform_id=await self.channel.send(as_outgoing(message)))
        except TimeoutError:
            return Outcome(message, Failure.UNKNOWN, "timeout")
        except ChannelError as error:
            return Outcome(message, error.failure, str(error), after=error.after)
        except Exception as error:
            log.exception("channel failed", channel=self.channel.name)
            return Outcome(message, Failure.UNKNOWN, repr(error))

    async def _sleep(self, seconds: float) -> None:
        try:
            # Not wait_for: in Python 3.11 it swallows a cancellation that comes together with a nudge.
            async with asyncio.timeout(seconds):
                await self.wake.wait()
        except TimeoutError:
            return
        self.wake.clear()

    async def _wind_up(self) -> None:
        """Let calls end, note what came of them, and let the lane go; what does not end has an unknown fate.

        Where the database is away the lane passes on to others as that of a dead process.
        """
        if self._chains:
            await asyncio.wait(self._chains, timeout=GRACE)
        for chain in self._chains:
            chain.cancel()
        await asyncio.gather(*self._chains, return_exceptions=True)
        if self._held_until is not None or self._outcomes:
            try:
                await self._look(take=False)
            except Exception:
                log.exception("lane failed", channel=self.channel.name)


def as_outgoing(message: Handed) -> Outgoing:
    """An outbox row as a channel gets it."""
    buttons = tuple(Button(choice["label"], choice["payload"]) for choice in message.choices)
    return Outgoing(message.key, message.chat, message.text, buttons)
