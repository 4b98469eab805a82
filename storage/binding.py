"""Binding codes: given out on one account and said on another, they join the second to the person of the first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from storage.codes import new_code
from storage.database import Base, BigId

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.people import Person

VALID_FOR = timedelta(minutes=10)
MOST_AN_HOUR = 5
"""Codes that one person is given within an hour."""


class BindingCode(Base):
    """One code, which holds for ten minutes and for one use."""

    __tablename__ = "binding_codes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class BindingStore:
    """Binding codes, each good for one account."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def issue(self, person: Person, now: datetime) -> BindingCode | None:
        """A new code for `person`, in place of those before; None where they had too many within an hour."""
        mine = BindingCode.person_id == person.id
        lately = select(func.count()).where(mine, BindingCode.made_at > now - timedelta(hours=1))
        if (self._session.scalar(lately) or 0) >= MOST_AN_HOUR:
            return None
        self._session.execute(update(BindingCode).where(mine, BindingCode.expires_at > now).values(expires_at=now))
        code = BindingCode(code=new_code(), person_id=person.id, made_at=now, expires_at=now + VALID_FOR)
        self._session.add(code)
        self._session.flush()
        return code

    def standing(self, code: str, now: datetime) -> BindingCode | None:
        """The code that is said, locked, if it exists, holds still and was not used."""
        wanted = select(BindingCode).where(
            BindingCode.code == code, BindingCode.expires_at > now, BindingCode.used_at.is_(None)
        )
        return self._session.scalars(wanted.with_for_update()).first()
