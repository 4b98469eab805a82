"""Every sentence that the bot says about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.turn import Choice, Reply
from nlu.understanding import Intent

if TYPE_CHECKING:
    from storage.people import Person


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
    return Reply(
        f"登记：{values['name']}，住{values['home']}{phone}。\n"
        "这些只给您所在网格的工作人员办您的事、发您那里的通知时用，随时可以改。同意登记吗？",
        (YES, Choice("不对", Intent.DENY)),
    )


def bound(person: Person) -> Reply:
    """Registered."""
    return Reply(f"登记好了，{person.name}。您属于{person.area.name}，那里的通知会发给您。")


def subscribed() -> Reply:
    """Notices come again."""
    return Reply("好，以后通知会发给您。")


def unsubscribed() -> Reply:
    """Notices no longer come."""
    return Reply("好，不再给您发通知了。紧急的安全提醒除外。想再收，说“以后通知发我一份”。")
