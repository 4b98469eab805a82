"""What the reporter of a case and those who follow it are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.cases.replies.describing import STATE_NAMES, about_case, by, told_apart
from handlers.cases.working_time import is_late
from handlers.forms.replies import YES
from handlers.phrases import day
from handlers.turn import Choice, Reply
from nlu.categories import category
from nlu.personal_data import mask
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.cases import UNFINISHED, CaseState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.cases import Case


def about_withdrawal(values: dict[str, Any]) -> str:
    """What taking a report back is called while it is not confirmed."""
    return f"撤回{values['number']}"


@about_case
def your_case_is_accepted(case: Case, plan: str = "") -> Reply:
    """To the reporter and followers; `plan` is what the handler said beside it (下午上门)."""
    said = f"\n他说：{mask(plan)}" if plan else ""
    who = case.assignee.name if case.assignee and case.assignee.name else "网格员"
    return Reply(f"{case.short}号有人接了：{who}，会尽快联系您，{by(case, case.due_at, '办结')}。{said}")


@about_case
def your_case_moves(case: Case, note: str) -> Reply:
    """To the reporter and followers."""
    return Reply(f"{case.short}号有进展：{mask(note)}")


@about_case
def your_case_goes_on(case: Case) -> Reply:
    """To the reporter and followers: it was called finished by mistake."""
    return Reply(f"{case.short}号还在办，刚才说办好了是弄错了，有进展再告诉您。")


@about_case
def your_case_is_closed(case: Case, why: str) -> Reply:
    """To the reporter: there is nothing to solve."""
    return Reply(f"{case.short}号结案了：{mask(why)}\n不是这样的话，7天内说“{case.short}号没解决”，会重新打开。")


@about_case
def your_case_is_resolved(case: Case, outcome: str) -> Reply:
    """To the reporter, who is asked whether it holds."""
    return Reply(
        f"{case.short}号办好了：{mask(outcome)}\n真的解决了吗？",
        _solved_or_not(case),
    )


def _solved_or_not(case: Case) -> tuple[Choice, ...]:
    return (
        Choice("解决了", Intent.RATE_CASE, f"{case.number} 解决了", is_yes=True),
        Choice("没解决", Intent.RATE_CASE, f"{case.number} 没解决", is_yes=False),
    )


@about_case
def a_followed_case_is_resolved(case: Case, outcome: str) -> Reply:
    """To followers."""
    return Reply(f"您关注的{case.short}号办好了：{mask(outcome)}")


@about_case
def how_many_stars(case: Case) -> Reply:
    """The reporter says that it is solved; a rating is asked for (clause 4.1)."""
    stars = ("1分 很不满意", "2分 不满意", "3分 一般", "4分 满意", "5分 很满意")
    return Reply(
        f"{case.short}号结案了。给这次处理打几分？",
        tuple(Choice(label, Intent.RATE_CASE, f"{case.number} 打{label[:2]}") for label in stars),
    )


@about_case
def rated(case: Case) -> Reply:
    """Thanks for the rating."""
    return Reply(f"谢谢，{case.short}号您打了{case.rating}分，已经记下。")


@about_case
def reopened(case: Case) -> Reply:
    """To the reporter."""
    return Reply(f"{case.short}号重新打开了，已经告诉办理的人和上一级，会接着办。")


def too_late_to_reopen(case: Case) -> str:
    """Seven days have passed."""
    return f"{case.short}号办结超过7天，不能重新打开了。事情还在的话，请重新报一次。"


def status(cases: Sequence[Case], now: datetime) -> Reply:
    """How one's own reports stand, and what comes next; one that waits for the reporter's word asks for it."""
    text = "\n".join(_status_line(case, now) for case in cases)
    if len(cases) == 1 and cases[0].state is CaseState.RESOLVED:
        return Reply(f"{text}\n真的解决了吗？", _solved_or_not(cases[0]))
    return Reply(text)


def _status_line(case: Case, now: datetime) -> str:
    reported = day(case.created_at.astimezone(SHANGHAI))
    what = category(case.category, case.kind).name
    line = f"{case.short}号（{reported}报的{what}，{case.place}）：{STATE_NAMES[case.state]}"
    match case.state:
        case CaseState.OPEN:
            line += f"，{by(case, case.respond_by, '会有人接')}"
        case CaseState.ACCEPTED | CaseState.IN_PROGRESS:
            notes = [event.note for event in case.history if event.action == "update"]
            note = mask(notes[-1]) if notes else ""
            line += (f"，最近一步：{note}" if note else "") + f"，{by(case, case.due_at, '办结')}"
        case CaseState.RESOLVED | CaseState.CLOSED:
            line += f"：{mask(case.outcome)}" if case.outcome else ""
        case CaseState.WITHDRAWN:
            pass
    late = case.state in UNFINISHED and is_late(case.created_at, case.due_at, now)
    return line + ("。已经超过期限，我再催一次。" if late else "。")


def nothing_to_rate() -> str:
    """Nothing is finished yet."""
    return "您报的事还没有办结的，办结以后再请您评价。"


def no_reports() -> str:
    """Nothing reported yet."""
    return "您还没有报过事。要报的话，直接说发生了什么、在哪里。"


def no_such_report(number: str) -> str:
    """The number is none of the person's own."""
    return f"您报的事里没有{number}号。说“我报的事咋样了”，可以看您报过的。"


def which_of_yours(cases: Sequence[Case]) -> Reply:
    """Several reports fit."""
    lines = [f"{name}：{category(case.category, case.kind).name}，{case.place}" for case, name in told_apart(cases[:5])]
    return Reply("您说的是哪一件？说编号就行：\n" + "\n".join(lines))


@about_case
def added(case: Case) -> Reply:
    """A fact was added."""
    return Reply(f"补充到{case.short}号了，办理的人也看得到。")


def confirm_withdrawal(case_number: str, summary: str) -> Reply:
    """Nothing is withdrawn on one word."""
    return Reply(f"要撤回{case_number}（{summary}）吗？撤回后就不再处理。", (YES, Choice("不撤", Intent.DENY)))


@about_case
def withdrawn(case: Case) -> Reply:
    """To the reporter."""
    return Reply(f"{case.short}号撤回了。以后又有问题，随时再报。")


@about_case
def closed_silently(case: Case) -> Reply:
    """Nobody answered for seven days."""
    return Reply(f"{case.short}号办结已经7天，没有收到您的意见，先结案了。还有问题请重新报。")
