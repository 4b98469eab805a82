"""What staff are told who look cases up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.replies import hidden
from handlers.cases.replies.describing import STATE_NAMES, action_name, by, described
from handlers.cases.replies.staff import STATES
from handlers.phrases import day, moment
from handlers.turn import Reply
from nlu.categories import category
from nlu.times import SHANGHAI
from storage.cases import UNFINISHED, CaseState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.cases import Case, CaseEvent

_STATES = {**STATES, CaseState.CLOSED: STATE_NAMES[CaseState.CLOSED]}
LAST_STEPS = 3
"""Lines of the history that are shown."""


def found(cases: Sequence[Case], *, more: bool) -> Reply:
    """What was found, the newest first."""
    if not cases:
        return Reply("没有找到。只能查您负责范围里的事项；可以换个词，或者说编号、地点、谁在办。")
    lines = [_line(case) for case in cases]
    rest = "\n还有更早的，加个词（地点、谁办的、办结没有）再查。" if more else "\n看哪一件，说“查”加编号。"
    return Reply("\n".join(lines) + rest)


def _line(case: Case) -> str:
    reported = day(case.created_at.astimezone(SHANGHAI))
    handler = f"，{case.assignee.name}办" if case.assignee and case.assignee.name else ""
    place = f"·{hidden.place(case)}" if case.place else ""
    about = f"{category(case.category, case.kind).name}{place}"
    return f"{case.number} {about}（{reported}报{handler}）：{_STATES[case.state]}"


def found_one(case: Case) -> Reply:
    """The one that was found, as those who handle it see it, with its last steps."""
    handler = case.assignee.name if case.assignee and case.assignee.name else "还没有人"
    due = f"，{by(case, case.due_at, '办结')}" if case.state in UNFINISHED else ""
    steps = [_step(case, event) for event in case.history[-LAST_STEPS:]]
    return Reply(
        "\n".join([described(case), f"{_STATES[case.state]}，{handler}{'在办' if due else '办的'}{due}", *steps])
    )


def _step(case: Case, event: CaseEvent) -> str:
    said = f"：{hidden.words(case, event.note)}" if event.note else ""
    return f"{moment(event.at)} {action_name(event)}{said}"
