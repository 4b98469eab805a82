"""Every sentence that the bot says about the policy; what the document says is quoted, never retold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import citing
from handlers.turn import Choice, Reply
from nlu.policy.clauses import Status
from nlu.understanding import Intent

if TYPE_CHECKING:
    from nlu.policy.answer import PolicyAnswer
    from nlu.policy.clauses import Document
    from storage.people import Person

DRAFT_REMARK = "（这份文件是征求意见稿，还没有正式施行，正式文件可能会改。）"
REPEALED_REMARK = "（这份文件已经废止，只供参考。）"


def answer(found: PolicyAnswer) -> Reply:
    """The quotes with their clauses, the responsible units, and how binding the document is."""
    document = found.document
    lines = [f"{citing.cited(document, quote.clause_id)}：\n“{quote.text}”" for quote in found.quotes]
    if found.summary:
        lines.append(f"大意（机器概括，以原文为准）：{found.summary}")
    if found.departments:
        lines.append(f"责任单位：{'、'.join(found.departments)}")
    lines.append(f"——《{document.title}》")
    if document.status is Status.DRAFT:
        lines.append(DRAFT_REMARK)
    elif document.status is Status.REPEALED:
        lines.append(REPEALED_REMARK)
    return Reply("\n".join(lines))


def does_not_say(document: Document, office: Person | None) -> Reply:
    """The honest answer where the document does not say, with whom to ask."""
    whom = f"社区的{office.name}" if office is not None and office.name else "社区办公室"
    return Reply(
        f"这个问题，《{document.title}》里没有写，我不能乱说。可以问{whom}，或者打12345热线。",
        (Choice("转人工", Intent.TALK_TO_HUMAN),),
    )


def no_document() -> Reply:
    """Nothing to answer from."""
    return Reply("还没有放进政策文件，答不了政策问题。请问社区办公室，或者打12345热线。")
