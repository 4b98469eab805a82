"""Forms that wait and buttons that are pressed late, with forms that ask one question each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from handlers import forms
from handlers.cases.replies import report as report_replies
from handlers.forms import Form, Slot
from handlers.forms.waiting import ASKED_ABOUT_AFTER, KEPT_FOR
from handlers.routes import InGroup, Routes
from handlers.turn import Choice, Desk, Reply, Turn
from nlu.understanding import Intent
from tests.bot.fakes import LI, Bot, private, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from handlers.forms import Said
    from storage.database import Database
    from tests.town import Town

ROUTES = Routes()
MEANINGS = {
    "漏水": Intent.REPORT_DISPUTE,
    "路灯": Intent.REPORT_INCIDENT,
    "救命": Intent.CHECK_IN,
    "你好": Intent.GREET,
    "签退": Intent.CHECK_OUT,
}
YES, NO = Choice("可以"), Choice("不可以")


def _form(name: str, intent: Intent, about: str | None) -> Form:
    def read(said: Said) -> bool | None:
        return {"可以": True, "不可以": False}.get(said.text)

    def slot(asked: str) -> Slot:
        return Slot(asked, lambda _values: Reply(f"{name}{asked}？", (YES, NO)), read)

    slots = tuple(slot(asked) for asked in ("留名", "公开"))
    return Form(
        name,
        intent,
        slots,
        None,
        lambda _turn, values: Reply(f"{name}：{values['留名']}，{values['公开']}"),
        about=(lambda _values: f"报{about}") if about else None,
    )


FORMS = (
    _form("漏水", Intent.REPORT_DISPUTE, "漏水"),
    _form("路灯", Intent.REPORT_INCIDENT, "路灯"),
    _form("救命", Intent.CHECK_IN, None),
)


def _begin(form: Form) -> Callable[[Turn], Reply]:
    return lambda turn: forms.begin(turn, form)


for form in FORMS:
    ROUTES.on(form.intent, in_group=InGroup.ACT)(_begin(form))


@ROUTES.on(Intent.GREET, in_group=InGroup.ACT)
def greet(_turn: Turn) -> Reply:
    return Reply("您好")


@ROUTES.on(Intent.CHECK_OUT, in_group=InGroup.ACT)
def check_out(_turn: Turn) -> Reply:
    return Reply("签退了")


@pytest.fixture
def bot(database: Database) -> Bot:
    settle(database)
    return Bot(database, ROUTES, MEANINGS, FORMS)


def ask_about_left(bot: Bot) -> str:
    with bot.work() as work:
        forms.Forms(FORMS).ask_about_left(Desk(work, bot.clock(), f"duty:{bot.clock().isoformat()}"))
        work.commit()
    return bot.heard(private(LI))


def wait(bot: Bot, span: timedelta) -> None:
    bot.clock.now += span + timedelta(seconds=1)


def test_a_button_of_an_earlier_question_answers_no_later_one(bot: Bot) -> None:
    bot.say(LI, "漏水")
    late = Choice("对的", Intent.AFFIRM).payload
    assert bot.say(LI, "对的", payload=late) == "刚才的事还没说完：漏水留名？"
    assert bot.say(LI, "可以", payload=YES.payload) == "漏水公开？"


def test_a_report_is_not_confirmed_by_a_button_that_is_pressed_twice(town: Town) -> None:
    town.say("李秀芬", "3栋502楼上天天漏水，上个月开始的")
    named = replace(town.message("李秀芬", "可以，留名"), payload=report_replies.NAMED.payload)
    for number in range(2):
        town.inbox.receive(replace(named, message_id=f"pressed {number}"))
    town.router.work_off(named.talk)
    town.deliver()
    assert "编号" not in town.heard("李秀芬")
    assert "编号" in town.say("李秀芬", "对的")


def test_a_form_that_comes_back_takes_numbers_again(bot: Bot) -> None:
    bot.say(LI, "漏水")
    bot.say(LI, "路灯")
    bot.say(LI, "1")
    assert "刚才的事还没说完：漏水留名？" in bot.say(LI, "1")
    assert bot.say(LI, "2") == "漏水公开？"


def test_a_form_that_is_left_is_asked_about_once(bot: Bot) -> None:
    bot.say(LI, "漏水")
    assert ask_about_left(bot) == ""
    wait(bot, ASKED_ABOUT_AFTER)
    assert ask_about_left(bot).startswith("报漏水还没填完")
    wait(bot, ASKED_ABOUT_AFTER)
    assert ask_about_left(bot) == ""
    assert bot.say(LI, "1") == "漏水公开？"


@pytest.mark.parametrize(("hour", "asked"), [(21, True), (22, False), (23, False), (6, False), (7, True)])
def test_nobody_is_asked_at_night(bot: Bot, hour: int, asked: bool) -> None:
    bot.say(LI, "漏水")
    bot.clock.now += timedelta(hours=(hour - bot.clock.now.hour) % 24)
    assert bool(ask_about_left(bot)) is asked


def test_what_is_not_worth_asking_or_left_for_days_is_not_asked_about(bot: Bot) -> None:
    bot.say(LI, "漏水")
    wait(bot, KEPT_FOR)
    assert ask_about_left(bot) == ""
    bot.say(LI, "救命")
    wait(bot, ASKED_ABOUT_AFTER)
    assert ask_about_left(bot) == ""


def test_a_form_in_a_group_is_not_asked_about(bot: Bot) -> None:
    bot.say(LI, "漏水", group=True, at_bot=True)
    wait(bot, ASKED_ABOUT_AFTER)
    ask_about_left(bot)
    assert bot.heard("group") == ""


def test_what_lapsed_is_offered_once_and_brought_back_as_it_was(bot: Bot) -> None:
    bot.say(LI, "漏水，另外签退")
    bot.say(LI, "可以")
    wait(bot, KEPT_FOR)
    assert bot.say(LI, "你好") == "您好\n\n上次报漏水没填完、还想活动签退，还要接着办吗？"
    assert bot.say(LI, "你好") == "您好"
    assert bot.say(LI, "继续") == "漏水公开？"
    assert bot.say(LI, "可以") == "漏水：True，True\n\n签退了"


def test_what_was_offered_and_not_taken_up_is_gone(bot: Bot) -> None:
    bot.say(LI, "漏水")
    wait(bot, KEPT_FOR)
    bot.say(LI, "你好")
    wait(bot, forms.BROUGHT_BACK_WITHIN)
    assert "漏水" not in bot.say(LI, "继续")


def test_what_waited_beneath_comes_back_too_and_what_is_not_worth_asking_does_not(bot: Bot) -> None:
    bot.say(LI, "漏水")
    bot.say(LI, "路灯")
    bot.say(LI, "救命")
    wait(bot, KEPT_FOR)
    assert "上次报路灯没填完" in bot.say(LI, "你好")
    assert bot.say(LI, "对的") == "路灯留名？"
    bot.say(LI, "可以")
    assert bot.say(LI, "可以") == "路灯：True，True\n\n刚才的事还没说完：漏水留名？"


def test_of_what_is_not_worth_asking_only_what_was_put_off_is_offered(bot: Bot) -> None:
    bot.say(LI, "救命")
    wait(bot, KEPT_FOR)
    assert bot.say(LI, "你好") == "您好"
    bot.say(LI, "救命，另外签退")
    wait(bot, KEPT_FOR)
    assert bot.say(LI, "你好") == "您好\n\n上次还想活动签退，还要接着办吗？"
    assert bot.say(LI, "对的") == "签退了"


def test_one_that_lapses_before_another_was_offered_waits_above_it(bot: Bot) -> None:
    bot.say(LI, "漏水")
    wait(bot, KEPT_FOR)
    assert bot.say(LI, "路灯") == "路灯留名？"
    wait(bot, KEPT_FOR)
    assert "上次报路灯没填完" in bot.say(LI, "你好")
    bot.say(LI, "继续")
    bot.say(LI, "可以")
    assert bot.say(LI, "可以").endswith("漏水留名？")
