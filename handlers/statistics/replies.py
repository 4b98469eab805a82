"""What the bot says of figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.phrases import day
from handlers.statistics.targets import targets
from handlers.turn import Reply
from nlu.times import SHANGHAI
from storage.areas import AreaKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.areas import Area
    from storage.statistics import CaseFigures, MediationFigures, MeetingFigures, NoticeFigures
    from storage.volunteer_profiles import Figure


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one area."""

    area: Area
    cases: CaseFigures
    mediations: MediationFigures
    meetings: MeetingFigures
    notices: NoticeFigures
    volunteers: Figure


def figures(found: Figures, since: datetime, until: datetime) -> Reply:
    """All figures of an area, each beside what the document wants."""
    lines = [
        f"{found.area.name}，{_between(since, until)}：",
        _cases(found.cases) + _wanted("cases"),
        _rating(found.cases) + _wanted("rating"),
        _mediations(found.mediations) + _wanted("mediations"),
        _meetings(found.meetings) + _wanted("meetings"),
        _notices(found.notices) + _wanted("notices"),
        _volunteers(found.volunteers),
    ]
    if found.area.kind is not AreaKind.GRID:
        target = targets()["organisations"]
        lines.append(f"社区社会组织：文件{target.clause}要“{target.quote}”，这里没有登记，报不出数。")
        lines.append("说“各网格对比”看下面每一块的数。")
    return Reply("\n".join(lines))


def compared(found: Sequence[Figures], since: datetime, until: datetime) -> Reply:
    """A line for each area."""
    return Reply("\n".join([f"{_between(since, until)}：", *(f"· {_line(each)}" for each in found)]))


def not_your_area() -> str:
    """Somebody holds no role at an area."""
    return "统计数字给网格员、调解员和管理员看自己管的范围，您的账号没有这个权限。"


def _between(since: datetime, until: datetime) -> str:
    first, last = since.astimezone(SHANGHAI).date(), until.astimezone(SHANGHAI).date()
    return f"{day(first)}到{day(last)}" if first != last else day(first)


def _part(part: int, whole: int) -> str:
    return f"（{100 * part / whole:.0f}%）" if whole else ""


def _wanted(name: str) -> str:
    target = targets()[name]
    return f"——文件{target.clause}：“{target.quote}”"


def _cases(cases: CaseFigures) -> str:
    if not cases.received:
        return "事项：没有收到"
    in_time = f"{cases.in_time}件{_part(cases.in_time, cases.finished)}"
    said = f"事项：收到{cases.received}件，办结{cases.finished}件，其中按时{in_time}"
    withdrawn = cases.by_state.get("withdrawn", 0)
    return f"{said}；没办完{cases.open}件，其中超期{cases.overdue}件" + (f"；撤回{withdrawn}件" if withdrawn else "")


def _rating(cases: CaseFigures) -> str:
    if cases.rating is None:
        return "满意度：还没有人评分"
    return f"满意度：{cases.rated}人评分，平均{cases.rating:.1f}分（满分5分）"


def _mediations(mediations: MediationFigures) -> str:
    if not mediations.ended:
        return "调解：没有结束的"
    return f"调解：结束{mediations.ended}件，成功{mediations.agreed}件{_part(mediations.agreed, mediations.ended)}"


def _meetings(meetings: MeetingFigures) -> str:
    if not meetings.held and not meetings.ballots:
        return "协商：没有开会，没有表决"
    said = f"协商：开会{meetings.held}次，请{meetings.invited}人次，说要来{meetings.coming}人次，"
    said += f"到会{meetings.attended}人次{_part(meetings.attended, meetings.invited)}"
    if meetings.decisions:
        said += f"；定了{meetings.decisions}件事，办好{meetings.done}件"
    if meetings.ballots:
        said += f"；表决{meetings.ballots}次，投票{meetings.voted}{_part(meetings.voted, meetings.electorate)}"
    return said


def _notices(notices: NoticeFigures) -> str:
    if not notices.sent:
        return "通知：没有要确认的"
    part = _part(notices.acknowledged, notices.delivered)
    return f"通知：要确认的{notices.sent}条，送到{notices.delivered}人次，确认{notices.acknowledged}人次{part}"


def _volunteers(figure: Figure) -> str:
    target = targets()["volunteers"]
    people = figure.residents or figure.registered
    wanted = _wanted("volunteers")
    if not people:
        return f"志愿者：{figure.volunteers}人，没填人口，算不出比例{wanted}"
    lacking = math.ceil(people * (target.per_cent or 0) / 100) - figure.volunteers
    of = "居民" if figure.residents else "登记了住处的"
    reached = f"还差{lacking}人" if lacking > 0 else "达到了"
    return (
        f"志愿者：{figure.volunteers}人，占{of}{people}人的{100 * figure.volunteers / people:.1f}%，{reached}{wanted}"
    )


def _line(found: Figures) -> str:
    cases, meetings = found.cases, found.meetings
    people = found.volunteers.residents or found.volunteers.registered
    volunteers = f"，志愿者{found.volunteers.volunteers}人{_part(found.volunteers.volunteers, people)}"
    return (
        f"{found.area.name}：收到{cases.received}件，办结{cases.finished}件{_part(cases.finished, cases.received)}，"
        f"按时{cases.in_time}件，超期没办完{cases.overdue}件，开会{meetings.held}次{volunteers}"
    )
