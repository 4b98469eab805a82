"""What a reporter is told who puts a filed case right, or will not be named after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.phrases import day
from handlers.turn import Reply
from nlu.categories import category

if TYPE_CHECKING:
    from storage.cases import Case


def place_is_right(case: Case) -> Reply:
    """The place was changed."""
    return Reply(f"改过来了，{case.short}号的地点现在是{case.place}，已经告诉办理的人。")


def place_is_so(case: Case) -> Reply:
    """What was put right stands so already."""
    return Reply(f"{case.short}号记的就是{case.place}，不用改。")


def category_is_right(case: Case) -> Reply:
    """It was about something else."""
    name = category(case.category, case.kind).name
    return Reply(f"改过来了，{case.short}号现在记的是{name}，已经告诉办理的人。")


def words_are_right(case: Case, right: str) -> Reply:
    """Words of the story were changed."""
    return Reply(f"改过来了，{case.short}号里改成“{right}”，已经告诉办理的人。")


def words_note(wrong: str, right: str) -> str:
    """For the history."""
    return f"“{wrong}”改为“{right}”"


def since_is_right(case: Case) -> Reply:
    """It began on another day."""
    return Reply(f"改过来了，{case.short}号现在记的是从{_since(case)}开始，已经告诉办理的人。")


def since_note(case: Case) -> str:
    """For the history."""
    return f"开始的时间改为{_since(case)}"


def _since(case: Case) -> str:
    return day(case.since) if case.since else ""


def place_note(before: str, after: str) -> str:
    """For the history."""
    return f"地点由{before}改为{after}"


def category_note(case: Case) -> str:
    """For the history."""
    return f"改为{category(case.category, case.kind).name}"


def hidden(case: Case) -> Reply:
    """It is anonymous from now on; what was read before cannot be unread."""
    return Reply(
        f"好，{case.short}号改成匿名了，以后网格员和工作人员都看不到是谁报的，有进展照样只告诉您。"
        "之前可能已经有人看到过，我提醒了办理的人保密。"
    )


def hidden_already(case: Case) -> Reply:
    """It is anonymous."""
    return Reply(f"放心，{case.short}号本来就是匿名的，网格员和工作人员都看不到是谁报的。")


def named(case: Case) -> Reply:
    """The reporter may be named now."""
    return Reply(f"好，{case.short}号改成留名了，办理的人可以看到是您报的。")


def named_already(case: Case) -> Reply:
    """The reporter is named."""
    return Reply(f"{case.short}号是留名的，办理的人可以看到是您报的。")
