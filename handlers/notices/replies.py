"""Every sentence that the bot says about notices."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.phrases import day, moment
from handlers.turn import Choice, Reply
from nlu.times import SHANGHAI
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.notices import Notice, Recipient

UNSUBSCRIBED = "退订"
NO_ACCOUNT = "没有可用账号"


def about_notice(_values: dict[str, Any]) -> str:
    """What sending a notice is called while it is not done."""
    return "发通知"


def ask_text(_values: dict[str, Any]) -> Reply:
    """What to say."""
    return Reply("通知写什么？把要发的话整段发给我。")


def read_back(values: dict[str, Any]) -> Reply:
    """The whole notice with the number of people who will get it, to be confirmed."""
    when = moment(datetime.fromisoformat(values["send_at"])) if values.get("send_at") else "现在"
    ack = "\n要求回复收到" if values.get("needs_ack") else ""
    return Reply(
        f"通知{values['audience']}（{values['people']}人），{when}发：\n{values['text']}{ack}\n对不对？对就发。",
        (YES, Choice("不对", Intent.DENY)),
    )


def sent(notice: Notice) -> Reply:
    """To the author."""
    skipped = sum(1 for recipient in notice.recipients if recipient.skipped)
    left_out = f"，{skipped}人退订或没有账号，没有发" if skipped else ""
    return Reply(f"通知已经发出，共{len(notice.recipients) - skipped}人{left_out}。")


def scheduled(notice: Notice) -> Reply:
    """To the author, of a notice for later."""
    return Reply(f"定好了，{moment(notice.send_at)}发给{notice.area.name}。")


def body(notice: Notice) -> Reply:
    """To the recipients."""
    if not notice.needs_ack:
        return Reply(f"通知：{notice.text}")
    return Reply(f"通知：{notice.text}\n看到请回复“收到”。", (Choice("收到", Intent.ACKNOWLEDGE_NOTICE),))


def acknowledged(count: int) -> Reply:
    """To whoever confirmed."""
    return Reply("好的，已经记下您收到了。" if count == 1 else f"好的，{count}条通知都记下您收到了。")


def nothing_to_acknowledge() -> Reply:
    """Nothing waits for a confirmation."""
    return Reply("好的。现在没有要您确认的通知。")


def recent(recipients: Sequence[Recipient]) -> Reply:
    """The last notices."""
    lines = [f"· {day(r.notice.send_at.astimezone(SHANGHAI))}：{r.notice.text}" for r in recipients]
    return Reply("最近的通知：\n" + "\n".join(lines))


def none_recent() -> Reply:
    """No notices."""
    return Reply("最近没有给您的通知。")


def not_your_area() -> str:
    """The grid lies outside the author's area."""
    return "这个网格不在您管的范围里，不能给那里发通知。"


def in_the_past() -> str:
    """The time has passed."""
    return "定的时间已经过了，请说一个以后的时间，或者说“现在发”。"
