"""Every sentence that the bot says about the approval of volunteer work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from handlers.approving import Bar
from handlers.phrases import span
from handlers.turn import Choice, Reply
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.volunteers import Activity, Participation


Marked = tuple["Participation", "Sequence[str]"]
"""A participation with what is to be looked at before it is approved."""


class Fate(StrEnum):
    """What became of a participation that somebody decided about."""

    DONE = "done"
    ASKED = "asked"
    """A second person has to agree."""
    STUCK = "stuck"
    """There is no second person, or one has refused before."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A participation, and what became of it."""

    part: Participation
    fate: Fate

    @property
    def name(self) -> str:
        """Whose it is, as staff read it."""
        return self.part.person.name or "志愿者"


def nothing_to_approve() -> Reply:
    """Nothing waits."""
    return Reply("没有等审核的打卡。")


def to_approve(parts: Sequence[Marked]) -> Reply:
    """What waits."""
    return Reply(
        f"等审核的有{len(parts)}条：\n"
        + "\n".join(map(_line, parts))
        + "\n说“通过”加名字，或者“全部通过”；不通过的说“不通过”加名字。",
        (Choice("全部通过", Intent.APPROVE_CHECK_IN),),
    )


def _line(marked: Marked) -> str:
    """One participation: who, what, from when to when, and what speaks against approving it unseen."""
    part, marks = marked
    when = span(part.checked_in_at, part.checked_out_at) if part.checked_in_at else ""
    noted = f"（要看一下：{'；'.join(marks)}）" if marks else ""
    return f"· {part.person.name or '一位志愿者'}，{part.activity.title}，{when}{noted}"


def decided(done: Sequence[Decided], *, approved: bool, barred: Sequence[Bar], marked: Sequence[Marked]) -> Reply:
    """What was decided, what waits for others, and what has to be looked at."""
    names = {fate: "、".join(each.name for each in done if each.fate is fate) for fate in Fate}
    counts = {fate: sum(each.fate is fate for each in done) for fate in Fate}
    lines = []
    if names[Fate.DONE]:
        what = "条，积分已经到账" if approved else "条"
        lines.append(f"{'通过了' if approved else '没有通过'}{counts[Fate.DONE]}{what}：{names[Fate.DONE]}")
    if names[Fate.ASKED]:
        lines.append(f"{names[Fate.ASKED]}：这几天由您一个人给的分到限了，已经请第二个人确认，确认了才到账。")
    if names[Fate.STUCK]:
        lines.append(f"{names[Fate.STUCK]}：这次要第二个人确认，但没有合适的人，或者已经有人没同意，请别的审核人来办。")
    lines += [left_to_others(each) for each in dict.fromkeys(barred)]
    if marked:
        lines.append("还有要单独看的，看了说“通过”或“不通过”加名字：")
        lines += map(_line, marked)
    return Reply("\n".join(lines))


def left_to_others(bar: Bar) -> str:
    """Why somebody else has to decide."""
    if bar is Bar.MUTUAL:
        return "有的打卡要由别人审核：最近您家里人的积分是他家里人批的，两家不能互相批。"
    return "有的打卡是您自己或者您家里人的，要由别人审核。"


def all_marked(parts: Sequence[Marked]) -> str:
    """Nothing can be approved without a look."""
    return "等审核的都要单独看，看了说“通过”或“不通过”加名字：\n" + "\n".join(map(_line, parts))


def your_part_is_approved(part: Participation, given: int, balance: int) -> Reply:
    """To the volunteer; where the limit of the day or month left less than the activity gives, that is said."""
    limited = "（今天或者这个月的积分到上限了）" if given < part.activity.points else ""
    return Reply(f"{part.activity.title}审核通过，加{given}分{limited}，您现在有{balance}分。")


def your_part_is_rejected(part: Participation) -> Reply:
    """To the volunteer."""
    return Reply(f"{part.activity.title}的打卡没有通过审核，有疑问请找组织的人。")


def points_reason(activity: Activity) -> str:
    """Why the ledger holds the entry."""
    return f"志愿活动：{activity.title}"
