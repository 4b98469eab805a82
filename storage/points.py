"""Points: a double-entry ledger that is only ever added to, each entry with the hash of the one before it.

Every entry moves points from one account to another, so that nothing comes from nowhere: what a community has issued is
what its people hold, have spent, or have frozen. Each community keeps a chain of its own, whose head can be posted on
its wall, and chains of different communities are written at the same time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import aliased

from storage import ledger
from storage.areas import Area, AreaKind
from storage.ledger import GENESIS, AccountKind, NewEntry, PointsAccount, PointsEntry
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from storage.cases import By


class InsufficientPointsError(Exception):
    """An account holds fewer points than were to be taken from it."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the owner of an account reads it: `amount` is what it added, or took where it is below zero."""

    entry: PointsEntry
    amount: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a ranking: 1 for the most points; who has as many shares it, and the next place is left out."""

    place: int
    person_id: int
    earned: int


@dataclass(frozen=True, slots=True)
class Credit:
    """Points that a community gave to a person, as everybody there may read it; `undone` where they were taken back."""

    entry: PointsEntry
    person_id: int
    undone: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place of a chain whose entry does not follow from the one before it, or is gone where it has no id."""

    chain_id: int
    position: int
    entry_id: int | None


def _issue_to() -> Select[tuple[PointsAccount, PointsAccount]]:
    """Made once: every credit asks for it, and to put it together costs as much as to ask."""
    issue, own = aliased(PointsAccount), aliased(PointsAccount)
    return (
        select(issue, own)
        .join(own, and_(own.chain_id == issue.chain_id, issue.kind == AccountKind.ISSUE))
        .where(own.person_id == bindparam("person"), own.kind == AccountKind.PERSON)
    )


_ISSUE_TO = _issue_to()


