"""Talks: what is open between the bot and one person in one chat."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId
from storage.messages import TalkKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from storage.people import Person


class Talk(Base):
    """One person's talk in one chat.

    `form` is the form under way, `choices` what the last message offered to press, and `topic` what the talk is about
    (the case last spoken of, the last questions on the policy), for short words that lean on it. All three are small
    JSON values that are replaced as a whole.
    """

    __tablename__ = "talks"
    __table_args__ = (UniqueConstraint("channel", "account", "chat", "sender"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    account: Mapped[str] = mapped_column(String(64))
    chat: Mapped[str] = mapped_column(String(128))
    sender: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    in_group: Mapped[bool]
    form: Mapped[dict[str, Any] | None]
    choices: Mapped[list[Any]]
    topic: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]

    @property
    def key(self) -> TalkKey:
        """What names this talk."""
        return TalkKey(self.channel, self.account, self.chat, self.sender)

    def remember(self, **topic: Any) -> None:
        """Note what the talk is about now; a value of None forgets that part."""
        merged = {**self.topic, **topic}
        known = {name: value for name, value in merged.items() if value is not None}
        if known != self.topic:
            self.topic = known


_KEYED = select(Talk).where(*(getattr(Talk, name) == bindparam(name) for name in TalkKey._fields))
_LOCKED = _KEYED.with_for_update()


class TalkStore:
    """Talks by their key."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self, key: TalkKey) -> Talk | None:
        """The talk, locked against other processes until the transaction ends; None if it is new."""
        return self._session.scalars(_LOCKED, key._asdict()).first()

    def peek(self, key: TalkKey) -> Talk | None:
        """The talk as it stands, not locked; None if it is new."""
        return self._session.scalars(_KEYED, key._asdict()).first()

    def begin(self, key: TalkKey, person: Person, now: datetime, *, in_group: bool) -> Talk:
        """Begin a talk; it is written with what comes first of a savepoint, a question and the commit."""
        talk = Talk(
            **key._asdict(), person_id=person.id, in_group=in_group, form=None, choices=[], topic={}, updated_at=now
        )
        self._session.add(talk)
        return talk

    def find(self, key: TalkKey, person: Person, now: datetime, *, in_group: bool) -> Talk:
        """The talk, locked, begun if it is new; it is that of whoever its account belongs to now."""
        talk = self.lock(key) or self.begin(key, person, now, in_group=in_group)
        if talk.person_id != person.id:
            # Not always: what is set is written, and looked at before every question to the database.
            talk.person_id = person.id
        return talk

    def in_groups(self, person: Person) -> Sequence[Talk]:
        """The talks of this person in groups."""
        wanted = select(Talk).where(Talk.person_id == person.id, Talk.in_group.is_(True))
        return self._session.scalars(wanted.order_by(Talk.id)).all()

    def left_open(self, since: datetime, until: datetime) -> Sequence[Talk]:
        """The private talks with a form whose last message came between two moments, but those that others hold."""
        last_word = Talk.updated_at.between(since, until)
        wanted = select(Talk).where(Talk.form.is_not(None), last_word, Talk.in_group.is_(False))
        return self._session.scalars(wanted.order_by(Talk.id).with_for_update(skip_locked=True)).all()

    def open_forms(self) -> int:
        """How many forms are half filled, over all talks."""
        return self._session.scalar(select(func.count()).select_from(Talk).where(Talk.form.is_not(None))) or 0
