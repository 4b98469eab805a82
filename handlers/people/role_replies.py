"""Every sentence that the bot says about roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.people.data_replies import ROLES
from handlers.turn import Choice, Reply
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.areas import Area
    from storage.people import Person, Role

MOST_OFFERED = 6


def not_here() -> Reply:
    """Not in a group."""
    return Reply("安排职务的事，请私下跟我说。")


def only_admins() -> str:
    """A resident or a grid member asks."""
    return "安排、撤换职务要社区、乡镇或县的管理员来说。"


def not_oneself() -> str:
    """Nobody gives themselves a role, nor takes one from themselves."""
    return "自己的职务不能自己改，要请上一级的管理员来。"


def nobody_called(name: str) -> str:
    """Nobody of that name within reach."""
    return f"您管的地方没有登记过叫{name}的人。请他先跟我说“登记信息”，再来安排。"


def no_such_area(area: str, *, several: bool) -> str:
    """The area is not clear, or lies outside."""
    return f"{area}不止一处，请说全名。" if several else f"您管的地方里没有找到{area}。"


def not_within_reach(role: Role, area: Area) -> str:
    """Too high, or outside."""
    return f"{area.name}的{ROLES[role]}不归您安排，要请上一级的管理员来。"


def which_person(people: Sequence[Person], said: str, name: str) -> Reply:
    """Several bear the name."""
    shown = people[:MOST_OFFERED]
    lines = [f"{number}. {_described(person)}" for number, person in enumerate(shown, 1)]
    choices = tuple(
        Choice(_described(person), Intent.BIND_PROFILE, said.replace(name, f"{name}（居民{person.id}）", 1))
        for person in shown
    )
    return Reply("\n".join([f"叫{name}的不止一个，您说的是哪一个？", *lines, "回数字就行。"]), choices)


def _described(person: Person) -> str:
    return "，".join(part for part in (person.name, person.area.name, person.home) if part)


def confirm_change(values: dict[str, Any]) -> Reply:
    """Nothing is changed on one word."""
    what = f"让{values['name']}当{_role(values)}" if values["grants"] else f"撤掉{values['name']}的{_role(values)}职务"
    reason = f"原因：{values['reason']}。" if values["reason"] else ""
    return Reply(f"{what}。{reason}确认吗？", (Choice("确认", Intent.AFFIRM), Choice("不办", Intent.DENY)))


def _role(values: dict[str, Any]) -> str:
    return f"{values['area_name']}{ROLES[values['role']]}"


def nothing_to_change(values: dict[str, Any]) -> str:
    """It is so already."""
    return f"{values['name']}{'已经是' if values['grants'] else '现在不是'}{_role(values)}。"


def changed(values: dict[str, Any], left: int) -> Reply:
    """Done, and what the one who lost it still has in hand."""
    if values["grants"]:
        return Reply(f"办好了，{values['name']}现在是{_role(values)}，已经告诉本人。")
    open_cases = f"手上还有{left}件没办完的事，请另外安排人接。" if left else ""
    return Reply(f"办好了，{values['name']}不再是{_role(values)}，已经告诉本人。{open_cases}")


def not_changed() -> Reply:
    """The admin said no."""
    return Reply("好，没有改动。")


def about_change(values: dict[str, Any]) -> str:
    """What it is called while it is not confirmed."""
    return f"{'安排' if values['grants'] else '撤掉'}{values['name']}的职务"


def you_were_given(values: dict[str, Any]) -> Reply:
    """To the person."""
    return Reply(f"您现在是{_role(values)}了。说“帮助”看您能办什么。")


def you_lost(values: dict[str, Any]) -> Reply:
    """To the person."""
    reason = f"原因：{values['reason']}。" if values["reason"] else ""
    return Reply(f"您不再是{_role(values)}了。{reason}有疑问请跟管理员联系。")
