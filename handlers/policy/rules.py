"""Decisions about what the policy says: how long a question is remembered, how much is shown, what is offered."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from nlu.policy import further
from nlu.policy.answer import AnswerKind
from nlu.policy.excerpts import beginning
from nlu.policy.terms import shipped_thesaurus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from nlu.policy.answer import PolicyAnswer
    from nlu.policy.clauses import Clause

FOLLOWS_WITHIN = timedelta(minutes=15)
"""A question may lean on one that was asked within this time, and the bot asks back but once in it."""

REMEMBERED = 3
"""The questions that another one may lean on."""

LONGEST_KEPT = 300
"""Characters of an unanswered question that are kept."""

LONGEST_QUOTE, LONGEST_IN_GROUP = 300, 150
"""Characters of a quote that are shown in a chat, and in a group; what is asked for in full is shown in full."""

MOST_LISTED, MOST_IN_GROUP = 30, 8
"""Tasks that are listed in a chat, and in a group."""

_DATE = re.compile(r"(\d{4})年(?:(\d{1,2})月)?(?:(\d{1,2})日)?")


def is_recent(then: datetime | None, now: datetime) -> bool:
    """Whether what was said then still belongs to what is said now."""
    return then is not None and now - then <= FOLLOWS_WITHIN


def to_remember(earlier: Sequence[str], text: str, found: Sequence[PolicyAnswer]) -> list[str]:
    """The questions that later ones may lean on: each part of this message; 「全文」 adds none of its own.

    However often 「还有呢」 goes on with an answer, what it goes on with is remembered.
    """
    if further.asks_more(text, shipped_thesaurus()) and len(found) == 1 and found[0].answered:
        return [*earlier, text]
    asked = [text] if len(found) == 1 and not found[0].whole else [answer.question for answer in found]
    return [*earlier, *(question for question in asked if question not in earlier[-1:])][-REMEMBERED:]


def over(dates: Sequence[str], today: date) -> tuple[str, ...]:
    """Those of `dates` (到2020年, 2019年6月30日), as printed, that have passed."""
    return tuple(printed for printed in dates if (last := _last_day(printed)) is not None and last < today)


def _last_day(printed: str) -> date | None:
    match = _DATE.search(printed)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 12), int(match[3] or 0)
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def is_list(answer: PolicyAnswer) -> bool:
    """Whether an answer is annex rows to be listed, each with its task alone."""
    return answer.kind in (AnswerKind.UNIT, AnswerKind.DEPARTMENT) and len({q.clause_id for q in answer.quotes}) > 1


def excerpt(text: str, answer: PolicyAnswer, longest: int) -> str:
    """What is shown of a quote."""
    return text if answer.whole else beginning(text, longest)


def shown_in_part(answer: PolicyAnswer, longest: int) -> tuple[str, ...]:
    """The clauses of which the quotes leave something out."""
    if is_list(answer):
        return ()
    shown: dict[str, int] = {}
    for quote in answer.quotes:
        shown[quote.clause_id] = shown.get(quote.clause_id, 0) + len(excerpt(quote.text, answer, longest))
    return tuple(
        clause_id for clause_id, length in shown.items() if length < len(_clause(answer, clause_id).text.strip())
    )


def responsible_for(answer: PolicyAnswer) -> tuple[Clause, ...]:
    """The clauses of an answer whose units it names, each once."""
    named = [_clause(answer, clause_id) for clause_id in answer.clauses]
    return tuple(
        clause for clause in named if clause.departments and set(clause.departments) <= set(answer.departments)
    )


def may_ask_who(answer: PolicyAnswer) -> bool:
    """Whether the annex names units for tasks of the clause, and the answer does not."""
    return bool(answer.tasks) and not answer.departments


def _clause(answer: PolicyAnswer, clause_id: str) -> Clause:
    clause = answer.document.clause(clause_id)
    assert clause is not None
    return clause
