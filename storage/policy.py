"""Policy documents: their text as it was brought in, and which version is current."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class PolicyDocument(Base):
    """One version of one document; clauses are parsed from `text`, which is what was published, word for word."""

    __tablename__ = "policy_documents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(200), index=True)
    status: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class PolicyStore:
    """Policy documents by title and version."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self) -> Sequence[PolicyDocument]:
        """The documents that answers are drawn from, in the order they were brought in."""
        wanted = select(PolicyDocument).where(PolicyDocument.superseded_at.is_(None)).order_by(PolicyDocument.id)
        return self._session.scalars(wanted).all()

    def current_of(self, title: str) -> PolicyDocument | None:
        """The current version of the document with this title, or None."""
        return next((document for document in self.current() if document.title == title), None)

    def add(self, title: str, status: str, text: str, now: datetime) -> PolicyDocument:
        """Bring in a document; the version that it replaces is kept and marked as superseded."""
        if (old := self.current_of(title)) is not None:
            old.superseded_at = now
        document = PolicyDocument(title=title, status=status, text=text, added_at=now)
        self._session.add(document)
        self._session.flush()
        return document
