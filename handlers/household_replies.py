"""What every feature says of printed codes of households."""

from __future__ import annotations


def in_private() -> str:
    """Whoever has the code can act for the household."""
    return "家庭码请到私聊里跟我说，不要发到群里。"


def staff_only() -> str:
    """A neighbour may report for another all the same."""
    return "家庭码要网格员来用。您要帮邻居报事，直接说发生了什么、在哪里就行，比如“楼下李婆婆家门口的灯不亮”。"


def no_such_household() -> str:
    """No such code, or one of another area; which of them is not told."""
    return "没有这个家庭码，或者不在您管的范围。请对着卡片再看一遍，一共八位。"


def nobody_registered(home: str, code: str) -> str:
    """What is wanted needs to know who it is."""
    return f"{home}这户还没登记人。先说“家庭码 {code} 登记 姓名”，本人同意了就行。"


def which_of(home: str, names: str) -> str:
    """Several live there."""
    return f"{home}登记了{names}，是哪一位？请带上名字再说一次。"
