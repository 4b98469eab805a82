"""The transcript of web chats: what was said there by people and by the bot, in order, from a cursor on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, Text, and_, cast, or_, select

from bot.channels import webchat
from handlers.turn import AttachmentKind, Choice
from nlu.understanding import Intent
from storage.messages import InboxMessage, OutboxMessage, OutboxState
from storage.people import Identity, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.orm import InstrumentedAttribute, Session

HISTORY = 100
"""Messages of a chat, of people and of the bot each, that a reader without a cursor is given."""

PAGE = 200

OVERLAP = timedelta(seconds=60)
"""How long after its moment a message may still turn up.

Its moment is taken before it is committed, and a writer waits up to 30 s for the lock of SQLite; other processes have
other clocks. Ids are no order either: a message that is tried again later keeps its low id.
"""

MOST_SEEN = 400
"""Messages that a cursor names at most, so that it fits into an address."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"([0-9a-f]{1,16})((?:\.[io][0-9]{1,19})*)")
_ANSWERS = frozenset({Intent.AFFIRM, Intent.DENY, Intent.CANCEL})
_NEED_NO_OBJECT = frozenset({Intent.ACKNOWLEDGE_NOTICE, Intent.HELP, Intent.TALK_TO_HUMAN})


@dataclass(frozen=True, slots=True)
class Offer:
    """A button below a message of the bot; a `lasting` one means the same however much was said since."""

    label: str
    payload: str
    lasting: bool


