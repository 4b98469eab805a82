"""What the page of the web chat asks for: who is here, a session, posting a message, and the stream of what is said."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import anyio.to_thread
import structlog
from sqlalchemy import exc, select, text
from sse_starlette import EventSourceResponse, JSONServerSentEvent
from starlette.responses import JSONResponse, Response

from bot.channels import transcript, webchat
from bot.channels.transcript import Cursor, Saying
from bot.photos import is_photo_name
from storage.messages import OutboxMessage
from storage.people import Identity, Person, Role
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from starlette.requests import Request

    from bot.channels.webchat import WebChat
    from bot.clock import Clock
    from handlers.turn import Inbound
    from storage.database import Database

DEMO = "demo-"
"""What the sender of an invented person begins with; in the demo it is the token too, for anybody may be anybody."""

LONGEST_TEXT = 20_000
"""Characters of one message; a longer one is refused before it is stored."""

MOST_PHOTOS = 9
"""Photos of one message."""

LARGEST_BODY = 256 * 1024
"""Bytes of one request: LONGEST_TEXT of any characters, however JSON spells them, and what stands around them."""

LOOK_EVERY = 2.0
"""Seconds after which a stream looks for what other processes have written."""

PING_EVERY = 15
STOPS_WITHIN = 2.0
"""Seconds that a stream is given to end by itself when the server stops."""

READERS = 8
"""Database calls of this room at one time, so that many open pages leave connections to those who work messages."""

ROLE_NAMES = {
    Role.COUNTY_ADMIN: "县管理员",
    Role.TOWN_ADMIN: "镇管理员",
    Role.COMMUNITY_ADMIN: "社区管理员",
    Role.MEDIATOR: "调解员",
    Role.GRID_MEMBER: "网格员",
    Role.VOLUNTEER: "志愿者",
    Role.RESIDENT: "居民",
}
"""The roles in Chinese, the one with the most duties first."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_POSTED_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")
_DEVICE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SAYING = re.compile(r"o[0-9]{1,18}")
_LONGEST_PAYLOAD = LONGEST_TEXT
# Half of a character pair, and the null character: PostgreSQL takes neither, SQLite not the first.
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
DATABASE_AWAY = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError)
"""How a database that cannot be reached, or that takes nothing at present, shows itself."""

T = TypeVar("T")
log = structlog.get_logger(__name__)


