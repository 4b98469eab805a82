"""Several wishes in one message: each acts, one reply answers them all, and what needs a form of its own waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handlers import forms
from handlers.errors import Refusal
from handlers.forms import Form, Slot, begin
from handlers.forms import replies as form_replies
from handlers.routes import InGroup, Routes
from handlers.talk import replies
from handlers.turn import Attachment, AttachmentKind, Reply, Turn
from nlu.understanding import Intent
from storage.unit_of_work import UnitOfWork
from tests.bot.fakes import LI, Bot, inbound, log_lines, private, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from handlers.forms import Said, Values
    from storage.database import Database

PHOTO = (Attachment(AttachmentKind.PHOTO, "file-1"),)
ROUTES = Routes()
MEANINGS = {
    "签退": Intent.CHECK_OUT,
    "签退，另外看分": Intent.OUT_OF_SCOPE,
    "看分": Intent.CHECK_POINTS,
    "撤了": Intent.WITHDRAW_CASE,
    "打分": Intent.RATE_CASE,
    "志愿者要多少": Intent.ASK_POLICY,
    "登记": Intent.REGISTER_VOLUNTEER,
    "报名开会": Intent.ATTEND_MEETING,
    "登记我是谁": Intent.DELETE_MY_DATA,
    "太麻烦了不想弄了": Intent.CANCEL,
    "他喊我不要弄了": Intent.CANCEL,
}


@ROUTES.on(Intent.CHECK_OUT, in_group=InGroup.ACT)
def check_out(turn: Turn) -> Reply:
    turn.work.points.credit(turn.person, 5, "河道清洁", f"in:{turn.cause_id}", turn.by)
    return Reply(f"签退成功，照片{len(turn.message.attachments)}")


@ROUTES.on(Intent.CHECK_POINTS, in_group=InGroup.MOVE)
def check_points(turn: Turn) -> Reply:
    return Reply(f"您有{turn.work.points.balance(turn.person)}分，照片{len(turn.message.attachments)}")


@ROUTES.on(Intent.ASK_POLICY, in_group=InGroup.ACT)
def ask_policy(_turn: Turn) -> Reply:
    return Reply("13%")


@ROUTES.on(Intent.WITHDRAW_CASE, in_group=InGroup.ACT)
def withdraw_case(turn: Turn) -> Reply:
    turn.person.home = "改过的地址"
    raise Refusal("撤不了。")


@ROUTES.on(Intent.RATE_CASE, in_group=InGroup.ACT)
def rate_case(_turn: Turn) -> Reply:
    raise LookupError


@ROUTES.on(Intent.OUT_OF_SCOPE, in_group=InGroup.IGNORE)
def out_of_scope(_turn: Turn) -> Reply:
    return Reply("办不了")


def _form(name: str, intent: Intent, question: str) -> Form:
    def read(said: Said) -> str | None:
        return said.text if said.text.startswith("是") else None

    def finish(_turn: Turn, values: Values) -> Reply:
        return Reply(f"{name}：{values['answer']}")

    return Form(name, intent, (Slot("answer", lambda _values: Reply(question), read),), None, finish)


FORMS = (
    _form("登记", Intent.REGISTER_VOLUNTEER, "叫什么？"),
    _form("开会", Intent.ATTEND_MEETING, "哪个会？"),
    _form("删除", Intent.DELETE_MY_DATA, "真的吗？"),
)


def _begin(form: Form) -> Callable[[Turn], Reply]:
    return lambda turn: begin(turn, form)


for form, in_group in zip(FORMS, (InGroup.ACT, InGroup.ACT, InGroup.MOVE), strict=True):
    ROUTES.on(form.intent, in_group=in_group)(_begin(form))


@pytest.fixture
def bot(database: Database) -> Bot:
    settle(database)
    return Bot(database, ROUTES, MEANINGS, FORMS)


def open_form(bot: Bot) -> str | None:
    with UnitOfWork(bot.database, read_only=True) as work:
        talk = work.talks.peek(inbound(LI, "").talk)
        return talk.form["name"] if talk and talk.form else None


def test_what_can_be_done_at_once_is_done_in_order(bot: Bot) -> None:
    assert bot.say(LI, "签退，另外看分", attachments=PHOTO) == "签退成功，照片1\n\n您有5分，照片0"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("签退，另外撤了", "签退成功，照片0\n\n撤不了。"),
        ("撤了，另外签退", "撤不了。\n\n签退成功，照片0"),
        ("签退，另外打分", f"签退成功，照片0\n\n{replies.our_fault().text}"),
    ],
)
def test_a_refusal_or_a_bug_undoes_its_own_wish_alone(bot: Bot, text: str, answer: str) -> None:
    with log_lines():
        assert bot.say(LI, text) == answer
    assert bot.say(LI, "看分").startswith("您有5分")
    with bot.work() as work:
        identity = work.people.identity("test", "bot", LI)
        assert identity is not None
        assert identity.person.home is None


def test_a_question_is_answered_before_the_question_of_the_form(bot: Bot) -> None:
    assert bot.say(LI, "登记，另外志愿者要多少") == "13%\n\n叫什么？"
    assert bot.say(LI, "是李四") == "登记：是李四"


def test_of_two_that_ask_the_first_is_begun_and_the_second_follows(bot: Bot) -> None:
    said = bot.say(LI, "登记，另外报名开会")
    assert said == f"{replies.one_by_one('当志愿者', ['回复会议要来'])}\n\n叫什么？"
    assert open_form(bot) == "登记"
    assert bot.say(LI, "是李四") == "登记：是李四\n\n哪个会？"
    assert bot.say(LI, "是议事会") == "开会：是议事会"
    assert open_form(bot) is None


def test_three_follow_one_another_and_a_question_between_is_answered_at_once(bot: Bot) -> None:
    said = bot.say(LI, "登记，另外报名开会，另外志愿者要多少，另外签退")
    waiting = replies.one_by_one("当志愿者", ["回复会议要来", "活动签退"])
    assert said == f"13%\n\n{waiting}\n\n叫什么？"
    # The second form lets the third wish wait on.
    said = bot.say(LI, "是李四")
    assert said == f"登记：是李四\n\n{replies.one_by_one(None, ['活动签退'])}\n\n哪个会？"
    assert bot.say(LI, "是议事会") == "开会：是议事会\n\n签退成功，照片0"


def test_beside_an_answer_a_question_is_answered_and_the_form_goes_on(bot: Bot) -> None:
    bot.say(LI, "登记，另外报名开会")
    assert bot.say(LI, "啥子哦，另外志愿者要多少").startswith("13%\n\n")
    assert open_form(bot) == "登记"
    assert bot.say(LI, "是李四，另外看分") == "登记：是李四\n\n您有0分，照片0\n\n哪个会？"


def test_beside_an_answer_another_wish_waits(bot: Bot) -> None:
    bot.say(LI, "登记")
    said = bot.say(LI, "啥子哦，另外签退")
    assert said.startswith(replies.one_by_one(None, ["活动签退"]))
    assert bot.say(LI, "是李四") == "登记：是李四\n\n签退成功，照片0"


def test_beside_the_last_answer_another_wish_is_done(bot: Bot) -> None:
    bot.say(LI, "登记")
    assert bot.say(LI, "是李四，另外签退") == "登记：是李四\n\n签退成功，照片0"


def test_to_whoever_stops_the_first_the_second_is_offered(bot: Bot) -> None:
    bot.say(LI, "登记，另外报名开会")
    assert "要办吗" in bot.say(LI, "算了")
    assert bot.say(LI, "对的") == "哪个会？"


def test_stopping_in_ones_own_words_and_going_on(bot: Bot) -> None:
    bot.say(LI, "登记")
    assert bot.say(LI, "太麻烦了不想弄了") == form_replies.stopped(form_replies.cancelled(), ()).text
    assert open_form(bot) is None
    assert bot.say(LI, "看分").startswith("您有0分")
    assert bot.say(LI, "继续") == "叫什么？"
    assert bot.say(LI, "是李四") == "登记：是李四"
    assert bot.say(LI, "继续") == "办不了"


def test_what_others_say_stops_nothing(bot: Bot) -> None:
    bot.say(LI, "登记")
    bot.say(LI, "他喊我不要弄了")
    bot.say(LI, "太麻烦了不想弄了" * 3)
    assert open_form(bot) == "登记"


def test_what_was_stopped_long_ago_is_gone(bot: Bot) -> None:
    bot.say(LI, "登记")
    bot.say(LI, "算了")
    bot.clock.now += forms.BROUGHT_BACK_WITHIN
    bot.clock.later(seconds=1)
    assert bot.say(LI, "继续") == "办不了"


def test_what_was_stopped_is_there_after_another_form(bot: Bot) -> None:
    bot.say(LI, "登记")
    bot.say(LI, "算了")
    bot.say(LI, "报名开会")
    bot.say(LI, "是议事会")
    assert bot.say(LI, "继续") == "叫什么？"


def test_what_was_put_off_comes_back_with_the_form_that_was_stopped(bot: Bot) -> None:
    bot.say(LI, "登记，另外报名开会")
    bot.say(LI, "算了")
    assert bot.say(LI, "继续") == "叫什么？"
    assert bot.say(LI, "是李四") == "登记：是李四\n\n哪个会？"


def test_in_a_group_what_is_private_goes_there_and_the_rest_acts(bot: Bot) -> None:
    assert bot.say(LI, "签退，另外看分", group=True) == f"签退成功，照片0\n\n{replies.in_private().text}"
    assert bot.heard(private(LI)) == "您有5分，照片0"


def test_in_a_group_two_private_wishes_are_answered_in_private(bot: Bot) -> None:
    bot.say(LI, "看分，另外登记我是谁", group=True)
    assert bot.heard(private(LI)) == "您有0分，照片0\n真的吗？"


def test_in_a_group_what_waits_is_named_by_its_kind_alone(bot: Bot) -> None:
    said = bot.say(LI, "登记，另外签退", group=True)
    assert said == f"{replies.one_by_one('当志愿者', ['活动签退'])}\n\n叫什么？"
