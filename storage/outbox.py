"""The outbox as its senders use it: what is due is handed over in batches, and what came of it is noted in batches."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, literal, select, update

from storage.messages import URGENT, OutboxMessage, OutboxState, Priority
from storage.people import Identity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from storage.lanes import LaneKey

ALL = frozenset(Priority)
LONGEST_ERROR = 500


class Handed(NamedTuple):
    """A message that was handed over, as its sender needs it; `attempts` counts this one too.

    `failing_since` is the moment of the first of the attempts that failed.
    """

    id: int
    key: str
    chat: str
    text: str
    choices: list[Any]
    priority: Priority
    attempts: int
    due_at: datetime
    failing_since: datetime | None = None


_T: Any = OutboxMessage.__table__
_I: Any = Identity.__table__
_GIVEN = tuple(_T.c[name] for name in Handed._fields)
_IDS = _T.c.id.in_(bindparam("ids", expanding=True))
_AGAIN = case(
    (_T.c.revoked.is_(True), literal(OutboxState.CANCELLED, _T.c.state.type)),
    else_=literal(OutboxState.DUE, _T.c.state.type),
)
"""The state of what is taken back from a sender."""

_SENT: dict[str, Any] = {"state": OutboxState.SENT, "sent_at": bindparam("now"), "error": None}
# Built once: putting them together costs more than running them.
_MARK_SENT = update(_T).where(_IDS).values(_SENT)
_MARK_NAMED = (
    update(_T).where(_T.c.id == bindparam("named")).values({**_SENT, "platform_id": bindparam("as_platform_id")})
)


class OutboxStore:
    """The outbox by lane: an account of a channel."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def has_due(self, lane: LaneKey, now: datetime, priorities: Collection[Priority] = ALL) -> bool:
        """Whether a lane has something of these priorities to send now."""
        asked = {**_of(lane), "now": now, "priorities": list(priorities)}
        return self._session.execute(_any_due(set(priorities) != ALL), asked).first() is not None

    def waiting(self, lane: LaneKey, priority: Priority, now: datetime) -> int:
        """How many messages that are due go before a new one of `priority`."""
        before = [each for each in Priority if each <= priority]
        wanted = select(func.count()).select_from(_T).where(*_due(some=True))
        return self._session.scalar(wanted, {**_of(lane), "now": now, "priorities": before}) or 0

    def hand_over(
        self,
        lane: LaneKey,
        now: datetime,
        limit: int,
        priorities: Collection[Priority] = ALL,
        but: Collection[str] = (),
    ) -> list[Handed]:
        """Take up to `limit` due messages of these priorities: emergencies first, then replies, each by its age.

        Once this is committed they count as handed to the platform; only the lane's holder may do it. Nothing is taken
        for the chats in `but`.
        """
        asked = {**_of(lane), "now": now, "priorities": list(priorities), "but": list(but), "most": limit}
        taken = _taking(set(priorities) != ALL, bool(but))
        found = [Handed(*row) for row in self._session.execute(taken, asked)]
        return sorted(found, key=lambda message: (message.priority, message.due_at, message.id))

    def mark_sent(self, sent: Mapping[int, str | None], now: datetime) -> None:
        """Note that the platform took these messages, and what it calls them, where it tells."""
        named = {each: name for each, name in sent.items() if name is not None}
        if plain := [each for each in sent if each not in named]:
            self._session.execute(_MARK_SENT, {"ids": plain, "now": now})
        if named:
            rows = [{"named": each, "as_platform_id": name, "now": now} for each, name in named.items()]
            self._session.connection().execute(_MARK_NAMED, rows)

    def mark_retry(self, message_id: int, due_at: datetime, error: str, since: datetime) -> None:
        """Try again at `due_at` what fails `since` then, unless it was cancelled meanwhile."""
        again = {"state": _AGAIN, "due_at": due_at, "failing_since": since}
        self._set(message_id, **again, error=error[:LONGEST_ERROR])

    def mark_dead(self, message_id: int, error: str) -> None:
        """Give up, with the reason."""
        self._set(message_id, state=OutboxState.DEAD, error=error[:LONGEST_ERROR])

    def mark_unknown(self, message_id: int, error: str) -> None:
        """Note that nobody can tell whether it was sent, and that it is not sent again."""
        self._set(message_id, state=OutboxState.UNKNOWN, error=error[:LONGEST_ERROR])

    def put_back(self, message_ids: Collection[int], error: str | None = None) -> None:
        """Take back what was handed over and never reached the platform: it is due as before, unless cancelled."""
        back = update(_T).where(_T.c.id.in_(message_ids), _T.c.state == OutboxState.SENDING)
        reason = {"error": error[:LONGEST_ERROR]} if error is not None else {}
        self._session.execute(back.values(state=_AGAIN, attempts=_T.c.attempts - 1, **reason))

    def alarms(self, lane: LaneKey) -> list[tuple[int, int]]:
        """The ids of the alarms that wait in a lane for people in their own chats, each with the id of the person."""
        theirs = (_I.c.private_chat == _T.c.chat, *(_I.c[name] == _T.c[name] for name in (*lane._fields, "person_id")))
        wanted = select(_T.c.id, _T.c.person_id).join(_I, and_(*theirs))
        waiting = (_T.c.state == OutboxState.DUE, _T.c.priority == Priority.EMERGENCY)
        rows = self._session.execute(wanted.where(*_in(lane), *waiting).distinct().order_by(_T.c.id))
        return [(row_id, person_id) for row_id, person_id in rows]

    def send_elsewhere(self, message_id: int, lane: LaneKey, chat: str, now: datetime, error: str) -> None:
        """Send a message to another account of the same person, as if it were new."""
        new = {**lane._asdict(), "chat": chat, "state": _AGAIN, "attempts": 0, "due_at": now}
        new["failing_since"] = None
        here = (_T.c.id == message_id, _T.c.state.in_((OutboxState.DUE, OutboxState.SENDING)))
        self._session.execute(update(_T).where(*here).values(**new, error=error[:LONGEST_ERROR]))

    def take_up(self, lane: LaneKey, reason: str, *, knows_keys: bool, but: Collection[int] = ()) -> None:
        """Decide about what a sender that died had handed over; `but` are those whose calls are under way.

        It is due again where the platform knows its key or twice is better than never; else its fate is unknown.
        """
        left = (*_in(lane), _T.c.state == OutboxState.SENDING, *([_T.c.id.not_in(but)] if but else []))
        again = [] if knows_keys else [_T.c.priority.in_(URGENT)]
        self._session.execute(update(_T).where(*left, *again).values(state=_AGAIN))
        if not knows_keys:
            self._session.execute(update(_T).where(*left).values(state=OutboxState.UNKNOWN, error=reason))

    def _set(self, message_id: int, **values: Any) -> None:
        handed = (_T.c.id == message_id, _T.c.state == OutboxState.SENDING)
        self._session.execute(update(_T).where(*handed).values(**values))


