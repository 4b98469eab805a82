"""What staff are told who look cases up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.replies import hidden
from handlers.cases.replies.describing import STATE_NAMES, by, described
from handlers.phrases import day, moment
from handlers.turn import Reply
from nlu.categories import category
from nlu.times import SHANGHAI
from storage.cases import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.cases import Case, CaseEvent

LAST_STEPS = 3
"""Lines of the history that are shown."""

_ACTIONS = {
    "report": "报事",
    "accept": "接单",
    "update": "进展",
    "resolve": "办结",
    "confirm": "报告人确认",
    "reopen": "报告人说没解决",
    "add": "报告人补充",
    "follow": "又有人报",
    "rate": "评价",
    "withdraw": "撤回",
    "close": "自动结案",
    "transfer": "转办",
    "escalate": "上报",
    "return": "退回",
    "wait": "等报告人回话",
    "go_on": "接着办",
    "attach": "办理照片",
    "consent": "代报同意",
    "merge": "合并",
    "split": "拆开",
    "hand_over": "换了报告人",
    "correct": "更正",
    "leave": "少了一位报告人",
    "outcome": "结果",
    "export": "导出卷宗",
    "call_off": "险情解除",
    "mediation_start": "开始调解",
}


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
    return f"{case.number} {about}（{reported}报{handler}）：{STATE_NAMES[case.state]}"


def found_one(case: Case) -> Reply:
    """The one that was found, as those who handle it see it, with its last steps."""
    handler = case.assignee.name if case.assignee and case.assignee.name else "还没有人"
    due = f"，{by(case, case.due_at, '办结')}" if case.state in UNFINISHED else ""
    steps = [_step(case, event) for event in case.history[-LAST_STEPS:]]
    return Reply(
        "\n".join([described(case), f"{STATE_NAMES[case.state]}，{handler}{'在办' if due else '办的'}{due}", *steps])
    )


def _step(case: Case, event: CaseEvent) -> str:
    said = f"：{hidden.words(case, event.note)}" if event.note else ""
    return f"{moment(event.at)} {_ACTIONS.get(event.action, event.action)}{said}"
