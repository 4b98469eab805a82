"""Questions that the policy documents do not answer: masked, without whoever asked, for the drafters to look at."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Text, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class UnansweredQuestion(Base):
    """One question, complete in itself. Nothing leads from it to a person."""

    __tablename__ = "unanswered_questions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(index=True)


class QuestionStore:
    """Unanswered questions by the time at which they were asked."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, masked: str, now: datetime) -> None:
        """Keep a question in which nobody is named and everything personal masked."""
        self._session.add(UnansweredQuestion(text=masked, asked_at=now))
        self._session.flush()

    def all(self) -> Sequence[UnansweredQuestion]:
        """Every question that is kept, the oldest first."""
        return self._session.scalars(select(UnansweredQuestion).order_by(UnansweredQuestion.id)).all()
