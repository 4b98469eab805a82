"""When the bot is unsure it asks, once, does what is chosen with all that was said, and keeps it for an admin."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from handlers.forms import Form, Slot, begin
from handlers.routes import InGroup, Routes
from handlers.talk import replies
from handlers.turn import Attachment, AttachmentKind, Choice, Reply, Turn
from nlu.understanding import Intent
from storage.people import Role
from storage.retention import DataKind
from storage.unit_of_work import UnitOfWork
from storage.unsure import UnsureMessage, UnsureState
from tests.bot.fakes import LI, NOW, WANG, Bot, inbound, private, settle

if TYPE_CHECKING:
    from handlers.forms import Said, Values
    from nlu.understanding import Ranking
    from storage.database import Database

PHOTO = (Attachment(AttachmentKind.PHOTO, "file-1"),)
VAGUE = "漏水那个，明天我在家，电话13900001111"
ROUTES = Routes()
MEANINGS: dict[str, Intent | Ranking] = {
    VAGUE: ((Intent.CHECK_CASE, 0.4), (Intent.ADD_TO_CASE, 0.35), (Intent.CLOSE_CASE, 0.2)),
    "冒烟": ((Intent.CHECK_CASE, 0.4), (Intent.ADD_TO_CASE, 0.35), (Intent.REPORT_EMERGENCY, 0.1)),
    "弄完了": ((Intent.CLOSE_CASE, 0.4), (Intent.CHECK_CASE, 0.35)),
    "哦哟": ((Intent.THANKS, 0.3), (Intent.CHECK_CASE, 0.28)),
    "谢谢": Intent.THANKS,
    "登记": Intent.REGISTER_VOLUNTEER,
    "查一下": Intent.CHECK_CASE,
}


def _said(turn: Turn) -> Reply:
    photos = len(turn.message.attachments)
    return Reply(f"{turn.understanding.intent}：{turn.text}，照片{photos}，{turn.message.sent_at:%d日}")


@ROUTES.on(Intent.CHECK_CASE, in_group=InGroup.MOVE)
def check_case(turn: Turn) -> Reply:
    return _said(turn)


@ROUTES.on(Intent.ADD_TO_CASE, in_group=InGroup.ACT)
def add_to_case(turn: Turn) -> Reply:
    return _said(turn)


@ROUTES.on(Intent.CLOSE_CASE, in_group=InGroup.ACT, roles=frozenset({Role.GRID_MEMBER}))
def close_case(turn: Turn) -> Reply:
    return _said(turn)


@ROUTES.on(Intent.REPORT_EMERGENCY, in_group=InGroup.ACT)
def report_emergency(turn: Turn) -> Reply:
    return _said(turn)


@ROUTES.on(Intent.THANKS, in_group=InGroup.IGNORE)
def thanks(_turn: Turn) -> Reply:
    return Reply("不客气")


@ROUTES.on(Intent.OUT_OF_SCOPE, in_group=InGroup.IGNORE)
def out_of_scope(turn: Turn) -> Reply:
    return Reply(f"办不了：{turn.text}")


def _anything(said: Said) -> str | None:
    return said.text or None


def _finish(_turn: Turn, values: Values) -> Reply:
    return Reply(f"登记好了：{values['name']}")


REGISTRATION = Form(
    "registration",
    Intent.REGISTER_VOLUNTEER,
    (Slot("name", lambda _values: Reply("叫什么？"), accept=_anything),),
    None,
    _finish,
)


@ROUTES.on(Intent.REGISTER_VOLUNTEER, in_group=InGroup.ACT)
def register_volunteer(turn: Turn) -> Reply:
    return begin(turn, REGISTRATION)


@pytest.fixture
def bot(database: Database) -> Bot:
    settle(database)
    return Bot(database, ROUTES, MEANINGS, (REGISTRATION,))


def kept(bot: Bot) -> list[UnsureMessage]:
    with UnitOfWork(bot.database, read_only=True) as work:
        return list(work.unsure.in_state(UnsureState.WAITING))


def offered(bot: Bot, who: str = LI) -> list[str]:
    with UnitOfWork(bot.database, read_only=True) as work:
        identity = work.people.identity("test", "bot", who)
        assert identity is not None
        last = work.messages.last_to(inbound(who, "").talk, identity.person_id)
        assert last is not None
        return [choice["label"] for choice in last.choices]


CHECK, ADD, NONE = "查之前报的事", "补充之前报的事", replies.NONE_OF_THESE


def test_the_likeliest_are_offered_and_staff_work_to_staff_alone(bot: Bot) -> None:
    said = bot.say(LI, VAGUE)
    assert f"您是想：1 {CHECK} 2 {ADD} 3 {NONE}？" in said
    assert offered(bot) == [CHECK, ADD, NONE]
    bot.say(WANG, VAGUE)
    assert offered(bot, WANG) == [CHECK, ADD, "结案", NONE]


@pytest.mark.parametrize("said", ["2", "第二个", "选2嘛", ADD])
def test_what_is_chosen_is_done_with_all_that_was_said_at_first(bot: Bot, said: str) -> None:
    bot.say(LI, VAGUE, attachments=PHOTO)
    later = NOW + timedelta(days=1)
    assert bot.say(LI, said, sent_at=later) == f"add_to_case：{VAGUE}，照片1，15日"


def test_a_button_does_the_same(bot: Bot) -> None:
    bot.say(LI, VAGUE, attachments=PHOTO)
    payload = Choice(CHECK, Intent.CHECK_CASE, VAGUE).payload
    assert bot.say(LI, CHECK, payload=payload) == f"check_case：{VAGUE}，照片1，15日"


def test_what_is_said_with_the_choice_is_not_lost(bot: Bot) -> None:
    bot.say(LI, VAGUE, attachments=PHOTO)
    assert bot.say(LI, f"{CHECK}，007号") == f"check_case：{VAGUE}，007号，照片1，15日"


@pytest.mark.parametrize("said", [NONE, "3", "不是"])
def test_none_of_these_gets_the_honest_answer(bot: Bot, said: str) -> None:
    bot.say(LI, VAGUE)
    assert bot.say(LI, said) == f"办不了：{VAGUE}"
    assert [message.chosen for message in kept(bot)] == [Intent.OUT_OF_SCOPE]


def test_a_new_sentence_is_simply_understood(bot: Bot) -> None:
    bot.say(LI, VAGUE, attachments=PHOTO)
    assert bot.say(LI, "谢谢") == "不客气"
    assert [message.chosen for message in kept(bot)] == [None]
    # What was offered then is offered no more.
    assert bot.say(LI, "2") == "办不了：2"


def test_what_none_of_these_goes_on_with_is_simply_understood(bot: Bot) -> None:
    bot.say(LI, VAGUE)
    bot.parser.meanings = {**MEANINGS, "都不是，谢谢": Intent.THANKS}
    assert bot.say(LI, "都不是，谢谢") == "不客气"


def test_it_is_never_asked_twice_in_a_row(bot: Bot) -> None:
    bot.say(LI, VAGUE)
    assert bot.say(LI, VAGUE) == f"check_case：{VAGUE}，照片0，15日"
    assert "您是想" in bot.say(LI, VAGUE)
    assert len(kept(bot)) == 3


def test_danger_is_offered_first_with_the_number_to_call(bot: Bot) -> None:
    said = bot.say(LI, "冒烟")
    assert said.index("119") < said.index("您是想：1 报紧急险情")
    assert bot.say(LI, "1") == "report_emergency：冒烟，照片0，15日"


def test_where_one_thing_alone_is_open_to_the_person_it_is_done(bot: Bot) -> None:
    assert bot.say(LI, "弄完了") == "check_case：弄完了，照片0，15日"
    assert "您是想" in bot.say(WANG, "弄完了")


def test_a_greeting_is_not_asked_about(bot: Bot) -> None:
    assert bot.say(LI, "哦哟") == "不客气"


def test_an_open_form_has_its_own_way(bot: Bot) -> None:
    bot.say(LI, "登记")
    assert bot.say(LI, VAGUE) == f"登记好了：{VAGUE}"
    assert not kept(bot)


def test_a_form_that_was_left_for_a_day_keeps_nobody_from_asking(bot: Bot) -> None:
    bot.say(LI, "登记")
    bot.clock.later(hours=25)
    assert "您是想" in bot.say(LI, VAGUE)


def test_in_a_group_only_what_is_said_to_the_bot_is_asked_about_and_kept(bot: Bot) -> None:
    bot.say(LI, VAGUE, group=True)
    assert "您是想" not in bot.heard(private(LI))
    assert not kept(bot)
    said = bot.say(LI, VAGUE, group=True, at_bot=True)
    assert f"1 {CHECK}" in said
    assert "漏水" not in said
    assert len(kept(bot)) == 1
    # What was chosen is private all the same.
    assert bot.say(LI, "1", group=True) == replies.in_private().text
    assert bot.heard(private(LI)) == f"check_case：{VAGUE}，照片0，15日"


def test_what_is_kept_is_masked_and_ranked_and_says_what_was_chosen(bot: Bot) -> None:
    bot.say(LI, VAGUE)
    bot.say(LI, "1")
    (message,) = kept(bot)
    assert "139****1111" in message.text
    assert "13900001111" not in message.text
    assert message.ranking == [["check_case", 0.4], ["add_to_case", 0.35], ["close_case", 0.2]]
    assert (message.chosen, message.label) == (Intent.CHECK_CASE, None)


def test_a_choice_after_the_message_was_forgotten_is_still_done(bot: Bot) -> None:
    bot.say(LI, VAGUE)
    with bot.work() as work:
        work.retention.forget(DataKind.UNSURE, NOW + timedelta(days=1))
        work.commit()
    assert bot.say(LI, "1").startswith("check_case")


def test_what_is_sure_is_not_kept(bot: Bot) -> None:
    bot.say(LI, "查一下")
    bot.say(LI, "今天股市咋样")
    assert not kept(bot)
