"""What those who handle cases are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.cases.clocks import is_late
from handlers.cases.replies import hidden
from handlers.cases.replies.describing import (
    STATE_NAMES,
    about_case,
    by,
    described,
    located,
    named,
    next_due,
    photos,
    told_apart,
)
from handlers.forms.replies import YES
from handlers.phrases import day, moment
from handlers.turn import CasePhoto, Choice, Reply
from nlu.categories import category
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.cases import UNFINISHED, CaseState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from nlu.outcomes import Outcome
    from storage.cases import Case
    from storage.people import Person

DONE = "已办结。"
"""What the reporter reads where nothing more was said."""

STATES = {
    CaseState.OPEN: "待接单",
    CaseState.ACCEPTED: "已接单",
    CaseState.IN_PROGRESS: "在办",
    CaseState.RESOLVED: "已办结，等报告人确认",
    CaseState.CLOSED: "已结案",
    CaseState.WITHDRAWN: "报告人已撤回",
}
"""The states as those who work on cases call them."""

_KEPT_STATES = {
    CaseState.OPEN: "还没人接单",
    CaseState.ACCEPTED: "还在您这里办",
    CaseState.IN_PROGRESS: "还在您这里办",
}

TOLD = frozenset({"update", "add", "follow", "transfer", "return", "resolve", "reopen"})
"""What of a case's history tells something beside its state."""


@about_case
def new_case(case: Case) -> Reply:
    """What the handler is told of a new case."""
    return Reply(
        f"新事项，请接单：{described(case)}\n{moment(case.respond_by)}前要回应，{moment(case.due_at)}前要办结。",
        (Choice(f"接单 {case.short}", Intent.ACCEPT_CASE, f"接单 {case.number}"),),
        photos(case),
    )


@about_case
def accepted(case: Case) -> Reply:
    """To whoever accepted."""
    return Reply(
        f"您接了{named(case)}，{by(case, case.due_at, '办结')}。"
        f"有进展就说“{case.short}号……”，办好了说“{case.short}号……，结案”。"
    )


@about_case
def noted(case: Case) -> Reply:
    """To whoever recorded progress."""
    return Reply(f"记到{named(case)}了，报告人也收到了进展。")


@about_case
def photos_kept(case: Case) -> Reply:
    """To whoever sent photos or a place of their work."""
    return Reply(f"收到，放进{named(case)}的办理记录了。")


@about_case
def resolved(case: Case, offered: Sequence[Outcome] = ()) -> Reply:
    """To whoever resolved it; where the words leave open what came of it, that is asked."""
    said = f"{named(case)}已记为办结，正在请报告人确认。"
    if not offered:
        return Reply(said)
    choices = (Choice(each.name, Intent.CLOSE_CASE, f"{case.number} 结果：{each.name}") for each in offered)
    return Reply(f"{said}\n结果算哪一种？统计要用，选一个就行。", tuple(choices))


@about_case
def outcome_noted(case: Case, name: str) -> Reply:
    """The outcome of what is resolved already was chosen or put right."""
    return Reply(f"{named(case)}的结果记为：{name}。")


@about_case
def closed_alone(case: Case, name: str) -> Reply:
    """To the admin who closed it without asking the reporter."""
    return Reply(f"{named(case)}按“{name}”结案了，已经告诉报告人。")


@about_case
def closed_by_above(case: Case, who: Person) -> Reply:
    """To the handler: an admin has closed it."""
    return Reply(f"{named(case)}由{who.name or '管理员'}结案了（{case.outcome}），您不用再办。")


@about_case
def kept(case: Case) -> Reply:
    """It was not to be closed, and is not."""
    return Reply(f"好，{named(case)}没有结案，{_KEPT_STATES[case.state]}。")


def nothing_closed() -> Reply:
    """It is not said which is not to be closed: none is."""
    return Reply("好，没有结案，什么都没有改动。")


@about_case
def not_accepted(case: Case) -> Reply:
    """It was not to be accepted, and is not."""
    return Reply(f"好，{named(case)}没有接。要退回就说“退回 {case.short}”，再说一句原因。")


@about_case
def pass_it_on(case: Case) -> Reply:
    """It was accepted before: it can be passed on."""
    return Reply(
        f"{named(case)}已经接了。办不了就转给别人，比如“{case.short}转给……”，或者“退回 {case.short}”加一句原因。"
    )


