"""Every sentence about a certificate of one's points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.phrases import day
from handlers.seconding_replies import named
from handlers.turn import Choice, Reply
from nlu.times import SHANGHAI
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from handlers.consents import Wording
    from handlers.points.rules import Span
    from storage.ledger import PointsEntry
    from storage.people import Person
    from storage.points import Line

MOST = 20
"""Lines that are said in the chat; the file holds all."""

SHOWN_OF_HASH = 16


def in_private() -> Reply:
    """Asked for in a group."""
    return Reply("积分证明请私下跟我说，不在群里发。")


def needs_consent(wording: Wording) -> Reply:
    """Nothing is handed over for a record to which somebody has not agreed."""
    return Reply(
        f"开积分证明，要您同意“{wording.name}”：存{wording.keeps}，{wording.why}，到{wording.until}。"
        "同意了再跟我说一次“开积分证明”。只是自己看，说“我的积分”就行。",
        (Choice("同意", None, f"同意：{wording.name}"), Choice("不开了", Intent.DENY)),
    )


def nothing_to_certify(span: Span) -> Reply:
    """There are no entries of that time."""
    return Reply(f"您{span.name}没有积分记录，开不了证明。要别的时间，比如说“开去年的积分证明”“开全部的积分证明”。")


def certified(
    person: Person, span: Span, lines: Sequence[Line], last: PointsEntry, agreed: datetime, *, told: bool
) -> Reply:
    """What the ledger holds, with the number and hash by which anybody can check it, and how to get the file."""
    shown = [f"· {_day_of(line.entry.at)} {line.entry.reason} {line.amount:+d}分" for line in lines[-MOST:]]
    more = [f"（更早的{len(lines) - MOST}条在文件里）"] if len(lines) > MOST else []
    total = sum(line.amount for line in lines)
    how = "已经告诉社区管理员，" if told else ""
    return Reply(
        "\n".join(
            [
                f"积分证明：{named(person)}（编号{person.id}），{span.name}，合计{total}分，共{len(lines)}条",
                *more,
                *shown,
                f"最后一条是社区流水第{last.position}条，校验值{last.hash[:SHOWN_OF_HASH]}。您{_day_of(agreed)}同意的。",
                f"要文件（表格和带校验的数据），{how}请到社区居委会，报编号{person.id}取。说“收回同意”就不再给。",
            ]
        )
    )


def please_export(person: Person, since: str, until: str) -> Reply:
    """To whoever has the file made."""
    return Reply(
        f"{named(person)}（编号{person.id}）要积分证明，{since}到{until}，本人已经同意记入社会信用档案。"
        f"请系统管理员导出：gridbot points export {person.id} 文件夹 --from {since} --until {until}，"
        "核对身份证再交给本人。"
    )


def _day_of(moment: datetime) -> str:
    return day(moment.astimezone(SHANGHAI).date())
