"""A web chat that is really served: uvicorn on a free port, a real database, the real inbox and delivery.

Only what the bot says is made up: each stored message is answered with what `answers` gives for it.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import uvicorn
from sqlalchemy import select

from bot.channels import webchat
from bot.channels.webchat import WebChat
from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.web import build_web
from handlers.turn import Reply
from storage.areas import AreaKind
from storage.database import Base, Database
from storage.messages import InboxMessage, OutboxMessage, OutboxState, Priority
from storage.people import Role
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx

    from bot.photos import PhotoStore
    from handlers.turn import Inbound

LI, WANG, YANG = "demo-li", "demo-wang", "demo-yang"
PEOPLE = (
    (LI, "李秀芬", "桂花苑3栋2单元501", None),
    (WANG, "王春梅", "文林巷2号", Role.GRID_MEMBER),
    (YANG, "杨晓兰", "老街院子6号", Role.COMMUNITY_ADMIN),
)
ABOUT = {LI: "住在1网格，楼上漏水没人管", WANG: "1网格的网格员"}


def now() -> datetime:
    """The present moment: a served web chat runs in real time."""
    return datetime.now(UTC)


def echo(message: Inbound) -> list[Reply]:
    """Say back what was said."""
    return [Reply(f"听到了：{message.text}")]


@dataclass(slots=True)
class House:
    """The database with its people, and the web chat over it while it is open."""

    database: Database
    demo: bool = True
    answers: Callable[[Inbound], list[Reply]] = echo
    port: int = 0
    photos: PhotoStore | None = None
    web_chat: WebChat = field(default_factory=WebChat)
    received: list[Inbound] = field(default_factory=list)
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the web chat is."""
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Serve, on the same port as before where it was served before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(listener, ready)))
        self._thread.start()
        assert ready.wait(10)

    def close(self) -> None:
        """Stop serving."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()
        self._server = self._thread = None

    async def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        self.web_chat = web_chat = WebChat()
        delivery = Delivery(self.database, [web_chat], now)
        inbox = Inbox(self.database, now)

        async def receive(message: Inbound) -> bool:
            self.received.append(message)
            is_new = await asyncio.to_thread(inbox.receive, message)
            if is_new:
                await asyncio.to_thread(self._answer, message)
                delivery.nudge()
            return is_new

        app = build_web(web_chat, self.database, receive, now, demo=self.demo, about=ABOUT, photos=self.photos)
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=5)
        self._server = uvicorn.Server(config)
        serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        sending = asyncio.create_task(delivery.run())
        while not self._server.started:
            await asyncio.sleep(0.01)
        ready.set()
        while not self._server.should_exit:
            await asyncio.sleep(0.02)
        web_chat.close()
        await serving
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    def _answer(self, message: Inbound) -> None:
        with UnitOfWork(self.database) as work:
            cause = work.session.scalars(
                select(InboxMessage.id).where(InboxMessage.message_id == message.message_id)
            ).one()
            for number, reply in enumerate(self.answers(message)):
                work.messages.queue(outbox(f"in:{cause}:{number}", message.chat, reply, cause=cause))
            work.commit()

    def write(self, key: str, chat: str, reply: Reply, *, due: datetime | None = None) -> None:
        """Queue a message of the bot, as another process would."""
        with UnitOfWork(self.database) as work:
            work.messages.queue(outbox(key, chat, reply, due=due))
            work.commit()

    def inbox(self) -> list[InboxMessage]:
        """All that was stored."""
        with UnitOfWork(self.database, read_only=True) as work:
            return list(work.session.scalars(select(InboxMessage).order_by(InboxMessage.id)))


def outbox(
    key: str, chat: str, reply: Reply, *, cause: int | None = None, due: datetime | None = None, sent: bool = False
) -> OutboxMessage:
    """A row of the outbox; with `sent`, one that was sent at the moment when it was due."""
    return OutboxMessage(
        key=key,
        channel=webchat.NAME,
        account=webchat.NAME,
        chat=chat,
        text=reply.text,
        choices=[{"label": choice.label, "payload": choice.payload} for choice in reply.choices],
        priority=Priority.REPLY,
        cause_id=cause,
        due_at=due or now(),
        state=OutboxState.SENT if sent else OutboxState.DUE,
        sent_at=(due or now()) if sent else None,
    )


def settle(database: Database) -> None:
    """Put the people of PEOPLE into an empty database."""
    with UnitOfWork(database) as work:
        county = work.areas.add(AreaKind.COUNTY, "仁和县")
        community = work.areas.add(AreaKind.COMMUNITY, "桂花社区", county)
        grid = work.areas.add(AreaKind.GRID, "1网格", community, "1")
        for sender, name, home, role in PEOPLE:
            person = work.people.add(grid, now(), name=name, phone="13900000000")
            person.home = home
            work.people.add_identity(person, "web", "web", sender, now(), private_chat=f"p:{sender}")
            if role is not None:
                work.people.grant(person, role, grid, now())
        work.commit()


def sqlite_with_people(folder: Path) -> Database:
    """A database of its own with the people of PEOPLE, in the file house.db."""
    database = Database(f"sqlite:///{folder / 'house.db'}")
    Base.metadata.create_all(database.engine)
    settle(database)
    return database


@contextmanager
def opened(database: Database, *, demo: bool = True) -> Iterator[House]:
    """A house that is open while the block lasts."""
    house = House(database, demo)
    house.open()
    try:
        yield house
    finally:
        house.close()
        database.close()


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event."""

    id: str
    kind: str
    data: dict[str, Any]


class Reader:
    """Reads one stream."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def next(self) -> Event:
        """The next event; pings are passed over."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if line.startswith(":"):
                continue
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif fields:
                return Event(fields.get("id", ""), fields.get("event", "message"), json.loads(fields["data"]))
        raise EOFError("the stream has ended")

    def sayings(self, count: int) -> list[Event]:
        """The next so many sayings."""
        found: list[Event] = []
        while len(found) < count:
            event = self.next()
            if event.kind == "message":
                found.append(event)
        return found

    def until_ready(self) -> list[Event]:
        """All that stands there already."""
        found: list[Event] = []
        while (event := self.next()).kind != "ready":
            found.append(event)
        return found


def _lines(response: httpx.Response) -> Iterator[str]:
    # httpx's own lines end at U+2028 too, which is text here.
    rest = b""
    for chunk in response.iter_bytes():
        *lines, rest = (rest + chunk).split(b"\r\n")
        yield from (line.decode() for line in lines)


@dataclass(slots=True)
class Page:
    """Somebody at the web chat, as a program."""

    client: httpx.Client
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What says who it is."""
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, text: str, message_id: str, *, chat: str = "private", payload: str | None = None) -> httpx.Response:
        """Post a message."""
        body = {"chat": chat, "id": message_id, "text": text, "payload": payload}
        return self.client.post("/api/messages", json=body, headers=self.headers)

    @contextmanager
    def stream(self, *chats: str, after: str = "") -> Iterator[Reader]:
        """Read along while the block lasts."""
        query: list[tuple[str, str | int | float | bool | None]] = [("chat", chat) for chat in chats]
        query.append(("after", after))
        with self.client.stream("GET", "/api/stream", params=query, headers=self.headers) as response:
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            yield Reader(_lines(response))


def page_of(client: httpx.Client, token: str = LI) -> Page:
    """Somebody's page."""
    return Page(client, token)
