"""What is said while a report is taken, and the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.cases.replies.describing import STATE_NAMES, about_case
from handlers.forms.replies import YES
from handlers.phrases import moment
from handlers.turn import Choice, Reply
from nlu.categories import category
from nlu.oneself import nobody_named
from nlu.understanding import Intent
from storage.cases import CaseKind

if TYPE_CHECKING:
    from storage.cases import Case
    from storage.people import Person

NAMED = Choice("可以，留名")
UNNAMED = Choice("不，匿名")
NOT_KNOWN = Choice("说不清")
AT_LOCATION = "见定位"
"""The place of a report for which a location was shared and nothing said."""


def about_report(values: dict[str, Any]) -> str:
    """What a report is called while it is not finished."""
    return f"报{category(values['category']).name}"


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


def about_secrecy() -> Reply:
    """Whether it is kept secret."""
    return Reply("会保密的。您也可以匿名报：那样网格员和工作人员都看不到是谁报的，进展只告诉您一个人。")


def why_it_is_asked() -> Reply:
    """Why the bot asks."""
    return Reply("问清楚了，才好交给管那里的人去办；只有办这件事的人看得到。不清楚的就说“说不清”。")


def ask_anonymous(_values: dict[str, Any]) -> Reply:
    """Whether to be named."""
    return Reply("办理的人可以知道是您报的吗？匿名的话，网格员和工作人员都看不到是谁。", (NAMED, UNNAMED))


def read_back(values: dict[str, Any]) -> Reply:
    """Everything that will be recorded, to be confirmed."""
    place, text = values["place"], values["text"]
    if values.get("in_group"):
        # Others read along.
        place, text = nobody_named(place), nobody_named(text)
    facts = [
        f"我记的是：{category(values['category'], values['kind']).name}",
        f"地点：{place}",
        *(["定位：有"] if values.get("location") and place != AT_LOCATION else []),
        *([f"从：{values['since']}"] if values.get("since") else []),
        *([f"照片：{len(values['photos'])}张"] if values.get("photos") else []),
    ]
    if values["kind"] == CaseKind.DISPUTE:
        facts.append("匿名：是" if values.get("anonymous") else "匿名：否")
    more = "能说是哪个小区、哪条路更好。" if values["place"] == AT_LOCATION else ""
    # Two lines: elders read no more.
    return Reply(f"{'，'.join(facts)}\n“{text}”，对不对？{more}", (YES, Choice("不对", Intent.DENY)))


@about_case
def receipt(case: Case, handler: Person | None) -> Reply:
    """All that the reporter needs to know, told at once (首问负责、一次性告知、限时办结, clause 3.2.1)."""
    who = f"已经交给{handler.name}" if handler and handler.name else "已经交给社区"
    return Reply(
        f"报上去了，编号 {case.number}（说“{case.short}号”就行）。{who}，"
        f"{moment(case.respond_by)}前会回应，{moment(case.due_at)}前办结。"
        f"每一步都会告诉您，随时可以问“{case.short}号咋样了”，补充情况、撤回也直接跟我说。"
    )


@about_case
def told_before(case: Case) -> Reply:
    """The same person reports the same thing again."""
    return Reply(
        f"这件事您报过了，还是{case.short}号（{STATE_NAMES[case.state]}），没有重复立案。"
        "您刚才说的已经补充进去，办理的人看得到。"
    )


@about_case
def following(case: Case) -> Reply:
    """The same thing has been reported already."""
    return Reply(
        f"这件事已经有人报过了（{case.short}号，{STATE_NAMES[case.state]}），没有重复立案。"
        "您也算进来了，有进展一样会告诉您；不想跟了，说“不用告诉我了”就行。"
    )
