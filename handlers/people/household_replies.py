"""What the bot says to staff about who lives in a household without a telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.consents import wording
from handlers.forms.replies import YES
from handlers.turn import Choice, Reply
from nlu.understanding import Intent
from storage.consents import Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.people import Person


def household(home: str, code: str, names: Sequence[str]) -> Reply:
    """Who lives there, and what can be done for them."""
    who = f"登记了{'、'.join(names)}" if names else "还没登记人"
    return Reply(
        f"{home}，{who}。接着说：\n家庭码 {code} 报：楼道灯坏了，本人同意\n家庭码 {code} 签到\n家庭码 {code} 登记 姓名"
    )


def ask_name(values: dict[str, Any]) -> Reply:
    """Who is to be registered."""
    return Reply(f"{values['home']}要登记谁？说名字。")


def registered_already(home: str, name: str) -> str:
    """Known there."""
    return f"{home}已经登记了{name}。"


def read_back(values: dict[str, Any]) -> Reply:
    """What is kept of somebody, and why, to be asked of themselves."""
    words = wording(Purpose.PROFILE)
    phone = f"，电话{values['phone']}" if values.get("phone") else ""
    account = f"本网格有位{values['name']}自己有账号：要是同一个人，就选“没同意”，请他自己跟我说。"
    namesake = account if values.get("namesake") else ""
    return Reply(
        f"登记{values['name']}，住{values['home']}{phone}。{namesake}请念给本人听：存您的姓名、住址，{words.why}，"
        f"存到{words.until}，跟网格员说一声也行。本人同意吗？",
        (YES, Choice("没同意", Intent.DENY)),
    )


def not_registered() -> Reply:
    """They did not agree, or staff left it."""
    return Reply("好，不登记，名字没有存。不登记也可以用家庭码报事。")


def registered(values: dict[str, Any]) -> Reply:
    """Registered, with the consent of whoever it is."""
    return Reply(f"登记好了：{values['name']}，{values['home']}，本人同意。可以用家庭码 {values['code']} 报事、签到。")


def has_a_telephone(person: Person) -> str:
    """Whoever can write erases their data themselves."""
    return f"{person.name}自己有账号，请本人来说“删除我的信息”。"


def is_gone(name: str) -> str:
    """Erased, or joined with another person, since it was asked."""
    return f"{name}这边已经没有登记了。"


def confirm_erasure(values: dict[str, Any]) -> Reply:
    """Nothing big happens on one word."""
    return Reply(
        f"删掉{values['home']}的{values['name']}：姓名、住址、积分都不再是谁的，恢复不了。是本人要求的吗？",
        (YES, Choice("不删", Intent.DENY)),
    )


def not_erased() -> Reply:
    """Kept."""
    return Reply("好，没有删。")


def erased() -> Reply:
    """Gone."""
    return Reply("删掉了，名字住址都不存了。")
