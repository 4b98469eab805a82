"""What the reporter of a case and those who follow it are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.cases import clocks
from handlers.cases.replies.clocks import is_waiting_for_you, late
from handlers.cases.replies.describing import REOPEN_WITHIN, STATE_NAMES, about_case, by, told_apart
from handlers.forms.replies import YES
from handlers.phrases import day
from handlers.turn import Choice, Reply
from nlu.categories import category
from nlu.oneself import building_of
from nlu.personal_data import mask
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.cases import CaseKind, CaseState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.cases import Case
    from storage.people import Person


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


def urged(cases: Sequence[Case]) -> Reply:
    """The urging was passed on."""
    numbers = "、".join(f"{case.short}号" for case in cases)
    return Reply(f"{numbers}已经替您催了办理的人。")


@about_case
def urged_before(case: Case) -> Reply:
    """It was passed on less than an hour ago."""
    return Reply(f"{case.short}号刚才已经替您催过了，一个小时以内不重复催。")


def about_leaving(values: dict[str, Any]) -> str:
    """What leaving a case is called while it is not confirmed."""
    return f"不再跟{values['number']}"


def confirm_leaving(number: str) -> Reply:
    """A follower takes back what they said of a case that somebody else reported first."""
    return Reply(
        f"{number}最先是别人报的，您撤回的话，只是以后不再告诉您进展，那件事还会接着办。要撤吗？",
        (YES, Choice("不撤", Intent.DENY)),
    )


@about_case
def withdrawn_by_one(case: Case) -> Reply:
    """To a reporter who withdraws what others report as well."""
    return Reply(f"您报的撤回了，以后不再告诉您。{case.short}号还有别人在报，会接着办。")


@about_case
def yours_now(case: Case) -> Reply:
    """To the follower who is the reporter now."""
    return Reply(f"{case.short}号最先报的人撤回了，您报的那份接着办，办好了会请您确认。")


@about_case
def thanks_follower(case: Case) -> Reply:
    """To a follower who says that it is solved."""
    return Reply(f"好，知道了。{case.short}号由最先报的人确认。")


@about_case
def a_followed_case_is_reopened(case: Case) -> Reply:
    """To followers."""
    return Reply(f"您关注的{case.short}号还没解决，重新打开了，会接着办。")


@about_case
def a_followed_case_is_closed(case: Case) -> Reply:
    """To followers."""
    return Reply(f"您关注的{case.short}号结案了。还有问题请重新报。")


@about_case
def still_to_answer(case: Case) -> Reply:
    """To the reporter, three days after the question and once."""
    return Reply(
        f"{case.short}号三天前办好了，还等您说一声：真的解决了吗？不回的话，再过几天就结案了。", _solved_or_not(case)
    )


@about_case
def reopened(case: Case) -> Reply:
    """To the reporter."""
    return Reply(f"{case.short}号重新打开了，已经告诉办理的人和上一级，会接着办。")


def too_late_to_reopen(case: Case) -> str:
    """Seven days have passed."""
    return f"{case.short}号办结超过7天，不能重新打开了。事情还在的话，请重新报一次。"


def status(cases: Sequence[Case], reader: Person, now: datetime) -> Reply:
    """How one's own reports stand, and what comes next; one that waits for the reporter's word asks for it."""
    text = "\n".join(_status_line(case, reader, now) for case in cases)
    if len(cases) == 1 and cases[0].state is CaseState.RESOLVED and cases[0].reporter_id == reader.id:
        return Reply(f"{text}\n真的解决了吗？", _solved_or_not(cases[0]))
    return Reply(text)


def _place(case: Case, reader: Person) -> str:
    """The place; who only follows reads the building, for the door may be that of whoever reported it first."""
    return case.place if case.reporter_id == reader.id else building_of(case.place)


def _status_line(case: Case, reader: Person, now: datetime) -> str:
    is_own = case.reporter_id == reader.id
    reported = day(case.created_at.astimezone(SHANGHAI))
    what = category(case.category, case.kind).name
    line = f"{case.short}号（{reported}报的{what}，{_place(case, reader)}）：{STATE_NAMES[case.state]}"
    match case.state:
        case CaseState.OPEN:
            if not clocks.is_overdue(case, now):
                line += f"，{by(case, clocks.respond_by(case), '会有人接')}"
            line += f"，{by(case, case.due_at, '办结')}" if case.kind is not CaseKind.EMERGENCY else ""
        case CaseState.ACCEPTED | CaseState.IN_PROGRESS if case.waiting_since is not None and is_own:
            return line + is_waiting_for_you(case)
        case CaseState.ACCEPTED | CaseState.IN_PROGRESS:
            notes = [event.note for event in case.history if event.action == "update"]
            note = mask(notes[-1]).rstrip("。") if notes else ""
            line += f"（{case.assignee.name}）" if case.assignee is not None and case.assignee.name else ""
            line += (f"，最近一步：{note}" if note else "") + f"，{by(case, case.due_at, '办结')}"
        case CaseState.RESOLVED | CaseState.CLOSED:
            line += f"：{mask(case.outcome)}" if case.outcome else ""
            waits = case.state is CaseState.RESOLVED and case.resolved_at is not None and is_own
            line += f"。您说一声解决了没有，{day(_last_word(case))}前不说就结案" if waits else ""
        case CaseState.WITHDRAWN:
            pass
    return line + (f"。{late(case)}" if clocks.is_overdue(case, now) else "。")


def _last_word(case: Case) -> datetime:
    return ((case.resolved_at or case.created_at) + REOPEN_WITHIN).astimezone(SHANGHAI)


def nothing_to_rate() -> str:
    """Nothing is finished yet."""
    return "您报的事还没有办结的，办结以后再请您评价。"


def no_reports() -> str:
    """Nothing reported yet."""
    return "您还没有报过事。要报的话，直接说发生了什么、在哪里。"


def no_such_report(number: str) -> str:
    """The number is none of the person's own."""
    return f"您报的事里没有{number}号。说“我报的事咋样了”，可以看您报过的。"


def which_of_yours(cases: Sequence[Case], reader: Person) -> Reply:
    """Several reports fit."""
    offered = list(told_apart(cases[:5]))
    lines = [
        f"{place}. {name}：{category(case.category, case.kind).name}，{_place(case, reader)}"
        for place, (case, name) in enumerate(offered, start=1)
    ]
    choices = tuple(Choice(name, says=case.number) for case, name in offered)
    return Reply("您说的是哪一件？按前面的数字，或者说编号：\n" + "\n".join(lines), choices)


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
