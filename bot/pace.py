"""The pace of a lane: buckets that fill with time and begin empty, so that no start in a row can break a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from handlers.sending.limits import Limits, Rate

NEARLY = 1e-3
"""What sums of fractions may be short of a whole message."""

KEPT = 1_000
"""Chats whose buckets are kept at least before the full ones among them are forgotten."""


@dataclass(slots=True)
class Bucket:
    """How many messages a rate allows: `level` at the moment `at`, and more as time passes, up to its burst."""

    rate: Rate
    at: datetime
    level: float = 0.0

    def level_at(self, now: datetime) -> float:
        """How much is allowed at `now`."""
        passed = max(0.0, (now - self.at).total_seconds())
        return min(float(self.rate.burst), self.level + passed * self.rate.pace)

    def take(self, now: datetime) -> None:
        """Use up one message."""
        self.level, self.at = self.level_at(now) - 1.0, max(now, self.at)

    def until(self, wanted: int, now: datetime) -> float:
        """Seconds from `now` until so many are allowed, or as many as ever are."""
        missing = min(wanted, self.rate.burst) - self.level_at(now)
        return max(0.0, missing / self.rate.pace)


class Pace:
    """What a lane may hand over now, over all chats and to each."""

    def __init__(self, limits: Limits, born: datetime) -> None:
        """`born` is the moment after which nobody else sent in this lane."""
        self._limits = limits
        self._born = born
        self._lane = [Bucket(rate, born) for rate in limits.account]
        self._chats: dict[str, Sequence[Bucket]] = {}
        self._exhausted: set[str] = set()
        self._most_kept = KEPT

    def room(self, now: datetime) -> int | None:
        """How many messages may go now over all chats; None without a limit."""
        return min((int(bucket.level_at(now) + NEARLY) for bucket in self._lane), default=None)

    def room_in(self, chat: str, now: datetime, *, is_group: bool) -> int | None:
        """How many messages may go to a chat now; None without a limit."""
        buckets = self._of(chat, is_group=is_group)
        room = min((int(bucket.level_at(now) + NEARLY) for bucket in buckets), default=None)
        if room == 0:
            self._chats[chat] = buckets
            self._exhausted.add(chat)
        return room

    def take(self, chat: str, now: datetime, *, is_group: bool) -> None:
        """Count one message to a chat."""
        buckets = self._of(chat, is_group=is_group)
        for bucket in (*self._lane, *buckets):
            bucket.take(now)
        if buckets:
            self._chats[chat] = buckets
            self._exhausted.add(chat)
        if len(self._chats) > self._most_kept:
            self._chats = {name: kept for name, kept in self._chats.items() if not _are_full(kept, now)}
            self._most_kept = max(KEPT, 2 * len(self._chats))

    def until(self, wanted: int, now: datetime) -> float:
        """Seconds until so many messages may go over all chats, or a whole burst."""
        return max((bucket.until(wanted, now) for bucket in self._lane), default=0.0)

    def stride(self) -> int:
        """How many messages to wait for while more are waiting: handing over one by one costs a commit each."""
        return max(1, min((bucket.rate.burst // 2 for bucket in self._lane), default=1))

    def exhausted(self, now: datetime) -> list[str]:
        """The chats to which nothing may go now, for what was sent to them before."""
        kept = {chat: self._chats.get(chat, ()) for chat in self._exhausted}
        self._exhausted = {chat for chat, of in kept.items() if any(each.level_at(now) + NEARLY < 1 for each in of)}
        return sorted(self._exhausted)

    def _of(self, chat: str, *, is_group: bool) -> Sequence[Bucket]:
        rates = self._limits.group if is_group else self._limits.chat
        return self._chats.get(chat) or [Bucket(rate, self._born) for rate in rates]


def _are_full(buckets: Sequence[Bucket], now: datetime) -> bool:
    return all(bucket.level_at(now) >= bucket.rate.burst for bucket in buckets)
