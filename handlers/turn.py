"""What an action gets and gives: the message that came in, the turn around it, and the reply."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Any

from nlu.understanding import EntityKind, Intent, Understanding
from storage.cases import By
from storage.messages import OutboxMessage, Priority, TalkKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from nlu.policy.library import Library
    from storage.people import Person
    from storage.talks import Talk
    from storage.unit_of_work import UnitOfWork


class AttachmentKind(StrEnum):
    """What may come with a text."""

    PHOTO = "photo"
    LOCATION = "location"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or a voice message by the name that its platform gives it, or a location in degrees (WGS 84)."""

    kind: AttachmentKind
    ref: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def row(self) -> dict[str, Any]:
        """The attachment as it is kept with its message."""
        return {"kind": self.kind, "ref": self.ref, "latitude": self.latitude, "longitude": self.longitude}

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Attachment:
        """The attachment that was kept as `row`."""
        return cls(AttachmentKind(row["kind"]), row["ref"], row["latitude"], row["longitude"])


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message as it came in from any channel.

    `message_id` is unique within (channel, account); `payload` is what a pressed button carries; `addressed` says
    whether a message in a group speaks to the bot; `edited` marks a changed version of an earlier message;
    `private_chat` is where the sender can be written to alone, where the channel knows it; `reply_to` names the message
    of ours that this one answers, by its key in the outbox or as the platform calls it; `device` is a hash that is the
    same for all messages from one device, where the channel knows it.
    """

    channel: str
    account: str
    message_id: str
    chat: str
    sender: str
    text: str
    sent_at: datetime
    attachments: tuple[Attachment, ...] = ()
    payload: str | None = None
    in_group: bool = False
    addressed: bool = True
    edited: bool = False
    private_chat: str | None = None
    reply_to: str | None = None
    device: str | None = None

    @property
    def talk(self) -> TalkKey:
        """The talk that this message belongs to."""
        return TalkKey(self.channel, self.account, self.chat, self.sender)


_MARKS = {None: "", True: "+", False: "-"}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press. Pressing it is the same as saying `says` (the label, unless given), meant as `intent`.

    `is_yes` tells which choice a bare yes (True) or no (False) makes; None where it is one of several things. What is
    offered `beside` an answer, with nothing asked, is chosen by neither.
    """

    label: str
    intent: Intent | None = None
    says: str = ""
    is_yes: bool | None = None
    beside: bool = False

    @property
    def row(self) -> dict[str, Any]:
        """The choice as it is kept with the message that offers it."""
        return {"label": self.label, "payload": self.payload, **({"beside": True} if self.beside else {})}

    @property
    def payload(self) -> str:
        """What a button carries; `from_payload` reads it."""
        return f"{self.intent or ''}{_MARKS[self.is_yes]}|{self.says or self.label}"

    @classmethod
    def from_payload(cls, payload: str) -> Choice | None:
        """The choice that a pressed button carries, or None for what is no payload of ours."""
        named, bar, says = payload.partition("|")
        is_yes = next((yes for yes, mark in _MARKS.items() if mark and named.endswith(mark)), None)
        intent = named.removesuffix(_MARKS[is_yes])
        if not bar or not says or (intent and intent not in set(Intent)):
            return None
        return cls(says, Intent(intent) if intent else None, says, is_yes)


@dataclass(frozen=True, slots=True)
class CasePhoto:
    """A photo of a case: the id of the case, and the name under which the photo is kept."""

    case: int
    name: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says, what it offers to press, and the photos that it shows where a channel can.

    `about` is the id of the case that it is about, if of one.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    photos: tuple[CasePhoto, ...] = ()
    about: int | None = None

    def followed_by(self, other: Reply | None) -> Reply:
        """Both texts, one after the other, with the choices of the later one and the photos of both."""
        if other is None:
            return self
        about = {self.about, other.about} - {None}
        return Reply(
            f"{self.text}\n\n{other.text}",
            other.choices or self.choices,
            (*self.photos, *other.photos),
            about.pop() if len(about) == 1 else None,
        )


@dataclass(slots=True)
class Desk:
    """A place to work from: one transaction, one moment, and a way to write to people.

    `key` begins the idempotency keys of what is written from here, `numbers` end them; `cause_id` is the inbox row that
    caused it.
    """

    work: UnitOfWork
    now: datetime
    key: str
    cause_id: int | None = None
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def by(self) -> By:
        """Whose doing is what is written from here: nobody's, where no message caused it."""
        return By(None, self.now, "timetable")

    def tell(self, person: Person | None, reply: Reply, priority: Priority = Priority.REPLY) -> OutboxMessage | None:
        """Write to `person` alone, on the account where they were last seen; None when there is no such account."""
        address = self.work.people.address_of(person) if person is not None else None
        if address is None or address.private_chat is None:
            return None
        to = TalkKey(address.channel, address.account, address.private_chat, address.sender)
        return self.write(to, reply, person, priority)

    def tell_all(self, people: Iterable[Person | None], reply: Reply, priority: Priority = Priority.REPLY) -> int:
        """Write to each of `people` alone, once; how many could be written to."""
        by_id = {person.id: person for person in people if person is not None}
        return sum(self.tell(person, reply, priority) is not None for person in by_id.values())

    def write(self, to: TalkKey, reply: Reply, person: Person | None, priority: Priority) -> OutboxMessage:
        """Queue `reply` for a chat."""
        return self.work.messages.queue(
            OutboxMessage(
                key=f"{self.key}:{next(self.numbers)}",
                channel=to.channel,
                account=to.account,
                chat=to.chat,
                text=reply.text,
                choices=[choice.row for choice in reply.choices],
                photos=[asdict(photo) for photo in reply.photos] or None,
                priority=priority,
                person_id=person.id if person else None,
                cause_id=self.cause_id,
                about=reply.about,
                due_at=self.now,
            )
        )


@dataclass(slots=True)
class Turn(Desk):
    """One message on its way: who said it, in which talk, what it was understood to mean.

    `meant` is false for words that answer an open question only where they are sure to (overheard in a group). `due` is
    what was put off until the form that this message has completed was done. `goes_on` marks a photo that follows
    another one without a word between: they are one thing, and were answered with the first. `whole` says that the
    message was taken as one, whatever further wishes were heard in it. `about` is the id of the case about which the
    message was that this one answers.
    """

    message: Inbound = field(kw_only=True)
    person: Person = field(kw_only=True)
    talk: Talk = field(kw_only=True)
    understanding: Understanding = field(kw_only=True)
    library: Library = field(kw_only=True)
    meant: bool = field(kw_only=True, default=True)
    due: Sequence[Any] = field(kw_only=True, default=())
    goes_on: bool = field(kw_only=True, default=False)
    whole: bool = field(kw_only=True, default=False)
    about: int | None = field(kw_only=True, default=None)

    @property
    def by(self) -> By:
        """The speaker, now, on this channel."""
        return By(self.person, self.now, self.message.channel)

    @property
    def text(self) -> str:
        """What was said."""
        return self.understanding.text

    @property
    def is_overheard(self) -> bool:
        """Whether this was said in a group, and not to the bot."""
        return self.message.in_group and not self.message.addressed

    def value(self, kind: EntityKind) -> Any:
        """The value of the first entity of `kind` in what was said, or None."""
        entity = self.understanding.first(kind)
        return entity.value if entity else None
