"""Every sentence about registering a volunteer who has no telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.turn import Choice, Reply
from nlu.understanding import Intent

if TYPE_CHECKING:
    from storage.people import Person


def in_private() -> Reply:
    """Names and homes are not said in a group."""
    return Reply("登记别人当志愿者，请私下跟我说。")


def only_staff(name: str) -> str:
    """Nobody else speaks for others."""
    return f"替别人登记志愿者，要网格员或者管理员来办。{name}有手机的，请他自己跟我说“我要当志愿者”。"


def says_so_themselves(name: str) -> str:
    """Whoever has an account agrees for themselves."""
    return f"{name}自己有账号，要本人同意：请他跟我说“我要当志愿者”。替没有手机的人登记，才由您来说。"


def registered_already(name: str) -> Reply:
    """Nothing is left to do."""
    return Reply(f"{name}已经是志愿者了。活动现场说“帮{name}签到”就行。")


def several(name: str) -> str:
    """Several bear the name."""
    return f"叫{name}的不止一个，请带上住址再说一次。"


def lives_elsewhere(name: str) -> str:
    """Staff register those for whom they answer."""
    return f"这个住址不在您管的地方，{name}请那边的网格员登记。"


def not_any_more() -> str:
    """The role was taken in the meantime."""
    return "您现在不是网格员或者管理员，登记不了别人。"


def is_gone(name: str) -> str:
    """Erased, or joined with another person, since it was asked."""
    return f"{name}的登记刚刚有变动，请重新说一次“登记{name}当志愿者”。"


def ask_home(values: dict[str, Any]) -> Reply:
    """Where they live: the name alone may be another's."""
    return Reply(f"{values['name']}住哪里？比如“桂花苑3栋2单元501”。")


def about(values: dict[str, Any]) -> str:
    """What it is called while it is not confirmed."""
    return f"替{values['name']}登记志愿者"


def confirm(values: dict[str, Any]) -> Reply:
    """Nothing is stored of somebody who has not agreed."""
    home = f"，住{values['home']}" if values["home"] else ""
    return Reply(
        f"替{values['name']}登记成社区志愿者{home}。会记下姓名、住址和参加活动的时间、积分，只给社区组织活动用，"
        "由组织活动的人替他签到签退，随时可以请您说不要了。他本人当面同意了吗？",
        (Choice("同意了", Intent.AFFIRM, is_yes=True), Choice("还没有", Intent.DENY, is_yes=False)),
    )


def registered(person: Person) -> Reply:
    """To whoever registered them."""
    return Reply(
        f"登记好了，{person.name}是社区志愿者了。活动现场说“帮{person.name}签到”，走的时候说“帮{person.name}签退”。"
    )
