"""Meetings: whom one concerns, who is invited and what they answered, and reminders that go out once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage.meetings import Answer, Invitation, Meeting, MeetingState
from storage.minutes import Decision
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant
from tests.together import at_once

if TYPE_CHECKING:
    from storage.areas import Area
    from storage.database import Database

HOUR = timedelta(hours=1)


def meeting(area: Area, **changes: Any) -> Meeting:
    values = {
        "kind": "议事会",
        "title": "停车位",
        "start": NOW + 48 * HOUR,
        "place": "社区会议室",
        "topics": ["停车位"],
        "state": MeetingState.CALLED,
        "created_at": NOW,
        **changes,
    }
    return Meeting(area_id=area.id, area=area, **values)


def test_a_meeting_concerns_who_lives_there_is_invited_or_works_above(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        resident, neighbour, guest = (work.people.add(a, NOW) for a in (tree.building, tree.other_grid, tree.county))
        admin, member = work.people.add(tree.other_grid, NOW), work.people.add(tree.other_grid, NOW)
        work.people.grant(admin, Role.COMMUNITY_ADMIN, tree.community, NOW)
        work.people.grant(member, Role.GRID_MEMBER, tree.other_grid, NOW)
        here = work.meetings.add(meeting(tree.grid))
        work.meetings.invite(here, [guest])
        for person in (resident, guest, admin):
            assert work.meetings.coming(person, NOW) == [here]
        for person in (neighbour, member):
            assert work.meetings.coming(person, NOW) == []


def test_only_meetings_that_were_called_and_have_not_begun_are_coming(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.grid, NOW)
        late = work.meetings.add(meeting(tree.grid, start=NOW + 3 * HOUR))
        soon = work.meetings.add(meeting(tree.grid, start=NOW + HOUR))
        work.meetings.add(meeting(tree.grid, start=NOW))
        for state in (MeetingState.DRAFT, MeetingState.HELD, MeetingState.MINUTED, MeetingState.CANCELLED):
            work.meetings.add(meeting(tree.grid, state=state))
        assert work.meetings.coming(person, NOW) == [soon, late]
        assert work.meetings.starting_before(NOW + 2 * HOUR, NOW) == [soon]
        assert work.meetings.starting_before(NOW + 3 * HOUR, NOW) == [soon, late]
        assert work.meetings.starting_before(NOW + 3 * HOUR, NOW + HOUR) == [late]


def test_inviting_somebody_twice_changes_nothing(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        li, zhang = work.people.add(tree.grid, NOW), work.people.add(tree.grid, NOW)
        here = work.meetings.add(meeting(tree.grid))
        work.meetings.invite(here, [li])
        work.meetings.answer(here, li, Answer.YES, NOW)
        work.meetings.invite(here, [li, zhang])
        assert [(i.person, i.answer) for i in here.invitations] == [(li, Answer.YES), (zhang, None)]
        with pytest.raises(IntegrityError), work.attempt():
            work.session.add(Invitation(meeting=here, person=li))
            work.session.flush()


def test_the_last_answer_stands(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        invited, uninvited = work.people.add(tree.grid, NOW), work.people.add(tree.grid, NOW)
        here = work.meetings.add(meeting(tree.grid))
        work.meetings.invite(here, [invited])
        for number, answer in enumerate((Answer.YES, Answer.NO, Answer.YES)):
            work.meetings.answer(here, invited, answer, NOW + number * HOUR)
        work.meetings.answer(here, uninvited, Answer.NO, NOW)
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        (found,) = work.meetings.starting_before(NOW + 99 * HOUR, NOW)
        assert [(i.person_id, i.answer, i.answered_at) for i in found.invitations] == [
            (invited.id, Answer.YES, NOW + 2 * HOUR),
            (uninvited.id, Answer.NO, NOW),
        ]


def test_a_reminder_goes_out_once_however_many_processes_look_at_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        work.meetings.add(meeting(plant(work).grid))
        work.commit()

    def remind(number: int) -> bool:
        which = "day" if number % 2 else "hour"
        with UnitOfWork(database) as work:
            (found,) = work.meetings.starting_before(NOW + 99 * HOUR, NOW)
            begun = work.meetings.begin_reminder(found, which, NOW)
            work.commit()
            return begun

    begun = at_once(6, remind)
    assert sum(begun[0::2]) == sum(begun[1::2]) == 1


def test_a_reminder_that_was_not_committed_goes_out_later(database: Database) -> None:
    with UnitOfWork(database) as work:
        here = work.meetings.add(meeting(plant(work).grid))
        work.commit()
    with UnitOfWork(database) as work:
        assert work.meetings.begin_reminder(here, "day", NOW)
    with UnitOfWork(database) as work:
        assert work.meetings.begin_reminder(here, "day", NOW)
        assert not work.meetings.begin_reminder(here, "day", NOW)
        assert work.meetings.begin_reminder(here, "hour", NOW)


def test_who_got_something_to_do_elsewhere_finds_the_meeting_and_is_reminded_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.other_grid, NOW)
        here = work.meetings.add(meeting(tree.grid, start=NOW - HOUR))

        def decided(due: int) -> Decision:
            return Decision(what="收集意见", who="张建国", person=person, due=date(2026, 4, due), note="")

        work.minutes.publish(here, "收集意见", [decided(20)], None, NOW)
        assert (work.minutes.given_to(person), work.meetings.begun(person, NOW, NOW - 2 * HOUR)) == ([here], [])
        (first,) = work.minutes.decisions(here)
        first.reminded_at = first.due_told_at = NOW
        work.minutes.publish(here, "收集好意见", [decided(20)], None, NOW)
        assert work.minutes.to_remind(date(2026, 4, 30)) == []
        work.minutes.publish(here, "收集好意见", [decided(25)], None, NOW)
        assert len(work.minutes.to_remind(date(2026, 4, 30))) == 1
