"""The inbox: nothing is acknowledged before it is stored, and nothing is stored twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.inbox import LONGEST_STORED, Inbox, as_inbound
from handlers.turn import Attachment, AttachmentKind, Choice
from nlu.understanding import Intent
from storage.database import Database
from storage.messages import InboxMessage, InboxState
from storage.unit_of_work import UnitOfWork
from tests.bot.fakes import LI, NOW, ZHANG, FrailDatabase, SetClock, inbound
from tests.together import at_once

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def elsewhere(database: Database) -> Iterator[Database]:
    """The same database over connections of another process."""
    other = Database(database.url)
    yield other
    other.close()


def stored(database: Database) -> list[InboxMessage]:
    with UnitOfWork(database, read_only=True) as work:
        return list(work.session.scalars(select(InboxMessage).order_by(InboxMessage.id)))


def test_a_message_is_durable_when_receive_returns(database: Database, elsewhere: Database) -> None:
    assert Inbox(database, SetClock()).receive(inbound(LI, "楼上天天漏水"))
    (row,) = stored(elsewhere)
    assert (row.text, row.state, row.attempts, row.received_at) == ("楼上天天漏水", InboxState.STORED, 0, NOW)


def test_what_could_not_be_committed_is_not_acknowledged(database: Database) -> None:
    def no_space_left(step: str) -> None:
        if step == "before commit":
            raise OSError("no space left on device")

    frail = FrailDatabase(database.url, no_space_left)
    message = inbound(LI, "楼上天天漏水")
    with pytest.raises(OSError, match="no space left"):
        Inbox(frail, SetClock()).receive(message)
    frail.close()
    assert stored(database) == []
    assert Inbox(database, SetClock()).receive(message)


def test_every_part_of_a_message_comes_out_as_it_went_in(database: Database) -> None:
    message = inbound(
        LI,
        "看嘛 📷\n第二行",
        group=True,
        at_bot=True,
        payload="accept_case|接单 20260415-001",
        edited=True,
        sent_at=NOW - timedelta(seconds=3, microseconds=7),
        attachments=(
            Attachment(AttachmentKind.PHOTO, "file-1"),
            Attachment(AttachmentKind.LOCATION, latitude=30.1, longitude=104.2),
            Attachment(AttachmentKind.VOICE, "file-2"),
        ),
    )
    Inbox(database, SetClock()).receive(message)
    (row,) = stored(database)
    assert as_inbound(row) == message


def test_a_message_that_comes_again_changes_nothing(database: Database) -> None:
    inbox = Inbox(database, SetClock())
    message = inbound(LI, "第一次", message_id="m1")
    assert inbox.receive(message)
    assert not inbox.receive(message)
    assert not inbox.receive(inbound(LI, "改过的", message_id="m1"))
    with UnitOfWork(database) as work:
        work.messages.get(stored(database)[0].id).state = InboxState.DONE
        work.commit()
    assert not inbox.receive(message)
    (row,) = stored(database)
    assert (row.text, row.state) == ("第一次", InboxState.DONE)


def test_the_id_of_a_message_is_its_own_on_each_account(database: Database) -> None:
    inbox = Inbox(database, SetClock())
    for channel, account in (("test", "bot"), ("test", "second bot"), ("web", "bot")):
        assert inbox.receive(inbound(LI, "好", message_id="m1", channel=channel, account=account))
    assert len(stored(database)) == 3


def test_of_many_deliveries_at_once_one_is_new(database: Database) -> None:
    inbox = Inbox(database, SetClock())
    messages = [inbound(LI, f"第{number}句") for number in range(5)]
    answers = at_once(8, lambda _number: [inbox.receive(message) for message in messages])
    assert [sum(column) for column in zip(*answers, strict=True)] == [1] * 5
    assert sorted(row.message_id for row in stored(database)) == sorted(message.message_id for message in messages)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("😂😂👍", "😂😂👍"),
        ("漏\x00水", "漏水"),
        ("好" * 20_000, "好" * 20_000),
        ("好" * (LONGEST_STORED + 5), "好" * LONGEST_STORED),
        ("'; DROP TABLE inbox; --", "'; DROP TABLE inbox; --"),
    ],
)
def test_any_text_is_stored(database: Database, text: str, kept: str) -> None:
    assert Inbox(database, SetClock()).receive(inbound(LI, text))
    assert [row.text for row in stored(database)] == [kept]


def test_a_button_that_carries_a_long_story_can_be_pressed(database: Database) -> None:
    """A choice means the words that it stands for, and what was said in a group is offered as one."""
    pressed = Choice("在这里办", Intent.ADD_TO_CASE, "补充" * 2_000).payload
    assert Inbox(database, SetClock()).receive(inbound(LI, "在这里办", payload=pressed))
    assert [row.payload for row in stored(database)] == [pressed]


def test_what_a_crash_left_is_found_once_it_is_old_enough(database: Database) -> None:
    clock = SetClock()
    inbox = Inbox(database, clock)
    first, second, done = inbound(LI, "一"), inbound(ZHANG, "二"), inbound("做完的", "三")
    for message in (first, inbound(LI, "一又"), done):
        inbox.receive(message)
    with UnitOfWork(database) as work:
        row = work.messages.next_stored(done.talk)
        assert row is not None
        row.state = InboxState.DONE
        work.commit()
    clock.later(seconds=30)
    inbox.receive(second)
    assert inbox.left_over(timedelta(seconds=31)) == []
    assert inbox.left_over(timedelta(seconds=30)) == [first.talk]
    assert sorted(inbox.left_over(timedelta(0))) == sorted([first.talk, second.talk])
