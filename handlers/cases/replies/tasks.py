"""The lists of what waits for those who handle cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.clocks import is_late
from handlers.cases.replies import hidden
from handlers.cases.replies.describing import by, next_due, told_apart
from handlers.cases.replies.staff import STATES
from handlers.turn import Choice, Reply
from nlu.categories import category
from nlu.understanding import Intent
from storage.cases import CaseState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.case_tasks import TaskPage
    from storage.cases import Case
    from storage.people import Person


def tasks(found: TaskPage, first: int, now: datetime, me: int, about: str) -> Reply:
    """A page of cases, from the place `first` on; `about` says whose they are and which of them."""
    counts = [f"{found.offered}件转给您等回话"] * bool(found.offered) + [f"{found.waiting}件待接单"] * bool(
        found.waiting
    )
    counts += [f"{found.late}件超期"] * bool(found.late)
    head = f"{about}有{found.count}件" + (f"（{'，'.join(counts)}）" if counts else "") + "，按期限排："
    lines = [_line(case, name, now, me) for case, name in told_apart(found.cases)]
    left = found.count - first - len(found.cases)
    page = first // len(found.cases) + 2 if left > 0 else 0
    more = (Choice("下一页", Intent.MY_TASKS, f"第{page}页"),) if left > 0 else ()
    tail = [f"还有{left}件，说“下一页”接着看。"] if left > 0 else []
    return Reply("\n".join([head, *lines, *tail]), more)


def _line(case: Case, name: str, now: datetime, me: int) -> str:
    due = next_due(case)
    late = "【超期】" if is_late(case, due, now) else ""
    what = f"{category(case.category, case.kind).name}·{hidden.place(case)}"
    if case.offered_to_id == me:
        return f"【转给您】{late}{name} {what}：回“接单 {case.short}”或者“退回 {case.short}”"
    state = f"已转{case.unit}" if case.unit else STATES[case.state]
    if case.offered_to_id is not None:
        state = "已转出，等对方接"
    if case.waiting_since is not None:
        return f"{late}{name} {what}：等报告人回话，计时已暂停"
    return f"{late}{name} {what}：{state}，{by(case, due, '回应' if case.state is CaseState.OPEN else '办结')}"


def pressed(handlers: Sequence[tuple[Person, int]], left: int) -> Reply:
    """Who was pressed, for how many cases each; `left` more were not."""
    who = "、".join(f"{person.name or '没留名字的办理人'}{number}件" for person, number in handlers)
    return Reply(f"催了：{who}。" + (f"还有{left}件没催，催完这些再说一次。" if left else ""))


def pressed_today(about: str) -> Reply:
    """Nobody is pressed for one thing twice a day."""
    return Reply(f"{about}今天都催过了。要再催哪一件，说“催一下”加编号。")


def no_tasks(about: str) -> Reply:
    """Nothing of that kind."""
    return Reply(f"{about}没有要办的事项。")


def no_more() -> Reply:
    """The list was read to its end."""
    return Reply("没有了，都看完了。说“我的任务”从头看。")


def not_of_your_team(name: str) -> str:
    """Somebody who works elsewhere, or nobody."""
    return f"您管的人里没有叫{name}的。"
