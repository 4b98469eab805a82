"""Every sentence about who is of one household."""

from __future__ import annotations

from typing import Any

from handlers.forms.replies import YES
from handlers.turn import Choice, Reply
from nlu.understanding import Intent


def _both(values: dict[str, Any]) -> str:
    return "和".join(name or "一位居民" for name in values["names"])


def _said(values: dict[str, Any]) -> str:
    return f"{_both(values)}{'' if values['is_one'] else '不'}是一家人"


def about(values: dict[str, Any]) -> str:
    """What it is called while it is not confirmed."""
    return f"登记{_said(values)}"


def confirm(values: dict[str, Any]) -> Reply:
    """It is read back."""
    rule = "一家人之间不能互相审核、确认积分" if values["is_one"] else "以后他们之间可以审核、确认积分"
    return Reply(f"登记：{_said(values)}（{rule}，会告诉本人）。对吗？", (YES, Choice("不对", Intent.DENY)))


def not_ones_own() -> str:
    """Nobody ends a tie of their own household."""
    return "自己家的关系不能自己来解除，要由别人登记。"


def nothing_to_change(values: dict[str, Any]) -> str:
    """It is so already."""
    return f"已经是这样登记的：{_said(values)}。"


def tied(values: dict[str, Any]) -> Reply:
    """To whoever noted it."""
    return Reply(f"登记了：{_said(values)}。")


def you_were_tied(values: dict[str, Any]) -> Reply:
    """To those concerned."""
    return Reply(f"社区登记了{_said(values)}，只用来避免一家人互相审核积分。不对就告诉我或者社区。")
