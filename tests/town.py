"""A small invented town, whose people talk to the real router on a real database and hear what comes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.inbox import Inbox
from bot.router import Router
from bot.timetable import run_duty
from handlers import features
from handlers.turn import Attachment, Inbound
from nlu.policy.document import parse
from nlu.policy.library import PolicyLibrary, shipped_text
from nlu.times import SHANGHAI
from storage.areas import AreaKind
from storage.lanes import LaneKey
from storage.people import Role
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.hearing import Parser
    from nlu.policy.consulting import Consultant
    from storage.database import Database

WEDNESDAY_MORNING = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)
GROUP = "group"
PEOPLE = {
    "李秀芬": ("1", "桂花苑3栋2单元501", ()),
    "张建国": ("1", "桂花苑5栋1单元302", ()),
    "陈小雨": ("1", "文林巷8号", (Role.VOLUNTEER,)),
    "周德明": ("2", "滨河花园1栋1单元101", ()),
    "王春梅": ("1", "文林巷2号", (Role.GRID_MEMBER,)),
    "刘志强": ("2", "滨河花园3栋", (Role.GRID_MEMBER,)),
    "赵文清": ("3", "东升家园2栋", (Role.MEDIATOR,)),
    "杨晓兰": ("3", "老街院子6号", (Role.COMMUNITY_ADMIN,)),
}


class Town:
    """桂花社区 with three grids. It is Wednesday morning until told otherwise."""

    def __init__(self, database: Database, parser: Parser, library: PolicyLibrary) -> None:
        self.database = database
        self.now = WEDNESDAY_MORNING
        self.inbox = Inbox(database, self.clock)
        self._parser = parser
        self._library = library
        self.consult(None)
        self._said = 0
        self._heard: dict[str, list[str]] = {}
        with self.work() as work:
            self._settle(work)
            work.commit()

    def consult(self, consultant: Consultant | None) -> None:
        """Let this one help with answers from now on."""
        parts = (self.database, self._parser, self._library, self.clock, features.ROUTES, features.FORMS)
        self.router = Router(*parts, consultant)

    def clock(self) -> datetime:
        return self.now

    def work(self) -> UnitOfWork:
        return UnitOfWork(self.database)

    def say(
        self,
        who: str,
        text: str = "",
        *,
        group: bool = False,
        at_bot: bool = False,
        attachments: tuple[Attachment, ...] = (),
    ) -> str:
        """Say something, twenty seconds after what was said before; what the speaker hears in that chat."""
        self.now += timedelta(seconds=20)
        message = self.message(who, text, group=group, at_bot=at_bot, attachments=attachments)
        self.inbox.receive(message)
        self.router.work_off(message.talk)
        self.deliver()
        return self.heard(GROUP if group else who)

    def message(
        self,
        who: str,
        text: str,
        *,
        group: bool = False,
        at_bot: bool = False,
        attachments: tuple[Attachment, ...] = (),
    ) -> Inbound:
        self._said += 1
        return Inbound(
            channel="test",
            account="test",
            message_id=str(self._said),
            chat=GROUP if group else f"p:{who}",
            sender=who,
            text=text,
            sent_at=self.now,
            attachments=attachments,
            in_group=group,
            addressed=at_bot or not group,
            private_chat=f"p:{who}",
        )

    def heard(self, who: str) -> str:
        """Everything that this person (or the group) was told since the last look."""
        return "\n".join(self._heard.pop(who, []))

    def later(self, **span: float) -> None:
        """Let time pass and do what falls due."""
        self.now += timedelta(**span)
        for duty in features.DUTIES:
            run_duty(self.database, duty, self.clock)
        self.deliver()

    def deliver(self) -> None:
        with self.work() as work:
            while handed := work.outbox.hand_over(LaneKey("test", "test"), self.now, 100):
                for message in sorted(handed, key=lambda row: row.id):
                    self._heard.setdefault(message.chat.removeprefix("p:"), []).append(message.text)
                work.outbox.mark_sent({message.id: None for message in handed}, self.now)
            work.commit()

    def _settle(self, work: UnitOfWork) -> None:
        county = work.areas.add(AreaKind.COUNTY, "仁和县")
        town = work.areas.add(AreaKind.TOWN, "清溪镇", county)
        community = work.areas.add(AreaKind.COMMUNITY, "桂花社区", town)
        grids = {code: work.areas.add(AreaKind.GRID, f"{code}网格", community, code) for code in "123"}
        work.areas.add(AreaKind.BUILDING, "桂花苑", grids["1"])
        work.areas.add(AreaKind.BUILDING, "滨河花园", grids["2"])
        for name, (grid, home, roles) in PEOPLE.items():
            person = work.people.add(grids[grid], self.now, name=name)
            person.home = home
            work.people.add_identity(person, "test", "test", name, self.now, private_chat=f"p:{name}")
            for role in roles:
                work.people.grant(person, role, grids[grid] if role is Role.GRID_MEMBER else community, self.now)
        document = parse(shipped_text())
        work.policy.add(document.title, document.status, shipped_text(), self.now)
