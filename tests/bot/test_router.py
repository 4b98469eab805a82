"""The way of a message, from stored to committed: what acts, what is undone, what is tried again, who hears of it."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bot.hearing import LONGEST_TEXT
from bot.router import Router
from handlers.errors import Refusal
from handlers.forms import Form, Forms, Slot, begin
from handlers.forms import replies as form_replies
from handlers.routes import InGroup, Routes
from handlers.talk import replies
from handlers.turn import Attachment, AttachmentKind, Choice, Reply, Turn
from nlu.policy.library import PolicyLibrary
from nlu.understanding import NO_CONTEXT, Context, Intent, Understanding
from storage.ledger import PointsEntry
from storage.messages import MAX_ATTEMPTS, InboxMessage, InboxState, OutboxMessage, OutboxState, Priority
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.bot.fakes import (
    GROUP,
    LI,
    NOW,
    STRANGER,
    WANG,
    ZHANG,
    Bot,
    FrailDatabase,
    SetClock,
    TableParser,
    inbound,
    log_lines,
    private,
    settle,
)
from tests.together import at_once

if TYPE_CHECKING:
    from datetime import datetime

    from handlers.forms import Said, Values
    from storage.database import Database

PHONE = "13900001111"
ROUTES = Routes()
MEANINGS = {
    "帮助": Intent.HELP,
    "谢谢": Intent.THANKS,
    "我有多少分": Intent.CHECK_POINTS,
    "接单": Intent.ACCEPT_CASE,
    "加分": Intent.CHECK_IN,
    "撤了": Intent.WITHDRAW_CASE,
    "打分": Intent.RATE_CASE,
    f"打分，我电话{PHONE}": Intent.RATE_CASE,
    "着火了": Intent.REPORT_EMERGENCY,
    "是着火了": Intent.REPORT_EMERGENCY,
    "登记": Intent.REGISTER_VOLUNTEER,
    "登记人": Intent.BIND_PROFILE,
    "投票": Intent.VOTE,
    "转人工": Intent.TALK_TO_HUMAN,
}


@ROUTES.on(Intent.HELP, in_group=InGroup.ACT)
def help_(_turn: Turn) -> Reply:
    return Reply(f"我能做这些，电话{PHONE}")


@ROUTES.on(Intent.THANKS, in_group=InGroup.IGNORE)
def thanks(_turn: Turn) -> Reply:
    return Reply("不客气")


@ROUTES.on(Intent.OUT_OF_SCOPE, in_group=InGroup.IGNORE)
def out_of_scope(_turn: Turn) -> Reply:
    return Reply("办不了", (Choice("看帮助", Intent.HELP, "帮助", is_yes=True), Choice("道谢", Intent.THANKS, "谢谢")))


@ROUTES.on(Intent.CHECK_POINTS, in_group=InGroup.MOVE)
def check_points(turn: Turn) -> Reply:
    return Reply(f"您有{turn.work.points.balance(turn.person)}分")


@ROUTES.on(Intent.CHECK_IN, in_group=InGroup.ASK)
def check_in(turn: Turn) -> Reply:
    turn.work.points.credit(turn.person, 5, "河道清洁", f"in:{turn.cause_id}", turn.by)
    return Reply("加了5分")


@ROUTES.on(Intent.ACCEPT_CASE, in_group=InGroup.ASK, roles=frozenset({Role.GRID_MEMBER}))
def accept_case(turn: Turn) -> Reply:
    check_in(turn)
    return Reply("接了")


@ROUTES.on(Intent.WITHDRAW_CASE, in_group=InGroup.ACT)
def withdraw_case(turn: Turn) -> Reply:
    _write_much(turn)
    raise Refusal("已经结了，撤不了。")


@ROUTES.on(Intent.RATE_CASE, in_group=InGroup.ACT)
def rate_case(turn: Turn) -> Reply:
    _write_much(turn)
    raise LookupError(f"no case of {turn.text}, call {PHONE}")


@ROUTES.on(Intent.REPORT_EMERGENCY, in_group=InGroup.ACT)
def report_emergency(turn: Turn) -> Reply:
    turn.tell_all(turn.work.people.answerable({Role.GRID_MEMBER}, turn.person.area), Reply("警报"), Priority.EMERGENCY)
    return Reply("打119")


def _write_much(turn: Turn) -> None:
    check_in(turn)
    turn.person.home = "改过的地址"
    turn.talk.remember(case=7)
    turn.talk.choices = ["|改过"]
    turn.tell_all(turn.work.people.answerable({Role.GRID_MEMBER}, turn.person.area), Reply("不该送出"))


def _words(said: Said) -> str | None:
    return said.text if said.text.startswith("是") else None


def _anything(said: Said) -> str | None:
    return said.text or None


def _finish(turn: Turn, values: Values) -> Reply:
    check_in(turn)
    return Reply(f"登记好了：{values['name']}，{values['street']}")


REGISTRATION = Form(
    "registration",
    Intent.REGISTER_VOLUNTEER,
    (
        Slot("name", lambda _values: Reply("叫什么？"), _words, _anything),
        Slot("street", lambda _values: Reply("住哪条街？"), _words, _anything),
    ),
    None,
    _finish,
)
PROFILE = Form(
    "profile",
    Intent.BIND_PROFILE,
    (Slot("name", lambda _values: Reply("您贵姓？"), _words, _anything),),
    None,
    lambda _turn, values: Reply(f"记下了：{values['name']}"),
)


@ROUTES.on(Intent.REGISTER_VOLUNTEER, in_group=InGroup.ACT)
def register_volunteer(turn: Turn) -> Reply:
    return begin(turn, REGISTRATION)


@ROUTES.on(Intent.BIND_PROFILE, in_group=InGroup.MOVE)
def bind_profile(turn: Turn) -> Reply:
    return begin(turn, PROFILE)


@pytest.fixture
def bot(database: Database) -> Bot:
    settle(database)
    return Bot(database, ROUTES, MEANINGS, (REGISTRATION, PROFILE))


def inbox(bot: Bot) -> list[InboxMessage]:
    with UnitOfWork(bot.database, read_only=True) as work:
        return list(work.session.scalars(select(InboxMessage).order_by(InboxMessage.id)))


def outbox(bot: Bot) -> list[OutboxMessage]:
    with UnitOfWork(bot.database, read_only=True) as work:
        return list(work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def booked(bot: Bot) -> int:
    with UnitOfWork(bot.database, read_only=True) as work:
        return work.session.scalar(select(func.count()).select_from(PointsEntry)) or 0


def test_a_message_is_worked_in_one_commit(database: Database) -> None:
    settle(database)
    steps: list[str] = []
    frail = FrailDatabase(database.url, steps.append)
    bot = Bot(frail, ROUTES, MEANINGS)
    message = inbound(LI, "加分")
    bot.inbox.receive(message)
    steps.clear()
    assert bot.router.work_off(message.talk) == 1
    assert steps == ["before commit", "after commit"]
    (row,), (reply,) = inbox(bot), outbox(bot)
    assert (row.state, row.attempts) == (InboxState.DONE, 0)
    assert (reply.key, reply.cause_id, reply.chat, reply.text) == (f"in:{row.id}:1", row.id, private(LI), "加了5分")
    assert (reply.state, reply.due_at, reply.priority) == (OutboxState.DUE, NOW, Priority.REPLY)
    assert booked(bot) == 1
    frail.close()


def test_a_message_that_comes_twice_acts_once(bot: Bot) -> None:
    message = inbound(LI, "加分")
    for _ in range(3):
        bot.inbox.receive(message)
        bot.router.work_off(message.talk)
    assert booked(bot) == len(outbox(bot)) == 1


def test_a_refusal_is_the_answer_and_undoes_what_was_written(bot: Bot) -> None:
    assert bot.say(LI, "撤了") == "已经结了，撤不了。"
    check_undone(bot)


def test_a_bug_is_answered_with_one_plain_line_and_undoes_what_was_written(bot: Bot) -> None:
    with log_lines() as lines:
        assert bot.say(LI, "打分") == replies.our_fault().text
    assert len([line for line in lines if "action failed" in line]) == 1
    check_undone(bot)


def check_undone(bot: Bot) -> None:
    assert booked(bot) == 0
    assert bot.heard(private(WANG)) == ""
    assert [row.state for row in inbox(bot)] == [InboxState.DONE]
    with bot.work() as work:
        talk = work.talks.peek(inbound(LI, "").talk)
        assert talk is not None
        assert (talk.topic, talk.choices, talk.form) == ({}, [], None)
        identity = work.people.identity("test", "bot", LI)
        assert identity is not None
        assert identity.person.home is None
    assert bot.say(LI, "加分") == "加了5分"


def test_the_trace_of_a_bug_is_logged_without_personal_data(bot: Bot) -> None:
    with log_lines() as lines:
        bot.say(LI, f"打分，我电话{PHONE}")
    logged = "\n".join(lines)
    assert "LookupError" in logged
    assert "rate_case" in logged
    assert f"row={inbox(bot)[0].id}" in logged
    assert PHONE not in logged


def test_what_a_person_said_is_in_no_log_when_the_database_refuses_it(bot: Bot) -> None:
    routes = Routes()

    @routes.on(Intent.OUT_OF_SCOPE, in_group=InGroup.ACT)
    def book_twice(turn: Turn) -> Reply:
        for _ in range(2):
            turn.work.points.credit(turn.person, 5, turn.text, "the same source", turn.by)
        return Reply("")

    bot = Bot(bot.database, routes, {})
    with log_lines() as lines:
        assert bot.say(LI, "王家的儿子半夜打人") == replies.our_fault().text
    assert "IntegrityError" in "\n".join(lines)
    assert "王家" not in "\n".join(lines)


def test_what_the_database_refuses_once_is_worked_again_as_a_whole(bot: Bot) -> None:
    """A deadlock, or a row that another process made first: nobody needs to say anything twice."""
    routes, tries = Routes(), []

    @routes.on(Intent.OUT_OF_SCOPE, in_group=InGroup.ACT)
    def book(turn: Turn) -> Reply:
        tries.append(1)
        _write_much(turn)
        if len(tries) == 1:
            turn.work.points.credit(turn.person, 5, "", f"in:{turn.cause_id}", turn.by)
        return Reply("加了5分")

    bot = Bot(bot.database, routes, {})
    with log_lines():
        assert bot.say(LI, "加分") == "加了5分"
    assert len(tries) == 2
    assert booked(bot) == 1
    assert bot.heard(private(WANG)) == "不该送出"
    assert [row.state for row in inbox(bot)] == [InboxState.DONE]


class _Moody(TableParser):
    """Fails on a text as often as it was told to."""

    def __init__(self, failures: dict[str, int]) -> None:
        super().__init__(MEANINGS)
        self.failures = failures

    def parse(self, text: str, now: datetime, context: Context = NO_CONTEXT) -> Understanding:
        if self.failures.get(text, 0) > 0:
            self.failures[text] -= 1
            raise ConnectionError(f"no answer for {text}")
        return super().parse(text, now, context)


def with_parser(bot: Bot, parser: TableParser) -> Router:
    return Router(bot.database, parser, PolicyLibrary(), bot.clock, ROUTES, Forms([REGISTRATION, PROFILE]))


def test_what_fails_before_its_action_stays_and_is_tried_again_in_order(bot: Bot) -> None:
    router = with_parser(bot, _Moody({"加分": 2}))
    for text in ("帮助", "加分", "我有多少分"):
        bot.inbox.receive(inbound(LI, text))
    talk = inbound(LI, "").talk
    with log_lines() as lines:
        assert router.work_off(talk) == 1
        assert [(row.state, row.attempts) for row in inbox(bot)] == [
            (InboxState.DONE, 0),
            (InboxState.STORED, 1),
            (InboxState.STORED, 0),
        ]
        assert router.work_off(talk) == 0
        assert router.work_off(talk) == 2
    assert bot.heard(private(LI)).splitlines()[1:] == ["加了5分", "您有5分"]
    assert len([line for line in lines if "message failed" in line]) == 2
    assert booked(bot) == 1


def test_what_cannot_be_worked_is_given_up_with_a_word_and_the_next_goes_on(bot: Bot) -> None:
    router = with_parser(bot, _Moody({"加分": 999}))
    bot.inbox.receive(inbound(LI, "加分"))
    bot.inbox.receive(inbound(LI, "我有多少分"))
    talk = inbound(LI, "").talk
    with log_lines() as lines:
        assert [router.work_off(talk) for _ in range(MAX_ATTEMPTS - 1)] == [0] * (MAX_ATTEMPTS - 1)
        assert bot.heard(private(LI)) == ""
        assert router.work_off(talk) == 1
        assert router.work_off(talk) == 0
    assert len([line for line in lines if "message failed" in line]) == MAX_ATTEMPTS
    assert bot.heard(private(LI)) == f"{replies.our_fault().text}\n您有0分"
    assert [(row.state, row.attempts) for row in inbox(bot)] == [
        (InboxState.FAILED, MAX_ATTEMPTS),
        (InboxState.DONE, 0),
    ]
    assert bot.inbox.left_over(timedelta(0)) == []


def test_a_commit_that_fails_leaves_the_message_for_the_next_try(database: Database) -> None:
    settle(database)
    left = ["before commit"]

    def fail_once(step: str) -> None:
        if left and step == left[0]:
            left.pop()
            raise ConnectionError("the database went away")

    calm = Bot(database, ROUTES, MEANINGS)
    message = inbound(LI, "加分")
    calm.inbox.receive(message)
    frail = FrailDatabase(database.url, fail_once)
    bot = Bot(frail, ROUTES, MEANINGS)
    with log_lines() as lines:
        assert bot.router.work_off(message.talk) == 0
    assert "message failed" in lines[0]
    assert [(row.state, row.attempts) for row in inbox(bot)] == [(InboxState.STORED, 1)]
    assert (booked(bot), outbox(bot)) == (0, [])
    assert bot.router.work_off(message.talk) == 1
    assert (booked(bot), len(outbox(bot))) == (1, 1)
    frail.close()


def test_a_database_that_is_away_leaves_everything_for_later(database: Database) -> None:
    settle(database)

    def away(_step: str) -> None:
        raise ConnectionError("the database went away")

    calm, frail = Bot(database, ROUTES, MEANINGS), FrailDatabase(database.url, away)
    message = inbound(LI, "加分")
    calm.inbox.receive(message)
    with log_lines(), pytest.raises(ConnectionError):
        Bot(frail, ROUTES, MEANINGS).router.work_off(message.talk)
    frail.close()
    assert [(row.state, row.attempts) for row in inbox(calm)] == [(InboxState.STORED, 0)]
    assert calm.router.work_off(message.talk) == 1


class _Meeting(TableParser):
    """Has all routers understand their first text at the same moment."""

    def __init__(self, ready: Barrier) -> None:
        super().__init__(MEANINGS)
        self._ready: Barrier | None = ready

    def parse(self, text: str, now: datetime, context: Context = NO_CONTEXT) -> Understanding:
        if self._ready is not None:
            ready, self._ready = self._ready, None
            ready.wait(10)
        return super().parse(text, now, context)


@pytest.mark.parametrize("who", [LI, STRANGER])
def test_of_many_routers_on_one_talk_each_message_is_worked_by_one(bot: Bot, who: str) -> None:
    if who == LI:
        bot.say(LI, "帮助")
    for text in ("加分", "我有多少分", "加分", "我有多少分"):
        bot.inbox.receive(inbound(who, text))
    talk, ready = inbound(who, "").talk, Barrier(4)
    with log_lines() as lines:
        at_once(4, lambda _number: with_parser(bot, _Meeting(ready)).work_off(talk))
        bot.router.work_off(talk)
    # Two routers may both begin the talk of somebody new, and one of them fails; a known talk is waited for.
    assert who == STRANGER or lines == []
    assert {row.state for row in inbox(bot)} == {InboxState.DONE}
    assert bot.heard(private(who)).splitlines() == ["加了5分", "您有5分", "加了5分", "您有10分"]
    assert booked(bot) == 2


def test_a_message_is_understood_as_of_the_moment_it_was_sent(bot: Bot) -> None:
    moments: list[datetime] = []

    class Noting(TableParser):
        def parse(self, text: str, now: datetime, context: Context = NO_CONTEXT) -> Understanding:
            moments.append(now)
            return super().parse(text, now, context)

    message = inbound(LI, "帮助", sent_at=NOW - timedelta(hours=5))
    bot.inbox.receive(message)
    with_parser(bot, Noting(MEANINGS)).work_off(message.talk)
    assert moments == [NOW - timedelta(hours=5)]
    assert outbox(bot)[0].due_at == NOW


def test_an_emergency_goes_out_before_everything_else(bot: Bot) -> None:
    bot.say(LI, "着火了")
    assert {message.priority for message in outbox(bot)} == {Priority.EMERGENCY}
    assert bot.heard(private(WANG)) == "警报"


def test_a_role_is_asked_for_before_the_action(bot: Bot) -> None:
    assert bot.say(LI, "接单") == replies.not_allowed()
    assert booked(bot) == 0
    assert bot.say(WANG, "接单") == "接了"
    assert booked(bot) == 1


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("好" * 20_000, replies.too_long(LONGEST_TEXT).text),
        ("好" * (LONGEST_TEXT + 1), replies.too_long(LONGEST_TEXT).text),
        ("", replies.empty().text),
        (" \n ", replies.empty().text),
        ("😂😂", replies.empty().text),
        ("？！", replies.empty().text),
        ("好" * LONGEST_TEXT, "办不了"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence_and_no_parse(bot: Bot, text: str, answer: str) -> None:
    assert bot.say(LI, text) == answer
    assert bot.parser.parsed == ([text] if answer == "办不了" else [])


def test_what_cannot_be_read_is_passed_over_in_a_group(bot: Bot) -> None:
    assert bot.say(LI, "😂😂", group=True) == ""
    assert bot.say(LI, "", group=True) == ""
    assert bot.say(LI, "😂😂", group=True, at_bot=True) == replies.empty().text


def test_a_photo_alone_is_told_to_come_with_words(bot: Bot) -> None:
    photo = (Attachment(AttachmentKind.PHOTO, "file-1"),)
    assert bot.say(LI, "", attachments=photo) == replies.nothing_to_attach().text
    assert bot.say(LI, "", attachments=photo, group=True, at_bot=True) == replies.nothing_to_attach().text
    assert bot.say(LI, "", attachments=photo, group=True) == ""


@pytest.mark.parametrize("said", ["1", "选1", "看帮助", "对的"])
def test_what_was_offered_can_be_chosen_in_words(bot: Bot, said: str) -> None:
    assert bot.say(LI, "今天股市咋样") == "办不了"
    assert bot.say(LI, said).startswith("我能做这些")


def test_what_was_offered_can_be_pressed(bot: Bot) -> None:
    assert bot.say(LI, "看帮助", payload=Choice("看帮助", Intent.HELP, "帮助").payload).startswith("我能做这些")
    assert bot.say(LI, "谢谢", payload="no payload of ours") == "不客气"


def test_a_number_means_nothing_where_nothing_was_offered(bot: Bot) -> None:
    assert bot.say(LI, "谢谢") == "不客气"
    assert bot.say(LI, "1") == "办不了"


def test_somebody_new_is_a_resident_whom_one_can_write_to(bot: Bot) -> None:
    assert bot.say(STRANGER, "我有多少分", group=True, private_chat=None) == replies.in_private().text
    with bot.work() as work:
        identity = work.people.identity("test", "bot", STRANGER)
        assert identity is not None
        assert identity.private_chat is None
        assert identity.person.roles == {Role.RESIDENT}
        assert identity.person.area == work.areas.communities()[0]
    bot.clock.later(minutes=5)
    assert bot.say(STRANGER, "我有多少分", private_chat=None) == "您有0分"
    with bot.work() as work:
        again = work.people.identity("test", "bot", STRANGER)
        assert again is not None
        assert (again.id, again.private_chat, again.seen_at) == (identity.id, private(STRANGER), bot.clock.now)
    bot.say(STRANGER, "帮助", group=True, private_chat=None)
    with bot.work() as work:
        address = work.people.address_of(work.people.get(again.person_id))
        assert address is not None
        assert address.private_chat == private(STRANGER)


NEUTRAL = replies.in_private().text


@pytest.mark.parametrize(
    ("text", "at_bot", "in_group", "alone"),
    [
        ("帮助", False, "我能做这些，电话139****1111", ""),
        ("帮助", True, "我能做这些，电话139****1111", ""),
        ("谢谢", False, "", ""),
        ("谢谢", True, "不客气", ""),
        ("今天股市咋样", False, "", ""),
        ("今天股市咋样", True, "办不了", ""),
        ("我有多少分", False, NEUTRAL, "您有0分"),
        ("我有多少分", True, NEUTRAL, "您有0分"),
        ("加分", False, NEUTRAL, "您刚才在群里说“加分”，群里不办这个。要在这里办吗？"),
        ("加分", True, NEUTRAL, "您刚才在群里说“加分”，群里不办这个。要在这里办吗？"),
        ("接单", False, NEUTRAL, replies.not_allowed()),
    ],
)
def test_what_is_said_in_the_group_and_what_alone(bot: Bot, text: str, at_bot: bool, in_group: str, alone: str) -> None:
    assert bot.say(LI, text, group=True, at_bot=at_bot) == in_group
    assert bot.heard(private(LI)) == alone
    assert booked(bot) == 0
    assert len({message.key for message in outbox(bot)}) == len(outbox(bot))


def test_what_was_asked_in_private_is_done_when_it_is_confirmed_there(bot: Bot) -> None:
    bot.say(LI, "加分", group=True)
    offers = [choice for message in outbox(bot) if message.chat == private(LI) for choice in message.choices]
    assert [offer["payload"] for offer in offers] == ["check_in|加分"]
    bot.heard(private(LI))
    assert bot.say(LI, "对的") == "加了5分"
    assert booked(bot) == 1


def test_staff_are_asked_in_private_too(bot: Bot) -> None:
    assert bot.say(WANG, "接单", group=True) == NEUTRAL
    assert "要在这里办吗" in bot.heard(private(WANG))
    assert booked(bot) == 0


def test_a_form_that_belongs_in_private_begins_and_goes_on_there(bot: Bot) -> None:
    assert bot.say(LI, "登记人", group=True) == NEUTRAL
    assert bot.heard(private(LI)) == "您贵姓？"
    assert bot.say(LI, "是李大姐", group=True) == ""
    assert bot.say(LI, "是李大姐") == "记下了：是李大姐"


def test_two_people_in_one_group_have_two_talks(bot: Bot) -> None:
    assert bot.say(LI, "登记", group=True) == "叫什么？"
    assert bot.say(ZHANG, "是张三", group=True) == ""
    assert bot.say(LI, "是李四", group=True) == "住哪条街？"


def test_a_form_survives_between_messages_and_a_restart(bot: Bot) -> None:
    assert bot.say(LI, "登记") == "叫什么？"
    assert bot.say(LI, "是李四") == "住哪条街？"
    again = Bot(bot.database, ROUTES, MEANINGS, (REGISTRATION,))
    assert again.say(LI, "是文林巷") == "登记好了：是李四，是文林巷"
    assert again.say(LI, "是文林巷") == "办不了"
    assert booked(bot) == 1


@pytest.mark.parametrize(("said", "answer"), [("我有多少分", "您有0分"), ("帮助", f"我能做这些，电话{PHONE}")])
def test_after_something_else_the_open_question_is_asked_again(bot: Bot, said: str, answer: str) -> None:
    bot.say(LI, "登记")
    for _ in range(2):
        assert bot.say(LI, said) == f"{answer}\n\n{form_replies.back_to('叫什么？')}"
    assert bot.say(LI, "是李四") == "住哪条街？"


@pytest.mark.parametrize(
    ("said", "answer"),
    [("接单", replies.not_allowed()), ("撤了", "已经结了，撤不了。"), ("打分", replies.our_fault().text)],
)
def test_a_refusal_or_a_bug_in_between_leaves_the_form_as_it_was(bot: Bot, said: str, answer: str) -> None:
    bot.say(LI, "登记")
    bot.say(LI, "是李四")
    with log_lines():
        assert bot.say(LI, said).startswith(answer)
    assert bot.say(LI, "是文林巷") == "登记好了：是李四，是文林巷"


@pytest.mark.parametrize("cry", ["着火了", "是着火了"])
def test_an_emergency_breaks_out_of_a_form_that_then_goes_on(bot: Bot, cry: str) -> None:
    """Even where its words would do as an answer."""
    bot.say(LI, "登记")
    assert bot.say(LI, cry) == f"打119\n\n{form_replies.back_to('叫什么？')}"
    assert bot.say(LI, "是李四") == "住哪条街？"


def test_a_form_within_a_form_gives_way_to_the_first_when_it_is_done(bot: Bot) -> None:
    bot.say(LI, "登记")
    assert bot.say(LI, "登记人") == "您贵姓？"
    assert bot.say(LI, "是李大姐") == f"记下了：是李大姐\n\n{form_replies.back_to('叫什么？')}"
    assert bot.say(LI, "是李四") == "住哪条街？"


def test_cancelling_drops_the_form(bot: Bot) -> None:
    bot.say(LI, "登记")
    assert bot.say(LI, "算了不填了") == form_replies.stopped(form_replies.cancelled(), ()).text
    assert bot.say(LI, "是李四") == "办不了"
    assert booked(bot) == 0


def test_a_form_that_was_left_for_a_day_is_dropped(bot: Bot) -> None:
    bot.say(LI, "登记")
    bot.clock.later(hours=25)
    assert bot.say(LI, "是李四") == "办不了"


def test_the_bot_keeps_out_of_a_conversation_in_the_group_while_a_form_is_open_there(bot: Bot) -> None:
    assert bot.say(LI, "登记", group=True) == "叫什么？"
    assert bot.say(LI, "今天股市咋样", group=True) == ""
    assert bot.say(LI, "是李四", group=True) == "住哪条街？"


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("我有多少分", "您有0分"),
        ("加分", "您刚才在群里说“加分”，群里不办这个。要在这里办吗？"),
        ("接单", replies.not_allowed()),
        ("登记人", "您贵姓？"),
    ],
)
@pytest.mark.parametrize("at_bot", [False, True])
def test_an_open_form_in_the_group_lets_nothing_private_into_it(bot: Bot, text: str, alone: str, at_bot: bool) -> None:
    bot.say(LI, "登记", group=True)
    assert bot.say(LI, text, group=True, at_bot=at_bot) == f"{NEUTRAL}\n\n{form_replies.back_to('叫什么？')}"
    assert bot.heard(private(LI)) == alone
    assert booked(bot) == 0
    assert bot.say(LI, "是李四", group=True) == "住哪条街？"


def test_a_bug_in_private_is_not_told_in_the_group(bot: Bot) -> None:
    routes = Routes()

    @routes.on(Intent.CHECK_POINTS, in_group=InGroup.MOVE)
    def check_points(turn: Turn) -> Reply:
        _write_much(turn)
        raise LookupError

    broken = Bot(bot.database, routes, MEANINGS)
    with log_lines() as lines:
        assert broken.say(LI, "我有多少分", group=True) == NEUTRAL
    assert "action failed" in lines[0]
    assert broken.heard(private(LI)) == replies.our_fault().text
    assert (booked(bot), broken.heard(private(WANG))) == (0, "")


def test_messages_of_one_group_go_to_that_group(bot: Bot) -> None:
    bot.say(LI, "帮助", group=True)
    bot.say(LI, "帮助", group=True, chat="another group")
    assert [message.chat for message in outbox(bot)] == [GROUP, "another group"]


def test_time_of_the_answer_is_the_clock_and_not_the_message(bot: Bot) -> None:
    clock = SetClock(NOW + timedelta(hours=1))
    later = Bot(bot.database, ROUTES, MEANINGS, clock=clock)
    later.say(LI, "帮助")
    assert outbox(bot)[0].due_at == NOW + timedelta(hours=1)