def _in(lane: LaneKey) -> tuple[Any, Any]:
    return _T.c.channel == lane.channel, _T.c.account == lane.account


def _of(lane: LaneKey) -> dict[str, Any]:
    return {"of": lane.channel, "by": lane.account}


def _due(*, some: bool) -> list[Any]:
    """What is due; only with `some` are the priorities asked for, because naming all would cost the index its order."""
    named = [_T.c.priority.in_(bindparam("priorities", expanding=True))] if some else []
    lane = (_T.c.channel == bindparam("of"), _T.c.account == bindparam("by"))
    return [*lane, _T.c.state == OutboxState.DUE, _T.c.due_at <= bindparam("now"), *named]


@cache
def _any_due(some: bool) -> Any:
    return select(_T.c.id).where(*_due(some=some)).limit(1)


@cache
def _taking(some: bool, but: bool) -> Any:
    others = [_T.c.chat.not_in(bindparam("but", expanding=True))] if but else []
    wanted = select(_T.c.id).where(*_due(some=some), *others).order_by(_T.c.priority, _T.c.due_at, _T.c.id)
    wanted = wanted.limit(bindparam("most")).with_for_update(skip_locked=True)
    # As a part of its own PostgreSQL runs it once; inside the condition it might take more than the limit.
    taken = update(_T).where(_T.c.id.in_(select(wanted.cte("wanted").c.id)))
    return taken.values(state=OutboxState.SENDING, attempts=_T.c.attempts + 1).returning(*_GIVEN)
