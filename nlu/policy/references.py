"""Reads a question that names a clause by its number: 第十六条, 3-1 (第三条之一), 3.2.4, 三（二）4, 附件第14项."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.policy.numbering import NUMERAL, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nlu.policy.clauses import Clause, Document

_N = rf"([{NUMERAL}]+|\d+)"
_ARTICLE = re.compile(rf"第\s*{_N}\s*条(?:之{_N})?")
_INSERTED = re.compile(r"(?<![\d.-])(?:第\s*)?(\d{1,3}-\d{1,2})(?:\s*条|(?![\d.年月日号点-]))")
_ROW = re.compile(rf"(?:附件|附表|分工表?|任务表)(?:里|中|上|的)*第?\s*{_N}\s*(?:项|条|行|号|个)")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2}(?:\.\d{1,2}){1,2})(?![\d.%])")
_OUTLINE = re.compile(rf"([{NUMERAL}]+)\s*、?\s*[（(]([{NUMERAL}]+)[）)]\s*(?:第?\s*(\d{{1,2}}))?")
_PARTS = re.compile(
    rf"第{_N}(?:大)?部分(?:第[（(]?{_N}[）)]?(?:大|小)?(?:点|条|项|节|款))?(?:第{_N}(?:小)?(?:点|条|项|款))?"
)


def named_clause(question: str, document: Document) -> Clause | None:
    """The clause that `question` names by a number that `document` has, or None."""
    return next((clause for _, clause_id in _ids(question) if (clause := document.clause(clause_id))), None)


def reference_in(question: str, document: Document) -> str:
    """The words with which `question` names a clause of `document`; empty if it names none."""
    return next((words for words, clause_id in _ids(question) if document.clause(clause_id)), "")


def names_missing_article(question: str, document: Document) -> bool:
    """Whether `question` names an article (第X条) and `document`, being in articles, has none of that number."""
    in_articles = sum(clause.heading.startswith("第") for clause in document.clauses) >= 2
    return in_articles and bool(_ARTICLE.search(question)) and named_clause(question, document) is None


def _ids(question: str) -> Iterator[tuple[str, str]]:
    """What may name a clause, with the id that it would have."""
    if match := _ROW.search(question):
        yield match.group(), f"A{number_of(match.group(1))}"
        return
    if match := _PARTS.search(question):
        yield match.group(), ".".join(str(number_of(part)) for part in match.groups() if part)
    if match := _OUTLINE.search(question):
        yield match.group(), ".".join(str(number_of(part)) for part in match.groups() if part)
    if match := _DOTTED.search(question):
        yield match.group(), match.group(1)
    if match := _INSERTED.search(question):
        yield match.group(), match.group(1)
    if match := _ARTICLE.search(question):
        further = f"-{number_of(match.group(2))}" if match.group(2) else ""
        yield match.group(), f"{number_of(match.group(1))}{further}"