@about_case
def taken_back(case: Case) -> Reply:
    """To the handler, who had closed it by mistake."""
    return Reply(f"{named(case)}改回在办了，也告诉了报告人。")


@about_case
def as_it_stands(case: Case, now: datetime) -> Reply:
    """A case for whoever answers for it or stands above: all that is known, who has it, what came last."""
    has = f"办理人：{case.assignee.name or '没留名字'}" if case.assignee else "还没有办理人"
    if case.offered_to is not None:
        has += f"（已转给{case.offered_to.name or '别人'}，等对方接）"
    if case.unit:
        has += f"，已转{case.unit}"
    due = next_due(case)
    until = f"，{by(case, due, '回应' if case.state is CaseState.OPEN else '办结')}" if case.state in UNFINISHED else ""
    late = "【超期】" if case.state in UNFINISHED and is_late(case, due, now) else ""
    said = [event for event in case.history if event.note and event.action in TOLD][-3:]
    lines = [f"{moment(event.at)}：{hidden.words(case, event.note)}" for event in said]
    return Reply(
        "\n".join([f"{late}{described(case)}", f"{has}；{STATES[case.state]}{until}。", *lines]), _next_steps(case)
    )


def _next_steps(case: Case) -> tuple[Choice, ...]:
    accept = Choice(f"接单 {case.short}", Intent.ACCEPT_CASE, f"接单 {case.number}", beside=True)
    return (accept,) if case.state is CaseState.OPEN else ()


@about_case
def urged(case: Case, who: Person) -> Reply:
    """To the handler: somebody of the staff presses."""
    return Reply(
        f"{who.name or '工作人员'}在催{named(case)}，{by(case, case.due_at, '要办结')}。请回一句进展。",
        _next_steps(case),
    )


def urged_together(cases: Sequence[Case], who: Person) -> Reply:
    """To the handler of several that somebody of the staff presses for."""
    lines = [f"{named(case)}，{by(case, next_due(case), '要有回话')}" for case in cases]
    return Reply("\n".join([f"{who.name or '工作人员'}在催这{len(cases)}件，请回一句进展：", *lines]))


@about_case
def passed_on(case: Case, to: Person) -> Reply:
    """To whoever pressed."""
    return Reply(f"已经催了{to.name or '办理人'}：{named(case)}。")


@about_case
def in_your_hands(case: Case) -> Reply:
    """Whoever presses handles it themselves."""
    who = f"，已转{case.unit}，请直接联系他们" if case.unit else ""
    return Reply(f"{named(case)}就在您手上{who}，{by(case, case.due_at, '办结')}。")


def each(verb: str, done: Sequence[Case], undone: Sequence[str], asks: Reply | None) -> Reply:
    """What was done with several cases, and what was not, and why."""
    lines = [f"{verb}{len(done)}件：{'、'.join(named(case) for case in done)}。"] if done else []
    lines += [f"没办成：{sentence}" for sentence in undone]
    said = Reply("\n".join(lines))
    return said.followed_by(asks) if lines else asks or said


def confirm_all(verb: str, cases: Sequence[str], more: int) -> Reply:
    """Nothing is done with all cases on one word."""
    rest = f"\n……还有{more}件" if more else ""
    count = len(cases) + more
    return Reply(f"要{verb}这{count}件吗？\n" + "\n".join(cases) + rest, (YES, Choice("不", Intent.DENY)))


@about_case
def your_work_is_rated(case: Case) -> Reply:
    """To the handler."""
    return Reply(f"{case.short}号的报告人确认解决了" + (f"，打了{case.rating}分。" if case.rating else "。"))


@about_case
def work_is_reopened(case: Case) -> Reply:
    """To the handler and the level above."""
    return Reply(f"{case.short}号的报告人说没解决，已经重新打开，请接着办：\n{described(case)}")


@about_case
def pressed(case: Case) -> Reply:
    """To the handler: the reporter asks."""
    return Reply(f"{case.short}号的报告人在问进展，{by(case, case.due_at, '要办结')}。")


def addition(text: str, names: Sequence[str], location: list[Any] | None) -> str:
    """What was added, in one line; `names` are those of photos."""
    parts = [text, f"照片{len(names)}张" if names else "", located(location)]
    return "；".join(part for part in parts if part)


