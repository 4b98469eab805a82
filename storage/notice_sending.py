"""Sending notices: the audience is frozen by one statement, queued in batches, counted, and reached another way.

Nothing here loads an audience: what takes many people is left to the database, so that a million of them need no more
memory than ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Integer,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.areas import Area, AreaKind
from storage.database import BigId
from storage.lanes import LaneKey
from storage.messages import MessageStore, OutboxMessage, OutboxState, Priority
from storage.notice_optouts import NoticeOptOut
from storage.notices import Notice, Recipient, RecipientState, Skipped, Variant
from storage.people import Identity, Person, RoleGrant

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import CTE, ColumnElement, Select, Subquery
    from sqlalchemy.orm import Session

    from storage.people import Role

BATCH = 5_000
"""Recipients that are queued by one statement."""

UNCERTAIN = "uncertain"
"""Why a message counts as failed of which nobody can tell whether it came."""

_WAITING = (OutboxState.DUE, OutboxState.SENDING)
_REACHABLE = (Identity.private_chat.is_not(None), Identity.unreachable_since.is_(None))


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who live in one of `areas`, or of them, with `roles`, whoever holds one of these roles.

    Staff who hold a role at or below one of the areas belong to it wherever they live. Each area comes with the id of
    the grid that it lies in, or None.
    """

    areas: tuple[tuple[Area, int | None], ...]
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """What is queued for each recipient: the text and what may be pressed, by variant (None: the plain one)."""

    texts: Mapping[Variant | None, str]
    choices: list[Any]
    priority: Priority


Figures = dict[int | None, dict[RecipientState, int]]
"""How many recipients are in which state, by the id of their grid (None: outside all grids)."""