class ApiError(Exception):
    """A request that is refused; the sentence is what the person reads."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Visitor:
    """One of the invented people, as the page shows them; `role` is the one with the most duties."""

    id: int
    name: str
    role: Role
    role_name: str
    about: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the page needs to know before anybody speaks; only the demo community has people to pick and a group."""

    demo: bool
    community: str
    group: bool
    people: tuple[Visitor, ...]
    photos: bool


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as the page posts it."""

    in_group: bool
    message_id: str
    text: str
    payload: str | None
    photos: tuple[str, ...]
    reply_to: int | None
    device: str | None


class WebChatApi:
    """The end points of the web chat, over what they need."""

    def __init__(
        self,
        web_chat: WebChat,
        database: Database,
        receive: Callable[[Inbound], Awaitable[bool]],
        clock: Clock,
        demo: bool,
        about: Mapping[str, str],
        takes_photos: bool = False,
    ) -> None:
        self._web_chat = web_chat
        self._database = database
        self._receive = receive
        self._clock = clock
        self._demo = demo
        self._about = about
        self._takes_photos = takes_photos
        self._readers = anyio.CapacityLimiter(READERS)

    async def health(self, _request: Request) -> Response:
        """Whether the database answers."""
        await self.ask(lambda work: work.session.execute(text("SELECT 1")))
        return JSONResponse({"status": "ok"})

    async def welcome(self, _request: Request) -> Response:
        """What the page needs to know before anybody speaks."""
        return JSONResponse(asdict(await self.ask(self._welcome)))

    async def session(self, request: Request) -> Response:
        """A token: a person of the demo, or a new secret, of which the database only ever sees a hash."""
        wanted = (await _json(request)).get("person")
        if wanted is None:
            return JSONResponse({"token": secrets.token_urlsafe(32), "name": None})
        if not self._demo:
            raise ApiError(400, "这里不能选人，请直接说话。")
        if not isinstance(wanted, int) or isinstance(wanted, bool):
            raise ApiError(400, "没看懂选的是谁，请重新选一次。")
        identity = next((i for i in await self.ask(_demo_identities) if i.person_id == wanted), None)
        if identity is None:
            raise ApiError(400, "没有这个人，请重新选一次。")
        return JSONResponse({"token": identity.sender, "name": identity.person.name})

    async def post(self, request: Request) -> Response:
        """Take a message; answered only after it was stored, and the same message again is answered the same."""
        sender = await self.sender(request)
        posted = _posted(await _json(request))
        if posted.in_group and not self._demo:
            raise ApiError(400, "这里没有群聊。")
        message = webchat.as_inbound(
            sender,
            in_group=posted.in_group,
            message_id=posted.message_id,
            text=posted.text,
            payload=posted.payload,
            photos=posted.photos,
            now=self._clock(),
            reply_to=await self._key_of(posted.reply_to),
            device=posted.device,
        )
        is_new = await self._receive(message)
        self._web_chat.wake(message.chat)
        return JSONResponse({"id": posted.message_id, "new": is_new}, 202)

    async def _key_of(self, row_id: int | None) -> str | None:
        """The key of the message that is answered; whether it stands in that chat shows when the answer is heard."""
        if row_id is None:
            return None
        wanted = select(OutboxMessage.key).where(OutboxMessage.id == row_id)
        return await self.ask(lambda work: work.session.scalars(wanted).first())

    async def stream(self, request: Request) -> Response:
        """Everything that is said in one's chats after a cursor, as server-sent events, as it is said."""
        sender = await self.sender(request)
        chats = self._chats(request, sender)
        try:
            cursor = Cursor.decode(request.query_params.get("after", ""))
        except ValueError as error:
            raise ApiError(400, "没看懂要从哪里接着看，请刷新页面。") from error
        first = await self._read(tuple(chats), cursor)
        stopping = anyio.Event()
        return EventSourceResponse(
            self._events(sender, chats, cursor, first, stopping),
            ping=PING_EVERY,
            shutdown_event=stopping,
            shutdown_grace_period=STOPS_WITHIN,
        )

    async def _events(
        self, sender: str, chats: dict[str, str], cursor: Cursor, sayings: list[Saying], stopping: anyio.Event
    ) -> AsyncIterator[JSONServerSentEvent]:
        with self._web_chat.reading(chats) as something_new:
            # The first look was before anybody listened.
            something_new.set()
            caught_up = False
            while not (self._web_chat.closed or stopping.is_set()):
                for saying in sayings:
                    cursor = cursor.past(saying)
                    yield JSONServerSentEvent(_as_json(saying, sender, chats), id=cursor.encode())
                if not sayings:
                    if not caught_up:
                        caught_up = True
                        yield JSONServerSentEvent({}, event="ready")
                    await _first_of(something_new, stopping, seconds=LOOK_EVERY)
                # Cleared before the look, so that what is written during it is looked for once more.
                something_new.clear()
                try:
                    sayings = await self._read(tuple(chats), cursor)
                except DATABASE_AWAY as error:
                    log.warning("stream ended", reason=type(error).__name__)
                    return

    def _chats(self, request: Request, sender: str) -> dict[str, str]:
        """The chats that are asked for, with what the page calls them; a private one can only be one's own."""
        known = {"private": webchat.private_chat_of(sender)}
        if self._demo:
            known["group"] = webchat.GROUP
        wanted = request.query_params.getlist("chat")
        if not wanted or not set(wanted) <= set(known):
            raise ApiError(400, "没有这个聊天。")
        return {known[name]: name for name in wanted}

    async def sender(self, request: Request) -> str:
        """Who asks, by the token; raises ApiError(401)."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip()
        if scheme.lower() == "bearer" and self._demo and token.startswith(DEMO):
            if await self.ask(lambda work: work.people.identity(webchat.NAME, webchat.NAME, token)):
                return token
        elif scheme.lower() == "bearer" and _TOKEN.fullmatch(token):
            return hashlib.sha256(token.encode()).hexdigest()[:32]
        raise ApiError(401, "您的身份过期了，请重新进入。")

    async def _read(self, chats: tuple[str, ...], cursor: Cursor) -> list[Saying]:
        return await self.ask(lambda work: transcript.read(work.session, chats, cursor))

    async def ask(self, question: Callable[[UnitOfWork], T]) -> T:
        """Ask the database, in a thread."""

        def ask() -> T:
            with UnitOfWork(self._database, read_only=True) as work:
                return question(work)

        return await anyio.to_thread.run_sync(ask, limiter=self._readers)

    def _welcome(self, work: UnitOfWork) -> Welcome:
        communities = work.areas.communities()
        community = communities[0].name if communities else ""
        people = tuple(self._visitor(identity) for identity in _demo_identities(work)) if self._demo else ()
        return Welcome(self._demo, community, self._demo, people, self._takes_photos)

    def _visitor(self, identity: Identity) -> Visitor:
        person = identity.person
        held = [role for role in ROLE_NAMES if role in person.roles]
        named = [ROLE_NAMES[role] for role in held if role is not Role.RESIDENT or len(held) == 1]
        about = self._about.get(identity.sender) or f"住在{person.home or person.area.name}"
        return Visitor(person.id, person.name or "没登记姓名", held[0], "、".join(named), about)


def _demo_identities(work: UnitOfWork) -> list[Identity]:
    wanted = (
        select(Identity)
        .join(Person)
        .where(
            Identity.channel == webchat.NAME,
            Identity.account == webchat.NAME,
            Identity.sender.startswith(DEMO, autoescape=True),
        )
        .order_by(Identity.id)
    )
    found = list(work.session.scalars(wanted))
    for identity in found:
        # The person is read here, where there is a session.
        _ = identity.person.roles
    return found


async def _first_of(*events: asyncio.Event | anyio.Event, seconds: float) -> None:
    """Wait until one of the events is set, and no longer than so many seconds."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def _json(request: Request) -> dict[str, Any]:
    """The body, which must be a JSON object of at most LARGEST_BODY bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise ApiError(413, f"这段话太长了，一次最多{LONGEST_TEXT}字，请分几次说。")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "没看懂发来的内容，请刷新页面再试。") from error
    if not isinstance(value, dict):
        raise ApiError(400, "没看懂发来的内容，请刷新页面再试。")
    return value


def _posted(value: dict[str, Any]) -> Posted:
    chat, message_id, said, payload = (value.get(key) for key in ("chat", "id", "text", "payload"))
    photos = value.get("photos") or []
    if chat not in ("private", "group"):
        raise ApiError(400, "没有这个聊天。")
    if not isinstance(message_id, str) or not _POSTED_ID.fullmatch(message_id):
        raise ApiError(400, "这条消息没有编号，请刷新页面再试。")
    if not isinstance(said, str) or not (payload is None or isinstance(payload, str)):
        raise ApiError(400, "没看懂发来的内容，请刷新页面再试。")
    if len(said) > LONGEST_TEXT:
        raise ApiError(413, f"这段话太长了，一次最多{LONGEST_TEXT}字，请分几次说。")
    if not isinstance(photos, list) or len(photos) > MOST_PHOTOS or not all(map(is_photo_name, photos)):
        raise ApiError(400, f"照片没有收到，请重新发。一次最多{MOST_PHOTOS}张。")
    if not said.strip() and not photos:
        raise ApiError(400, "还没写字，写了再发。")
    if payload is not None and (len(payload) > _LONGEST_PAYLOAD or _NOT_STORABLE.search(payload)):
        raise ApiError(400, "这个按钮按不了，请直接说。")
    answered = value.get("reply_to")
    if answered is not None and not (isinstance(answered, str) and _SAYING.fullmatch(answered)):
        raise ApiError(400, "没看懂是回复哪一条，请直接说。")
    reply_to = int(answered[1:]) if answered else None
    said = _NOT_STORABLE.sub("\ufffd", said)
    return Posted(chat == "group", message_id, said, payload, tuple(photos), reply_to, _device(value.get("device")))


def _device(told: Any) -> str | None:
    """A hash of what a page calls its browser; an address would say where somebody is, and several share one."""
    if not isinstance(told, str) or not _DEVICE.fullmatch(told):
        return None
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _as_json(saying: Saying, sender: str, chats: dict[str, str]) -> dict[str, Any]:
    mine = saying.sender == sender
    by = "me" if mine else "bot" if saying.sender is None else "other"
    return {
        "id": saying.posted_id if mine else saying.ref,
        "chat": chats[saying.chat],
        "by": by,
        "name": "小助手" if by == "bot" else saying.name or "一位居民",
        "text": saying.text,
        "choices": [asdict(offer) for offer in saying.offers],
        # What somebody else sent to the group is shown to nobody but those who handle it.
        "photos": list(saying.photos) if by != "other" else [],
        "at": saying.at.isoformat(timespec="milliseconds"),
    }
