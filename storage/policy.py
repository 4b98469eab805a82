"""Policy documents: their text as it was brought in, what they say of themselves, and which version is current."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, String, Text, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


_CURRENT = text("superseded_at IS NULL")


class PolicyDocument(Base):
    """One version of one document; clauses are parsed from `text`, which is what was published, word for word.

    `status` is what the document says of itself until an admin says otherwise. A version is superseded by the next one,
    or by being taken out; at most one of each title is not.
    """

    __tablename__ = "policy_documents"

    __table_args__ = (
        UniqueConstraint("title", "version"),
        Index("uq_policy_documents_current", "title", unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(200), index=True)
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(100))
    published_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    added_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who issued a document, under which number and when; None for what it does not print."""

    issuer: str | None = None
    number: str | None = None
    published_on: date | None = None
    effective_on: date | None = None


class PolicyStore:
    """Policy documents by title and version."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self) -> Sequence[PolicyDocument]:
        """The documents that answers are drawn from, in the order they were brought in."""
        wanted = select(PolicyDocument).where(PolicyDocument.superseded_at.is_(None)).order_by(PolicyDocument.id)
        return self._session.scalars(wanted).all()

    def all(self) -> Sequence[PolicyDocument]:
        """Every version that ever was brought in, by title in the order of their first versions."""
        rows = self._session.scalars(select(PolicyDocument).order_by(PolicyDocument.id)).all()
        firsts = {row.title: row.id for row in reversed(rows)}
        return sorted(rows, key=lambda row: (firsts[row.title], row.version))

    def is_empty(self) -> bool:
        """Whether no document was ever brought in."""
        return self._session.scalar(select(PolicyDocument.id).limit(1)) is None

    def current_of(self, title: str) -> PolicyDocument | None:
        """The current version of the document with this title, or None."""
        return next((document for document in self.current() if document.title == title), None)

    def add(
        self,
        title: str,
        status: str,
        text: str,
        now: datetime,
        imprint: Imprint = Imprint(),
    ) -> PolicyDocument:
        """Bring in a document; the version that it replaces is kept and marked as superseded."""
        if (old := self.current_of(title)) is not None:
            self.supersede(old, now)
        last = self._session.scalar(select(func.max(PolicyDocument.version)).where(PolicyDocument.title == title))
        document = PolicyDocument(
            title=title,
            version=(last or 0) + 1,
            status=status,
            text=text,
            issuer=imprint.issuer,
            number=imprint.number,
            published_on=imprint.published_on,
            effective_on=imprint.effective_on,
            added_at=now,
        )
        self._session.add(document)
        self._session.flush()
        return document

    def supersede(self, document: PolicyDocument, now: datetime) -> None:
        """Answer from this version no longer; it is kept."""
        document.superseded_at = now
        # The next version is inserted before this row is updated unless it is written first.
        self._session.flush()
