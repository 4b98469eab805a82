"""Every sentence that the bot says about cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.phrases import day, moment
from handlers.turn import Choice, Reply
from nlu.categories import category
from nlu.personal_data import mask
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.cases import CaseKind, CaseState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from storage.cases import Case
    from storage.people import Person

KIND_NAMES = {CaseKind.DISPUTE: "矛盾纠纷", CaseKind.INCIDENT: "事件", CaseKind.EMERGENCY: "紧急情况"}
STATE_NAMES = {
    CaseState.OPEN: "等网格员接单",
    CaseState.ACCEPTED: "已接单",
    CaseState.IN_PROGRESS: "正在办",
    CaseState.RESOLVED: "已处理，等您确认",
    CaseState.CLOSED: "已办结",
    CaseState.WITHDRAWN: "已撤回",
}
NAMED = Choice("可以，留名")
UNNAMED = Choice("不，匿名")
NOT_KNOWN = Choice("说不清")


def about_report(values: dict[str, Any]) -> str:
    """What a report is called while it is not finished."""
    return f"报{category(values['category']).name}"


def about_withdrawal(values: dict[str, Any]) -> str:
    """What taking a report back is called while it is not confirmed."""
    return f"撤回{values['number']}"


def ask_what(_values: dict[str, Any]) -> Reply:
    """What happened, of somebody who has only said that there is something to report."""
    return Reply("您说，是什么事？发生了什么、在哪里、什么时候开始的，想到哪说到哪就行。")


def ask_place(values: dict[str, Any]) -> Reply:
    """Where is it; the person's own home is offered where it is known, or what was said and may be anywhere."""
    home = values.get("home")
    if home and values["kind"] == CaseKind.DISPUTE:
        return Reply(f"在哪里？是您家（{home}）那里吗？不是的话直接说地方。", (Choice("是我家那里"),))
    if values.get("near"):
        near = values["near"]
        return Reply(f"哪里的{near}？说清小区、楼栋、单元或者路名，也可以发定位。", (Choice(near),))
    return Reply("在哪里？说清小区、楼栋、单元或者路名，也可以发定位。")


def ask_since(_values: dict[str, Any]) -> Reply:
    """Since when."""
    return Reply("什么时候开始的？说个大概也行。", (NOT_KNOWN,))


def ask_anonymous(_values: dict[str, Any]) -> Reply:
    """Whether to be named."""
    return Reply("办理的人可以知道是您报的吗？匿名的话，网格员和工作人员都看不到是谁。", (NAMED, UNNAMED))


def read_back(values: dict[str, Any]) -> Reply:
    """Everything that will be recorded, to be confirmed."""
    lines = [
        f"我记的是：{category(values['category'], values['kind']).name}",
        f"地点：{values['place']}",
        *([f"从：{values['since']}"] if values.get("since") else []),
        f"情况：{values['text']}",
        *([f"照片：{len(values['photos'])}张"] if values.get("photos") else []),
    ]
    if values["kind"] == CaseKind.DISPUTE:
        lines.append("匿名：是" if values.get("anonymous") else "匿名：否")
    return Reply("\n".join([*lines, "对不对？对就报上去，哪里不对直接说。"]), (YES, Choice("不对", Intent.DENY)))


def receipt(case: Case, handler: Person | None) -> Reply:
    """All that the reporter needs to know, told at once (首问负责、一次性告知、限时办结, clause 3.2.1)."""
    who = f"已经交给{handler.name}" if handler and handler.name else "已经交给社区"
    return Reply(
        f"报上去了，编号 {case.number}（说“{case.short}号”就行）。{who}，"
        f"{moment(case.respond_by)}前会回应，{moment(case.due_at)}前办结。"
        f"每一步都会告诉您，随时可以问“{case.short}号咋样了”，补充情况、撤回也直接跟我说。"
    )


def following(case: Case) -> Reply:
    """The same thing has been reported already."""
    return Reply(
        f"这件事已经有人报过了（{case.short}号，{STATE_NAMES[case.state]}），没有重复立案。"
        "您也算进来了，有进展一样会告诉您。"
    )


def reporter_line(case: Case) -> str:
    """Who reported, for those who handle it."""
    if case.anonymous or case.reporter is None:
        return "匿名"
    phone = f"，电话{case.reporter.phone}" if case.reporter.phone else ""
    return f"{case.reporter.name or '没留名字的居民'}{phone}"


def _where(case: Case) -> str:
    """The place for those who go there, with latitude and longitude where they are known."""
    return f"{case.place}（{_located(case.location)}）" if case.location else case.place


def _located(location: list[Any] | None) -> str:
    return f"定位 {location[0]:.5f}, {location[1]:.5f}" if location else ""


def described(case: Case) -> str:
    """A case for those who handle it."""
    text = mask(case.text) if case.anonymous else case.text
    since = f"（从{day(case.since)}起）" if case.since else ""
    return (
        f"{case.number} {KIND_NAMES[case.kind]}·{category(case.category, case.kind).name}\n"
        f"地点：{_where(case)}{since}\n情况：{text}\n报告人：{reporter_line(case)}"
    )