@about_case
def something_was_added(case: Case, note: str, names: Sequence[str] = ()) -> Reply:
    """To the handler; `names` are the photos that came with it."""
    added = tuple(CasePhoto(case.id, name) for name in names)
    return Reply(f"{case.short}号的报告人补充：{hidden.words(case, note)}", photos=added)


@about_case
def somebody_else_reports(case: Case, words: str) -> Reply:
    """To the handler: another person told of the same thing, in `words` that hide what must be hidden."""
    return Reply(f"又有人报了{case.short}号的事：{words}\n要是不是一回事，说“{case.short}号拆开”。")


@about_case
def work_is_withdrawn(case: Case) -> Reply:
    """To the handler."""
    return Reply(f"{case.short}号由报告人撤回，不用再办。")


@about_case
def put_right(case: Case) -> Reply:
    """To the handler: the reporter has put the place or the kind of thing right."""
    return Reply(f"{case.short}号报告人更正了，现在是：\n{described(case)}")


@about_case
def moved_away(case: Case) -> Reply:
    """To the handler before: the place is in another grid."""
    return Reply(f"{case.short}号的地点更正了，不在您那里，已经转给那边的网格员，不用您办了。")


@about_case
def keep_it_secret(case: Case) -> Reply:
    """To the handler: the reporter will not be named after all."""
    return Reply(f"{case.short}号的报告人要求匿名。之前看到过是谁报的，请不要对任何人说。")


@about_case
def one_reporter_withdraws(case: Case) -> Reply:
    """To the handler: one of several who report the same thing takes it back."""
    return Reply(f"{case.short}号有一位报告人撤回了，还有别人在报，请接着办：\n{described(case)}")


def over(case: Case) -> str:
    """It is over already."""
    return f"{case.short}号已经结了（{STATE_NAMES[case.state]}）。"


def offered_to_another(case: Case) -> str:
    """It was passed on and waits for somebody else."""
    who = (case.offered_to.name if case.offered_to else None) or "别人"
    return f"{case.short}号已经转给{who}，等对方接。"


def what_happened(case: Case) -> str:
    """Progress without a word of it."""
    return f"{case.short}号有什么进展？带上编号说一句就行，比如“{case.short}号上门看过了，约了周五修”。"


def attached(photos: Sequence[str], location: list[Any] | None) -> str:
    """The history's line of what a handler sent."""
    return "；".join(part for part in (f"办理照片：{'、'.join(photos)}" if photos else "", located(location)) if part)


def same_as(case: Case) -> str:
    """The outcome of a second report of the same thing."""
    return f"和{case.short}号是一件事，并到{case.short}号一起办。"


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


def no_such_case(number: str, near: Sequence[Case] = ()) -> str:
    """Absent and forbidden look alike; the nearest of one's own are named."""
    nearest = f"手上相近的有：{'、'.join(named(case) for case in near)}。" if near else ""
    return f"没有找到{_as_said(number)}这件事项。{nearest}说“我的任务”可以看手上有哪些。"


def _as_said(number: str) -> str:
    return number if "-" in number else f"{number}号"


def not_reachable() -> str:
    """The message that was answered is about a case that is none of theirs."""
    return "这条消息说的事项不归您办。说“我的任务”可以看手上有哪些。"


def none_to_do() -> str:
    """Nothing to do."""
    return "手上没有要办的事项。"


def none_by_these_words(cases: Sequence[Case]) -> str:
    """No case is called so."""
    return "手上没有您说的这一件。现在有：\n" + "\n".join(_line(case, name) for case, name in told_apart(cases))


def which_task(cases: Sequence[Case], intent: Intent | None, says: str) -> Reply:
    """Several cases fit: each is offered to press, which says the same again with the whole number.

    Without an intent nothing is to be done with it but to show it.
    """
    names = list(told_apart(cases))
    lines = "\n".join(_line(case, name) for case, name in names)
    choices = tuple(Choice(name, intent, f"{case.number} {says}".strip()) for case, name in names)
    return Reply(f"是哪一件？按一下，或者带上编号再说一遍：\n{lines}", choices)


def _line(case: Case, name: str) -> str:
    reported = day(case.created_at.astimezone(SHANGHAI))
    return (
        f"{name}：{category(case.category, case.kind).name}，{hidden.place(case)}（{reported}报，{STATES[case.state]}）"
    )
