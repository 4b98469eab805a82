"""Goes on where an answer stopped: 「还有呢」 and 「具体咋个做」 want what the clause says next."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nlu.policy.quotes import Quote
from nlu.policy.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nlu.policy.answer import PolicyAnswer
    from nlu.policy.clauses import Clause
    from nlu.policy.terms import Thesaurus

# So much is said at a time: whole sentences, one at least.
_AT_A_TIME = 130
_ASKS_MORE = re.compile(
    r"(?:(?:那么?|嗯|好|哦|你|给我|麻烦|请)\s?)*"
    r"(?:还有(?:什么|哪些|别的|其他的?)?|还(?:说|写|规定|要求)了?(?:什么|哪些|别的)|别的|其他的?"
    r"|继续|接着(?:说|讲)?|往下(?:说|讲)?|后面还有|然后"
    r"|(?:再|说|讲)*(?:具体|详细|细)(?:一?点|一些|些|说说|讲讲)?"
    r"|(?:具体|详细)(?:怎么|如何)(?:做|办|搞|弄|整|实施|操作|推进|落实)法?"
    r"|(?:具体|详细)的?(?:有|是)?(?:什么|哪些)?(?:内容|措施|要求|做法|办法)(?:有|是)?(?:什么|哪些)?)"
    r"(?:的|呢|吗|没有|没|不|了|说|讲|\s)*"
)


def asks_more(turn: str, thesaurus: Thesaurus) -> bool:
    """Whether a turn wants no more than what else there is (那还有呢, 具体咋个做)."""
    return presses(thesaurus.standard(turn))


def presses(text: str) -> bool:
    """The same for a part of one, in standard spelling."""
    return bool(_ASKS_MORE.fullmatch(text))


def go_on(given: PolicyAnswer, times: int) -> PolicyAnswer:
    """What follows on `given`, which quotes clauses, when more of it is asked for the `times`-th time.

    First the rest of the clause quoted first, statement by statement to its end and then from its beginning, then the
    annex rows of its tasks; in the end the clause as a whole, marked as all there is (`whole`, `ended`).
    """
    clause = given.document.clause(given.quotes[0].clause_id)
    assert clause is not None
    portions = [*_portions(clause, given.quotes), *_rows(given)]
    if times <= len(portions):
        return _with(given, portions[times - 1])
    return _with(replace(given, whole=True, ended=True), (Quote(clause.id, clause.text),))


def _portions(clause: Clause, said: Sequence[Quote]) -> list[tuple[Quote, ...]]:
    """What of a clause is not said yet, in portions: first what follows on what was said, then what stands before."""
    spans = [
        (start, start + len(quote.text))
        for quote in said
        if quote.clause_id == clause.id and (start := clause.text.find(quote.text)) >= 0
    ]
    end = max((end for _, end in spans), default=0)
    unsaid = [
        sentence
        for sentence in split_sentences(clause.text)
        if not any(start < sentence.end and sentence.start < stop for start, stop in spans)
    ]
    portions: list[tuple[Quote, ...]] = []
    for part in ([each for each in unsaid if each.start >= end], [each for each in unsaid if each.start < end]):
        begin = None
        for number, sentence in enumerate(part):
            begin = sentence.start if begin is None else begin
            following = part[number + 1] if number + 1 < len(part) else None
            runs_on = following is not None and not clause.text[sentence.end : following.start].strip()
            if following is None or not runs_on or following.end - begin > _AT_A_TIME:
                portions.append((Quote(clause.id, clause.text[begin : sentence.end]),))
                begin = None
    return portions


def _rows(given: PolicyAnswer) -> list[tuple[Quote, ...]]:
    """The annex rows of the clause's tasks, of which none was quoted: one portion, a quote a row."""
    quoted = {quote.clause_id for quote in given.quotes}
    rows = [row for row in map(given.document.clause, given.tasks) if row is not None and row.id not in quoted]
    return [tuple(Quote(row.id, row.text) for row in rows)] if rows else []


def _with(given: PolicyAnswer, quotes: tuple[Quote, ...]) -> PolicyAnswer:
    """The answer with these quotes instead of its own, and the units of their clauses."""
    ids = tuple(dict.fromkeys(quote.clause_id for quote in quotes))
    clauses = [clause for clause in map(given.document.clause, ids) if clause is not None]
    units = tuple(dict.fromkeys(unit for clause in clauses for unit in clause.departments))
    return replace(given, clauses=ids, departments=units, quotes=quotes, lead="", dates=(), summary="")
