"""Small fakes around the real machinery: a clock that is set, a parser that looks texts up, a platform that listens."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from bot import logs
from bot.channels.channel import Channel
from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.router import Router
from handlers.forms import Forms
from handlers.turn import Inbound
from nlu.policy.library import PolicyLibrary
from nlu.understanding import NO_CONTEXT, Context, Intent, Judgement, Ranking, Understanding
from storage.areas import AreaKind
from storage.database import Database
from storage.people import Role
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import URL
    from sqlalchemy.orm import Session

    from bot.channels.channel import Outgoing
    from handlers.forms import Form
    from handlers.routes import Routes

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
GROUP = "group"
LI, ZHANG, WANG = "李秀芬", "张建国", "王春梅"
STRANGER = "新来的"


class SetClock:
    """Time stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


class TableParser:
    """Knows what the texts of its table mean, surely or with a ranking, and takes everything else for out of scope."""

    def __init__(self, meanings: Mapping[str, Intent | Ranking]) -> None:
        self.meanings = meanings
        self.parsed: list[str] = []
        self.contexts: list[Context] = []

    def parse(self, text: str, now: datetime, context: Context = NO_CONTEXT) -> Understanding:  # noqa: ARG002
        self.parsed.append(text)
        self.contexts.append(context)
        intent = self.meanings.get(text)
        if isinstance(intent, tuple):
            return Understanding(text, *intent[0], intent)
        return Understanding(text, intent or Intent.OUT_OF_SCOPE, 1.0 if intent else 0.1)

    def judge(self, text: str) -> Judgement:
        meant = self.meanings.get(text)
        if isinstance(meant, tuple):
            return Judgement(*meant[0])
        return Judgement(meant or Intent.OUT_OF_SCOPE, 1.0 if meant else 0.1)


class Platform(Channel):
    """Takes every message and remembers it, and knows keys again."""

    knows_keys = True

    def __init__(self, name: str = "test", account: str = "bot") -> None:
        self.name = name
        self.account = account
        self.taken: list[Outgoing] = []

    async def send(self, message: Outgoing) -> None:
        self.taken.append(message)


class FrailDatabase(Database):
    """A database that calls `at` with the name of each step around a commit, so that a test may fail there."""

    def __init__(self, url: str | URL, at: Callable[[str], None]) -> None:
        super().__init__(url)
        self._at = at

    def session(self, *, read_only: bool = False) -> Session:
        session = super().session(read_only=read_only)
        commit = session.commit

        def frail_commit() -> None:
            self._at("before commit")
            commit()
            self._at("after commit")

        session.commit = frail_commit  # type: ignore[method-assign]
        return session


class Bot:
    """The real inbox, router and delivery on a database with a few people, around routes of a test's own."""

    def __init__(
        self,
        database: Database,
        routes: Routes,
        meanings: Mapping[str, Intent | Ranking],
        forms: Iterable[Form] = (),
        clock: SetClock | None = None,
    ) -> None:
        self.database = database
        self.clock = clock or SetClock()
        self.parser = TableParser(meanings)
        self.platform = Platform()
        self.inbox = Inbox(database, self.clock)
        self.router = Router(database, self.parser, PolicyLibrary(), self.clock, routes, Forms(forms))
        self.delivery = Delivery(database, [self.platform], self.clock)

    def work(self) -> UnitOfWork:
        return UnitOfWork(self.database)

    def say(self, who: str, text: str, **more: Any) -> str:
        """Say something; what the speaker hears in that chat."""
        message = inbound(who, text, **more)
        self.inbox.receive(message)
        self.router.work_off(message.talk)
        return self.heard(message.chat)

    def heard(self, chat: str) -> str:
        """What was written into a chat since the last look."""
        self.deliver()
        found = [message.text for message in self.platform.taken if message.chat == chat]
        self.platform.taken = [message for message in self.platform.taken if message.chat != chat]
        return "\n".join(found)

    def deliver(self) -> None:
        """Send everything that is due."""

        async def drain() -> None:
            while await self.delivery.drain((self.platform.name, self.platform.account)):
                pass

        asyncio.run(drain())


_count = 0


def inbound(who: str, text: str, *, group: bool = False, at_bot: bool = False, **changes: Any) -> Inbound:
    """A message of `who`, in private or in the group, under an id of its own."""
    global _count
    _count += 1
    values = {
        "channel": "test",
        "account": "bot",
        "message_id": f"m{_count}",
        "chat": GROUP if group else private(who),
        "sender": who,
        "sent_at": NOW,
        "in_group": group,
        "addressed": at_bot or not group,
        "private_chat": private(who),
        **changes,
    }
    return Inbound(text=text, **values)


def private(who: str) -> str:
    """The chat in which `who` is alone with the bot."""
    return f"p:{who}"


def settle(database: Database, now: datetime = NOW) -> None:
    """One community with a grid, two residents and the grid member."""
    with UnitOfWork(database) as work:
        county = work.areas.add(AreaKind.COUNTY, "仁和县")
        town = work.areas.add(AreaKind.TOWN, "清溪镇", county)
        community = work.areas.add(AreaKind.COMMUNITY, "桂花社区", town)
        grid = work.areas.add(AreaKind.GRID, "1网格", community, "1")
        for name in (LI, ZHANG, WANG):
            person = work.people.add(grid, now, name=name)
            work.people.add_identity(person, "test", "bot", name, now, private(name))
        work.people.grant(person, Role.GRID_MEMBER, grid, now)
        work.commit()


@contextmanager
def log_lines() -> Iterator[list[str]]:
    """The lines that the real logging writes while the block lasts."""
    root, known = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    lines: list[str] = []
    logs.set_up("INFO", lines.append)
    try:
        yield lines
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**known)
