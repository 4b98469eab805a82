"""How a person with the document in hand finds a clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.policy.tasks import is_annex

if TYPE_CHECKING:
    from nlu.policy.clauses import Document


PREAMBLE = "0"


def number(clause_id: str) -> str:
    """第3.2.4条, 附件第14项, and 第3条之1 for an article that was put in later (`3-1`), which is no range."""
    if clause_id == PREAMBLE:
        return "开头一段"
    if is_annex(clause_id):
        return f"附件第{clause_id[1:]}项"
    article, _, insert = clause_id.partition("-")
    return f"第{article}条之{insert}" if insert else f"第{article}条"


def cited(document: Document, clause_id: str) -> str:
    """The number of a clause of `document`, and its heading where one is printed."""
    clause = document.clause(clause_id)
    return f"{number(clause_id)}（{clause.heading}）" if clause is not None and clause.heading else number(clause_id)
