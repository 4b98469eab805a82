"""Every sentence that the bot says about meetings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.moments import day_of
from handlers.phrases import moment, span
from handlers.turn import Choice, Reply
from nlu.understanding import Intent
from storage.meetings import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.meetings import Invitation, Meeting


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
    room = f"座位：{values['capacity']}个，满了就排队\n" if values.get("capacity") else ""
    return Reply(
        f"召集{values['kind']}：\n时间：{span(datetime.fromisoformat(values['start']), end)}\n地点：{values['place']}\n"
        f"议题：{'、'.join(values['topics'])}\n{room}通知：{values['audience']}，{values['people']}人\n对不对？对就发出通知。",
        (YES, Choice("不对", Intent.DENY)),
    )


def called(meeting: Meeting, told: int) -> Reply:
    """To whoever called it."""
    return Reply(
        f"{meeting.title}已经召集（{numbered(meeting)}），通知发给了{told}人。开会前一天提醒没回话的，前一小时提醒要来的。"
        f"说“{numbered(meeting)}哪些人来”看答复，说“{numbered(meeting)}改到……”或者“{numbered(meeting)}取消”可以改。"
    )


def call(meeting: Meeting) -> Reply:
    """To those invited."""
    room = f"座位{meeting.capacity}个，满了会排队。" if meeting.capacity else ""
    return Reply(f"会议通知：{described(meeting)}\n{room}来不来，回一声；要带人就说带几个。", answers(meeting))


def reminder(meeting: Meeting, which: str) -> Reply:
    """Before it starts."""
    if which == "hour":
        return Reply(f"会议快开始了：{described(meeting)}")
    return Reply(f"还没收到您的回复：{described(meeting)}\n来不来？", answers(meeting))


def answers(meeting: Meeting) -> tuple[Choice, ...]:
    """What somebody invited may answer."""
    return (
        Choice("要来", Intent.ATTEND_MEETING, f"{numbered(meeting)}{meeting.title}我要来", is_yes=True),
        Choice("来不了", Intent.DECLINE_MEETING, f"{numbered(meeting)}{meeting.title}我来不了", is_yes=False),
    )


def numbered(meeting: Meeting) -> str:
    """What people call a meeting by its number."""
    return f"{meeting.id}号会议"


def described(meeting: Meeting) -> str:
    """One meeting: what, when, where."""
    topics = f"，议题：{'、'.join(meeting.topics)}" if meeting.topics else ""
    return f"{meeting.title}，{span(meeting.start, meeting.end)}，{meeting.place}{topics}"


def coming(meetings: Sequence[Meeting]) -> Reply:
    """What is called."""
    return Reply("最近的会议：\n" + "\n".join(f"· {described(meeting)}" for meeting in meetings))


def none_coming(called_off: Sequence[Meeting] = ()) -> Reply:
    """Nothing is called; what was and is cancelled is said."""
    off = "".join(f"{meeting.title}（{moment(meeting.start)}）取消了。" for meeting in called_off)
    return Reply(f"{off}最近没有{'别的' if off else '召集'}会议，定了会通知您。")


def no_such_meeting() -> str:
    """No meeting that is still to come has this number."""
    return "没有这个编号的会要开。说“最近要开啥会”看要开的会。"


def which(meetings: Sequence[Meeting], intent: Intent, said: str) -> Reply:
    """Several fit; what was said besides goes on with the one that is chosen."""
    return Reply(
        "您说的是哪个会？",
        tuple(Choice(meeting.title, intent, f"{numbered(meeting)}{meeting.title}：{said}") for meeting in meetings[:5]),
    )


def answered(meeting: Meeting, answer: Answer, guests: int = 0) -> Reply:
    """To whoever answered."""
    if answer is Answer.YES:
        with_them = f"，带{guests}个人" if guests else ""
        to_calendar = Choice("加到日历", None, f"{numbered(meeting)}加到日历", beside=True)
        return Reply(f"记下了，您要来{with_them}：{described(meeting)}。有变化随时说。", (to_calendar,))
    return Reply(f"记下了，您来不了{meeting.title}。改主意了说一声“我要来”。")


def waits(meeting: Meeting, place: int) -> Reply:
    """There is no place; whoever comes waits for one."""
    return Reply(
        f"{meeting.title}的座位满了，您排在第{place}位。有人来不了就轮到您，会马上告诉您。不等了就说“来不了”。"
    )


def got_a_place(invitation: Invitation) -> Reply:
    """A place became free."""
    meeting = invitation.meeting
    with_them = f"（连您一共{invitation.heads}个人）" if invitation.guests else ""
    return Reply(
        f"有位子了，您可以来{with_them}：{described(meeting)}。来不了请说一声，好让给后面的人。", answers(meeting)
    )


def no_room_for_guests(meeting: Meeting) -> str:
    """Somebody who comes wants to bring more than there are places; what was noted before holds."""
    free = max((meeting.capacity or 0) - meeting.heads, 0)
    return f"{meeting.title}只剩{free}个位子，坐不下这么多。您的位子还在，带的人还按原来的记。"


def too_many_guests(most: int) -> str:
    """Nobody brings so many."""
    return f"一次最多登记带{most}个人，人多请直接跟社区说。"


def not_your_area() -> str:
    """The grid lies outside the caller's area."""
    return "这个网格不在您管的范围里，不能通知那里的居民。"


def in_the_past() -> str:
    """The time has passed."""
    return "这个时间已经过了，请说一个以后的时间。"
