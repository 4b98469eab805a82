"""Lanes: which process sends for each channel account, what it has handed over today, and whether the lane rests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import String, UniqueConstraint, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy.orm import Session


class LaneKey(NamedTuple):
    """One account on one channel: the unit of sending."""

    channel: str
    account: str


class Lane(Base):
    """One lane. Only its `holder` sends, until `held_until` at most; a dead holder's lane passes on then.

    A holder that has nothing more to send lets go (`is_free`): it has no calls under way. `handed` counts what was
    handed to the platform on `day`, whatever came of it. A lane that `rests` sends nothing before that moment;
    `stopped` is the reason, where it is one that admins were told of.
    """

    __tablename__ = "lanes"
    __table_args__ = (UniqueConstraint("channel", "account"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    account: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str] = mapped_column(String(32))
    held_until: Mapped[datetime]
    is_free: Mapped[bool]
    day: Mapped[date | None]
    handed: Mapped[int]
    rests_until: Mapped[datetime | None]
    stopped: Mapped[str | None] = mapped_column(String(500))


@dataclass(frozen=True, slots=True)
class Hold:
    """A lane that is held now, as it was found.

    `since` is None where the holder held it before; else it is the moment after which nobody else had calls under way.
    `was_left` says that the one before died with its calls, whose outcome nobody knows.
    """

    since: datetime | None
    was_left: bool
    day: date | None
    handed: int
    rests_until: datetime | None
    stopped: str | None

    def handed_on(self, day: date) -> int:
        """How much was handed over on `day`."""
        return self.handed if self.day == day else 0


_T: Any = Lane.__table__
# Built once: every look of every lane begins with it.
_GO_ON = (
    update(_T)
    .where(_T.c.channel == bindparam("of"), _T.c.account == bindparam("by"), _T.c.holder == bindparam("me"))
    .values(held_until=bindparam("until"), is_free=False)
    .returning(_T.c.day, _T.c.handed, _T.c.rests_until, _T.c.stopped)
)


class LaneStore:
    """Lanes by their account."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self, lane: LaneKey, holder: str, now: datetime, until: datetime) -> Hold | None:
        """Hold a lane, or go on holding it, until `until`; None while another holds it."""
        mine = self._session.execute(
            _GO_ON, {"of": lane.channel, "by": lane.account, "me": holder, "until": until}
        ).first()
        if mine is not None:
            return Hold(None, False, *mine)
        row = self._session.execute(select(_T).where(*_named(lane)).with_for_update()).first()
        if row is None:
            return self._found(lane, holder, now, until)
        if not row.is_free and row.held_until > now:
            return None
        taken = {"holder": holder, "held_until": until, "is_free": False}
        self._session.execute(update(_T).where(_T.c.id == row.id).values(taken))
        since = min(row.held_until, now) if row.is_free else now
        return Hold(since, not row.is_free, row.day, row.handed, row.rests_until, row.stopped)

    def _found(self, lane: LaneKey, holder: str, now: datetime, until: datetime) -> Hold | None:
        on = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        values = {**lane._asdict(), "holder": holder, "held_until": until, "is_free": False, "handed": 0}
        made = on.insert(Lane).values(values).on_conflict_do_nothing().returning(Lane.id)
        return Hold(now, False, None, 0, None, None) if self._session.scalars(made).first() is not None else None

    def is_left(self, lane: LaneKey, holder: str, now: datetime) -> bool:
        """Whether another than `holder` had a lane and died with it."""
        left = (_T.c.holder != holder, _T.c.is_free.is_(False), _T.c.held_until <= now)
        return self._session.execute(select(_T.c.id).where(*_named(lane), *left)).first() is not None

    def let_go(self, lane: LaneKey, holder: str, now: datetime) -> None:
        """Let others have a lane; its holder has no calls under way."""
        mine = update(_T).where(*_named(lane), _T.c.holder == holder)
        self._session.execute(mine.values(held_until=now, is_free=True))

    def count(self, lane: LaneKey, day: date, handed: int) -> None:
        """Note how much has been handed over on `day` in all."""
        self._session.execute(update(_T).where(*_named(lane)).values(day=day, handed=handed))

    def handed_on(self, lane: LaneKey, day: date) -> int:
        """How much a lane has handed over on `day`."""
        found = self._session.scalar(select(_T.c.handed).where(*_named(lane), _T.c.day == day))
        return found or 0

    def rest(self, lane: LaneKey, until: datetime, reason: str | None = None) -> bool:
        """Send nothing before `until`; with a `reason` it counts as stopped. Whether it did not before."""
        was = self._session.scalar(select(_T.c.stopped).where(*_named(lane)))
        stopped = reason[:500] if reason is not None else was
        self._session.execute(update(_T).where(*_named(lane)).values(rests_until=until, stopped=stopped))
        return reason is not None and was is None

    def rests(self, lane: LaneKey, now: datetime) -> bool:
        """Whether a lane sends nothing at that moment."""
        resting = select(_T.c.id).where(*_named(lane), _T.c.rests_until > now)
        return self._session.execute(resting).first() is not None

    def go_on(self, lane: LaneKey) -> None:
        """Note that a lane that was stopped sends again."""
        self._session.execute(update(_T).where(*_named(lane)).values(rests_until=None, stopped=None))


def _named(lane: LaneKey) -> tuple[Any, Any]:
    return _T.c.channel == lane.channel, _T.c.account == lane.account