def new_case(case: Case) -> Reply:
    """What the handler is told of a new case."""
    return Reply(
        f"新事项，请接单：{described(case)}\n{moment(case.respond_by)}前要回应，{moment(case.due_at)}前要办结。",
        (Choice(f"接单 {case.short}", Intent.ACCEPT_CASE, f"接单 {case.number}"),),
    )


def accepted(case: Case) -> Reply:
    """To whoever accepted."""
    return Reply(
        f"您接了{case.short}号，{moment(case.due_at)}前办结。有进展就说“{case.short}号……”，办好了说“{case.short}号……，结案”。"
    )


def your_case_is_accepted(case: Case) -> Reply:
    """To the reporter and followers."""
    who = case.assignee.name if case.assignee and case.assignee.name else "网格员"
    return Reply(f"{case.short}号有人接了：{who}，会尽快联系处理，最迟{moment(case.due_at)}前办结。")


def noted(case: Case) -> Reply:
    """To whoever recorded progress."""
    return Reply(f"记下了，{case.short}号的报告人也收到了进展。")


def your_case_moves(case: Case, note: str) -> Reply:
    """To the reporter and followers."""
    return Reply(f"{case.short}号有进展：{mask(note)}")


def resolved(case: Case) -> Reply:
    """To whoever resolved it."""
    return Reply(f"{case.short}号已记为办结，正在请报告人确认。")


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


def a_followed_case_is_resolved(case: Case, outcome: str) -> Reply:
    """To followers."""
    return Reply(f"您关注的{case.short}号办好了：{mask(outcome)}")


def how_many_stars(case: Case) -> Reply:
    """The reporter says that it is solved; a rating is asked for (clause 4.1)."""
    stars = ("1分 很不满意", "2分 不满意", "3分 一般", "4分 满意", "5分 很满意")
    return Reply(
        f"{case.short}号结案了。给这次处理打几分？",
        tuple(Choice(label, Intent.RATE_CASE, f"{case.number} 打{label[:2]}") for label in stars),
    )


def rated(case: Case) -> Reply:
    """Thanks for the rating."""
    return Reply(f"谢谢，{case.short}号您打了{case.rating}分，已经记下。")


def your_work_is_rated(case: Case) -> Reply:
    """To the handler."""
    return Reply(f"{case.short}号的报告人确认解决了" + (f"，打了{case.rating}分。" if case.rating else "。"))


def reopened(case: Case) -> Reply:
    """To the reporter."""
    return Reply(f"{case.short}号重新打开了，已经告诉办理的人和上一级，会接着办。")


def work_is_reopened(case: Case) -> Reply:
    """To the handler and the level above."""
    return Reply(f"{case.short}号的报告人说没解决，已经重新打开，请接着办：\n{described(case)}")


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
            line += f"，{moment(case.respond_by)}前会有人接"
        case CaseState.ACCEPTED | CaseState.IN_PROGRESS:
            notes = [event.note for event in case.history if event.action == "update"]
            note = mask(notes[-1]) if notes else ""
            line += (f"，最近一步：{note}" if note else "") + f"，{moment(case.due_at)}前办结"
        case CaseState.RESOLVED | CaseState.CLOSED:
            line += f"：{mask(case.outcome)}" if case.outcome else ""
        case CaseState.WITHDRAWN:
            pass
    late = case.due_at < now and case.state in (CaseState.OPEN, CaseState.ACCEPTED, CaseState.IN_PROGRESS)
    return line + ("。已经超过期限，我再催一次。" if late else "。")


def pressed(case: Case) -> Reply:
    """To the handler: the reporter asks."""
    return Reply(f"{case.short}号的报告人在问进展，{moment(case.due_at)}前要办结。")


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
    lines = [
        f"{name}：{category(case.category, case.kind).name}，{case.place}" for case, name in _told_apart(cases[:5])
    ]
    return Reply("您说的是哪一件？说编号就行：\n" + "\n".join(lines))


def _told_apart(cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
    """Cases with the short number, or with the whole one where two have the same short one."""
    shorts = [case.short for case in cases]
    for case in cases:
        yield case, f"{case.short}号" if shorts.count(case.short) == 1 else case.number


def added(case: Case) -> Reply:
    """A fact was added."""
    return Reply(f"补充到{case.short}号了，办理的人也看得到。")


def addition(text: str, photos: Sequence[str], location: list[Any] | None) -> str:
    """What was added, in one line."""
    parts = [text, f"照片{len(photos)}张" if photos else "", _located(location)]
    return "；".join(part for part in parts if part)


def something_was_added(case: Case, note: str) -> Reply:
    """To the handler."""
    return Reply(f"{case.short}号的报告人补充：{mask(note) if case.anonymous else note}")


def somebody_else_reports(case: Case, words: str) -> Reply:
    """To the handler: another person told of the same thing."""
    return Reply(f"又有人报了{case.short}号的事：{mask(words)}")


def confirm_withdrawal(case_number: str, summary: str) -> Reply:
    """Nothing is withdrawn on one word."""
    return Reply(f"要撤回{case_number}（{summary}）吗？撤回后就不再处理。", (YES, Choice("不撤", Intent.DENY)))


def withdrawn(case: Case) -> Reply:
    """To the reporter."""
    return Reply(f"{case.short}号撤回了。以后又有问题，随时再报。")


def work_is_withdrawn(case: Case) -> Reply:
    """To the handler."""
    return Reply(f"{case.short}号由报告人撤回，不用再办。")


def tasks(cases: Sequence[Case], now: datetime) -> Reply:
    """A staff member's cases, what is due first."""
    lines = [_task_line(case, now) for case in cases]
    return Reply(f"手上有{len(cases)}件，按期限排：\n" + "\n".join(lines))


def _task_line(case: Case, now: datetime) -> str:
    due = case.respond_by if case.state is CaseState.OPEN else case.due_at
    what = "回应" if case.state is CaseState.OPEN else "办结"
    late = "【超期】" if due < now else ""
    about = f"{category(case.category, case.kind).name}·{case.place}"
    return f"{late}{case.short}号 {about}：{_TASK_STATES[case.state]}，{moment(due)}前{what}"


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
        f"{name}：{category(case.category, case.kind).name}，{case.place}" for case, name in _told_apart(cases[:8])
    ]
    return "是哪一件？请带上编号：\n" + "\n".join(lines)


