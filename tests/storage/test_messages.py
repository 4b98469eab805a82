"""Messages: the inbox takes each message once, the outbox gives each to one sender at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, NoResultFound

from storage.lanes import LaneKey
from storage.messages import InboxMessage, InboxState, OutboxMessage, OutboxState, Priority
from storage.outbox import ALL, Handed
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, TALK, arriving, case, outgoing, plant
from tests.together import at_once

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from storage.database import Database

LANE = LaneKey(TALK.channel, TALK.account)
SECOND = timedelta(seconds=1)


def fill(database: Database, messages: Iterable[OutboxMessage]) -> None:
    with UnitOfWork(database) as work:
        for message in messages:
            work.messages.queue(message)
        work.commit()


def claim(database: Database, now: datetime = NOW, limit: int = 100, **more: Any) -> list[Handed]:
    with UnitOfWork(database) as work:
        claimed = work.outbox.hand_over(LANE, now, limit, **more)
        work.commit()
    return claimed


def keys(messages: Iterable[OutboxMessage | Handed]) -> list[str]:
    return [message.key for message in messages]


def find(database: Database, key: str) -> OutboxMessage:
    with UnitOfWork(database, read_only=True) as work:
        return work.session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()


def test_a_message_is_stored_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        first = work.messages.receive(arriving("m1"))
        assert first is not None
        assert work.messages.receive(arriving("m1", text="the same again, in other words")) is None
        assert work.messages.receive(arriving("m2")) not in (None, first)
        assert work.messages.receive(arriving("m1", account="second bot")) not in (None, first)
        assert work.messages.receive(arriving("m1", channel="web")) not in (None, first)
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        assert work.messages.get(first).text == "楼上天天漏水"
        assert work.messages.get(first).talk == TALK
        with pytest.raises(NoResultFound):
            work.messages.get(4711)


def test_of_many_deliveries_of_one_message_at_once_one_is_stored(database: Database) -> None:
    def receive(number: int) -> list[bool]:
        stored = []
        for message in range(5):
            with UnitOfWork(database) as work:
                stored.append(work.messages.receive(arriving(f"m{message}", text=f"from {number}")) is not None)
                work.commit()
        return stored

    answers = at_once(8, receive)
    assert [sum(column) for column in zip(*answers, strict=True)] == [1] * 5
    with UnitOfWork(database, read_only=True) as work:
        stored = work.session.scalars(select(InboxMessage.message_id).order_by(InboxMessage.message_id)).all()
    assert stored == [f"m{message}" for message in range(5)]


def test_the_messages_of_a_talk_come_in_the_order_of_their_arrival(database: Database) -> None:
    with UnitOfWork(database) as work:
        elsewhere = TALK._replace(chat="group")
        work.messages.receive(arriving("m0", **elsewhere._asdict()))
        for number in range(1, 4):
            work.messages.receive(arriving(f"m{number}", sent_at=NOW - number * SECOND))
        seen = []
        while (message := work.messages.next_stored(TALK)) is not None:
            seen.append(message.message_id)
            message.state = InboxState.FAILED if message.message_id == "m2" else InboxState.DONE
            work.session.flush()
        assert seen == ["m1", "m2", "m3"]
        assert work.messages.next_stored(elsewhere) is not None
        assert work.messages.next_stored(TALK._replace(sender="张建国")) is None


def test_talks_that_wait_are_named_once_and_only_when_they_have_waited(database: Database) -> None:
    other = TALK._replace(sender="张建国", chat="p:张建国")
    with UnitOfWork(database) as work:
        for number in range(3):
            work.messages.receive(arriving(f"m{number}", received_at=NOW + number * SECOND))
        work.messages.receive(arriving("m3", **other._asdict(), received_at=NOW + 3 * SECOND))
        work.messages.receive(arriving("m4", **TALK._replace(chat="done")._asdict(), state="done"))
        work.messages.receive(arriving("m5", **TALK._replace(chat="failed")._asdict(), state="failed"))
        assert work.messages.waiting_talks(NOW - SECOND) == []
        assert work.messages.waiting_talks(NOW) == [TALK]
        assert sorted(work.messages.waiting_talks(NOW + 3 * SECOND)) == sorted([TALK, other])


def test_emergencies_go_first_then_what_has_been_due_longest(database: Database) -> None:
    fill(
        database,
        [
            outgoing("notice", priority=Priority.NOTICE, due_at=NOW - 9 * SECOND),
            outgoing("urgent notice", priority=Priority.URGENT_NOTICE, due_at=NOW - 8 * SECOND),
            outgoing("reply, due later", due_at=NOW),
            outgoing("reply", due_at=NOW - SECOND),
            outgoing("reply of the same moment", due_at=NOW - SECOND),
            outgoing("emergency", priority=Priority.EMERGENCY, due_at=NOW),
            outgoing("not due yet", due_at=NOW + SECOND),
            outgoing("of another lane", account="second bot"),
        ],
    )
    expected = ["emergency", "reply", "reply of the same moment", "reply, due later", "urgent notice", "notice"]
    with UnitOfWork(database) as work:
        waiting = [work.outbox.waiting(LANE, priority, NOW) for priority in Priority]
    assert waiting == [1, 4, 5, 6]
    assert keys(claim(database, limit=2)) == expected[:2]
    assert keys(claim(database, but=["p:李秀芬"])) == []
    assert keys(claim(database, limit=3, priorities=ALL & {Priority.NOTICE})) == expected[5:]
    with UnitOfWork(database) as work:
        work.outbox.put_back([message.id for message in _sending(work, expected[5:])])
        work.commit()
    assert keys(claim(database)) == expected[2:]
    assert keys(claim(database)) == []
    assert keys(claim(database, NOW + SECOND)) == ["not due yet"]


def _sending(work: UnitOfWork, of: Iterable[str]) -> list[OutboxMessage]:
    return list(work.session.scalars(select(OutboxMessage).where(OutboxMessage.key.in_(of))))


@pytest.mark.parametrize("knows_keys", [True, False])
def test_of_what_a_dead_sender_had_handed_over_nothing_comes_twice_unknown(
    database: Database, knows_keys: bool
) -> None:
    """Where the platform knows keys all is due again; else only what had better come twice than not at all."""
    urgent = [outgoing("urgent", priority=Priority.URGENT_NOTICE), outgoing("alarm", priority=Priority.EMERGENCY)]
    fill(database, [outgoing("sent"), outgoing("calling"), outgoing("left"), *urgent, outgoing("elsewhere", chat="x")])
    handed = {message.key: message.id for message in claim(database, but=["x"])}
    with UnitOfWork(database) as work:
        work.outbox.mark_sent({handed["sent"]: None}, NOW)
        work.outbox.take_up(LANE, "its sender died", knows_keys=knows_keys, but=[handed["calling"]])
        work.commit()
    state = OutboxState.DUE if knows_keys else OutboxState.UNKNOWN
    states = {key: find(database, key).state for key in ("sent", "calling", "left", "elsewhere")}
    expected = [OutboxState.SENT, OutboxState.SENDING, state, OutboxState.DUE]
    assert list(states.values()) == expected
    again = claim(database, but=["x"])
    assert keys(again) == ["alarm", *(["left"] if knows_keys else []), "urgent"]
    assert {message.attempts for message in again} == {2}
    assert find(database, "left").error == (None if knows_keys else "its sender died")


def test_what_has_due_says_is_what_a_claim_would_give(database: Database) -> None:
    fill(database, [outgoing("in:1:1", due_at=NOW + SECOND)])
    for moment in (NOW, NOW + SECOND, NOW + 2 * SECOND):
        with UnitOfWork(database, read_only=True) as work:
            due = work.outbox.has_due(LANE, moment)
            assert not work.outbox.has_due(LANE, moment, {Priority.NOTICE})
            assert not work.outbox.has_due(LANE._replace(account="second bot"), moment)
        assert bool(claim(database, moment)) == due


def test_what_never_reached_the_platform_is_due_as_before(database: Database) -> None:
    fill(database, [outgoing("in:1:1")])
    with UnitOfWork(database) as work:
        work.outbox.put_back([message.id for message in claim(database)], "token refused")
        work.commit()
    back = find(database, "in:1:1")
    assert (back.state, back.attempts, back.due_at, back.error) == (OutboxState.DUE, 0, NOW, "token refused")


def test_a_message_may_go_to_another_account_as_if_it_were_new(database: Database) -> None:
    fill(database, [outgoing("in:1:1")])
    (message,) = claim(database)
    with UnitOfWork(database) as work:
        work.outbox.send_elsewhere(message.id, LaneKey("web", "web"), "p:li", NOW + SECOND, "blocked")
        work.commit()
    moved = find(database, "in:1:1")
    assert (moved.channel, moved.account, moved.chat, moved.attempts) == ("web", "web", "p:li", 0)
    assert (moved.state, moved.due_at, moved.error) == (OutboxState.DUE, NOW + SECOND, "blocked")


def test_what_was_cancelled_on_its_way_arrives_or_is_not_sent_again(database: Database) -> None:
    names = ["sent", "back", "retry", "moved", "left"]
    fill(database, [outgoing(f"notice:1:{name}") for name in names])
    handed = {message.key.rpartition(":")[2]: message.id for message in claim(database)}
    with UnitOfWork(database) as work:
        work.messages.cancel("notice:1:")
        work.outbox.mark_sent({handed["sent"]: None}, NOW)
        work.outbox.put_back([handed["back"]])
        work.outbox.mark_retry(handed["retry"], NOW, "bad gateway", NOW)
        work.outbox.send_elsewhere(handed["moved"], LaneKey("web", "web"), "p:li", NOW, "blocked")
        work.outbox.take_up(LANE, "its sender died", knows_keys=True)
        work.commit()
    states = [find(database, f"notice:1:{name}").state for name in names]
    assert states == [OutboxState.SENT, *[OutboxState.CANCELLED] * 4]


def test_claimers_at_the_same_moment_never_get_the_same_message(database: Database) -> None:
    fill(database, [outgoing(f"in:1:{number}") for number in range(40)])

    def take_all(_number: int) -> list[str]:
        mine: list[str] = []
        while claimed := claim(database, limit=3):
            mine += keys(claimed)
        return mine

    taken = [key for mine in at_once(6, take_all) for key in mine]
    assert sorted(taken) == sorted(f"in:1:{number}" for number in range(40))


def test_a_claimer_passes_over_what_another_is_claiming(database: Database) -> None:
    """On PostgreSQL it does not even wait; on SQLite it waits, there being one writer."""
    fill(database, [outgoing(f"in:1:{number}") for number in range(6)])
    with ThreadPoolExecutor(1) as pool:
        with UnitOfWork(database) as work:
            mine = keys(work.outbox.hand_over(LANE, NOW, 3))
            other = pool.submit(claim, database, limit=3)
            theirs = [] if database.is_sqlite else keys(other.result(10))
            work.commit()
        theirs = theirs or keys(other.result(10))
    assert mine + theirs == [f"in:1:{number}" for number in range(6)]


def test_a_key_exists_once(database: Database) -> None:
    fill(database, [outgoing("in:1:1")])
    with pytest.raises(IntegrityError):
        fill(database, [outgoing("in:1:2"), outgoing("in:1:1", text="another text")])
    assert keys(claim(database)) == ["in:1:1"]


def test_a_key_exists_once_however_many_write_it_at_once(database: Database) -> None:
    def write(_number: int) -> bool:
        try:
            fill(database, [outgoing("in:1:1")])
        except IntegrityError:
            return False
        return True

    assert sorted(at_once(4, write)) == [False, False, False, True]


def test_what_was_sent_is_never_due_again(database: Database) -> None:
    fill(database, [outgoing("in:1:1")])
    (message,) = claim(database)
    with UnitOfWork(database) as work:
        work.outbox.mark_sent({message.id: None}, NOW + SECOND)
        work.commit()
    sent = find(database, "in:1:1")
    assert (sent.state, sent.sent_at) == (OutboxState.SENT, NOW + SECOND)
    assert claim(database, NOW + timedelta(days=9)) == []


def test_what_failed_is_due_again_later_and_keeps_the_reason(database: Database) -> None:
    fill(database, [outgoing("in:1:1")])
    (message,) = claim(database)
    with UnitOfWork(database) as work:
        work.outbox.mark_retry(message.id, NOW + 5 * SECOND, "x" * 900, NOW)
        work.commit()
    failed = find(database, "in:1:1")
    assert (failed.state, failed.error) == (OutboxState.DUE, "x" * 500)
    assert claim(database, NOW + 4 * SECOND) == []
    (again,) = claim(database, NOW + 5 * SECOND)
    assert (again.attempts, again.failing_since) == (2, NOW)


def test_what_was_given_up_stays_with_its_reason(database: Database) -> None:
    fill(database, [outgoing("in:1:1")])
    (message,) = claim(database)
    with UnitOfWork(database) as work:
        work.outbox.mark_dead(message.id, "blocked by the user")
        work.commit()
    dead = find(database, "in:1:1")
    assert (dead.state, dead.error, dead.sent_at) == (OutboxState.DEAD, "blocked by the user", None)
    assert claim(database, NOW + timedelta(days=9)) == []


def test_cancelling_takes_what_was_not_sent_yet_and_no_other_key(database: Database) -> None:
    fill(database, [outgoing("notice:1:1"), outgoing("notice:1:2", due_at=NOW + SECOND)])
    claim(database)
    fill(database, [outgoing(key, due_at=NOW + SECOND) for key in ("notice:11:1", "notice_1:1", "noticeX1:1")])
    with UnitOfWork(database) as work:
        work.messages.cancel("notice:1:")
        work.messages.cancel("notice_")
        work.commit()
    assert find(database, "notice:1:1").state is OutboxState.SENDING
    assert find(database, "notice:1:2").state is OutboxState.CANCELLED
    assert find(database, "notice_1:1").state is OutboxState.CANCELLED
    assert keys(claim(database, NOW + SECOND)) == ["notice:11:1", "noticeX1:1"]


def test_the_last_words_to_a_person_in_a_chat(database: Database) -> None:
    with UnitOfWork(database) as work:
        area = plant(work).grid
        li, zhang = work.people.add(area, NOW), work.people.add(area, NOW)
        assert work.messages.last_to(TALK, li.id) is None
        for key, person in (("a", li), ("b", li), ("c", zhang)):
            work.messages.queue(outgoing(key, person_id=person.id))
        work.messages.queue(outgoing("d", person_id=li.id, chat="elsewhere"))
        last = work.messages.last_to(TALK, li.id)
        assert last is not None
        assert last.key == "b"


def test_what_a_message_answers_is_found_by_its_key_and_by_the_name_that_its_platform_gave_it(
    database: Database,
) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        message = work.messages.queue(outgoing("in:1:1", about=report.id))
        work.messages.queue(outgoing("in:1:2"))
        work.session.flush()
        work.outbox.mark_sent({message.id: "platform-77"}, NOW)
        for name in ("in:1:1", "platform-77"):
            answered = work.messages.answered(TALK, name)
            assert answered is not None
            assert answered.about == report.id
        assert work.messages.answered(TALK, "in:1:9") is None
        assert work.messages.answered(TALK._replace(chat="p:other"), "in:1:1") is None


def test_the_cases_that_were_spoken_of_last(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.grid, NOW)
        first, second = (work.cases.add(case(tree.grid, tree.community, f"20260415-00{n}")) for n in (1, 2))
        for number, about in enumerate((first.id, second.id, None, first.id)):
            due_at = NOW + timedelta(minutes=number)
            work.messages.queue(outgoing(f"in:{number}", about=about, person_id=person.id, due_at=due_at))
        assert work.messages.cases_spoken_of(TALK, person.id) == [first.id, second.id]
        assert work.messages.cases_spoken_of(TALK, person.id, NOW + timedelta(minutes=2)) == [first.id]
        assert work.messages.cases_spoken_of(TALK, person.id + 1) == []
