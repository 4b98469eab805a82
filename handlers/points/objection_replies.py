"""Every sentence about objections to credits and appeals against deductions. None of them tells who objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.phrases import day
from handlers.points.credit_replies import not_in_group
from handlers.points.rules import masked
from handlers.seconding_replies import named
from handlers.turn import Choice, Reply
from nlu.personal_data import mask
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.objections import ObjectionKind, ObjectionState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.ledger import PointsEntry
    from storage.objections import Objection
    from storage.people import Person

__all__ = ["not_in_group"]

HELD = "有异议，冻结"
"""What the ledger says of points that are frozen."""
RELEASED = "异议已核实，解冻"
"""What it says when they are free again."""


def taken_back(entry: PointsEntry, note: str) -> str:
    """What it says of an entry that was found wrong."""
    return f"核实后撤销（{entry.reason}）：{note}"[:200]


def which_item() -> Reply:
    """It is not said which; the list follows."""
    return Reply("您对哪一条有异议？说“第几条”就行。")


def no_such_item(most: int) -> str:
    """The number is none of the list."""
    return f"刚才的公示里只有{most}条。说“积分公示”再看一次。"


def not_to_be_objected_to() -> str:
    """No credit of a person."""
    return "这一条不是加分，不能提异议。"


def objected_already() -> str:
    """Once a person and entry."""
    return "这一条您已经提过异议了，结果会告诉您。"


def settled_already() -> str:
    """It was looked into once."""
    return "这一条已经有人提过异议，也核实过了，结果不再变。有新的证据请找社区。"


def ones_own() -> str:
    """One's own credit."""
    return "这一条是您自己的。分算少了、算错了，请找给您审核的人。"


def not_from_there() -> str:
    """Somebody of another community."""
    return "这一条不是您那个社区的，只有本社区的居民能提异议。"


def too_late(days: int) -> str:
    """No longer public."""
    return f"公示期{days}天已经过了，不能再提异议。有证据请找社区。"


def undone_already() -> str:
    """It was taken back."""
    return "这一条已经撤销了。"


def too_many_open(most: int) -> str:
    """Whoever objects to everything waits."""
    return f"您有{most}个异议还在核实，等有了结果再提新的。"


def wrong_too_often(times: int, days: int) -> str:
    """Whoever was found wrong again and again waits."""
    return f"您最近{days}天有{times}个异议核实后都不成立，过一阵再提。确有证据请直接找社区。"


def masked_line(entry: PointsEntry, person: Person) -> str:
    """An entry as everybody may read it."""
    said = f"{day(entry.at.astimezone(SHANGHAI))} {masked(person.name)} {entry.reason} +{entry.amount}分"
    return mask(said.replace(person.name, masked(person.name)) if person.name else said)


def own_line(entry: PointsEntry) -> str:
    """A deduction as its owner reads it."""
    return f"{day(entry.at.astimezone(SHANGHAI))} {entry.reason} -{entry.amount}分"


def staff_line(objection: Objection) -> str:
    """What is to be settled, as whoever settles it reads it."""
    entry, sign = objection.entry, "+" if objection.kind is ObjectionKind.OBJECTION else "-"
    when = day(entry.at.astimezone(SHANGHAI))
    return f"{when} {named(objection.person)} {entry.reason} {sign}{entry.amount}分"


def _kind(objection: Objection) -> str:
    return "异议" if objection.kind is ObjectionKind.OBJECTION else "申诉"


def ask_why(_values: dict[str, Any]) -> Reply:
    """What for."""
    return Reply("理由是什么？知道的具体情况都写上，方便核实。")


def about_objection(values: dict[str, Any]) -> str:
    """What objecting is called while it is not confirmed."""
    return f"对“{values['line']}”提异议"


def confirm_objection(values: dict[str, Any]) -> Reply:
    """Nothing is frozen on one word."""
    return Reply(
        f"对“{values['line']}”提异议，理由：{values['why']}。提了以后这{values['amount']}分先冻结，由没经手、"
        "也不是两边家里人的人来核实，结果会告诉您。不会告诉任何人是您提的。提吗？",
        (YES, Choice("不提", Intent.DENY)),
    )


def objected(held: int, *, asked: bool) -> Reply:
    """To whoever objects."""
    frozen = f"，{held}分先冻结了" if held else "（这几分他已经用掉了，核实后照样处理）"
    return Reply(f"异议记下了{frozen}。{_who_looks(asked=asked)}结果会告诉您，不会说是您提的。")


def _who_looks(*, asked: bool) -> str:
    return "已经请人核实。" if asked else "现在还没有合适的人来核实（经手的人和两边家里人都不行），有了就办。"


def objected_too() -> Reply:
    """Somebody else objects to the same."""
    return Reply("记下了。这一条已经有人提了异议，分已经冻结，一起核实，结果会告诉您，不会说是您提的。")


def yours_is_objected_to(entry: PointsEntry, held: int) -> Reply:
    """To whose points they are."""
    frozen = f"，{held}分先冻结，暂时不能用" if held else ""
    when = day(entry.at.astimezone(SHANGHAI))
    return Reply(
        f"有居民对您{when}“{entry.reason}”加的{entry.amount}分提了异议{frozen}。会有没经手的人来核实，结果告诉您。"
    )


