"""People: persons, their accounts on channels, and the roles that they hold at areas.

A person is never taken out of the table. One who erased their data stays as a tombstone without any of it, and one who
turned out to be another person's second self points to that one.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, inspect, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship
from sqlalchemy.orm.util import identity_key

from storage.areas import Area
from storage.database import Base, BigId
from storage.households import Household

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


class Role(StrEnum):
    """What a person may do, at an area and everywhere below it."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    GRID_MEMBER = "grid_member"
    MEDIATOR = "mediator"
    COMMUNITY_ADMIN = "community_admin"
    TOWN_ADMIN = "town_admin"
    COUNTY_ADMIN = "county_admin"


ADMINS = frozenset({Role.COMMUNITY_ADMIN, Role.TOWN_ADMIN, Role.COUNTY_ADMIN})
STAFF = ADMINS | {Role.GRID_MEMBER, Role.MEDIATOR}


class Person(Base):
    """One human. Everybody is a resident; further roles are grants.

    `confirmed_at` is when a grid member said that the person lives where they say.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str | None] = mapped_column(String(100), index=True)
    phone: Mapped[str | None] = mapped_column(String(32))
    home: Mapped[str | None] = mapped_column(String(200))
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    subscribed: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    # These two name rows of this table without a foreign key: SQLite cannot add one to a table that others point to.
    confirmed_by_id: Mapped[int | None] = mapped_column(BigId)
    erased_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(BigId, index=True)

    area: Mapped[Area] = relationship(lazy="joined")
    identities: Mapped[list[Identity]] = relationship(back_populates="person", order_by="Identity.id")
    grants: Mapped[list[RoleGrant]] = relationship(lazy="selectin", order_by="RoleGrant.id")

    @property
    def is_gone(self) -> bool:
        """Whether this row stands for nobody any more: erased, or joined with another person."""
        return self.erased_at is not None or self.merged_into_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        """All roles that this person holds anywhere."""
        return frozenset({Role.RESIDENT, *(grant.role for grant in self.grants)})

    def holds(self, roles: Collection[Role], area: Area) -> bool:
        """Whether this person holds one of `roles` at `area` or above it."""
        return any(grant.role in roles and grant.area.contains(area) for grant in self.grants)

    def seat(self, roles: Collection[Role]) -> Area | None:
        """The highest area at which this person holds one of `roles`, or None."""
        areas = [grant.area for grant in self.grants if grant.role in roles]
        return min(areas, key=lambda area: len(area.ancestor_ids), default=None)


class Identity(Base):
    """One account on one channel; `private_chat` is where its owner can be written to alone.

    `unreachable_since` is when the platform said that they cannot be: they blocked the bot, or left. It goes when they
    write again.
    """

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("channel", "account", "sender"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    account: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str] = mapped_column(String(128))
    private_chat: Mapped[str | None] = mapped_column(String(128))
    seen_at: Mapped[datetime]
    unreachable_since: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="identities")


class RoleGrant(Base):
    """A role held at an area."""

    __tablename__ = "role_grants"
    __table_args__ = (UniqueConstraint("person_id", "role", "area_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    role: Mapped[Role]
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    granted_at: Mapped[datetime]

    area: Mapped[Area] = relationship(lazy="joined")


# Built once: what every message asks costs more to put together than to run.
_BY_ID = select(Person).where(Person.id == bindparam("person_id")).options(joinedload(Person.grants))
_BY_ACCOUNT = (
    select(Identity)
    .where(
        Identity.channel == bindparam("channel"),
        Identity.account == bindparam("account"),
        Identity.sender == bindparam("sender"),
    )
    .options(joinedload(Identity.person, innerjoin=True).joinedload(Person.grants))
)
_ADDRESSES = (
    select(Identity)
    .where(
        Identity.person_id == bindparam("person_id"),
        Identity.private_chat.is_not(None),
        Identity.unreachable_since.is_(None),
    )
    .order_by(Identity.seen_at.desc(), Identity.id.desc())
    # Accounts are written at once (`saw`, `add_identity`): what else waits to be written may wait until all is.
    .execution_options(autoflush=False)
)
_HOLDERS = (
    select(Person)
    .join(RoleGrant, RoleGrant.person_id == Person.id)
    .where(
        RoleGrant.role.in_(bindparam("roles", expanding=True)),
        RoleGrant.area_id.in_(bindparam("area_ids", expanding=True)),
    )
    .order_by(Person.id)
    # Whoever answers for a place is told of what happens there.
    .options(joinedload(Person.grants), joinedload(Person.identities))
)


class PeopleStore:
    """Persons by account, by role and by area."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, area: Area, now: datetime, *, name: str | None = None, phone: str | None = None) -> Person:
        """Add a person whose home is in `area`."""
        person = Person(name=name, phone=phone, area_id=area.id, area=area, created_at=now, grants=[], identities=[])
        self._session.add(person)
        self._session.flush()
        return person

    def get(self, person_id: int) -> Person:
        """The person with this id; raises NoResultFound if there is none."""
        known: Person | None = self._session.identity_map.get(identity_key(Person, person_id))
        return known or self._session.scalars(_BY_ID, {"person_id": person_id}).unique().one()

    def identity(self, channel: str, account: str, sender: str) -> Identity | None:
        """The account of this name on this channel, or None when nobody has used it yet."""
        named = {"channel": channel, "account": account, "sender": sender}
        return self._session.scalars(_BY_ACCOUNT, named).unique().first()

    def add_identity(
        self, person: Person, channel: str, account: str, sender: str, now: datetime, private_chat: str | None = None
    ) -> Identity:
        """Give `person` one more account."""
        identity = Identity(
            person=person, channel=channel, account=account, sender=sender, private_chat=private_chat, seen_at=now
        )
        self._session.add(identity)
        self._session.flush()
        return identity

    def saw(self, identity: Identity, private_chat: str | None, now: datetime) -> None:
        """Note that the owner of an account wrote from it just now, and where they can be written to alone."""
        identity.seen_at, identity.private_chat, identity.unreachable_since = now, private_chat, None
        self._session.flush()

    def identities(self, channel: str) -> Sequence[Identity]:
        """All accounts on a channel."""
        return self._session.scalars(select(Identity).where(Identity.channel == channel).order_by(Identity.id)).all()

    def grant(self, person: Person, role: Role, area: Area, now: datetime) -> None:
        """Give `person` a role at `area`; giving it twice changes nothing."""
        if any(grant.role is role and grant.area_id == area.id for grant in person.grants):
            return
        person.grants.append(RoleGrant(role=role, area_id=area.id, area=area, granted_at=now))
        self._session.flush()

    def revoke(self, person: Person, role: Role, area: Area) -> bool:
        """Take a role at `area` from `person`; False where they do not hold it there."""
        held = next((grant for grant in person.grants if grant.role is role and grant.area_id == area.id), None)
        if held is None:
            return False
        self._session.delete(held)
        self._session.flush()
        self._session.expire(person, ["grants"])
        return True

    def address_of(self, person: Person) -> Identity | None:
        """The account on which `person` was last seen and can be written to alone, or None."""
        if "identities" in inspect(person).unloaded:
            return next(iter(self.addresses(person)), None)
        reached = (each for each in person.identities if each.private_chat is not None and not each.unreachable_since)
        return max(reached, key=lambda each: (each.seen_at, each.id), default=None)

    def addresses(self, person: Person) -> Sequence[Identity]:
        """The accounts on which `person` can be written to alone, where they were seen last first."""
        return self._session.scalars(_ADDRESSES, {"person_id": person.id}).all()

    def lost(self, channel: str, account: str, chat: str, now: datetime) -> Person | None:
        """Note that the owner of a private chat cannot be written to there any more; them, where anybody has it."""
        wanted = select(Identity).where(
            Identity.channel == channel, Identity.account == account, Identity.private_chat == chat
        )
        owned = self._session.scalars(wanted.order_by(Identity.seen_at.desc(), Identity.id.desc())).all()
        for identity in owned:
            identity.unreachable_since = now
        self._session.flush()
        return owned[0].person if owned else None

    def holding(self, roles: Collection[Role], area: Area) -> Sequence[Person]:
        """Those who hold one of `roles` at `area` itself."""
        return self._holders(roles, [area.id])

    def answerable(self, roles: Collection[Role], area: Area) -> Sequence[Person]:
        """Those who hold one of `roles` at `area` or anywhere on the way up the tree, the nearest first."""
        found = self._holders(roles, area.ancestor_ids)
        order = {area_id: place for place, area_id in enumerate(area.ancestor_ids)}

        def nearest(person: Person) -> int:
            return min(order[g.area_id] for g in person.grants if g.role in roles and g.area_id in order)

        return sorted(found, key=nearest)

    def within(self, roles: Collection[Role], area: Area) -> Sequence[Person]:
        """Those who hold one of `roles` at `area` or anywhere below it."""
        wanted = (
            select(Person)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .join(Area, Area.id == RoleGrant.area_id)
            .where(RoleGrant.role.in_(roles), Area.path.startswith(area.path))
            .order_by(Person.id)
        )
        return self._session.scalars(wanted).unique().all()

    def living_in(self, area: Area, roles: Collection[Role] = ()) -> Sequence[Person]:
        """Those whose home is at or below `area`; with `roles`, only those who hold one of them somewhere."""
        wanted = self._living_in(area)
        if roles and Role.RESIDENT not in roles:
            wanted = wanted.where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role.in_(roles))))
        return self._session.scalars(wanted.order_by(Person.id)).unique().all()

    def called(self, name: str, area: Area) -> Sequence[Person]:
        """Those of this name whose home is at or below `area`."""
        return (
            self._session.scalars(self._living_in(area).where(Person.name == name).order_by(Person.id)).unique().all()
        )

    def unconfirmed(self, staff: Person, roles: Collection[Role]) -> Sequence[Person]:
        """Those with a home that nobody has confirmed, in the areas at which `staff` holds one of `roles`."""
        seats = [grant.area for grant in staff.grants if grant.role in roles]
        found = {
            person.id: person
            for seat in seats
            for person in self._session.scalars(
                self._living_in(seat).where(
                    Person.home.is_not(None), Person.confirmed_at.is_(None), Person.id != staff.id
                )
            ).unique()
        }
        return [found[person_id] for person_id in sorted(found)]

    def by_household_code(self, code: str, staff: Person) -> Household | None:
        """The household whose printed card bears `code`, for staff who answer for its area; None for anybody else."""
        wanted = select(Household).where(Household.code == code)
        household = self._session.scalars(wanted).first()
        return household if household is not None and staff.holds(STAFF, household.area) else None

    def _living_in(self, area: Area) -> Select[tuple[Person]]:
        wanted = select(Person).join(Area, Area.id == Person.area_id).where(Area.path.startswith(area.path))
        return wanted.where(Person.erased_at.is_(None), Person.merged_into_id.is_(None))

    def _holders(self, roles: Collection[Role], area_ids: list[int]) -> Sequence[Person]:
        return self._session.scalars(_HOLDERS, {"roles": list(roles), "area_ids": area_ids}).unique().all()
