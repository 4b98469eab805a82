"""How a case is named and described, for those who may see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from handlers.cases import clocks
from handlers.cases.replies import hidden
from handlers.phrases import day, moment
from handlers.turn import CasePhoto
from nlu.categories import category
from storage.cases import CaseKind, CaseState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from handlers.turn import Reply
    from storage.cases import Case, CaseEvent
    from storage.people import Person

P = ParamSpec("P")

REOPEN_WITHIN = timedelta(days=7)
"""How long after it was resolved a reporter may say that it is not; nobody has then, and it is closed."""

KIND_NAMES = {CaseKind.DISPUTE: "矛盾纠纷", CaseKind.INCIDENT: "事件", CaseKind.EMERGENCY: "紧急情况"}
ACTION_NAMES = {
    "report": "报事",
    "accept": "接单",
    "update": "进展",
    "attach": "办理照片",
    "transfer": "转办",
    "return": "退回",
    "handover": "换人办理",
    "wait": "等报告人回话",
    "go_on": "接着计时",
    "go_up": "上报",
    "urge": "催办",
    "count_anew": "期限重算",
    "resolve": "办结",
    "outcome": "结果",
    "close": "结案",
    "confirm": "报告人确认",
    "reopen": "重新打开",
    "rate": "评价",
    "withdraw": "撤回",
    "add": "报告人补充",
    "correct": "报告人更正",
    "move": "改地点",
    "hide": "报告人要求匿名",
    "name": "报告人不再匿名",
    "consent": "代报同意",
    "follow": "又有人报",
    "leave": "少了一位报告人",
    "hand_over": "换了报告人",
    "merge": "合并",
    "split": "拆开",
    "call_off": "险情解除",
    "ask_mediation": "申请调解",
    "export": "打印卷宗",
}
"""What staff call the lines of a history; those of a mediation are named by their words."""

STATE_NAMES = {
    CaseState.OPEN: "等网格员接单",
    CaseState.ACCEPTED: "已接单",
    CaseState.IN_PROGRESS: "正在办",
    CaseState.RESOLVED: "已处理，等您确认",
    CaseState.CLOSED: "已办结",
    CaseState.WITHDRAWN: "已撤回",
}


def about_case(say: Callable[Concatenate[Case, P], Reply]) -> Callable[Concatenate[Case, P], Reply]:
    """Marks what is said as being about its case, so that whoever answers that message means it."""

    @wraps(say)
    def marked(case: Case, /, *args: P.args, **kwargs: P.kwargs) -> Reply:
        return replace(say(case, *args, **kwargs), about=case.id)

    return marked


def action_name(event: CaseEvent) -> str:
    """What a line of a history is called."""
    return "调解" if event.action.startswith("mediation_") else ACTION_NAMES.get(event.action, "其他")


def named(case: Case) -> str:
    """A case in a few words, so that whoever has sixty knows which one it is: 008号（漏水·桂花苑3栋）."""
    place = f"·{hidden.place(case)}" if case.place else ""
    return f"{case.short}号（{category(case.category, case.kind).name}{place}）"


def next_due(case: Case) -> datetime:
    """By when the next step of an unfinished case is due: an answer to an offer, the first response, the resolution."""
    if case.state is CaseState.OPEN:
        return case.offered_until or clocks.respond_by(case)
    return case.due_at


def reporter_line(case: Case) -> str:
    """Who reported, for those who handle it."""
    if case.anonymous:
        return "匿名"
    if case.on_behalf_of:
        phone = f"，电话{case.on_behalf_phone}" if case.on_behalf_phone else ""
        return f"{case.on_behalf_of}{phone}（{_name(case.filed_by)}代报）"
    if case.reporter is None:
        return "匿名"
    phone = f"，电话{case.reporter.phone}" if case.reporter.phone else ""
    filed = f"（{_name(case.filed_by)}代报）" if case.filed_by is not None else ""
    return f"{case.reporter.name or '没留名字的居民'}{phone}{filed}"


def _name(person: Person | None) -> str:
    return (person.name if person is not None else None) or "没留名字的人"


def where(case: Case) -> str:
    """The place for those who go there, with latitude and longitude where they are known."""
    place = hidden.place(case)
    return f"{place}（{located(case.location)}）" if hidden.shows_location(case) else place


def located(location: list[Any] | None) -> str:
    return f"定位 {location[0]:.5f}, {location[1]:.5f}" if location else ""


def described(case: Case) -> str:
    """A case for those who handle it."""
    text = hidden.words(case, case.text)
    since = f"（从{day(case.since)}起）" if case.since else ""
    return (
        f"{case.number} {KIND_NAMES[case.kind]}·{category(case.category, case.kind).name}\n"
        f"地点：{where(case)}{since}\n情况：{text}\n{_photos(case)}报告人：{reporter_line(case)}{_also(case)}"
    )


def photos(case: Case) -> tuple[CasePhoto, ...]:
    """The photos of a case, for those who handle it."""
    names = [*case.photos, *(name for follower in case.followers for name in follower.photos)]
    return tuple(CasePhoto(case.id, name) for name in names)


def _photos(case: Case) -> str:
    return f"照片：{len(case.photos)}张\n" if case.photos else ""


def _also(case: Case) -> str:
    """What those who report the same thing said, for those who handle it."""
    told = [hidden.of_follower(case, follower) for follower in case.followers]
    lines = [f"\n也有人报：{words}" for words in told if words]
    return "".join(lines) or (f"\n另有{len(told)}人也报了这件事" if told else "")


def by(case: Case, due: datetime, what: str) -> str:
    """By when something must be done; an emergency, which is due in the minute of its report, at once."""
    return "马上处理" if case.kind is CaseKind.EMERGENCY else f"{moment(due)}前{what}"


def told_apart(cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
    """Cases with the short number, or with the whole one where two have the same short one."""
    shorts = [case.short for case in cases]
    for case in cases:
        yield case, f"{case.short}号" if shorts.count(case.short) == 1 else case.number
