"""Points: the append-only ledger, each entry carrying the hash of the one before it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from storage.people import Person

GENESIS = "0" * 64
LEDGER_LOCK = 0x706F696E7473


class PointsEntry(Base):
    """One line of the ledger: `amount` points for `person_id`, because of row `source`, granted by `granted_by_id`."""

    __tablename__ = "points_entries"
    __table_args__ = (UniqueConstraint("source"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(64))
    granted_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    at: Mapped[datetime]
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    def digest(self) -> str:
        """The SHA-256, in hex, of everything that this entry says and of the entry before it."""
        said = (
            self.id,
            self.person_id,
            self.amount,
            self.reason,
            self.source,
            self.granted_by_id,
            int(self.at.timestamp() * 1_000_000),
            self.previous_hash,
        )
        return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()


class PointsStore:
    """The ledger: entries are added and read, never changed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, person: Person, amount: int, reason: str, source: str, granted_by: Person | None, now: datetime
    ) -> PointsEntry:
        """Append an entry. `source` names the row that it comes from, and one source is booked once.

        One entry follows another: on PostgreSQL an advisory lock holds other writers until this transaction ends,
        SQLite has one writer anyway.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(select(func.pg_advisory_xact_lock(LEDGER_LOCK)))
        last = self._session.scalars(select(PointsEntry).order_by(PointsEntry.id.desc()).limit(1)).first()
        entry = PointsEntry(
            id=last.id + 1 if last else 1,
            person_id=person.id,
            amount=amount,
            reason=reason,
            source=source,
            granted_by_id=granted_by.id if granted_by else None,
            at=now,
            previous_hash=last.hash if last else GENESIS,
        )
        entry.hash = entry.digest()
        self._session.add(entry)
        self._session.flush()
        return entry

    def balance(self, person: Person) -> int:
        """How many points `person` has."""
        return (
            self._session.scalar(
                select(func.coalesce(func.sum(PointsEntry.amount), 0)).where(PointsEntry.person_id == person.id)
            )
            or 0
        )

    def entries(self, person: Person, limit: int = 10) -> Sequence[PointsEntry]:
        """The last entries of `person`, the newest first."""
        wanted = select(PointsEntry).where(PointsEntry.person_id == person.id).order_by(PointsEntry.id.desc())
        return self._session.scalars(wanted.limit(limit)).all()

    def first_broken(self) -> int | None:
        """The id of the first entry that does not follow from the one before it, or None when the chain is whole."""
        previous = GENESIS
        wanted = select(PointsEntry).order_by(PointsEntry.id).execution_options(yield_per=1000)
        with self._session.scalars(wanted) as entries:
            for number, entry in enumerate(entries, start=1):
                if entry.id != number or entry.previous_hash != previous or entry.hash != entry.digest():
                    return entry.id
                previous = entry.hash
        return None
