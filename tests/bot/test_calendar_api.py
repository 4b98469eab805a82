"""Calendar files: one event that stays itself however often the meeting moves, for those who know its name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import anyio
import httpx
from icalendar import Calendar

from bot.channels.webchat import WebChat
from bot.web import build_web
from handlers.meetings import calendar
from storage.meetings import Meeting, MeetingState
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from handlers.turn import Inbound
    from storage.database import Database


async def nobody_hears(_message: Inbound) -> bool:
    return True


def get(web: Starlette, path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://test") as client:
            return await client.get(path)

    return anyio.run(ask)


def test_a_moved_and_a_cancelled_meeting_take_the_place_of_the_first(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        meeting = work.meetings.add(
            Meeting(
                area_id=tree.grid.id,
                area=tree.grid,
                kind="议事会",
                title="停车位议事会",
                start=NOW,
                place="社区会议室，二楼",
                topics=["停车位"],
                state=MeetingState.CALLED,
                created_at=NOW,
                sequence=0,
                secret="A" * 32,
                invitations=[],
            )
        )
        path = calendar.path_of(meeting)
        work.commit()
    web = build_web(WebChat(), database, nobody_hears, lambda: NOW, demo=True)
    seen = []
    for state, moved in ((MeetingState.CALLED, 0), (MeetingState.CALLED, 1), (MeetingState.CANCELLED, 2)):
        with UnitOfWork(database) as work:
            row = work.session.get_one(Meeting, meeting.id)
            row.state, row.sequence, row.start = state, moved, NOW + timedelta(days=moved)
            work.commit()
        response = get(web, path)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/calendar")
        (event,) = Calendar.from_ical(response.content).walk("VEVENT")
        assert (str(event["summary"]), str(event["location"])) == ("停车位议事会", "社区会议室，二楼")
        assert event.decoded("dtstart") == NOW + timedelta(days=moved)
        seen.append((str(event["uid"]), event["sequence"], str(event["status"])))
    assert len({uid for uid, _, _ in seen}) == 1
    assert [each[1:] for each in seen] == [(0, "CONFIRMED"), (1, "CONFIRMED"), (2, "CANCELLED")]
    for wrong in (f"/meetings/{meeting.id}-{'0' * 20}.ics", "/meetings/999-0.ics", "/meetings/x.ics"):
        assert get(web, wrong).status_code == 404
