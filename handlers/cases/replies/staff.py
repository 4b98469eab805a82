"""What those who handle cases are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.cases.clocks import is_late, respond_by
from handlers.cases.replies import hidden
from handlers.cases.replies.describing import STATE_NAMES, by, described, located, photos, told_apart
from handlers.phrases import moment
from handlers.turn import CasePhoto, Choice, Reply
from nlu.categories import category
from nlu.understanding import Intent
from storage.cases import CaseState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.cases import Case


def new_case(case: Case) -> Reply:
    """What the handler is told of a new case."""
    return Reply(
        f"新事项，请接单：{described(case)}\n{moment(case.respond_by)}前要回应，{moment(case.due_at)}前要办结。",
        (Choice(f"接单 {case.short}", Intent.ACCEPT_CASE, f"接单 {case.number}"),),
        photos(case),
    )


def accepted(case: Case) -> Reply:
    """To whoever accepted."""
    return Reply(
        f"您接了{case.short}号，{by(case, case.due_at, '办结')}。"
        f"有进展就说“{case.short}号……”，办好了说“{case.short}号……，结案”。"
    )


def noted(case: Case) -> Reply:
    """To whoever recorded progress."""
    return Reply(f"记下了，{case.short}号的报告人也收到了进展。")


def resolved(case: Case) -> Reply:
    """To whoever resolved it."""
    return Reply(f"{case.short}号已记为办结，正在请报告人确认。")


def your_work_is_rated(case: Case) -> Reply:
    """To the handler."""
    return Reply(f"{case.short}号的报告人确认解决了" + (f"，打了{case.rating}分。" if case.rating else "。"))


def work_is_reopened(case: Case) -> Reply:
    """To the handler and the level above."""
    return Reply(f"{case.short}号的报告人说没解决，已经重新打开，请接着办：\n{described(case)}")


def pressed(case: Case) -> Reply:
    """To the handler: the reporter asks."""
    return Reply(f"{case.short}号的报告人在问进展，{by(case, case.due_at, '要办结')}。")


def addition(text: str, names: Sequence[str], location: list[Any] | None) -> str:
    """What was added, in one line; `names` are those of photos."""
    parts = [text, f"照片{len(names)}张" if names else "", located(location)]
    return "；".join(part for part in parts if part)


def something_was_added(case: Case, note: str, names: Sequence[str] = ()) -> Reply:
    """To the handler; `names` are the photos that came with it."""
    added = tuple(CasePhoto(case.id, name) for name in names)
    return Reply(f"{case.short}号的报告人补充：{hidden.words(case, note)}", photos=added)


def somebody_else_reports(case: Case, words: str) -> Reply:
    """To the handler: another person told of the same thing, in `words` that hide what must be hidden."""
    return Reply(f"又有人报了{case.short}号的事：{words}\n要是不是一回事，说“{case.short}号拆开”。")


def work_is_withdrawn(case: Case) -> Reply:
    """To the handler."""
    return Reply(f"{case.short}号由报告人撤回，不用再办。")


def put_right(case: Case) -> Reply:
    """To the handler: the reporter has put the place or the kind of thing right."""
    return Reply(f"{case.short}号报告人更正了，现在是：\n{described(case)}")


def moved_away(case: Case) -> Reply:
    """To the handler before: the place is in another grid."""
    return Reply(f"{case.short}号的地点更正了，不在您那里，已经转给那边的网格员，不用您办了。")


def keep_it_secret(case: Case) -> Reply:
    """To the handler: the reporter will not be named after all."""
    return Reply(f"{case.short}号的报告人要求匿名。之前看到过是谁报的，请不要对任何人说。")


def one_reporter_withdraws(case: Case) -> Reply:
    """To the handler: one of several who report the same thing takes it back."""
    return Reply(f"{case.short}号有一位报告人撤回了，还有别人在报，请接着办：\n{described(case)}")


def tasks(cases: Sequence[Case], now: datetime) -> Reply:
    """A staff member's cases, what is due first."""
    lines = [_task_line(case, now) for case in cases]
    return Reply(f"手上有{len(cases)}件，按期限排：\n" + "\n".join(lines))


def _task_line(case: Case, now: datetime) -> str:
    due = respond_by(case) if case.state is CaseState.OPEN else case.due_at
    what = "回应" if case.state is CaseState.OPEN else "办结"
    late = "【超期】" if is_late(case, due, now) else ""
    about = f"{category(case.category, case.kind).name}·{hidden.place(case)}"
    if case.waiting_since is not None:
        return f"{late}{case.short}号 {about}：等报告人回话，计时已暂停"
    return f"{late}{case.short}号 {about}：{_TASK_STATES[case.state]}，{by(case, due, what)}"


_TASK_STATES = {CaseState.OPEN: "待接单", CaseState.ACCEPTED: "已接单", CaseState.IN_PROGRESS: "在办"}


def over(case: Case) -> str:
    """It is over already."""
    return f"{case.short}号已经结了（{STATE_NAMES[case.state]}）。"


def taken(case: Case) -> str:
    """Somebody else accepted it."""
    return f"{case.short}号已经有人接了。"


def yours_already(case: Case) -> str:
    """Accepted before."""
    return f"{case.short}号您已经接了。"


def accept_first(case: Case) -> str:
    """Work begins with accepting."""
    return f"{case.short}号要先接单。回复“接单 {case.short}”就行。"


def somebody_elses(case: Case) -> str:
    """Whoever accepted it answers for it (首问负责)."""
    return f"{case.short}号是别人在办，要先由对方转给您。"


def no_tasks() -> Reply:
    """Nothing to do."""
    return Reply("手上没有要办的事项。")


def no_such_case(number: str) -> str:
    """Absent and forbidden look alike."""
    return f"没有找到{number}这件事项。说“我的任务”可以看手上有哪些。"


def which_task(cases: Sequence[Case]) -> str:
    """Several cases fit."""
    lines = [
        f"{name}：{category(case.category, case.kind).name}，{hidden.place(case)}"
        for case, name in told_apart(cases[:8])
    ]
    return "是哪一件？请带上编号：\n" + "\n".join(lines)
