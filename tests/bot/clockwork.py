"""A small tree with people in its posts, cases that are put into it, and duties that are run at moments of a test."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.timetable import run_duty
from handlers import features
from handlers.cases import clocks
from nlu.categories import category
from nlu.times import SHANGHAI
from storage.areas import AreaKind
from storage.cases import By, Case, CaseEvent, CaseKind, CaseState
from storage.messages import OutboxMessage
from storage.people import Role
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from datetime import timedelta

    from storage.areas import Area
    from storage.database import Database

MEMBER, ADMIN, TOWN_ADMIN, COUNTY_ADMIN, REPORTER = "王春梅", "杨晓兰", "何镇平", "罗县长", "李秀芬"
POSTS = {
    MEMBER: (Role.GRID_MEMBER, "1网格"),
    ADMIN: (Role.COMMUNITY_ADMIN, "桂花社区"),
    TOWN_ADMIN: (Role.TOWN_ADMIN, "清溪镇"),
    COUNTY_ADMIN: (Role.COUNTY_ADMIN, "仁和县"),
}
DUTIES = {duty.name: duty for duty in features.DUTIES}


def at(text: str) -> datetime:
    """A moment of 2026 in Shanghai: `04-15 10:20`."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


class Clockwork:
    """桂花社区 with the posts of `filled`; what people were told is taken from the outbox."""

    def __init__(self, database: Database, *filled: str) -> None:
        self.database = database
        self._told = 0
        with UnitOfWork(database) as work:
            county = work.areas.add(AreaKind.COUNTY, "仁和县")
            town = work.areas.add(AreaKind.TOWN, "清溪镇", county)
            community = work.areas.add(AreaKind.COMMUNITY, "桂花社区", town)
            grid = work.areas.add(AreaKind.GRID, "1网格", community, "1")
            areas = {area.name: area for area in (county, town, community, grid)}
            for name in (REPORTER, *filled):
                person = work.people.add(grid, at("01-05 09:00"), name=name)
                work.people.add_identity(person, "test", "test", name, at("01-05 09:00"), private_chat=f"p:{name}")
                if name in POSTS:
                    role, where = POSTS[name]
                    work.people.grant(person, role, areas[where], at("01-05 09:00"))
            work.commit()

    def file(
        self,
        number: str,
        reported: datetime,
        slug: str = "noise",
        kind: CaseKind = CaseKind.DISPUTE,
        to: str | None = MEMBER,
    ) -> int:
        """Put a case into the grid, for `to` to handle; its id."""
        with UnitOfWork(self.database) as work:
            grid = self.area(work, "1网格")
            respond_by, due_at = clocks.due(kind, category(slug, kind).deadline_days, reported)
            case = Case(
                number=number,
                community_id=work.areas.community_of(grid).id,
                area_id=grid.id,
                area=grid,
                kind=kind,
                category=slug,
                place="桂花苑3栋",
                text="楼上天天吵",
                anonymous=False,
                reporter=work.people.get(self.id_of(REPORTER)),
                assignee=work.people.get(self.id_of(to)) if to else None,
                state=CaseState.OPEN,
                photos=[],
                created_at=reported,
                respond_by=respond_by,
                due_at=due_at,
                history=[CaseEvent.first(By(None, reported, "test"))],
            )
            clocks.start(case)
            work.cases.add(case)
            work.commit()
            return case.id

    def move(self, case_id: int, to: CaseState, now: datetime, action: str, by: str = MEMBER) -> None:
        """Let somebody change the state of a case."""
        with UnitOfWork(self.database) as work:
            case = work.session.get_one(Case, case_id)
            case.move(to, By(work.people.get(self.id_of(by)), now, "test"), action)
            work.commit()

    def look(self, now: datetime, duty: str = "cases.look_at_clocks") -> None:
        """Run a duty at `now`."""
        run_duty(self.database, DUTIES[duty], lambda: now)

    def let_pass(self, start: datetime, end: datetime, step: timedelta, duty: str = "cases.look_at_clocks") -> None:
        """Run a duty again and again from `start` to `end`."""
        now = start
        while now <= end:
            self.look(now, duty)
            now += step

    def told(self) -> list[tuple[str, str]]:
        """Whom the bot wrote to since the last look, and what."""
        with UnitOfWork(self.database, read_only=True) as work:
            wanted = select(OutboxMessage).where(OutboxMessage.id > self._told).order_by(OutboxMessage.id)
            messages = work.session.scalars(wanted).all()
        self._told = messages[-1].id if messages else self._told
        return [(message.chat.removeprefix("p:"), message.text) for message in messages]

    def told_at(self) -> list[tuple[datetime, str]]:
        """When the bot wrote to whom, in all."""
        with UnitOfWork(self.database, read_only=True) as work:
            messages = work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        return [(message.due_at.astimezone(SHANGHAI), message.chat.removeprefix("p:")) for message in messages]

    def levels(self, case_id: int) -> list[tuple[str, str, bool]]:
        """Where a case went, for which clock, and whether nobody was there."""
        with UnitOfWork(self.database, read_only=True) as work:
            case = work.session.get_one(Case, case_id)
            return [(each.clock, each.area.name, each.vacant) for each in case.escalations]

    def case(self, case_id: int) -> Case:
        """A case with its history, as it stands."""
        with UnitOfWork(self.database, read_only=True) as work:
            case = work.session.get_one(Case, case_id)
            _ = case.history, case.escalations, case.assignee
            return case

    def id_of(self, name: str) -> int:
        """The row of the person of this name."""
        with UnitOfWork(self.database, read_only=True) as work:
            identity = work.people.identity("test", "test", name)
            assert identity is not None
            return identity.person_id

    @staticmethod
    def area(work: UnitOfWork, name: str) -> Area:
        """The area of this name."""
        county = work.areas.get(1)
        return next(area for area in (county, *work.areas.below(county)) if area.name == name)
