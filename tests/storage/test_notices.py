"""Notices: each goes out once when its time has come, and shows what became of it for each recipient."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage.messages import OutboxState
from storage.notices import Notice, NoticeState, Recipient, RecipientState
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, outgoing, plant
from tests.together import at_once

if TYPE_CHECKING:
    from storage.areas import Area
    from storage.database import Database

HOUR = timedelta(hours=1)


def notice(area: Area, **changes: Any) -> Notice:
    values = {
        "text": "明天停水",
        "needs_ack": False,
        "send_at": NOW,
        "state": NoticeState.SCHEDULED,
        "created_at": NOW,
        **changes,
    }
    return Notice(area_id=area.id, area=area, **values)


def test_a_notice_is_due_when_its_time_has_come(database: Database) -> None:
    with UnitOfWork(database) as work:
        grid = plant(work).grid
        later = work.notices.add(notice(grid, send_at=NOW + HOUR))
        now = work.notices.add(notice(grid))
        for state in (NoticeState.SENDING, NoticeState.SENT, NoticeState.CANCELLED):
            work.notices.add(notice(grid, state=state))
        assert work.notices.due(NOW - HOUR) == []
        assert work.notices.due(NOW) == [now]
        assert work.notices.due(NOW + HOUR) == [now, later]


def test_whoever_moved_to_another_grid_manages_notices_of_the_first_no_more(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        member = work.people.add(tree.grid, NOW)
        for grid in (tree.grid, tree.other_grid):
            work.people.grant(member, Role.GRID_MEMBER, grid, NOW)
        both = notice(tree.community, author_id=member.id, areas=[tree.grid, tree.other_grid])
        first, second = (notice(grid, author_id=member.id, areas=[grid]) for grid in (tree.grid, tree.other_grid))
        work.session.add_all([both, first, second])
        work.session.flush()
        assert {*work.notices.managed(member, {Role.GRID_MEMBER})} == {both, first, second}
        work.people.revoke(member, Role.GRID_MEMBER, tree.grid)
        assert {*work.notices.managed(member, {Role.GRID_MEMBER})} == {second}


def test_of_many_processes_one_sends_a_notice(database: Database) -> None:
    with UnitOfWork(database) as work:
        grid = plant(work).grid
        for _ in range(3):
            work.notices.add(notice(grid))
        work.commit()

    def send(_number: int) -> list[int]:
        with UnitOfWork(database) as work:
            due = work.notices.due(NOW)
            for each in due:
                each.state = NoticeState.SENT
            work.commit()
            return [each.id for each in due]

    sent = [number for mine in at_once(5, send) for number in mine]
    assert len(sent) == len(set(sent)) == 3


@pytest.mark.parametrize(
    ("outbox", "state"),
    [
        (OutboxState.DUE, RecipientState.PENDING),
        (OutboxState.SENDING, RecipientState.PENDING),
        (OutboxState.SENT, RecipientState.SENT),
        (OutboxState.DEAD, RecipientState.FAILED),
        (OutboxState.CANCELLED, RecipientState.SKIPPED),
    ],
)
def test_what_became_of_it_is_read_off_the_outbox(
    database: Database, outbox: OutboxState, state: RecipientState
) -> None:
    with UnitOfWork(database) as work:
        grid = plant(work).grid
        person = work.people.add(grid, NOW)
        message = work.messages.queue(outgoing("notice:1:1", state=outbox))
        each = Recipient(notice=notice(grid), person=person, outbox=message)
        work.session.add(each)
        work.session.flush()
        assert each.state is state
        each.acknowledged_at = NOW
        assert each.state is RecipientState.ACKNOWLEDGED
    with UnitOfWork(database) as work:
        grid = plant(work).grid
        assert Recipient(notice=notice(grid), skipped="unsubscribed").state is RecipientState.SKIPPED


def test_what_a_person_received_and_has_not_confirmed(database: Database) -> None:
    with UnitOfWork(database) as work:
        grid = plant(work).grid
        li, zhang = work.people.add(grid, NOW), work.people.add(grid, NOW)
        old = work.notices.add(notice(grid, send_at=NOW - HOUR, needs_ack=True))
        new = work.notices.add(notice(grid, needs_ack=True))
        plain = work.notices.add(notice(grid, send_at=NOW + HOUR))
        missed = work.notices.add(notice(grid))
        unsent = work.notices.add(notice(grid, send_at=NOW - 2 * HOUR, needs_ack=True))
        unsent.recipients.append(Recipient(person=li, outbox=outgoing("later")))
        # Where a platform does not say that it came, whoever confirms it says so.
        for number, each in enumerate((old, new, plain)):
            sent = outgoing(f"notice:{number}", state=OutboxState.UNKNOWN if each is old else OutboxState.SENT)
            each.recipients.append(Recipient(person=li, outbox=sent))
        missed.recipients.append(Recipient(person=li, skipped="unsubscribed"))
        new.recipients.append(Recipient(person=zhang, outbox=outgoing("zhang", state=OutboxState.SENDING)))
        work.session.flush()
        assert [r.notice for r in work.notices.unacknowledged(li)] == [new, old]
        work.notices.unacknowledged(li)[0].acknowledged_at = NOW
        work.session.flush()
        assert [r.notice for r in work.notices.unacknowledged(li)] == [old]
        assert [r.notice for r in work.notices.unacknowledged(zhang)] == [new]


def test_a_person_is_a_recipient_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        grid = plant(work).grid
        person = work.people.add(grid, NOW)
        each = work.notices.add(notice(grid))
        each.recipients.append(Recipient(person=person))
        work.session.flush()
        with pytest.raises(IntegrityError), work.attempt():
            each.recipients.append(Recipient(person=person))
            work.session.flush()


def test_figures_count_what_went_out_and_of_a_corrected_notice_only_the_last(database: Database) -> None:
    with UnitOfWork(database) as work:
        grid = plant(work).grid
        wrong = work.notices.add(notice(grid, needs_ack=True, started_at=NOW, state=NoticeState.CANCELLED))
        work.notices.add(notice(grid, needs_ack=True, started_at=NOW, corrects_id=wrong.id))
        work.notices.add(notice(grid, needs_ack=True, state=NoticeState.CANCELLED))
        work.notices.add(notice(grid, needs_ack=True, state=NoticeState.SENT, rrule="FREQ=DAILY;COUNT=1"))
        assert work.statistics.notices(grid, NOW - HOUR, NOW + HOUR).sent == 1
