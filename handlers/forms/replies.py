"""What the bot says about any form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.turn import Choice, Reply
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

YES = Choice("对的", Intent.AFFIRM)
STOP = Choice("算了不填了", Intent.CANCEL)
GO_ON = Choice("接着填", is_yes=True)


def cancelled() -> Reply:
    """The form is dropped."""
    return Reply("好，这次就不填了，什么都没有登记。")


def stopped(left: Reply, waiting: Sequence[Choice]) -> Reply:
    """The form was left; what it held is there for a while, and what was to come after it can be done now."""
    if not waiting:
        return Reply(f"{left.text}想接着填，半小时内说“继续”就行。", left.choices)
    labels = "、".join(choice.label for choice in waiting)
    return Reply(f"{left.text}您刚才还想{labels}，要办吗？", tuple(waiting))


def still_open(about: str, question: Reply) -> Reply:
    """Nobody has answered the open question for a while."""
    return Reply(f"{about}还没填完，不填了就说“算了不填了”。接着填的话：\n{question.text}", question.choices)


def lapsed(about: str | None, waiting: Sequence[Choice]) -> Reply:
    """A form was left for too long; it can be gone on with, or what was to come after it can be done."""
    go_on = (GO_ON,) if about else ()
    labels = "、".join([*([f"{about}没填完"] if about else []), *(f"还想{choice.label}" for choice in waiting)])
    return Reply(f"上次{labels}，还要接着办吗？", (*go_on, *waiting))


def not_done() -> Reply:
    """The person said no to doing it at all."""
    return Reply("好，那就不办了，什么都没有改动。")


def put_right() -> Reply:
    """A correction was taken before the open question was answered."""
    return Reply("改过来了。")


def noted() -> Reply:
    """More was told, and the open question not answered."""
    return Reply("记下了。")


def no_hurry() -> Reply:
    """The person asks for a moment; the question stays."""
    return Reply("好，不急，想好了再说。")


def attached() -> Reply:
    """A photo or a location came with no words."""
    return Reply("收到，放进这次的登记了。")


def back_to(question: str) -> str:
    """The open question, after something else."""
    return f"刚才的事还没说完：{question}"


def what_is_wrong() -> Reply:
    """The person said no to what was read back."""
    return Reply("哪一处不对？直接说就行，比如“不是5栋是6栋”。要是不办了，就说“算了不填了”。")


def not_understood(question: str, *, often: bool) -> str:
    """The answer could not be read."""
    hint = "（不想填了就说“算了不填了”，要找人就说“转人工”。）" if often else ""
    return f"没听明白。{question}{hint}"
