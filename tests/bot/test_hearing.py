"""The context in which a message is understood: the form under way, what was offered, what was spoken of before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.hearing import LEANS_WITHIN
from handlers.errors import Refusal
from handlers.forms import Form, Slot, begin
from handlers.routes import InGroup, Routes
from handlers.turn import Choice, Reply, Turn
from nlu.understanding import NO_CONTEXT, Context, Intent
from tests.bot.fakes import LI, ZHANG, Bot, settle

if TYPE_CHECKING:
    from handlers.forms import Said
    from storage.database import Database

ROUTES = Routes()
MEANINGS = {
    "志愿者要多少": Intent.ASK_POLICY,
    "登记": Intent.REGISTER_VOLUNTEER,
    "谢谢": Intent.THANKS,
    "好了没": Intent.CHECK_CASE,
    "有活动没": Intent.LIST_ACTIVITIES,
    "撤了": Intent.WITHDRAW_CASE,
}


@ROUTES.on(Intent.ASK_POLICY, in_group=InGroup.ACT)
def ask_policy(_turn: Turn) -> Reply:
    return Reply("13%")


@ROUTES.on(Intent.CHECK_CASE, in_group=InGroup.ACT)
def check_case(_turn: Turn) -> Reply:
    solved = (Choice("解决了", Intent.RATE_CASE, "007 解决了"), Choice("没解决", Intent.RATE_CASE, "007 没解决"))
    return Reply("真的解决了吗？", solved)


@ROUTES.on(Intent.RATE_CASE, in_group=InGroup.ACT)
def rate_case(turn: Turn) -> Reply:
    return Reply(f"记下了：{turn.text}")


@ROUTES.on(Intent.LIST_ACTIVITIES, in_group=InGroup.ACT)
def list_activities(_turn: Turn) -> Reply:
    return Reply("有这些", (Choice("参加", Intent.JOIN_ACTIVITY, "参加清洁"), Choice("随便看看")))


@ROUTES.on(Intent.THANKS, in_group=InGroup.IGNORE)
def thanks(_turn: Turn) -> Reply:
    return Reply("不客气")


@ROUTES.on(Intent.WITHDRAW_CASE, in_group=InGroup.ACT)
def withdraw_case(_turn: Turn) -> Reply:
    raise Refusal("撤不了。")


def _words(said: Said) -> str | None:
    return said.text if said.text.startswith("是") else None


REGISTRATION = Form(
    "registration",
    Intent.REGISTER_VOLUNTEER,
    (Slot("name", lambda _values: Reply("叫什么？"), _words),),
    lambda values: Reply(f"{values['name']}，对不对？", (Choice("对的", Intent.AFFIRM), Choice("不对", Intent.DENY))),
    lambda _turn, _values: Reply("登记好了"),
)


@ROUTES.on(Intent.REGISTER_VOLUNTEER, in_group=InGroup.ACT)
def register_volunteer(turn: Turn) -> Reply:
    return begin(turn, REGISTRATION)


@ROUTES.on(Intent.OUT_OF_SCOPE, in_group=InGroup.IGNORE)
def out_of_scope(_turn: Turn) -> Reply:
    return Reply("办不了")


@pytest.fixture
def bot(database: Database) -> Bot:
    settle(database)
    return Bot(database, ROUTES, MEANINGS, (REGISTRATION,))


def context(bot: Bot, text: str, who: str = LI) -> Context:
    """The context in which this text is understood."""
    bot.say(who, text)
    return bot.parser.contexts[-1]


def test_the_first_message_leans_on_nothing(bot: Bot) -> None:
    assert context(bot, "志愿者要多少") == NO_CONTEXT


def test_what_was_spoken_of_before(bot: Bot) -> None:
    bot.say(LI, "志愿者要多少")
    assert context(bot, "那农村呢") == Context(last=Intent.ASK_POLICY)
    assert context(bot, "再说一遍", ZHANG) == NO_CONTEXT
    bot.say(LI, "谢谢")
    assert context(bot, "那农村呢").last is Intent.ASK_POLICY


def test_what_was_spoken_of_long_ago_is_over(bot: Bot) -> None:
    bot.say(LI, "志愿者要多少")
    bot.clock.now += LEANS_WITHIN
    assert context(bot, "那农村呢").last is Intent.ASK_POLICY
    bot.clock.later(seconds=1)
    assert context(bot, "那农村呢") == NO_CONTEXT


def test_what_was_refused_was_not_spoken_of(bot: Bot) -> None:
    bot.say(LI, "撤了")
    assert context(bot, "那农村呢") == NO_CONTEXT


def test_what_the_last_message_of_the_bot_offers(bot: Bot) -> None:
    bot.say(LI, "有活动没")
    offered = frozenset({Intent.JOIN_ACTIVITY})
    assert context(bot, "那个不错") == Context(offered=offered, last=Intent.LIST_ACTIVITIES)
    assert context(bot, "那个不错").offered == frozenset()


def test_a_form_and_its_confirmation(bot: Bot) -> None:
    bot.say(LI, "登记")
    asked = context(bot, "是李大姐")
    assert (asked.form, asked.confirming) == (Intent.REGISTER_VOLUNTEER, False)
    read_back = context(bot, "可以")
    assert (read_back.form, read_back.confirming) == (Intent.REGISTER_VOLUNTEER, True)
    assert read_back.offered == {Intent.AFFIRM, Intent.DENY}
    done = context(bot, "那农村呢")
    assert (done.form, done.confirming, done.last) == (None, False, Intent.REGISTER_VOLUNTEER)


def test_a_form_that_was_left_for_a_day_is_no_context(bot: Bot) -> None:
    bot.say(LI, "登记")
    bot.clock.later(hours=25)
    assert context(bot, "可以") == NO_CONTEXT


def test_a_group_has_a_context_of_its_own(bot: Bot) -> None:
    bot.say(LI, "志愿者要多少", group=True)
    assert context(bot, "那农村呢") == NO_CONTEXT
    bot.say(LI, "那农村呢", group=True)
    assert bot.parser.contexts[-1].last is Intent.ASK_POLICY


def test_a_bare_number_rates_where_a_rating_is_offered(bot: Bot) -> None:
    bot.say(LI, "好了没")
    assert bot.say(LI, "5") == "记下了：5"
    assert bot.say(LI, "5") == "办不了"


def test_a_number_of_the_menu_goes_before_a_rating(bot: Bot) -> None:
    bot.say(LI, "好了没")
    assert bot.say(LI, "2") == "记下了：007 没解决"