ADVICE = {
    "fire": ("119", "马上离开着火的地方，弯腰捂住口鼻走楼梯，不坐电梯，不要回去拿东西。"),
    "gas": (
        "119，再打燃气公司抢修电话；有人头晕、昏倒也打 120",
        "不要开关电器，不要点火，开窗通风，关掉总阀，人先出去再打电话。",
    ),
    "electric": ("120 和 119", "不要用手碰触电的人和电线，先拉闸断电，用干木棍把电线挑开。"),
    "medical": ("120", "不要随便搬动病人，让他侧躺、保持呼吸通畅，叫不醒又没呼吸就做胸外按压。"),
    "drowning": ("119 和 120", "不会救生的不要下水，抛绳子、竹竿、救生圈，大声喊人。"),
    "violence": ("110", "先躲到安全的地方，不要上前劝，记住人往哪边走。"),
    "collapse": ("119", "马上离开房子、边坡和电线杆，到空旷的地方，不要回去。"),
    "self_harm": (
        "110 和 120",
        "陪着他，不要刺激、不要让他一个人，把刀、药、绳子收开，窗户边拉远一点。您很要紧，我们马上叫人来。",
    ),
}
GENERAL_ADVICE = ("110、119 或者 120", "先保证自己安全，离开危险的地方。")


def emergency(kind: str | None, *, reached: bool) -> Reply:
    """The number to call and one line of what to do, before anything else."""
    number, advice = ADVICE.get(kind or "", GENERAL_ADVICE)
    told = "我已经同时通知网格员和社区值班的人。" if reached else "这里没有通知到工作人员，一定要马上打电话！"
    return Reply(f"马上打 {number}！{advice}\n{told}")


def ask_emergency_place(_values: dict[str, Any]) -> Reply:
    """Asked only after help was called."""
    return Reply("电话打了没有？在哪里？说清小区、楼栋、单元，或者发定位，我转给赶过来的人。")


def ask_emergency_more(values: dict[str, Any]) -> Reply:
    """The place is known; what else those who come must know."""
    return Reply(f"地点我记的是：{values['place']}。电话打了没有？有没有人受伤、被困？说了我马上转过去。")


def passed_on(case: Case) -> Reply:
    """What was said was passed on."""
    return Reply(f"转过去了，编号{case.short}号。有变化接着跟我说；没打电话的马上打。")


def alarm_stands() -> Reply:
    """The reporter answers no more; the alarm was given and stays."""
    return Reply("好，不问了。报警已经转给网格员和社区值班的人；没打电话的马上打，没事了也跟我说一声。")


def alert_more(case: Case, words: str) -> Reply:
    """What the reporter says further."""
    return Reply(f"【紧急】{case.short}号（{_where(case) or '地点还没说清'}）报告人又说：{words}", _going(case))


def alert(case: Case, again: int = 0) -> Reply:
    """To every grid member and admin up the tree."""
    urgency = f"【紧急·第{again + 1}次】" if again else "【紧急】"
    return Reply(
        f"{urgency}{category(case.category, case.kind).name}：{case.text}\n地点：{_where(case) or '还没说清，正在问'}\n"
        f"报告人：{reporter_line(case)}\n编号{case.number}，看到请马上确认并赶到现场。",
        _going(case),
    )


def _going(case: Case) -> tuple[Choice, ...]:
    """What whoever is alarmed may press until somebody has."""
    going = Choice(f"我去 {case.short}", Intent.ACCEPT_CASE, f"接单 {case.number}")
    return (going,) if case.state is CaseState.OPEN else ()


def alert_place(case: Case) -> Reply:
    """The place, once it is known."""
    return Reply(f"【紧急】{case.short}号的地点：{_where(case)}", _going(case))


def closed_silently(case: Case) -> Reply:
    """Nobody answered for seven days."""
    return Reply(f"{case.short}号办结已经7天，没有收到您的意见，先结案了。还有问题请重新报。")
