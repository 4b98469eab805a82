"""A gridbot to be killed: the real parts of one process, fed by a platform over a socket.

As a program it reads one line of JSON after the other, the `Life` of a child each, forks that child and prints its
process id. Forking spares every child the imports and the tables of words, so that many can be killed in little time;
a child shares nothing with the one before it but the database.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot import logs
from bot.app import App
from bot.channels.channel import Channel
from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.router import Router
from bot.timetable import Timetable
from bot.workers import Workers
from handlers import features
from handlers.turn import Inbound
from nlu.policy.library import PolicyLibrary
from nlu.understanding import NO_CONTEXT, Context, Intent, Judgement, Understanding
from storage.areas import AreaKind
from storage.database import Base, Database
from storage.people import Role
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.channels.channel import Outgoing
    from bot.clock import Clock

CHANNEL = "killed"
MORNING = datetime(2026, 4, 15, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
REPORTERS = tuple(f"居民{number}" for number in range(1, 7))
GRID_MEMBER = "王春梅"
STORY, ASSENT = "桂花苑{number}栋门口的井盖没得了", "对的"


@dataclass(frozen=True, slots=True)
class Life:
    """What one child is given: where its platform listens, and the moment at which its clock begins."""

    database: str
    port: int
    taken: str
    now: str


class ReportParser:
    """Takes an assent for one and everything else for an incident: what is tested is not the understanding."""

    def parse(self, text: str, now: datetime, context: Context = NO_CONTEXT) -> Understanding:  # noqa: ARG002
        return Understanding(text, *self.judge(text))

    def judge(self, text: str) -> Judgement:
        return Judgement(Intent.AFFIRM if text == ASSENT else Intent.REPORT_INCIDENT, 1.0)


class FilePlatform(Channel):
    """Has taken a message once it stands in a file and on the disk."""

    name = CHANNEL
    account = CHANNEL
    knows_keys = True

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def send(self, message: Outgoing) -> None:
        line = json.dumps([message.key, message.chat, message.text], ensure_ascii=False)
        os.write(self._file, f"{line}\n".encode())
        await asyncio.to_thread(os.fsync, self._file)


def build_router(database: Database, clock: Clock) -> Router:
    """The router with all features."""
    return Router(database, ReportParser(), PolicyLibrary(), clock, features.ROUTES, features.FORMS)


def build(life: Life) -> App:
    """The parts as bot/app.py joins them, on a database that is there already."""
    database = Database(life.database)
    begun, born = datetime.fromisoformat(life.now), time.monotonic()

    def clock() -> datetime:
        return begun + timedelta(seconds=time.monotonic() - born)

    inbox, router = Inbox(database, clock), build_router(database, clock)
    delivery = Delivery(database, [FilePlatform(Path(life.taken))], clock)
    workers = Workers(router, delivery.nudge)
    timetable = Timetable(database, clock, features.DUTIES, inbox, workers.submit, delivery.nudge)
    return App(database, inbox, workers, delivery, timetable, PolicyLibrary())


async def live(life: Life) -> None:
    """Acknowledge every message that was stored, until the platform hangs up."""
    app = build(life)
    async with app.running():
        reader, writer = await asyncio.open_connection("127.0.0.1", life.port)
        while line := await reader.readline():
            message = inbound(**json.loads(line))
            await app.receive(message)
            writer.write(f"{message.message_id}\n".encode())
            await writer.drain()
        writer.close()


def inbound(name: str, sender: str, text: str) -> Inbound:
    """A private message; `name` is what its platform calls it."""
    return Inbound(
        channel=CHANNEL,
        account=CHANNEL,
        message_id=name,
        chat=f"p:{sender}",
        sender=sender,
        text=text,
        sent_at=MORNING,
    )


def settle(database: Database) -> None:
    """One grid with its residents and its grid member."""
    with UnitOfWork(database) as work:
        town = work.areas.add(AreaKind.TOWN, "清溪镇", work.areas.add(AreaKind.COUNTY, "仁和县"))
        grid = work.areas.add(AreaKind.GRID, "1网格", work.areas.add(AreaKind.COMMUNITY, "桂花社区", town), "1")
        for name in (*REPORTERS, GRID_MEMBER):
            person = work.people.add(grid, MORNING, name=name)
            work.people.add_identity(person, CHANNEL, CHANNEL, name, MORNING, f"p:{name}")
        work.people.grant(person, Role.GRID_MEMBER, grid, MORNING)
        work.commit()


def warm_up() -> None:
    """Take one report, so that every table of words has been read before the first child is born."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/warm.db")
        Base.metadata.create_all(database.engine)
        settle(database)
        for number, text in enumerate((STORY.format(number=1), ASSENT)):
            message = inbound(str(number), REPORTERS[0], text)
            Inbox(database, lambda: MORNING).receive(message)
            build_router(database, lambda: MORNING).work_off(message.talk)
        database.close()


def main() -> None:
    """Fork a child for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    warm_up()
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            logs.set_up("WARNING")
            asyncio.run(live(Life(**json.loads(line))))
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
