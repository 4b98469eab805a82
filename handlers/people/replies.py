"""Every sentence that the bot says about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.consents import wording
from handlers.forms.replies import YES
from handlers.turn import Choice, Reply
from nlu.understanding import Intent
from storage.consents import Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.areas import Area
    from storage.people import Person

MOST_OFFERED = 6


def about_profile(_values: dict[str, Any]) -> str:
    """What saying who one is is called while it is not done."""
    return "登记姓名住址"


def ask_name(_values: dict[str, Any]) -> Reply:
    """The name."""
    return Reply("怎么称呼您？")


def ask_home(_values: dict[str, Any]) -> Reply:
    """The home."""
    return Reply("您住哪里？说小区、楼栋、单元、房号。")


def read_back(values: dict[str, Any]) -> Reply:
    """What will be kept and what for: consent comes before the first personal datum is stored."""
    phone = f"，电话{values['phone']}" if values.get("phone") else ""
    words = wording(Purpose.PROFILE)
    return Reply(
        f"登记：{values['name']}，住{values['home']}{phone}。\n"
        f"存{words.keeps}，{words.why}，存到{words.until}，随时可以改。同意登记吗？",
        (YES, Choice("不对", Intent.DENY), Choice("不同意", Intent.DENY)),
    )


def consent_refused() -> Reply:
    """Nothing is kept of somebody who does not agree; they can report all the same."""
    return Reply("好，不登记，刚才说的姓名住址都没有存。不登记一样可以报事、问政策。什么时候想登记了，说“登记信息”。")


def bound(person: Person) -> Reply:
    """Registered."""
    return Reply(f"登记好了，{person.name}。您属于{person.area.name}，那里的通知会发给您（不想收就说“不要发通知了”）。")


def does_live_here(person: Person) -> Reply:
    """To whoever answers for the home; the telephone is not needed for that."""
    return Reply(
        f"{person.name}登记说住在{person.home}（{person.area.name}）。属实吗？",
        (
            Choice("属实", Intent.BIND_PROFILE, f"属实：居民{person.id}"),
            Choice("不是这里的人", Intent.BIND_PROFILE, f"不是这里的人：居民{person.id}"),
        ),
    )


def which_resident(people: Sequence[Person], *, lives_here: bool) -> Reply:
    """Several wait for the word."""
    word = "属实" if lives_here else "不是这里的人"
    shown = people[:MOST_OFFERED]
    lines = [f"{number}. {person.name}，{person.home}" for number, person in enumerate(shown, 1)]
    choices = tuple(
        Choice(f"{person.name}，{person.home}", Intent.BIND_PROFILE, f"{word}：居民{person.id}") for person in shown
    )
    return Reply("\n".join([f"您说哪一位“{word}”？", *lines, "回数字就行。"]), choices)


def nobody_to_confirm() -> Reply:
    """It was done before, or the person moved or is gone."""
    return Reply("这一位不用核实了：已经核实过，或者不在您的网格了。")


def not_oneself() -> str:
    """Nobody confirms themselves."""
    return "自己的住址不能自己核实，要请别的网格员或者管理员来。"


def confirmed(person: Person) -> Reply:
    """To the grid member."""
    return Reply(f"记下了，{person.name}住{person.home}，已经核实。")


def rejected(person: Person) -> Reply:
    """To the grid member."""
    return Reply(f"记下了，{person.name}不住在{person.area.name}，已经请本人重新登记。")


def you_are_confirmed(person: Person) -> Reply:
    """To the person."""
    return Reply(f"网格员核实了您的住址（{person.area.name}）。")


def you_do_not_live_there(person: Person) -> Reply:
    """To the person."""
    return Reply(
        f"网格员没有在{person.area.name}核实到您，登记的住址先去掉了。要是登记错了，说“登记信息”重新来；没有错就说“转人工”。"
    )


def invitation(area: Area, code: str) -> Reply:
    """The code for the residents of an area."""
    return Reply(
        f"{area.name}的邀请码：{code}\n住户第一次跟我说“邀请码 {code}”，就归到{area.name}了。半年内有效，谁都能用。"
    )


def no_area_to_invite_to(said: str, *, several: bool) -> str:
    """The area is not clear, or lies outside."""
    return f"{said}不止一处，请说全名，比如“给桂花苑5栋做个邀请码”。" if several else f"您管的地方里没有找到{said}。"


def no_such_invitation() -> Reply:
    """Wrong or expired."""
    return Reply("这个邀请码不对，或者过期了。请跟网格员再要一个；也可以说“登记信息”，自己登记住址。")


def lives_somewhere(person: Person) -> Reply:
    """An invitation moves nobody."""
    return Reply(f"您已经登记在{person.area.name}了，不用邀请码。搬家了就说新的住址。")


def welcome_to(area: Area) -> Reply:
    """A newcomer."""
    return Reply(f"欢迎！您现在属于{area.name}，有事直接跟我说。要登记姓名住址，说“登记信息”。")


def subscribed() -> Reply:
    """Notices come again."""
    return Reply("好，以后通知会发给您。")


def unsubscribed() -> Reply:
    """Notices no longer come."""
    return Reply("好，不再给您发通知了。紧急的安全提醒除外。想再收，说“以后通知发我一份”。")