@dataclass(frozen=True, slots=True)
class Saying:
    """Something that was said in a chat: by the person `sender`, or by the bot, which has none.

    `ref` names its row; `posted_id` is the id that the page gave it. `photos` say where below `api/photos/` they are.
    """

    ref: str
    chat: str
    sender: str | None
    posted_id: str | None
    name: str | None
    text: str
    offers: tuple[Offer, ...]
    photos: tuple[str, ...]
    at: datetime
    order: tuple[datetime, int, int]


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader has come: to the moment `newest`, having `seen` those messages of the last while before it."""

    newest: datetime | None
    seen: Mapping[str, datetime]

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """The cursor that `encode` wrote; an empty text is the beginning. Raises ValueError for anything else."""
        if not text:
            return cls(None, {})
        found = _CURSOR.fullmatch(text)
        if found is None:
            raise ValueError("not a cursor")
        try:
            newest = _EPOCH + timedelta(microseconds=int(found[1], 16))
        except OverflowError as error:
            raise ValueError("not a cursor") from error
        return cls(newest, dict.fromkeys(found[2].split(".")[1:], newest))

    def encode(self) -> str:
        """The cursor as text for an address."""
        if self.newest is None:
            return ""
        micros = (self.newest - _EPOCH) // timedelta(microseconds=1)
        return ".".join([f"{micros:x}", *list(self.seen)[-MOST_SEEN:]])

    def past(self, saying: Saying) -> Cursor:
        """The cursor of a reader who has also read `saying`."""
        newest = saying.at if self.newest is None else max(self.newest, saying.at)
        kept = {ref: at for ref, at in self.seen.items() if at > newest - OVERLAP}
        return Cursor(newest, {**kept, saying.ref: saying.at})


def read(session: Session, chats: Iterable[str], cursor: Cursor) -> list[Saying]:
    """What a reader at `cursor` has not read yet in these chats of the web, oldest first.

    At most PAGE messages, unless the reader comes without a cursor: then the last HISTORY of each chat.
    """
    wanted = tuple(chats)
    if cursor.newest is None:
        return sorted((s for chat in wanted for s in _history(session, chat)), key=lambda saying: saying.order)
    # Those that were seen are found again, so that without room for them a page could be full of them.
    room = PAGE + len(cursor.seen)
    since = cursor.newest - OVERLAP
    heard = _heard(wanted).where(InboxMessage.received_at > since).order_by(InboxMessage.received_at, InboxMessage.id)
    said = _said(wanted).where(OutboxMessage.sent_at > since).order_by(OutboxMessage.sent_at, OutboxMessage.id)
    found = [_person_said(row) for row in session.execute(heard.limit(room))]
    found += [_bot_said(row) for row in session.execute(said.limit(room))]
    found.sort(key=lambda saying: saying.order)
    return [saying for saying in found[:room] if saying.ref not in cursor.seen][:PAGE]


def _history(session: Session, chat: str) -> list[Saying]:
    heard = _heard((chat,)).order_by(InboxMessage.received_at.desc(), InboxMessage.id.desc()).limit(HISTORY)
    said = _said((chat,)).order_by(OutboxMessage.sent_at.desc(), OutboxMessage.id.desc()).limit(HISTORY)
    people, bot = session.execute(heard).all(), session.execute(said).all()
    # Where one side has more than was asked for, what the other said before that would stand without its answers.
    from_heard = people[-1].received_at if len(people) == HISTORY else _EPOCH
    from_said = bot[-1].sent_at if len(bot) == HISTORY else _EPOCH
    begin = max(from_heard, from_said)
    found = [*(_person_said(row) for row in people), *(_bot_said(row) for row in bot)]
    return [saying for saying in found if saying.at >= begin]


def _heard(chats: tuple[str, ...]) -> Select[Any]:
    owner = and_(
        Identity.channel == InboxMessage.channel,
        Identity.account == InboxMessage.account,
        Identity.sender == InboxMessage.sender,
    )
    return (
        select(
            InboxMessage.id,
            InboxMessage.message_id,
            InboxMessage.chat,
            InboxMessage.sender,
            InboxMessage.text,
            InboxMessage.payload,
            InboxMessage.attachments,
            InboxMessage.in_group,
            InboxMessage.addressed,
            InboxMessage.received_at,
            Person.name,
        )
        .outerjoin(Identity, owner)
        .outerjoin(Person, Person.id == Identity.person_id)
        .where(*_in(InboxMessage.channel, InboxMessage.account, InboxMessage.chat, chats), _is_kept())
    )


def _is_kept() -> ColumnElement[bool]:
    """Whether anything is left of what a person said: what they had erased shows no more."""
    attached = cast(InboxMessage.attachments, Text) != "[]"
    return or_(InboxMessage.text != "", InboxMessage.payload.is_not(None), attached)


def _said(chats: tuple[str, ...]) -> Select[Any]:
    return select(
        OutboxMessage.id,
        OutboxMessage.chat,
        OutboxMessage.text,
        OutboxMessage.choices,
        OutboxMessage.photos,
        OutboxMessage.cause_id,
        OutboxMessage.sent_at,
    ).where(
        *_in(OutboxMessage.channel, OutboxMessage.account, OutboxMessage.chat, chats),
        OutboxMessage.state == OutboxState.SENT,
        OutboxMessage.sent_at.is_not(None),
        OutboxMessage.text != "",
    )


def _in(
    channel: InstrumentedAttribute[str],
    account: InstrumentedAttribute[str],
    chat: InstrumentedAttribute[str],
    chats: tuple[str, ...],
) -> tuple[Any, ...]:
    return channel == webchat.NAME, account == webchat.NAME, chat.in_(chats)


def _person_said(row: Row[Any]) -> Saying:
    mentioned = row.in_group and row.addressed and row.payload is None
    return Saying(
        ref=f"i{row.id}",
        chat=row.chat,
        sender=row.sender,
        posted_id=webchat.posted_id(row.message_id),
        name=row.name,
        text=f"{webchat.MENTION} {row.text}".strip() if mentioned else row.text,
        offers=(),
        photos=tuple(f"{each['ref']}" for each in row.attachments if each["kind"] == AttachmentKind.PHOTO),
        at=row.received_at,
        order=(row.received_at, row.id, 0),
    )


def _bot_said(row: Row[Any]) -> Saying:
    return Saying(
        ref=f"o{row.id}",
        chat=row.chat,
        sender=None,
        posted_id=None,
        name=None,
        text=row.text,
        offers=tuple(_offer(choice["label"], choice["payload"]) for choice in row.choices),
        photos=tuple(f"{photo['name']}?case={photo['case']}" for photo in row.photos or ()),
        at=row.sent_at,
        # An answer stands below what caused it, also where both have the same moment.
        order=(row.sent_at, row.cause_id or 0, row.id),
    )


def _offer(label: str, payload: str) -> Offer:
    """A button, lasting when it says all that it means: what it does, and to what, unless it needs no object."""
    choice = Choice.from_payload(payload)
    own = choice is not None and choice.intent is not None and choice.intent not in _ANSWERS
    whole = choice is not None and (choice.says != label or choice.intent in _NEED_NO_OBJECT)
    return Offer(label, payload, own and whole)
