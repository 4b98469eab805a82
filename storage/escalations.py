"""What is done about a late case: its handler is reminded, and it goes up the tree, each once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId


class Clock(StrEnum):
    """What may run out: the first response, the resolution, the alarm of an emergency that nobody confirms."""

    RESPOND = "respond"
    RESOLVE = "resolve"
    ALARM = "alarm"


class Mark(StrEnum):
    """How much of a clock is used up when its handler is reminded."""

    HALF = "half"
    FOUR_FIFTHS = "four_fifths"


class Reminder(Base):
    """One reminder, given once for each mark of each clock of a case."""

    __tablename__ = "case_reminders"
    __table_args__ = (
        UniqueConstraint("case_id", "clock", "mark"),
        Index("ix_case_reminders_person_id_at", "person_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"))
    clock: Mapped[Clock]
    mark: Mapped[Mark]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    at: Mapped[datetime]


class Escalation(Base):
    """A late case went up to an area, once for each clock; `vacant` where nobody was there to take it."""

    __tablename__ = "case_escalations"
    __table_args__ = (UniqueConstraint("case_id", "clock", "area_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"))
    clock: Mapped[Clock]
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    vacant: Mapped[bool]
    at: Mapped[datetime]

    area: Mapped[Area] = relationship(lazy="joined")
