"""Every sentence that the bot says about meetings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.moments import day_of
from handlers.phrases import span
from handlers.turn import Choice, Reply
from nlu.understanding import Intent
from storage.meetings import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.meetings import Meeting


def about_meeting(_values: dict[str, Any]) -> str:
    """What calling a meeting is called while it is not done."""
    return "召集会议"


def ask_time(values: dict[str, Any]) -> Reply:
    """When; a day without an hour is not enough."""
    return Reply(f"{day_of(values.get('when')) or '哪天'}几点开？")


def ask_place(_values: dict[str, Any]) -> Reply:
    """Where."""
    return Reply("在哪里开？")


def ask_topics(_values: dict[str, Any]) -> Reply:
    """About what."""
    return Reply("议什么事？")


def read_back(values: dict[str, Any]) -> Reply:
    """The whole call, with the number of people who will get it, to be confirmed."""
    end = datetime.fromisoformat(values["end"]) if values.get("end") else None
    return Reply(
        f"召集{values['kind']}：\n时间：{span(datetime.fromisoformat(values['start']), end)}\n地点：{values['place']}\n"
        f"议题：{'、'.join(values['topics'])}\n通知：{values['audience']}，{values['people']}人\n对不对？对就发出通知。",
        (YES, Choice("不对", Intent.DENY)),
    )


def called(meeting: Meeting, told: int) -> Reply:
    """To whoever called it."""
    return Reply(f"{meeting.title}已经召集，通知发给了{told}人。开会前一天和前一小时会提醒。")


def call(meeting: Meeting) -> Reply:
    """To those invited."""
    return Reply(f"会议通知：{described(meeting)}\n来不来，回一声。", _answers(meeting))


def reminder(meeting: Meeting, which: str) -> Reply:
    """Before it starts."""
    if which == "day":
        return Reply(f"还没收到您的回复：{described(meeting)}\n来不来？", _answers(meeting))
    return Reply(f"会议快开始了：{described(meeting)}")


def _answers(meeting: Meeting) -> tuple[Choice, ...]:
    return (
        Choice("要来", Intent.ATTEND_MEETING, f"{meeting.title}我要来", is_yes=True),
        Choice("来不了", Intent.DECLINE_MEETING, f"{meeting.title}我来不了", is_yes=False),
    )


def described(meeting: Meeting) -> str:
    """One meeting: what, when, where."""
    topics = f"，议题：{'、'.join(meeting.topics)}" if meeting.topics else ""
    return f"{meeting.title}，{span(meeting.start, meeting.end)}，{meeting.place}{topics}"


def coming(meetings: Sequence[Meeting]) -> Reply:
    """What is called."""
    return Reply("最近的会议：\n" + "\n".join(f"· {described(meeting)}" for meeting in meetings))


def none_coming() -> Reply:
    """Nothing is called."""
    return Reply("最近没有召集会议，定了会通知您。")


def which(meetings: Sequence[Meeting], intent: Intent) -> Reply:
    """Several fit."""
    said = "我要来" if intent is Intent.ATTEND_MEETING else "我来不了"
    return Reply(
        "您说的是哪个会？",
        tuple(Choice(meeting.title, intent, f"{meeting.title}{said}") for meeting in meetings[:5]),
    )


def answered(meeting: Meeting, answer: Answer) -> Reply:
    """To whoever answered."""
    if answer is Answer.YES:
        return Reply(f"记下了，您要来：{described(meeting)}。有变化随时说。")
    return Reply(f"记下了，您来不了{meeting.title}。改主意了说一声“我要来”。")


def not_your_area() -> str:
    """The grid lies outside the caller's area."""
    return "这个网格不在您管的范围里，不能通知那里的居民。"


def in_the_past() -> str:
    """The time has passed."""
    return "这个时间已经过了，请说一个以后的时间。"
