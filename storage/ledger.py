"""The tables of the points ledger, and the one way in which an entry comes into them.

Each chain has a row with its last entry. Whoever appends holds that row until their transaction ends, so the entries of
a chain come one after the other, and the shorter that time is, the more of them come in a second: on PostgreSQL one
statement takes the row, makes the hash and books the entry, and only the commit follows.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage import append_only
from storage.database import Base, BigId

if TYPE_CHECKING:
    from sqlalchemy import Row, Select, Table
    from sqlalchemy.orm import Session

GENESIS = "0" * 64
_UNIT = "\x1f"


class AccountKind(StrEnum):
    """What an account is for."""

    PERSON = "person"
    """What a person may spend."""
    HELD = "held"
    """What belongs to a person and cannot be spent: an objection or a redemption is not settled."""
    ISSUE = "issue"
    """What a community gives out; its balance is minus all that it ever gave."""
    SHOP = "shop"
    """What was spent in a community."""
    DEDUCTED = "deducted"
    """What the rules of a community took back from people."""


class PointsAccount(Base):
    """An account of a person, or of a community where `person_id` is None; `chain_id` is that community."""

    __tablename__ = "points_accounts"
    __table_args__ = (
        Index("ix_points_accounts_person_id_kind", "person_id", "kind", unique=True),
        Index("ix_points_accounts_chain_id_kind", "chain_id", "kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[AccountKind]
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    chain_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"))


class PointsEntry(Base):
    """One line of the ledger: `amount` points from one account to another, because of row `source`.

    `position` counts from 1 in the chain of the community `chain_id`; `reverses_id` is the entry that this one undoes;
    `seconded_by_id` is the second person where two are needed.
    """

    __tablename__ = "points_entries"
    __table_args__ = (
        UniqueConstraint("chain_id", "position"),
        UniqueConstraint("source"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_points_entries_from_id_at", "from_id", "at"),
        Index("ix_points_entries_to_id_at", "to_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    chain_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"))
    position: Mapped[int] = mapped_column(BigId)
    from_id: Mapped[int] = mapped_column(BigId, ForeignKey("points_accounts.id"))
    to_id: Mapped[int] = mapped_column(BigId, ForeignKey("points_accounts.id"))
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(64))
    reverses_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("points_entries.id"), unique=True)
    granted_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    seconded_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    at: Mapped[datetime]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    source_account: Mapped[PointsAccount] = relationship(foreign_keys=[from_id])
    target_account: Mapped[PointsAccount] = relationship(foreign_keys=[to_id])

    def digest(self) -> str:
        """The hash that this entry must bear."""
        return digest(self)


def digest(entry: PointsEntry | Row[Any]) -> str:
    """The SHA-256, in hex, of everything that an entry, or a row of the table, says and of the entry before it."""
    said = _UNIT.join((str(entry.chain_id), str(entry.position), _own_words(entry), entry.previous_hash))
    return hashlib.sha256(said.encode()).hexdigest()


def _own_words(entry: PointsEntry | Row[Any] | NewEntry) -> str:
    """What an entry says whatever its place in the chain is."""
    said = (
        entry.from_id,
        entry.to_id,
        entry.amount,
        entry.reason,
        entry.source,
        entry.reverses_id,
        entry.granted_by_id,
        entry.seconded_by_id,
        int(entry.at.timestamp() * 1_000_000),
    )
    return _UNIT.join(map(str, said))


append_only.keep(cast("Table", PointsEntry.__table__))


class ChainHead(Base):
    """The last entry of a chain: its `position`, 0 before the first one, its hash, and that of the one before it."""

    __tablename__ = "points_heads"

    chain_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigId)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class NewEntry(NamedTuple):
    """What is to be appended to the chain of `chain_id`."""

    chain_id: int
    from_id: int
    to_id: int
    amount: int
    reason: str
    source: str
    reverses_id: int | None
    granted_by_id: int | None
    seconded_by_id: int | None
    at: datetime


_HEADS = cast("Table", ChainHead.__table__)
_ENTRIES = cast("Table", PointsEntry.__table__)
_HELD = select(_HEADS.c.position, _HEADS.c.hash).where(_HEADS.c.chain_id == bindparam("chain")).with_for_update()


def hold_chain(session: Session, chain_id: int) -> tuple[int, str]:
    """Hold a chain until the transaction ends, and read its last position and hash; SQLite has one writer anyway."""
    session.flush()
    found: tuple[int, str] | None = session.execute(_HELD, {"chain": chain_id}).tuples().first()
    if found is not None:
        return found
    first = {"chain_id": chain_id, "position": 0, "previous_hash": GENESIS, "hash": GENESIS}
    # Two who open a chain at once: the second waits for the first, and finds its row.
    new = insert_on_postgresql(_HEADS).on_conflict_do_nothing() if _is_postgresql(session) else insert(_HEADS)
    session.execute(new.values(first))
    opened: tuple[int, str] = session.execute(_HELD, {"chain": chain_id}).tuples().one()
    return opened


def heads() -> Select[tuple[int, int, str]]:
    """The `chain_id`, `position` and `hash` of the last entry of every chain."""
    return select(ChainHead.chain_id, ChainHead.position, ChainHead.hash).order_by(ChainHead.chain_id)


def append(session: Session, new: NewEntry) -> PointsEntry:
    """Book an entry at the end of its chain, which is held from here on; raises IntegrityError for a booked source."""
    session.flush()
    if _is_postgresql(session):
        values = {f"new_{name}": value for name, value in new._asdict().items()}
        values |= {"own_words": _own_words(new)}
        booked: PointsEntry | None = session.scalars(_APPENDED, values).first()
        if booked is None:
            hold_chain(session, new.chain_id)
            booked = session.scalars(_APPENDED, values).one()
        return booked
    position, previous = hold_chain(session, new.chain_id)
    entry = PointsEntry(**new._asdict(), position=position + 1, previous_hash=previous)
    entry.hash = entry.digest()
    session.add(entry)
    session.flush()
    moved = update(_HEADS).where(_HEADS.c.chain_id == new.chain_id)
    session.execute(moved.values(position=entry.position, previous_hash=previous, hash=entry.hash))
    return entry


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _appending() -> Any:
    chain = bindparam("new_chain_id", type_=BigInteger())
    position = _HEADS.c.position + 1
    parts = (as_type(chain, Text), as_type(position, Text), bindparam("own_words", type_=Text()), _HEADS.c.hash)
    said = func.concat_ws(literal_column(r"E'\x1f'"), *parts)
    hashed = func.encode(func.sha256(func.convert_to(said, "UTF8")), "hex")
    moved = (
        update(_HEADS)
        .where(_HEADS.c.chain_id == chain)
        .values(position=position, previous_hash=_HEADS.c.hash, hash=hashed)
        .returning(_HEADS.c.position, _HEADS.c.previous_hash, _HEADS.c.hash)
        .cte("moved")
    )
    given = [bindparam(f"new_{name}", type_=_ENTRIES.c[name].type) for name in NewEntry._fields]
    entry = insert(_ENTRIES).from_select([*NewEntry._fields, *moved.c.keys()], select(*given, *moved.c))
    return select(PointsEntry).from_statement(entry.returning(*_ENTRIES.c))


_APPENDED = _appending()