def please_settle(objection: Objection, words: Sequence[str]) -> Reply:
    """To whoever may settle it."""
    kind, number = _kind(objection), objection.id
    reasons = "\n".join(f"· {each}" for each in words)
    who = "居民对这一条加分有异议" if objection.kind is ObjectionKind.OBJECTION else "本人不服这一条扣分，要申诉"
    return Reply(
        f"{kind}{number}：{who}，请核实：{staff_line(objection)}\n理由：\n{reasons}\n"
        f"查清楚后说“{kind}{number}成立”或“{kind}{number}不成立”，后面写查到了什么。",
        (
            Choice("成立", Intent.CHECK_POINTS, f"{kind}{number}成立"),
            Choice("不成立", Intent.CHECK_POINTS, f"{kind}{number}不成立"),
        ),
    )


def waiting(objections: Sequence[Objection]) -> Reply:
    """What waits for the speaker."""
    if not objections:
        return Reply("没有等您核实的积分异议和申诉。")
    lines = [f"· {_kind(each)}{each.id}：{staff_line(each)}，理由：{each.words}" for each in objections]
    return Reply("\n".join(["等核实的：", *lines, "说编号加“成立”或“不成立”，后面写查到了什么。"]))


def no_such_objection() -> str:
    """Nothing of that number waits."""
    return "没有等您核实的这一个：编号不对、已经核实过，或者不在您管的地方。"


def concerns_you() -> str:
    """Whoever is near to it does not settle it."""
    return "这件事您经手过，或者跟您、您家里人有关，要由别人来核实。"


def ask_what_was_found(_values: dict[str, Any]) -> Reply:
    """A decision has a reason."""
    return Reply("查到了什么？写一句，两边都会看到这个结果。")


def about_settlement(values: dict[str, Any]) -> str:
    """What settling is called while it is not confirmed."""
    return f"核实“{values['line']}”"


def confirm_settlement(values: dict[str, Any]) -> Reply:
    """Nothing is taken or freed on one word."""
    verdict = "成立，撤销这一条" if values["agrees"] else "不成立，维持原样"
    return Reply(
        f"“{values['line']}”：{verdict}。查到的情况：{values['note']}。对吗？", (YES, Choice("不对", Intent.DENY))
    )


def settled(objection: Objection) -> Reply:
    """To whoever settled it."""
    verdict = "成立，已经撤销" if objection.state is ObjectionState.UPHELD else "不成立"
    return Reply(f"{_kind(objection)}{objection.id}{verdict}，两边都告诉了。")


def yours_is_settled(objection: Objection, balance: int) -> Reply:
    """To whose points they are."""
    line, upheld = own_words(objection), objection.state is ObjectionState.UPHELD
    if objection.kind is ObjectionKind.APPEAL:
        result = "成立，扣的分退回了" if upheld else "不成立，扣分维持"
        return Reply(f"您对{line}的申诉核实了：{result}。情况：{objection.note}。您现在有{balance}分。")
    result = "异议成立，这次加的分撤销了" if upheld else "异议不成立，冻结的分解冻了"
    return Reply(f"您的{line}核实了：{result}。情况：{objection.note}。您现在有{balance}分。")


def own_words(objection: Objection) -> str:
    """An entry as its owner knows it."""
    return f"“{objection.entry.reason}”{objection.entry.amount}分"


def your_objection_is_settled(objection: Objection) -> Reply:
    """To whoever objected."""
    result = "成立，这次加的分撤销了" if objection.state is ObjectionState.UPHELD else "不成立，维持原样"
    line = masked_line(objection.entry, objection.person)
    return Reply(f"您对“{line}”的异议核实了：{result}。情况：{objection.note}。")


def you_granted(objection: Objection) -> Reply:
    """To whoever gave or took the points."""
    result = "成立，已经撤销" if objection.state is ObjectionState.UPHELD else "不成立"
    return Reply(f"您经手的“{staff_line(objection)}”，{_kind(objection)}核实了：{result}。情况：{objection.note}。")


def nothing_to_appeal(days: int) -> Reply:
    """Nothing was taken within the time."""
    return Reply(
        f"您最近{days}天没有能申诉的扣分（没扣过、申诉过了，或者过了{days}天）。分没到账、算少了，请找组织的人或者审核的人。"
    )


def about_appeal(values: dict[str, Any]) -> str:
    """What appealing is called while it is not confirmed."""
    return f"对“{values['line']}”申诉"


def confirm_appeal(values: dict[str, Any]) -> Reply:
    """It is read back."""
    return Reply(
        f"对“{values['line']}”申诉，理由：{values['why']}。由扣分以外的人核实，结果告诉您。提交吗？",
        (YES, Choice("不提交", Intent.DENY)),
    )


def appealed_too_late(days: int) -> str:
    """The time is over."""
    return f"申诉要在{days}天以内提，已经过了。"


def appealed_already() -> str:
    """Once."""
    return "这一条您已经申诉过了。"


def appealed(objection: Objection, *, asked: bool) -> Reply:
    """To whoever appeals."""
    return Reply(f"申诉{objection.id}记下了。{_who_looks(asked=asked)}结果会告诉您。")
