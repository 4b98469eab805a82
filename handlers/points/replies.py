"""Every sentence that the bot says about points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.phrases import day
from handlers.turn import Reply
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.points import Line


def balance(points: int, lines: Sequence[Line]) -> Reply:
    """The balance with the last entries."""
    if not lines:
        return Reply(f"您现在有{points}分，还没有积分记录。参加志愿活动、审核通过以后就有了。")
    listed = [f"· {day(line.entry.at.astimezone(SHANGHAI))} {line.amount:+d} {line.entry.reason}" for line in lines]
    return Reply(f"您现在有{points}分。最近的记录：\n" + "\n".join(listed))