class NoticeSendingStore:
    """What happens to the audience of a notice. Nobody is asked for here: the features check who may send and see."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, audience: Audience) -> int:
        """How many people an audience has now."""
        tree = _tree(audience)
        return self._session.scalar(select(func.count()).select_from(_people(audience, tree).subquery())) or 0

    def channels(self, audience: Audience, kind: str, *, despite: bool) -> dict[LaneKey, int]:
        """How many of an audience would be written to in each lane now."""
        people = _people(audience, _tree(audience)).subquery()
        last = (
            select(Identity.channel, Identity.account, _place().label("place"))
            .join(people, people.c.id == Identity.person_id)
            .where(*_REACHABLE)
        )
        if not despite:
            last = last.where(people.c.subscribed, ~_opted_out(people.c.id, kind))
        first = last.subquery()
        counted = select(first.c.channel, first.c.account, func.count()).where(first.c.place == 1)
        rows = self._session.execute(counted.group_by(first.c.channel, first.c.account))
        return {LaneKey(channel, account): count for channel, account, count in rows}

    def freeze(self, notice: Notice, audience: Audience, *, despite: bool) -> None:
        """Make everybody of the audience a recipient, once, by one statement.

        Whoever wants no notices, or none of this kind, is skipped, unless it is one that comes all the same
        (`despite`); so is whoever has no account on which they can be written to alone.
        """
        tree = _tree(audience)
        people = _people(audience, tree).subquery()
        unwanted = case(
            (~people.c.subscribed, Skipped.UNSUBSCRIBED.value),
            (_opted_out(people.c.id, notice.kind), Skipped.OPTED_OUT.value),
        )
        why = case((~_has_account(people.c.id), Skipped.NO_ACCOUNT.value), else_=null() if despite else unwanted)
        variant = case((unwanted.is_not(None), Variant.DESPITE.value)) if despite else cast(null(), String)
        rows = select(literal(notice.id, BigId), people.c.id, people.c.grid_id, why, variant)
        self._freeze(rows.order_by(people.c.id))

    def freeze_correction(self, notice: Notice, of: Notice) -> None:
        """Make recipients of a notice those of the one that it corrects, but whoever that one passed over.

        Those who have that one, or may have it, are told that this one corrects it.
        """
        variant = case((_may_have(), Variant.CORRECTION.value))
        skipped = case((Recipient.skipped != Skipped.CANCELLED, Recipient.skipped))
        old = select(literal(notice.id, BigId), Recipient.person_id, Recipient.grid_id, skipped, variant)
        old = old.join(OutboxMessage, OutboxMessage.id == Recipient.outbox_id, isouter=True)
        self._freeze(old.where(Recipient.notice_id == of.id).order_by(Recipient.person_id))

    def freeze_retraction(self, notice: Notice, of: Notice) -> int:
        """Make recipients of a notice those who have the one that it takes back, or may have it; how many they are."""
        old = select(
            literal(notice.id, BigId),
            Recipient.person_id,
            Recipient.grid_id,
            cast(null(), String),
            cast(null(), String),
        ).join(OutboxMessage, OutboxMessage.id == Recipient.outbox_id, isouter=True)
        self._freeze(old.where(Recipient.notice_id == of.id, _may_have()).order_by(Recipient.person_id))
        return self.size(notice)

    def size(self, notice: Notice) -> int:
        """How many people the frozen audience has."""
        wanted = select(func.count()).select_from(Recipient).where(Recipient.notice_id == notice.id)
        return self._session.scalar(wanted) or 0

    def feed(self, notice: Notice, body: Body, now: datetime, most: int = BATCH) -> bool:
        """Queue the message to the next `most` recipients; False when all are queued.

        Its key is `notice:<id>:<person>`: a recipient who is queued already, by whatever accident, is not queued again.
        """
        mine = (Recipient.notice_id == notice.id, Recipient.person_id > notice.fed_to)
        batch = select(Recipient.person_id).where(*mine).order_by(Recipient.person_id).limit(most).subquery()
        last = self._session.scalar(select(func.max(batch.c.person_id)))
        if last is None:
            return False
        these = (*mine, Recipient.person_id <= last, Recipient.skipped.is_(None), Recipient.outbox_id.is_(None))
        self._queue(_addresses(these), body, now)
        key = _key(notice.id, Recipient.person_id)
        row = select(OutboxMessage.id).where(OutboxMessage.key == key).scalar_subquery()
        self._run(update(Recipient).where(*these).values(outbox_id=row))
        # Their last account went since the audience was frozen.
        self._run(update(Recipient).where(*these).values(skipped=Skipped.NO_ACCOUNT))
        notice.fed_to = last
        return True

    def is_fed(self, notice: Notice) -> bool:
        """Whether a batch of every recipient was queued."""
        more = select(Recipient.id).where(Recipient.notice_id == notice.id, Recipient.person_id > notice.fed_to)
        return self._session.scalar(more.limit(1)) is None

    def left_out(self, notice: Notice) -> bool:
        """Whether a recipient was neither queued nor skipped: two people became one behind what is queued already."""
        left = (Recipient.notice_id == notice.id, Recipient.skipped.is_(None), Recipient.outbox_id.is_(None))
        return self._session.scalar(select(Recipient.id).where(*left).limit(1)) is not None

    def is_waiting(self, notice: Notice) -> bool:
        """Whether a message of the notice is still to be sent."""
        waiting = (
            select(Recipient.id)
            .join(OutboxMessage, OutboxMessage.id == Recipient.outbox_id)
            .where(Recipient.notice_id == notice.id, OutboxMessage.state.in_(_WAITING))
        )
        return self._session.scalar(waiting.limit(1)) is not None

    def cancel(self, notice: Notice) -> int:
        """Send nothing more of a notice, nor a reminder of it; how many people now do not get it."""
        mine = Recipient.notice_id == notice.id
        waiting = select(Recipient.outbox_id).where(mine, Recipient.outbox_id.is_not(None))
        of_it = (OutboxMessage.id.in_(waiting), OutboxMessage.state == OutboxState.DUE)
        stopped = self._run(update(OutboxMessage).where(*of_it).values(state=OutboxState.CANCELLED))
        MessageStore(self._session).cancel(f"notice:{notice.id}:")
        left = (mine, Recipient.skipped.is_(None), Recipient.outbox_id.is_(None))
        return stopped + self._run(update(Recipient).where(*left).values(skipped=Skipped.CANCELLED))

    def remind(self, notice: Notice, body: Body, now: datetime) -> int:
        """Queue one more message to those who have the notice and have not confirmed it; to how many.

        Whoever wants no more notices, or none of this kind, is left alone. `notice.reminded` is counted up.
        """
        got = select(OutboxMessage.id).where(
            OutboxMessage.id == Recipient.outbox_id, OutboxMessage.state == OutboxState.SENT
        )
        wants = select(Person.id).where(Person.id == Recipient.person_id, Person.subscribed)
        these = (
            Recipient.notice_id == notice.id,
            Recipient.acknowledged_at.is_(None),
            Recipient.skipped.is_(None),
            exists(got),
            exists(wants),
            ~_opted_out(Recipient.person_id, notice.kind),
        )
        notice.reminded += 1
        return self._queue(_addresses(these), body, now, f":remind:{notice.reminded}")

    def figures(self, notice: Notice, now: datetime, *, held: bool = False) -> Figures:
        """How many recipients are in which state, by grid; their sum is the audience.

        `held` says that the quiet hours hold back what waits now.
        """
        each = _states(notice, now, held=held)
        rows = self._session.execute(
            select(each.c.grid_id, each.c.state, func.count()).group_by(each.c.grid_id, each.c.state)
        )
        figures: Figures = {}
        for grid_id, state, count in rows:
            figures.setdefault(grid_id, {})[RecipientState(state)] = count
        return figures

    def reasons(self, notice: Notice, most: int = 8) -> list[tuple[RecipientState, str, int]]:
        """Why recipients were skipped or could not be reached, the most frequent reasons first.

        The reason of a failure is what the platform said.
        """
        over = OutboxMessage.state.not_in((*_WAITING, OutboxState.SENT))
        state = case(
            (Recipient.skipped.is_not(None), RecipientState.SKIPPED.value),
            (OutboxMessage.state == OutboxState.CANCELLED, RecipientState.SKIPPED.value),
            else_=RecipientState.FAILED.value,
        )
        gone = case(
            (OutboxMessage.state == OutboxState.CANCELLED, Skipped.CANCELLED.value),
            (OutboxMessage.state == OutboxState.UNKNOWN, UNCERTAIN),
            else_=OutboxMessage.error,
        )
        each = (
            select(state.label("state"), func.coalesce(Recipient.skipped, gone, "").label("why"))
            .select_from(Recipient)
            .join(OutboxMessage, OutboxMessage.id == Recipient.outbox_id, isouter=True)
            .where(
                Recipient.notice_id == notice.id,
                Recipient.acknowledged_at.is_(None),
                or_(Recipient.skipped.is_not(None), over),
            )
            .subquery()
        )
        count = func.count()
        rows = self._session.execute(
            select(each.c.state, each.c.why, count)
            .group_by(each.c.state, each.c.why)
            .order_by(count.desc(), each.c.why)
            .limit(most)
        )
        return [(RecipientState(state), why, count) for state, why, count in rows]

    def unread(self, notice: Notice, grid_id: int | None, most: int) -> tuple[Sequence[Person], int]:
        """Those of a grid who have not confirmed the notice, in order of their homes, and how many they are in all."""
        of_grid = Recipient.grid_id == grid_id if grid_id is not None else Recipient.grid_id.is_(None)
        mine = (Recipient.notice_id == notice.id, of_grid, Recipient.acknowledged_at.is_(None))
        found = select(Person).join(Recipient, Recipient.person_id == Person.id)
        found = found.where(*mine, Person.erased_at.is_(None)).order_by(Person.home, Person.id)
        people = self._session.scalars(found.limit(most)).unique().all()
        count = select(func.count()).select_from(Recipient).join(Person, Person.id == Recipient.person_id)
        return people, self._session.scalar(count.where(*mine, Person.erased_at.is_(None))) or 0

    def _freeze(self, wanted: Select[Any]) -> None:
        columns = ["notice_id", "person_id", "grid_id", "skipped", "variant"]
        self._run(insert(Recipient).from_select(columns, wanted))

    def _queue(self, addresses: Subquery, body: Body, now: datetime, behind: str = "") -> int:
        key = _key(addresses.c.notice_id, addresses.c.person_id)
        texts = {variant.value: text for variant, text in body.texts.items() if variant is not None}
        text = case(texts, value=addresses.c.variant, else_=body.texts[None]) if texts else literal(body.texts[None])
        values: dict[str, Any] = {
            "key": key + behind if behind else key,
            "channel": addresses.c.channel,
            "account": addresses.c.account,
            "chat": addresses.c.private_chat,
            "text": text,
            "choices": literal(body.choices, OutboxMessage.choices.type),
            "priority": literal(body.priority, OutboxMessage.priority.type),
            "person_id": addresses.c.person_id,
            "due_at": literal(now, OutboxMessage.due_at.type),
            "state": literal(OutboxState.DUE, OutboxMessage.state.type),
            "attempts": literal(0, Integer),
        }
        on = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        rows = select(*values.values()).where(addresses.c.place == 1).order_by(addresses.c.person_id)
        return self._run(on.insert(OutboxMessage.__table__).from_select([*values], rows).on_conflict_do_nothing())

    def _run(self, statement: Any) -> int:
        self._session.flush()
        done: Any = self._session.execute(
            statement.execution_options(synchronize_session=False, preserve_rowcount=True)
        )
        return int(done.rowcount)


def _tree(audience: Audience) -> CTE:
    """The ids of the areas of an audience and of all below them, each with the grid that it lies in."""
    roots = {area.id: grid_id for area, grid_id in audience.areas}
    grid = case(*((Area.id == area_id, literal(grid_id, BigId)) for area_id, grid_id in roots.items()))
    tree = select(Area.id, grid.label("grid_id")).where(Area.id.in_(roots)).cte("tree", recursive=True)
    own = case((Area.kind == AreaKind.GRID, Area.id), else_=tree.c.grid_id)
    # Each once, though one of the areas may lie in another.
    return tree.union(select(Area.id, own).join(tree, Area.parent_id == tree.c.id).where(Area.id.not_in(roots)))


def _people(audience: Audience, tree: CTE) -> Select[Any]:
    """The people of an audience, with the grid that they live in."""
    stands = (Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    people = select(Person.id, Person.subscribed, tree.c.grid_id)
    if not audience.roles:
        return people.join(tree, tree.c.id == Person.area_id).where(*stands)
    of_theirs = RoleGrant.role.in_(audience.roles)
    holds = exists().where(RoleGrant.person_id == Person.id, of_theirs)
    below = select(tree.c.id)
    holds_there = exists().where(RoleGrant.person_id == Person.id, of_theirs, RoleGrant.area_id.in_(below))
    joined = people.join(tree, tree.c.id == Person.area_id, isouter=True)
    return joined.where(*stands, or_(and_(tree.c.id.is_not(None), holds), holds_there))


def _may_have() -> ColumnElement[bool]:
    """Whether a recipient has the notice, may have it, or has the one that it corrects."""
    queued = and_(Recipient.outbox_id.is_not(None), OutboxMessage.state != OutboxState.CANCELLED)
    return or_(queued, Recipient.acknowledged_at.is_not(None), Recipient.variant == Variant.CORRECTION)


def _opted_out(person_id: Any, kind: str) -> ColumnElement[bool]:
    return exists().where(NoticeOptOut.person_id == person_id, NoticeOptOut.kind == kind)


def _has_account(person_id: Any) -> ColumnElement[bool]:
    return exists().where(Identity.person_id == person_id, *_REACHABLE)


def _place() -> ColumnElement[int]:
    """1 for the account on which somebody was seen last."""
    order = (Identity.seen_at.desc(), Identity.id.desc())
    return func.row_number().over(partition_by=Identity.person_id, order_by=order)


def _addresses(these: Collection[ColumnElement[bool]]) -> Subquery:
    """Where recipients are written to, with every account of each; that of `place` 1 is the one."""
    columns = (Recipient.notice_id, Recipient.person_id, Recipient.variant)
    return (
        select(*columns, Identity.channel, Identity.account, Identity.private_chat, _place().label("place"))
        .join(Identity, Identity.person_id == Recipient.person_id)
        .where(*these, *_REACHABLE)
        .subquery()
    )


def _key(notice_id: Any, *parts: Any) -> Any:
    key = literal("notice:", String).concat(cast(notice_id, String))
    for part in parts:
        key = key.concat(":").concat(cast(part, String))
    return key


def _states(notice: Notice, now: datetime, *, held: bool) -> Subquery:
    """Each recipient's grid and state."""
    due = OutboxMessage.state == OutboxState.DUE
    # What was tried and is tried again waits as well, but not for the hour.
    deferred = due & (literal(held) | ((OutboxMessage.due_at > now) & (OutboxMessage.attempts == 0)))
    state = case(
        (Recipient.acknowledged_at.is_not(None), RecipientState.ACKNOWLEDGED.value),
        (Recipient.skipped.is_not(None), RecipientState.SKIPPED.value),
        (Recipient.outbox_id.is_(None), RecipientState.PENDING.value),
        (OutboxMessage.state == OutboxState.SENT, RecipientState.SENT.value),
        (OutboxMessage.state == OutboxState.CANCELLED, RecipientState.SKIPPED.value),
        (deferred, RecipientState.DEFERRED.value),
        (OutboxMessage.state.in_(_WAITING), RecipientState.PENDING.value),
        else_=RecipientState.FAILED.value,
    )
    return (
        select(Recipient.grid_id, state.label("state"))
        .join(OutboxMessage, OutboxMessage.id == Recipient.outbox_id, isouter=True)
        .where(Recipient.notice_id == notice.id)
        .subquery()
    )
