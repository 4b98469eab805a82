"""What a meeting decided: whoever is responsible is reminded, whoever published it hears on the day, each once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from handlers.meetings import decisions
from handlers.turn import Desk
from nlu.times import SHANGHAI
from storage.meetings import Meeting, MeetingState
from storage.messages import OutboxMessage
from storage.minutes import Decision
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import plant

if TYPE_CHECKING:
    from storage.database import Database

NOON = datetime(2026, 4, 15, 12, tzinfo=SHANGHAI)


def test_each_is_told_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        doer, admin = (work.people.add(tree.grid, NOON, name=name) for name in ("张建国", "杨晓兰"))
        for person in (doer, admin):
            work.people.add_identity(person, "test", "test", person.name or "", NOON, f"p:{person.name}")
        meeting = work.meetings.add(
            Meeting(
                area_id=tree.grid.id,
                area=tree.grid,
                kind="议事会",
                title="停车位议事会",
                start=NOON,
                place="社区会议室",
                topics=[],
                state=MeetingState.MINUTED,
                created_at=NOON,
                sequence=0,
                invitations=[],
            )
        )
        due = NOON.date() + timedelta(days=3)
        todo = Decision(what="收集意见", who="张建国", person=doer, due=due, note="")
        work.minutes.publish(meeting, "由张建国收集意见", [todo], admin, NOON)
        told = []
        for hours in (0, 24, 25, 3 * 24 + 11, 3 * 24, 3 * 24 + 1, 4 * 24):
            at = NOON + timedelta(hours=hours)
            decisions.remind(Desk(work, at, f"duty:{hours}"))
            work.session.flush()
            rows = work.session.scalars(select(OutboxMessage).where(OutboxMessage.key.startswith(f"duty:{hours}:")))
            told.append([(row.chat.removeprefix("p:"), "今天到期" in row.text) for row in rows])
        assert told == [[], [("张建国", False)], [], [], [("张建国", True), ("杨晓兰", True)], [], []]
