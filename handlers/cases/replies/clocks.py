"""What is said when time runs: reminders, what went up the tree, what waits for the reporter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.clocks import LONGEST_WAIT, waits_until, went_up_to
from handlers.cases.replies import hidden
from handlers.cases.replies.describing import STATE_NAMES, action_name, by, described, told_apart
from handlers.cases.working_time import DAY
from handlers.phrases import moment
from handlers.turn import Choice, Reply
from nlu.categories import category
from nlu.personal_data import mask
from nlu.understanding import Intent
from storage.cases import CaseKind, CaseState
from storage.escalations import Clock, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from handlers.cases.clocks import Running
    from storage.areas import Area
    from storage.cases import Case, CaseEvent

LAST_LINES = 3
"""How much of its history a case is shown with to whoever it goes up to."""

_MUST = {Clock.RESPOND: "回应", Clock.RESOLVE: "办结", Clock.ALARM: "确认"}
_STEPS = frozenset({"accept", "update", "add", "follow", "wait", "go_on", "reopen", "go_up", "transfer"})
"""What the one to whom a case goes up reads of its history."""


def reminder(due: Sequence[tuple[Case, Running]], now: datetime) -> Reply:
    """To a handler: everything that is due before long, in one message."""
    pressing = any(clock.marks[Mark.FOUR_FIFTHS] <= now for _, clock in due)
    head = "提醒您，时间不多了" if pressing else "提醒您"
    if len(due) == 1:
        case, clock = due[0]
        return Reply(f"{head}：{_due(case, clock)}。", _accept(case))
    lines = [_due(case, clock) for case, clock in sorted(due, key=lambda each: each[1].due)]
    return Reply(f"{head}，{len(lines)}件要办，按期限排：\n" + "\n".join(lines))


def _due(case: Case, clock: Running) -> str:
    about = f"{case.short}号 {category(case.category, case.kind).name}·{hidden.place(case)}"
    if case.kind is CaseKind.EMERGENCY:
        return f"{about}：请说一下现场情况，处理完了就结案"
    return f"{about}：{moment(clock.due)}前要{_MUST[clock.clock]}"


def _accept(case: Case) -> tuple[Choice, ...]:
    if case.state is not CaseState.OPEN:
        return ()
    return (Choice(f"接单 {case.short}", Intent.ACCEPT_CASE, f"接单 {case.number}"),)


def you_are_late(late: Sequence[tuple[Case, Running, Area]]) -> Reply:
    """To a handler: what ran out went up; they stay answerable (首问负责)."""
    lines = [f"{_overdue(case, clock)}，已经报到{area.name}。" for case, clock, area in late]
    return Reply("\n".join([*lines, "还是由您负责，请抓紧；上一级也可以一起办。"]))


def _overdue(case: Case, clock: Running) -> str:
    if case.kind is CaseKind.EMERGENCY:
        return f"{case.short}号（{category(case.category, case.kind).name}）接了以后还没有办结"
    return f"{case.short}号（{category(case.category, case.kind).name}）超过了{_MUST[clock.clock]}期限"


def went_up(case: Case, clock: Running) -> Reply:
    """To whoever a late case goes up to: what it is, what is late, who has it, and what was done."""
    who = case.assignee.name or "没留名字的工作人员" if case.assignee is not None else "没有人"
    accepted = "还没有人接单" if case.state is CaseState.OPEN else f"现在是{who}在办"
    # The last line says that it went up to here.
    lines = [_line(case, event) for event in case.history[:-1] if event.action in _STEPS]
    done = ["最近：" + "；".join(lines[-LAST_LINES:])] if lines else []
    late = [
        f"{_overdue(case, clock)}（{moment(clock.due)}），{accepted}，报到您这一级，请督促，也可以直接办、转给别人。"
    ]
    return Reply("\n".join(["【超期】" + late[0], described(case), *done]), _accept(case))


def _line(case: Case, event: CaseEvent) -> str:
    said = hidden.words(case, event.note)
    step = f"{moment(event.at)} {action_name(event)}"
    return f"{step}（{said}）" if said else step


def many_went_up(late: Sequence[tuple[Case, Running]]) -> Reply:
    """To whoever many late cases go up to at once."""
    numbers = dict(told_apart([case for case, _ in late]))
    lines = [
        f"{numbers[case]} {category(case.category, case.kind).name}·{hidden.place(case)}：超过{_MUST[clock.clock]}期限"
        f"（{moment(clock.due)}），{_who_has(case)}"
        for case, clock in late
    ]
    return Reply(f"【超期】{len(late)}件超过期限，报到您这一级，请督促，也可以直接办、转给别人：\n" + "\n".join(lines))


def _who_has(case: Case) -> str:
    if case.state is CaseState.OPEN or case.assignee is None:
        return "还没有人接单"
    return f"{case.assignee.name or '工作人员'}在办"


def your_case_went_up(case: Case, area: Area) -> Reply:
    """To the reporter and followers, in plain words."""
    what = "还没有人接" if case.state is CaseState.OPEN else "没有按时办好"
    return Reply(f"{case.short}号{what}，已经报到上一级（{area.name}），由他们来督促，有进展马上告诉您。")


def nobody_above(case: Case, clock: Running) -> Reply:
    """To any staff of the community: a late case found nobody on the way up the tree."""
    return Reply(f"【超期】{_overdue(case, clock)}，往上没有人在岗，请帮忙找人办：\n{described(case)}", _accept(case))


def somebody_above_works(case: Case, who: str, note: str) -> Reply:
    """To the handler: somebody to whom their case went up did something about it."""
    return Reply(f"{who}也在办{case.short}号：{note}")


def note_up(clock: Clock, area: Area, *, vacant: bool) -> str:
    """Why a case went up, for its history."""
    where = f"{area.name}没有人在岗，再往上报" if vacant else f"报到{area.name}"
    return f"超过{_MUST[clock]}期限，{where}"


def note_counted_anew(case: Case) -> str:
    """Why a deadline moved, for the history."""
    return f"放假安排有变，重新算过：{moment(case.due_at)}前办结"


def late(case: Case) -> str:
    """To the reporter, who asks: what happens now that it is late."""
    up = went_up_to(case)
    if up is None:
        return "已经超过期限，我再催一次。"
    return f"已经超过期限，{moment(up.at)}报到了上一级（{up.area.name}），我再催一次。"


def is_waiting_for_you(case: Case) -> str:
    """To the reporter, who asks: the rest of the line on a case whose clock stands."""
    notes = [event.note for event in case.history if event.action == "update" and event.note]
    said = f"（{mask(notes[-1]).rstrip('。')}）" if notes else ""
    return (
        f"，已暂停，等您回话{said}。直接回复我就行，我转给办理的人；最多等到{moment(waits_until(case))}，到时接着办。"
    )


def answer_us(case: Case, note: str) -> Reply:
    """To the reporter: the handler waits for a word from them, or asks something."""
    days = LONGEST_WAIT // DAY
    return Reply(
        f"{case.short}号（{category(case.category, case.kind).name}）等您回话。办理的人说：{mask(note)}\n"
        f"直接回复我就行，我转给办理的人。等您期间先不计时，最多等{days}个工作日。"
    )


def waits(case: Case) -> Reply:
    """To the handler, who said that they wait for the reporter."""
    return Reply(
        f"记下了，{case.short}号暂停计时，已经请报告人回话。"
        f"最多等到{moment(waits_until(case))}；有回话马上转给您，您有进展也直接说。"
    )


def they_answered(case: Case) -> Reply:
    """To the handler: the clock runs again."""
    return Reply(f"{case.short}号报告人回话了，接着计时，{by(case, case.due_at, '办结')}。")


def they_are_there(case: Case, words: str) -> Reply:
    """To the handler who waits: the reporter asks how it stands, and can be reached now."""
    return Reply(f"{case.short}号的报告人来问了：{hidden.words(case, words)}\n还在等回话，暂停计时，现在可以联系。")


def waited_long_enough(case: Case) -> Reply:
    """To the handler: the reporter said nothing, and the clock runs again."""
    days = LONGEST_WAIT // DAY
    return Reply(f"{case.short}号等了{days}个工作日，报告人没有回话，接着计时，{by(case, case.due_at, '办结')}。")


def we_go_on_without_you(case: Case) -> Reply:
    """To the reporter, who did not answer."""
    return Reply(
        f"{case.short}号一直没有等到您回话，办理的人先接着办（{STATE_NAMES[case.state]}）。您随时可以再跟我说。"
    )
