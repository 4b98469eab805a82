"""A platform that counts: it enforces its limits and bans whoever breaks one, and it answers late, twice or never."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.channels.channel import Channel, ChannelError, Failure
from handlers.sending.limits import day_of

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Collection
    from datetime import date, datetime

    from bot.channels.channel import Outgoing
    from handlers.sending.limits import Limits


class Answer(StrEnum):
    """What the platform does with a call; of `silent` and `lost` the caller hears nothing."""

    TAKEN = "taken"
    LATE = "late"
    TWICE = "twice"
    SILENT = "silent"
    LOST = "lost"
    BUSY = "busy"
    BLOCKED = "blocked"
    BANNED = "banned"


DELIVERED = frozenset({Answer.TAKEN, Answer.LATE, Answer.TWICE, Answer.SILENT})
MOODS = {Answer.TAKEN: 80, Answer.LATE: 13, Answer.TWICE: 4, Answer.SILENT: 1, Answer.LOST: 1, Answer.BUSY: 1}
RETRY_AFTER = 0.5


@dataclass(slots=True)
class StrictPlatform:
    """Everything that was called for, delivered and counted; `breaches` tell which limits were broken."""

    limits: Limits
    chance: random.Random
    blocked: Collection[str] = ()
    knows_keys: bool = False
    delivered: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)
    _keys: set[str] = field(default_factory=set)
    _recent: dict[tuple[str, float], deque[datetime]] = field(default_factory=dict)

    def call(self, key: str, chat: str, now: datetime) -> Answer:
        """Decide about one call."""
        self._count(chat, now)
        if self.breaches:
            return Answer.BANNED
        if chat in self.blocked:
            return Answer.BLOCKED
        answer = self.chance.choices(list(MOODS), list(MOODS.values()))[0]
        if answer in DELIVERED and not (self.knows_keys and key in self._keys):
            self._keys.add(key)
            self.delivered[chat] += 1
        return answer

    def _count(self, chat: str, now: datetime) -> None:
        self.days[day_of(now)] += 1
        if self.limits.per_day is not None and self.days[day_of(now)] > self.limits.per_day:
            self.breaches.append(f"{self.days[day_of(now)]} calls on {day_of(now)}")
        for scope, rates in (("", self.limits.account), (chat, self.limits.chat)):
            for rate in rates:
                recent = self._recent.setdefault((scope, rate.seconds), deque())
                recent.append(now)
                while (now - recent[0]).total_seconds() >= rate.seconds:
                    recent.popleft()
                if len(recent) > rate.most:
                    self.breaches.append(f"{len(recent)} calls in {rate.seconds} s to {scope or 'all'}")


class StrictChannel(Channel):
    """The platform as a channel in the same process, whose time is the one that it is given."""

    def __init__(
        self, name: str, platform: StrictPlatform, clock: Callable[[], datetime], at: Callable[[str], None]
    ) -> None:
        """`at` is called before and after each call, so that a test may fail there."""
        self.name, self.account, self.knows_keys = name, "bot", platform.knows_keys
        self._platform, self._clock, self._at = platform, clock, at

    async def send(self, message: Outgoing) -> str | None:
        """Call the platform."""
        self._at("before call")
        answer = self._platform.call(message.key, message.chat, self._clock())
        self._at("after call")
        return outcome_of(answer, message.key)


def outcome_of(answer: Answer, key: str) -> str:
    """What a channel makes of an answer: the platform's name of the message, or an error."""
    match answer:
        case Answer.SILENT | Answer.LOST:
            raise TimeoutError
        case Answer.BUSY:
            raise ChannelError("too many requests", Failure.AGAIN, after=RETRY_AFTER)
        case Answer.BLOCKED:
            raise ChannelError("blocked by the user", Failure.PERSON)
        case Answer.BANNED:
            raise ChannelError("the account is banned", Failure.LANE)
        case _:
            return f"platform-{key}"
