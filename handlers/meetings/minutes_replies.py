"""What the bot says about who was at a meeting, its minutes, and what was decided there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.meetings.replies import numbered
from handlers.phrases import day, moment, span
from handlers.turn import Choice, Reply
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.meetings import MeetingState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from handlers.totp import Code
    from storage.meetings import Meeting
    from storage.minutes import Decision, Minutes

NO = Choice("不对", Intent.DENY)


@dataclass(frozen=True, slots=True)
class Known:
    """What has become known of a meeting after it was held; `ballots` are sentences on its votes."""

    attended: int = 0
    minutes: Minutes | None = None
    decisions: Sequence[Decision] = ()
    ballots: Sequence[str] = ()


def which(meetings: Sequence[Meeting], said: str) -> Reply:
    """Several could be meant; what was said goes on with the one that is chosen."""
    return Reply(
        "说的是哪个会？",
        tuple(
            Choice(f"{each.title}（{span(each.start, None)}）", None, f"{numbered(each)}{said}")
            for each in meetings[:6]
        ),
    )


def none_held() -> str:
    """No meeting that the speaker answers for can be meant."""
    return "没有查到您管的、已经开了的会。说会议的编号就行，比如“2号会议纪要：……”。"


def noted_there(meeting: Meeting, names: Sequence[str], several: Sequence[str], attended: int) -> Reply:
    """To whoever handed in the list."""
    unsure = f"叫{'、'.join(several)}的不止一位，只按名字记了。" if several else ""
    return Reply(f"{meeting.title}到会记下了{len(names)}位：{'、'.join(names)}。一共到会{attended}人。{unsure}")


def you_are_there(meeting: Meeting, *, first: bool) -> Reply:
    """To whoever said the code."""
    return Reply(f"{meeting.title}签到好了。" if first else f"{meeting.title}您已经签过到了。")


def code(meeting: Meeting, shown: Code) -> Reply:
    """The code of the minute, for whoever shows it on the spot."""
    until = shown.until.astimezone(SHANGHAI)
    return Reply(
        f"{meeting.title}现在的签到码：{shown.digits}（{until:%H:%M:%S}前有效，过了再问我要）。到会的人说“签到”加这个码。"
    )


def code_later(meeting: Meeting, opens: datetime) -> str:
    """It is too early or too late to say that one is there."""
    return f"{meeting.title}从{moment(opens)}开始才能签到。"


def about_minutes(_values: dict[str, Any]) -> str:
    """What publishing is called while it is not done."""
    return "发布纪要"


def ask_text(values: dict[str, Any]) -> Reply:
    """What was said and decided."""
    return Reply(
        f"{values['title']}的纪要：把会上说的、定的发给我，一条消息就行。定了的事写明谁办、什么时候办完，我会单独列出来。"
    )


def read_back(values: dict[str, Any]) -> Reply:
    """The decisions that were found, with the number of people who will read the minutes, to be confirmed."""
    found = values["decisions"]
    lines = [f"第{number}条 {_told(each)}" for number, each in enumerate(found, start=1)]
    listed = "\n".join(["定了这些事：", *lines]) if found else "没有看出定了什么事。有的话说“加一条：……”。"
    again = "原来发过的纪要会换成这一份。" if values.get("again") else ""
    hint = "要改就说“第1条由某某负责”“第1条5月1日前完成”“删掉第2条”“加一条：……”。" if found else ""
    return Reply(
        f"{values['title']}（{values['when']}）的纪要，{len(values['text'])}个字。{listed}\n"
        f"{again}会发给请了的{values['people']}人。对不对？{hint}",
        (YES, NO),
    )


def _told(decision: dict[str, Any]) -> str:
    due = f"{day(date.fromisoformat(decision['due']))}前" if decision["due"] else "没说期限"
    who = f"{decision['who']}负责" if decision["who"] else "没说谁办"
    known = "" if not decision["who"] or decision["person"] else "（这里没有账号，只提醒您）"
    return f"{decision['what']}（{who}{known}，{due}）"


def cannot_edit() -> Reply:
    """An edit of the decisions that is not understood."""
    return Reply("没有看懂改哪一条。比如“第1条由某某负责”“第1条5月1日前完成”“第1条改成……”“删掉第2条”“加一条：……”。")


def published(meeting: Meeting, told: int, decisions: int) -> Reply:
    """To whoever published."""
    follow = f"定了的{decisions}件事到期前会提醒办的人，到期那天也会告诉您。办好了说“{numbered(meeting)}第1条办好了”。"
    return Reply(f"{meeting.title}的纪要发布了，发给了{told}人。{follow if decisions else ''}")


def minutes(minutes: Minutes, decisions: Sequence[Decision], attended: int) -> Reply:
    """To those invited."""
    meeting = minutes.meeting
    again = "（更正）" if minutes.version > 1 else ""
    there = f"到会{attended}人。" if attended else ""
    decided = "\n".join(["定了这些事：", *map(one, decisions)]) if decisions else "会上没有定下要办的事。"
    return Reply(f"{meeting.title}（{moment(meeting.start)}）纪要{again}：{there}\n{minutes.text}\n{decided}")


def one(decision: Decision) -> str:
    """One decision with who does it, until when, and whether it is done."""
    who = f"{decision.who}负责" if decision.who else ""
    due = f"{day(decision.due)}前" if decision.due else ""
    said = "，".join(filter(None, (who, due)))
    note = f"：{decision.note}" if decision.note else ""
    state = f"，{day(decision.done_at.astimezone(SHANGHAI).date())}办好了{note}" if decision.done_at else ""
    return f"第{decision.number}条 {decision.what}{f'（{said}）' if said else ''}{state}"


def yours_is_due(decision: Decision, today: date) -> Reply:
    """To whoever is responsible."""
    when = (
        "今天到期" if decision.due == today else "已经过期了" if decision.due and decision.due < today else "快到期了"
    )
    return Reply(
        f"{decision.meeting.title}定下由您办的事{when}：{one(decision)}。办好了说“{numbered(decision.meeting)}第{decision.number}条办好了”。",
        (Choice("办好了", None, f"{numbered(decision.meeting)}第{decision.number}条办好了", beside=True),),
    )


def is_due(decision: Decision) -> Reply:
    """To whoever published the minutes, on the day."""
    return Reply(
        f"{decision.meeting.title}定的事今天到期，还没有说办好：{one(decision)}。办好了说“{numbered(decision.meeting)}第{decision.number}条办好了”，会告诉请了的人。"
    )


def about_done(_values: dict[str, Any]) -> str:
    """What this is called while it is not done."""
    return "记下决定办好了"


def confirm_done(values: dict[str, Any]) -> Reply:
    """Many are told, so it is read back first."""
    note = f"（{values['note']}）" if values["note"] else ""
    return Reply(
        f"{values['title']}第{values['number']}条“{values['what']}”办好了{note}？会告诉请了的{values['people']}人。",
        (YES, Choice("还没有", Intent.DENY)),
    )


def no_such_decision(meeting: Meeting | None) -> str:
    """There is no such decision that the speaker answers for."""
    of = meeting.title if meeting is not None else "会上"
    return f"{of}没有定过这一条，或者不归您说办没办好。说会议的编号就行，比如“2号会议第1条办好了”。"


def done_already(decision: Decision) -> str:
    """It was done before."""
    return f"这一条已经记过办好了：{one(decision)}。"


def done(told: int) -> Reply:
    """To whoever said so."""
    return Reply(f"记下了，告诉了{told}人。")


def is_done(decision: Decision) -> Reply:
    """To those invited, and to those who follow a topic of the meeting."""
    return Reply(f"{decision.meeting.title}定的事办好了：{one(decision)}。")


def known(meeting: Meeting, found: Known) -> str:
    """What came of a meeting that was held."""
    there = f"到会{found.attended}人。" if found.attended else ""
    lines = [there, *found.ballots]
    if found.minutes is None or meeting.state is not MeetingState.MINUTED:
        return "\n".join(filter(None, [*lines, "结果社区还没有发布，定了什么这里还不知道。"]))
    when = day(found.minutes.published_at.astimezone(SHANGHAI).date())
    open_ones = sum(each.done_at is None for each in found.decisions)
    head = f"纪要{when}发布了。" + (
        f"定了{len(found.decisions)}件事，{len(found.decisions) - open_ones}件办好了："
        if found.decisions
        else "没有定下要办的事。"
    )
    return "\n".join(filter(None, [*lines, head, *map(one, found.decisions)]))
