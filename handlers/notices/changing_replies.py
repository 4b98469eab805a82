"""Every sentence that the bot says about changing a notice that was given out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.notices.replies import short
from handlers.phrases import moment, repeats
from handlers.turn import Choice, Reply
from nlu.understanding import Intent

if TYPE_CHECKING:
    from storage.notices import Notice

_NO = Choice("不对", Intent.DENY)


def about_change(_values: dict[str, Any]) -> str:
    """What it is called while it is not done."""
    return "改通知"


def about_cancelling(_values: dict[str, Any]) -> str:
    """What it is called while it is not done."""
    return "取消通知"


def ask_text(values: dict[str, Any]) -> Reply:
    """What it is to say."""
    return Reply(f"原来的通知是：{values['was']}\n改成什么？把改好的整段发给我。")


def confirm_change(values: dict[str, Any]) -> Reply:
    """The notice as it will be."""
    if values.get("when"):
        at, again = moment(datetime.fromisoformat(values["when"]["at"])), repeats(values["when"]["rrule"])
        return Reply(f"通知“{short(values['was'])}”改成{again and again + '，'}{at}发。对不对？", (YES, _NO))
    changed = f"原来的：{values['was']}\n改成：{values['to']}\n"
    if not values["begun"]:
        return Reply(f"{changed}还没到发的时间，到时候发改好的。对不对？", (YES, _NO))
    waits = f"，还没发到的{values['waits']}人直接收改好的" if values["waits"] else ""
    return Reply(f"{changed}已经收到的{values['got']}人会收到更正{waits}。对不对？", (YES, _NO))


def confirm_cancelling(values: dict[str, Any]) -> Reply:
    """The notice that is to be taken back."""
    said = f"取消通知“{short(values['was'])}”"
    if not values["begun"]:
        return Reply(f"{said}：{'以后都不再发' if values['repeats'] else '到时候不发'}。对不对？", (YES, _NO))
    waits = f"没发到的{values['waits']}人不再发，" if values["waits"] else ""
    return Reply(f"{said}：{waits}已经收到的{values['got']}人会收到“取消”的消息。对不对？", (YES, _NO))


def changed(notice: Notice) -> Reply:
    """It reads otherwise."""
    return Reply(f"改好了，{moment(notice.send_at)}发改好的。")


def put_off(notice: Notice) -> Reply:
    """It goes out at another time."""
    again = repeats(notice.rrule)
    return Reply(f"改好了，{again and again + '，下一次'}{moment(notice.send_at)}发。")


def corrected(got: int, waits: int) -> Reply:
    """The correction is on its way."""
    more = f"，没发到的{waits}人直接收改好的" if waits else ""
    return Reply(f"改好了，已经给收到过的{got}人发更正{more}。")


def cancelled(told: int) -> Reply:
    """It is taken back."""
    return Reply(f"通知取消了，已经收到的{told}人会收到取消的消息。" if told else "通知取消了，不会再发。")


def taken_back(text: str) -> str:
    """To those who have the notice."""
    return f"前面发的通知取消了，请不要再照它办：{text}"


def no_such_notice() -> Reply:
    """None is known."""
    return Reply(
        "没有找到您能改的这样一条通知。说说通知里写的是什么，比如“停水的通知取消”。不想再收通知，说“不要再给我发通知”。"
    )


def not_there_any_more() -> str:
    """It was taken back in the meantime."""
    return "这条通知已经不在了，可能别人刚取消或者改过。"


def begun_already() -> str:
    """It is being sent."""
    return "这条通知已经开始发了，不能再改时间。要改内容就说“通知改成……”，不要了就说“通知取消”。"


def in_the_past() -> str:
    """The time has passed."""
    return "定的时间已经过了，请说一个以后的时间。"