class PointsStore:
    """The ledger: entries are added and read, never changed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def credit(
        self, person: Person, amount: int, reason: str, source: str, by: By, seconded_by: Person | None = None
    ) -> PointsEntry:
        """Give `person` points that their community issues. `source` names the row they come from, and is booked once.

        Raises IntegrityError where that source is booked, ValueError for an amount that is not above zero.
        """
        issue, own = self._issue_to(person)
        return self._move(issue, own, amount, reason, source, by, seconded_by)

    def _issue_to(self, person: Person) -> tuple[PointsAccount, PointsAccount]:
        """The account that a community gives from, and that of `person`: both are there but for the first time."""
        found = self._session.execute(_ISSUE_TO, {"person": person.id}).tuples().first()
        if found is not None:
            return found
        opened = self._own(AccountKind.PERSON, person)
        return self._of_community(AccountKind.ISSUE, opened.chain_id), opened

    def lock(self, *people: Person) -> None:
        """Hold the chains in which `people` have their points until the transaction ends.

        Whoever decides by what somebody has or has earned holds the chain first, and reads then: else two who decide at
        once both read what was before.
        """
        for chain_id in sorted({self._own(AccountKind.PERSON, person).chain_id for person in people}):
            self._lock(chain_id)

    def deduct(self, person: Person, most: int, reason: str, source: str, by: By) -> PointsEntry | None:
        """Take points by a rule, `most` or what there is; None where there is nothing to take."""
        own = self._own(AccountKind.PERSON, person)
        self._lock(own.chain_id)
        amount = min(most, self._sum_of(own.id))
        if amount <= 0:
            return None
        return self._move(own, self._of_community(AccountKind.DEDUCTED, own.chain_id), amount, reason, source, by)

    def freeze(self, entry: PointsEntry, reason: str, source: str, by: By) -> PointsEntry | None:
        """Hold what an entry gave, or what is left of it; None where all of it is spent."""
        own = self._live(entry.target_account)
        owner = self._session.get_one(Person, own.person_id)
        self._lock(own.chain_id)
        amount = min(entry.amount, self._sum_of(own.id))
        return self._move(own, self._own(AccountKind.HELD, owner), amount, reason, source, by) if amount > 0 else None

    def entry(self, entry_id: int) -> PointsEntry:
        """The entry with this id, its chain held until the transaction ends; raises NoResultFound for none."""
        entry = self._session.get_one(PointsEntry, entry_id)
        self._lock(entry.chain_id)
        return entry

    def owner_of(self, entry: PointsEntry) -> Person | None:
        """Whose points an entry moved, or who they became since; None where it moved those of no person."""
        for account in (entry.target_account, entry.source_account):
            if account.person_id is not None:
                return self._session.get_one(Person, self._live(account).person_id)
        return None

    def is_undone(self, entry: PointsEntry) -> bool:
        """Whether an entry was reversed."""
        return (
            self._session.scalars(select(PointsEntry.id).where(PointsEntry.reverses_id == entry.id)).first() is not None
        )

    def spend(self, person: Person, amount: int, reason: str, source: str, by: By) -> PointsEntry:
        """Take points that `person` spends; raises InsufficientPointsError where they have fewer."""
        own = self._own(AccountKind.PERSON, person)
        return self._take(own, self._of_community(AccountKind.SHOP, own.chain_id), amount, reason, source, by)

    def hold(self, person: Person, amount: int, reason: str, source: str, by: By) -> PointsEntry:
        """Freeze points of `person` until `reverse` frees them; raises InsufficientPointsError for want of them."""
        own = self._own(AccountKind.PERSON, person)
        return self._take(own, self._own(AccountKind.HELD, person), amount, reason, source, by)

    def reverse(self, entry: PointsEntry, reason: str, by: By) -> PointsEntry:
        """Undo an entry by its opposite; what was spent since may leave the account below zero.

        Raises IntegrityError where it was undone before.
        """
        giver, taker = self._live(entry.target_account), self._live(entry.source_account)
        return self._move(giver, taker, entry.amount, reason, f"reversal:{entry.id}", by, None, entry.id)

    def _live(self, account: PointsAccount) -> PointsAccount:
        """The account, or that of whom its owner became: two who were one human were joined since."""
        owner = self._session.get(Person, account.person_id) if account.person_id is not None else None
        while owner is not None and owner.merged_into_id is not None:
            owner = self._session.get_one(Person, owner.merged_into_id)
        return account if owner is None else self._own(account.kind, owner)

    def join(self, person: Person, into: Person, reason: str, by: By) -> None:
        """Move all that `person` has to `into`: they are one human."""
        for kind in (AccountKind.PERSON, AccountKind.HELD):
            mine = self._existing(kind, person)
            if mine is None:
                continue
            theirs = self._own(kind, into)
            for chain_id in sorted({mine.chain_id, theirs.chain_id}):
                self._lock(chain_id)
            amount = self._sum_of(mine.id)
            giver, taker = (mine, theirs) if amount > 0 else (theirs, mine)
            if amount:
                self._move(giver, taker, abs(amount), reason, f"join:{mine.id}:{theirs.id}", by)

    def balance(self, person: Person) -> int:
        """How many points `person` can spend."""
        account = self._existing(AccountKind.PERSON, person)
        return self._sum_of(account.id) if account else 0

    def held(self, person: Person) -> int:
        """How many points of `person` are frozen."""
        account = self._existing(AccountKind.HELD, person)
        return self._sum_of(account.id) if account else 0

    def lines(self, person: Person, limit: int | None = 10) -> Sequence[Line]:
        """The last lines of the account of `person`, or all of them, the newest first."""
        account = self._existing(AccountKind.PERSON, person)
        if account is None:
            return []
        wanted = select(PointsEntry).where(or_(PointsEntry.from_id == account.id, PointsEntry.to_id == account.id))
        entries = self._session.scalars(wanted.order_by(PointsEntry.at.desc(), PointsEntry.id.desc()).limit(limit))
        return [Line(entry, entry.amount if entry.to_id == account.id else -entry.amount) for entry in entries]

    def earned(self, person: Person, since: datetime, until: datetime) -> int:
        """What `person` earned from `since` until before `until`, as `ranking` counts it."""
        mine, issue = self._accounts_of(person), aliased(PointsAccount)
        ends = (PointsEntry.from_id, PointsEntry.to_id), (PointsEntry.to_id, PointsEntry.from_id)
        issued, returned = (
            self._session.scalar(
                select(func.coalesce(func.sum(PointsEntry.amount), 0))
                .join(issue, and_(issue.id == other, issue.kind == AccountKind.ISSUE))
                .where(own.in_(mine), PointsEntry.at >= since, PointsEntry.at < until)
            )
            for other, own in ends
        )
        return (issued or 0) - (returned or 0)

    def given(self, giver: Person, person: Person, since: datetime) -> int:
        """What `giver` alone has granted to `person` since then and nobody took back."""
        issue, undoing = aliased(PointsAccount), aliased(PointsEntry)
        total = (
            select(func.coalesce(func.sum(PointsEntry.amount), 0))
            .join(issue, and_(issue.id == PointsEntry.from_id, issue.kind == AccountKind.ISSUE))
            .where(PointsEntry.to_id.in_(self._accounts_of(person)), PointsEntry.at >= since)
            .where(PointsEntry.granted_by_id == giver.id, PointsEntry.seconded_by_id.is_(None))
            .where(~select(undoing.id).where(undoing.reverses_id == PointsEntry.id).exists())
        )
        return self._session.scalar(total) or 0

    def granted_to(self, giver: Person, since: datetime) -> Sequence[Person]:
        """Those to whom `giver` has granted points since then, alone or as one of two."""
        issue, own = aliased(PointsAccount), aliased(PointsAccount)
        ids = (
            select(own.person_id)
            .select_from(PointsEntry)
            .join(issue, and_(issue.id == PointsEntry.from_id, issue.kind == AccountKind.ISSUE))
            .join(own, own.id == PointsEntry.to_id)
            .where(or_(PointsEntry.granted_by_id == giver.id, PointsEntry.seconded_by_id == giver.id))
            .where(PointsEntry.at >= since)
        )
        return self._session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)).unique().all()

    def published(self, community: Area, since: datetime) -> Sequence[Credit]:
        """What a community has given since then, the newest first, for everybody there; names are to be masked."""
        issue, own, undoing = aliased(PointsAccount), aliased(PointsAccount), aliased(PointsEntry)
        wanted = (
            select(PointsEntry, own.person_id, undoing.id)
            .join(issue, and_(issue.id == PointsEntry.from_id, issue.kind == AccountKind.ISSUE))
            .join(own, own.id == PointsEntry.to_id)
            .outerjoin(undoing, undoing.reverses_id == PointsEntry.id)
            .where(PointsEntry.chain_id == community.id, PointsEntry.at >= since)
            .order_by(PointsEntry.position.desc())
        )
        return [
            Credit(entry, person_id, undoing_id is not None)
            for entry, person_id, undoing_id in self._session.execute(wanted).tuples()
            if person_id is not None
        ]

    def deductions(self, person: Person, since: datetime) -> Sequence[PointsEntry]:
        """What rules took from `person` since then and nobody gave back, the newest first."""
        taken, undoing = aliased(PointsAccount), aliased(PointsEntry)
        wanted = (
            select(PointsEntry)
            .join(taken, and_(taken.id == PointsEntry.to_id, taken.kind == AccountKind.DEDUCTED))
            .where(PointsEntry.from_id.in_(self._accounts_of(person)), PointsEntry.at >= since)
            .where(~select(undoing.id).where(undoing.reverses_id == PointsEntry.id).exists())
        )
        return self._session.scalars(wanted.order_by(PointsEntry.at.desc(), PointsEntry.id.desc())).all()

    def record(self, person: Person, since: datetime, until: datetime) -> Sequence[Line]:
        """Every line of every account that `person` ever had, from `since` until before `until`, the oldest first."""
        mine = set(self._session.scalars(self._accounts_of(person)))
        wanted = select(PointsEntry).where(
            or_(PointsEntry.from_id.in_(mine), PointsEntry.to_id.in_(mine)),
            PointsEntry.at >= since,
            PointsEntry.at < until,
        )
        entries = self._session.scalars(wanted.order_by(PointsEntry.at, PointsEntry.id)).all()
        return [Line(entry, entry.amount * ((entry.to_id in mine) - (entry.from_id in mine))) for entry in entries]

    def at_position(self, chain_id: int, position: int) -> PointsEntry | None:
        """The entry at a place of a chain, for whoever compares a printed hash with the ledger; or None."""
        wanted = select(PointsEntry).where(PointsEntry.chain_id == chain_id, PointsEntry.position == position)
        return self._session.scalars(wanted).first()

    def _accounts_of(self, person: Person) -> Select[tuple[int]]:
        """The ids of what `person` may spend from, and of the same of whoever was joined into them."""
        owners = select(Person.id).where(or_(Person.id == person.id, Person.merged_into_id == person.id))
        return select(PointsAccount.id).where(
            PointsAccount.kind == AccountKind.PERSON, PointsAccount.person_id.in_(owners)
        )

    def ranking(self, area: Area, since: datetime, until: datetime) -> Sequence[Place]:
        """What the people at or below `area` earned from `since` until before `until`, the most first.

        Earned is what was issued to them, less what of that was taken back; what they spent does not matter. Who was
        joined into another person counts as that person.
        """
        issue, own, owner = aliased(PointsAccount), aliased(PointsAccount), aliased(Person)
        human = func.coalesce(owner.merged_into_id, owner.id)
        ends = (
            (PointsEntry.from_id, PointsEntry.to_id, PointsEntry.amount),
            (PointsEntry.to_id, PointsEntry.from_id, -PointsEntry.amount),
        )
        moved = [
            select(Person.id.label("person_id"), amount.label("amount"))
            .select_from(PointsEntry)
            .join(issue, and_(issue.id == issued, issue.kind == AccountKind.ISSUE))
            .join(own, own.id == owned)
            .join(owner, owner.id == own.person_id)
            .join(Person, Person.id == human)
            .join(Area, Area.id == Person.area_id)
            .where(Area.path.startswith(area.path), PointsEntry.at >= since, PointsEntry.at < until)
            for issued, owned, amount in ends
        ]
        both = union_all(*moved).subquery()
        earned = func.sum(both.c.amount)
        wanted = (
            select(func.rank().over(order_by=earned.desc()), both.c.person_id, earned)
            .group_by(both.c.person_id)
            .having(earned > 0)
            .order_by(earned.desc(), both.c.person_id)
        )
        return [Place(*row) for row in self._session.execute(wanted).tuples()]

    def head(self, community: Area, before: datetime | None = None) -> PointsEntry | None:
        """The last entry in the chain of `community`, or the last one `before` a moment; None where there is none."""
        wanted = select(PointsEntry).where(PointsEntry.chain_id == community.id)
        if before is not None:
            wanted = wanted.where(PointsEntry.at < before)
        return self._session.scalars(wanted.order_by(PointsEntry.position.desc()).limit(1)).first()

    def count(self) -> int:
        """How many entries there are."""
        return self._session.scalar(select(func.count()).select_from(PointsEntry)) or 0

    def first_broken(self, advance: Callable[[], None] = lambda: None) -> Broken | None:
        """The first entry that does not follow from the one before it, or None when every chain is whole.

        `advance` is called after each entry.
        """
        # The heads are read first: what is appended meanwhile comes after them.
        heads = {row.chain_id: row for row in self._session.execute(ledger.heads())}
        rows = select(*PointsEntry.__table__.columns).order_by(PointsEntry.chain_id, PointsEntry.position)
        last = dict.fromkeys(heads, 0)
        chain_id, position, previous = 0, 0, GENESIS
        with self._session.execute(rows.execution_options(yield_per=2000)) as entries:
            for entry in entries:
                if entry.chain_id != chain_id:
                    chain_id, position, previous, head = entry.chain_id, 0, GENESIS, heads.get(entry.chain_id)
                position += 1
                if (entry.position, entry.previous_hash, entry.hash) != (position, previous, ledger.digest(entry)):
                    return Broken(chain_id, entry.position, entry.id)
                if head is not None and head.position == position and head.hash != entry.hash:
                    return Broken(chain_id, position, entry.id)
                previous, last[chain_id] = entry.hash, position
                advance()
        short = [head for head in heads.values() if last[head.chain_id] < head.position]
        return Broken(short[0].chain_id, last[short[0].chain_id] + 1, None) if short else None

    def overdrawn(self) -> list[int]:
        """The ids of people whose account holds less than nothing, other than by reversals: none, in a sound ledger."""
        came, went = self._sums(PointsEntry.to_id), self._sums(PointsEntry.from_id)
        undone = self._sums(PointsEntry.from_id, PointsEntry.reverses_id.is_not(None))
        owned = select(PointsAccount.id, PointsAccount.person_id).where(PointsAccount.person_id.is_not(None))
        return [
            person_id
            for account_id, person_id in self._session.execute(owned.order_by(PointsAccount.person_id)).tuples()
            if person_id is not None and came[account_id] - went[account_id] + undone[account_id] < 0
        ]

    def _sums(self, account: InstrumentedAttribute[int], *only: ColumnElement[bool]) -> Counter[int]:
        wanted = select(account, func.sum(PointsEntry.amount)).where(*only).group_by(account)
        return Counter(dict(self._session.execute(wanted).tuples().all()))

    def _take(
        self, giver: PointsAccount, taker: PointsAccount, amount: int, reason: str, source: str, by: By
    ) -> PointsEntry:
        self._lock(giver.chain_id)
        if self._sum_of(giver.id) < amount:
            raise InsufficientPointsError
        return self._move(giver, taker, amount, reason, source, by)

    def _move(
        self,
        giver: PointsAccount,
        taker: PointsAccount,
        amount: int,
        reason: str,
        source: str,
        by: By,
        seconded_by: Person | None = None,
        reverses_id: int | None = None,
    ) -> PointsEntry:
        if amount <= 0:
            raise ValueError("an entry moves more than nothing")
        new = NewEntry(
            chain_id=taker.chain_id,
            from_id=giver.id,
            to_id=taker.id,
            amount=amount,
            reason=reason,
            source=source,
            reverses_id=reverses_id,
            granted_by_id=by.person.id if by.person else None,
            seconded_by_id=seconded_by.id if seconded_by else None,
            at=by.at,
        )
        return ledger.append(self._session, new)

    def _lock(self, chain_id: int) -> None:
        """Hold a chain until this transaction ends."""
        ledger.hold_chain(self._session, chain_id)

    def _own(self, kind: AccountKind, person: Person) -> PointsAccount:
        """An account of `person`, opened where there is none yet in the community where they live; it stays there."""
        found = self._existing(kind, person)
        if found is not None:
            return found
        community = select(Area.id).where(Area.id.in_(person.area.ancestor_ids), Area.kind == AreaKind.COMMUNITY)
        chain_id = self._session.scalar(community) or person.area_id
        self._lock(chain_id)
        return self._existing(kind, person) or self._open(kind, chain_id, person.id)

    def _of_community(self, kind: AccountKind, chain_id: int) -> PointsAccount:
        wanted = select(PointsAccount).where(PointsAccount.chain_id == chain_id, PointsAccount.kind == kind)
        found = self._session.scalars(wanted).first()
        if found is not None:
            return found
        self._lock(chain_id)
        return self._session.scalars(wanted).first() or self._open(kind, chain_id, None)

    def _existing(self, kind: AccountKind, person: Person) -> PointsAccount | None:
        wanted = select(PointsAccount).where(PointsAccount.person_id == person.id, PointsAccount.kind == kind)
        return self._session.scalars(wanted).first()

    def _open(self, kind: AccountKind, chain_id: int, person_id: int | None) -> PointsAccount:
        account = PointsAccount(kind=kind, chain_id=chain_id, person_id=person_id)
        self._session.add(account)
        self._session.flush()
        return account

    def _sum_of(self, account_id: int) -> int:
        total = func.coalesce(func.sum(PointsEntry.amount), 0)
        came = self._session.scalar(select(total).where(PointsEntry.to_id == account_id)) or 0
        return came - (self._session.scalar(select(total).where(PointsEntry.from_id == account_id)) or 0)
