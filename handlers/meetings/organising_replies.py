"""What the bot says to whoever runs a meeting, and to those invited when it changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.meetings.replies import answers, described, numbered
from handlers.moments import day_of
from handlers.phrases import span
from handlers.turn import Choice, Reply
from nlu.understanding import Intent
from storage.meetings import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.meetings import Invitation, Meeting

MOST_NAMED = 30
NO = Choice("不改了", Intent.DENY)


def about_change(_values: dict[str, Any]) -> str:
    """What changing is called while it is not done."""
    return "改会议"


def about_cancelling(_values: dict[str, Any]) -> str:
    """What cancelling is called while it is not done."""
    return "取消会议"


def in_private() -> Reply:
    """What staff say of a meeting is not done in a group."""
    return Reply("改会议、看答复这些，请私下跟我说。")


def which(meetings: Sequence[Meeting], said: str) -> Reply:
    """Several could be meant; what was said goes on with the one that is chosen."""
    return Reply(
        "说的是哪个会？",
        tuple(
            Choice(f"{meeting.title}（{span(meeting.start, None)}）", None, f"{numbered(meeting)}：{said}")
            for meeting in meetings[:6]
        ),
    )


def none_such() -> str:
    """No meeting that the speaker answers for can be meant."""
    return "没有查到您管的、还没开的会。说“最近要开啥会”看要开的会。"


def ask_hour(values: dict[str, Any]) -> Reply:
    """The day that was said does not go with the hour of before."""
    return Reply(f"改到{day_of(values.get('when')) or '哪天'}几点？")


def in_the_past() -> str:
    """The new time has passed."""
    return "这个时间已经过了，请说一个以后的时间。"


def confirm_change(values: dict[str, Any]) -> Reply:
    """What changes, with the number of people who will hear of it, to be confirmed."""
    lines = [f"{values['title']}（{values['was']}）改成："]
    if values.get("start"):
        end = datetime.fromisoformat(values["end"]) if values.get("end") else None
        lines.append(f"时间：{span(datetime.fromisoformat(values['start']), end)}")
    if values.get("place"):
        lines.append(f"地点：{values['place']}")
    if values.get("capacity") or values.get("unlimited"):
        lines.append("座位：" + ("不限" if values.get("unlimited") else f"{values['capacity']}个"))
    told = f"马上告诉请了的{values['people']}人，原来的提醒作废。" if values["tells"] else ""
    return Reply("\n".join([*lines, f"对不对？对就改，{told}" if told else "对不对？"]), (YES, NO))


def confirm_cancelling(values: dict[str, Any]) -> Reply:
    """Nothing is cancelled on one word."""
    reason = f"原因：{values['reason']}。" if values["reason"] else ""
    return Reply(
        f"取消{values['title']}（{values['was']}）？{reason}会告诉请了的{values['people']}人。",
        (Choice("对的", Intent.AFFIRM), Choice("不取消", Intent.DENY)),
    )


def not_there_any_more() -> str:
    """Somebody else was faster, or it has begun."""
    return "这个会已经开了或者取消了，改不了了。"


def changed(meeting: Meeting, told: int, promoted: int) -> Reply:
    """To whoever changed it."""
    moved = f"排队的{promoted}人有位子了，已经告诉他们。" if promoted else ""
    said = f"告诉了{told}人。" if told else ""
    return Reply(f"改好了：{described(meeting)}。{said}{moved}")


def has_changed(meeting: Meeting, values: dict[str, Any], *, comes: bool) -> Reply:
    """To those invited; whoever said that they come need not say so again."""
    reason = f"（{values['reason']}）" if values.get("reason") else ""
    what = "时间改了" if values.get("start") else "地点改了"
    ask = "您说过要来，要是来不了，请说一声。" if comes else "来不来，回一声。"
    return Reply(f"会议{what}{reason}，原定{values['was']}，现在是：{described(meeting)}\n{ask}", answers(meeting))


def cancelled(meeting: Meeting, told: int, topics: int) -> Reply:
    """To whoever cancelled it."""
    back = f"会上的{topics}个议题回到等答复的议题里。" if topics else ""
    return Reply(f"{meeting.title}取消了，告诉了{told}人，不会再提醒。{back}")


def is_cancelled(meeting: Meeting, reason: str) -> Reply:
    """To those invited, and to those whose topics it was to treat."""
    why = f"原因：{reason}。" if reason else ""
    return Reply(f"会议取消了：{described(meeting)}。{why}另外定了会再通知。")


def who_comes(meeting: Meeting) -> Reply:
    """The answers, by name, for staff of its area."""
    coming, declined, waiting = meeting.answered(Answer.YES), meeting.answered(Answer.NO), meeting.waiting
    silent = meeting.answered(None)
    room = f"（座位{meeting.capacity}个）" if meeting.capacity else ""
    lines = [
        f"{numbered(meeting)}{meeting.title}，请了{len(meeting.invitations)}人：",
        f"要来：{meeting.heads}人{room}{_names(coming)}",
        *([f"排队：{sum(each.heads for each in waiting)}人{_names(waiting)}"] if waiting else []),
        f"来不了：{len(declined)}人{_names(declined)}",
        f"没回话：{len(silent)}人{_names(silent)}",
    ]
    ask = Choice("没回的再催一下", None, f"{numbered(meeting)}没回的再催一下", beside=True)
    return Reply("\n".join(lines), (ask,) if silent else ())


def _names(invitations: Sequence[Invitation]) -> str:
    if not invitations:
        return ""
    named = [
        f"{each.person.name or f'居民{each.person_id}'}{f'（带{each.guests}人）' if each.guests else ''}"
        for each in invitations[:MOST_NAMED]
    ]
    rest = f"等{len(invitations)}位" if len(invitations) > MOST_NAMED else ""
    return f"，{'、'.join(named)}{rest}"


def how_many_come(meeting: Meeting) -> Reply:
    """To anybody else: no names."""
    return Reply(f"{meeting.title}：到现在有{meeting.heads}个人说要来。", answers(meeting))


def calendar(meeting: Meeting, path: str) -> Reply:
    """Where the calendar file is."""
    return Reply(
        f"{meeting.title}的日历文件：{path}\n在网页聊天里点开，就能加到手机或电脑的日历。会议改期、取消以后再点一次会更新。"
    )


def confirm_nudge(values: dict[str, Any]) -> Reply:
    """Asking many again is read back first."""
    return Reply(f"{values['title']}还有{values['people']}人没回话，再问他们一次？", (YES, Choice("算了", Intent.DENY)))


def about_nudge(_values: dict[str, Any]) -> str:
    """What asking again is called while it is not done."""
    return "催没回话的人"


def everybody_answered(meeting: Meeting) -> str:
    """Nobody is to be asked again."""
    return f"{meeting.title}请了的人都回话了，不用催。"


def nudged_lately(hours: int) -> str:
    """Nobody likes to be asked all the time."""
    return f"刚催过不久，隔{hours}小时再催吧，催多了招人烦。"


def nudged(told: int) -> Reply:
    """Done."""
    return Reply(f"又问了{told}人。已经回了话的没有打扰。")
