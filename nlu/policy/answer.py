"""Answers a question from policy documents with their own words, or says that they do not say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from nlu.policy.asked import Asked, asks_unit, asks_whole, without_whole
from nlu.policy.further import asks_more, go_on
from nlu.policy.leads import check_lead, dates_in, draw_lead
from nlu.policy.nearby import is_vague, nearest, subjects
from nlu.policy.quotes import Quote, quote_clause
from nlu.policy.references import named_clause, names_missing_article, reference_in
from nlu.policy.refusal import REFUSE_BELOW
from nlu.policy.summary import says_only
from nlu.policy.talk import acknowledges, is_follow_up, points_back, resolve
from nlu.policy.tasks import Units, is_annex, overlap
from nlu.policy.terms import bigrams, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nlu.policy.clauses import Clause, Document
    from nlu.policy.document_index import DocumentIndex, Finding
    from nlu.policy.search import PolicySearch

MAX_CLAUSES = 3
# A second clause is shown beside the best one if it is at least so likely, compared with it.
_ABOUT_EQUAL = 0.5
# How much of a sentence an annex row must repeat to be the same task.
_SAME_SENTENCE = 0.6
_FEW_CLAUSES = 4
# When an annex row stands for the clause of its task: if it is so likely, compared with the clause; if it holds so much
# of what the clause holds of the question; or if it holds less, but repeats the sentence.
_NAMES_TASK = 0.75
_LIKELY_ROW = 0.1
_TOUCHES_TASK = 0.4
# When it does not, however likely: if it holds less than this share, and its clause so much more of the question.
_LEAVES_OUT = 0.2
_NAMED_BESIDE = 0.8

_ASKS_TASKS = re.compile(r"什么|哪些|哪几|哪项|哪块|哪条|哪个任务|几项|几条|任务|职责|分工")
_ASKS_OF_UNIT = frozenset({Asked.CONTACT, Asked.CLOCK, Asked.PERSON, Asked.PLACE, Asked.MONEY, Asked.PROCEDURE})
_OF_TASKS = re.compile(
    r"任务|职责|职能|工作|分工|承担|牵头|主要|参与|负责|管理|管|一起|共同|单位|部门|社区治理|社区|县里|条|项|块|件|哪|抓|治理|落实|配合|和|附件|重点"
)


class AnswerKind(StrEnum):
    """What an answer is about."""

    CLAUSE = "clause"
    DEPARTMENT = "department"
    UNIT = "unit"
    REFUSED = "refused"
    VAGUE = "vague"


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """What the documents say to a question.

    `clauses` holds the ids of `document` that answer, best first: at most three, except for the tasks of a unit, which
    are listed all. `departments` are the units responsible, as printed. Every quote is a verbatim piece of its clause:
    an answer with another one cannot be made (ValueError). `question` is what was answered, completed from the turns
    before, and `confidence` the chance (0 to 1) that the document answers it. A refusal holds neither clauses nor
    quotes; its `document` is the one that came nearest. `summary` is what a machine makes of the quotes, or empty; one
    that says anything else cannot be made either.

    `lead` says the figure or date that was asked for in the words of the quotes, which is checked like them; empty
    where none can be drawn safely. `dates` are those of the quotes, as printed, if the question is about one. `whole`
    tells that the clause was wanted in full, `ended` that nothing of it is left to say. `tasks` are the annex rows of
    the tasks that the first clause sets. `near` is what may be offered instead of an answer: the clause nearest to a
    question that is refused, or the subjects that one too vague may be about.
    """

    answered: bool
    clauses: tuple[str, ...]
    departments: tuple[str, ...]
    quotes: tuple[Quote, ...]
    kind: AnswerKind
    document: Document
    question: str
    confidence: float
    lead: str = ""
    dates: tuple[str, ...] = ()
    whole: bool = False
    tasks: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    summary: str = ""
    ended: bool = False

    def __post_init__(self) -> None:
        for clause_id, text in self.quotes:
            clause = self.document.clause(clause_id)
            if clause is None or not text or text not in clause.text:
                raise ValueError(f"not word for word in clause {clause_id}: {text!r}")
        check_lead(self.lead, [*(quote.text for quote in self.quotes), *self.departments])
        if self.summary and not says_only(self.summary, [quote.text for quote in self.quotes]):
            raise ValueError(f"not what the quotes say: {self.summary!r}")


def answer(turns: Sequence[str], search: PolicySearch, refuse_below: float = REFUSE_BELOW) -> PolicyAnswer:
    """The answer to the last of `turns`, which are what the person said, oldest first. ValueError without a turn.

    Where the chance that the document answers is less than `refuse_below`, the question is refused, unless it names a
    clause or asks for the tasks of a unit: by rule these are always answered.
    """
    if not turns:
        raise ValueError("there is no question")
    if (further := _further(turns, search, refuse_below)) is not None:
        return further
    turns, whole = _asked(turns, search)
    question = resolve(turns, search)
    index, finding = search.find(question)
    reply = _Reply(index, finding, question, refuse_below, whole)
    if (clause := named_clause(question, index.document)) is not None:
        return reply.about_named(clause)
    if names_missing_article(question, index.document):
        return reply.refused()
    if rows := reply.rows_of_units():
        return reply.about_units(rows)
    if is_vague(index, finding.reading):
        return reply.asking_back()
    if reply.names_nothing() or finding.answered < refuse_below:
        return reply.refused()
    if finding.reading.who or finding.reading.units:
        return reply.about_departments()
    return reply.about_clauses()


def _further(turns: Sequence[str], search: PolicySearch, refuse_below: float) -> PolicyAnswer | None:
    """What follows on the answer to the turns before, if the last ones want only that of a clause."""
    asked = [turn for turn in turns if not acknowledges(turn, search.thesaurus)]
    times = next((n for n, turn in enumerate(reversed(asked)) if not asks_more(turn, search.thesaurus)), 0)
    if not times or acknowledges(turns[-1], search.thesaurus):
        return None
    given = answer(asked[:-times], search, refuse_below)
    return go_on(given, times) if given.answered and given.kind is AnswerKind.CLAUSE and not given.whole else None


def _asked(turns: Sequence[str], search: PolicySearch) -> tuple[Sequence[str], bool]:
    """`turns` with the last one about what it points at, and whether it wants that in full.

    「全文」 asks once more what was asked before; what leans on a turn that named a clause is about that clause; and
    what names but the matter of the whole document (社区咋办), without pointing back, leans on nothing.
    """
    *before, last = turns
    named = "" if not before or _reference(last, search) else _reference(before[-1], search)
    if asks_whole(search.thesaurus.standard(last)):
        if _names_subject(last, search) or not before:
            return [without_whole(last)], True
        return [named] if named else before, True
    if not before or not is_follow_up(last, search.thesaurus, search.known):
        return turns, False
    if not points_back(last, search.thesaurus) and _names_all(last, search):
        return [last], False
    return [f"{named} {last}"] if named else turns, False


def _reference(turn: str, search: PolicySearch) -> str:
    return next((words for index in search.indexes if (words := reference_in(turn, index.document))), "")


def _names_subject(turn: str, search: PolicySearch) -> bool:
    """Whether a turn that wants a clause in full says which."""
    content = search.thesaurus.content(without_whole(search.thesaurus.standard(turn)), search.known)
    return bool(_reference(turn, search)) or any(pair in search.known for pair in bigrams(content))


def _names_all(turn: str, search: PolicySearch) -> bool:
    readings = [(index, index.read(turn)) for index in search.indexes]
    return all(reading.content and is_vague(index, reading) for index, reading in readings)


@dataclass(frozen=True, slots=True)
class _Reply:
    """The parts that answers to one question are put together from."""

    index: DocumentIndex
    finding: Finding
    question: str
    refuse_below: float
    whole: bool

    def names_nothing(self) -> bool:
        """Whether a question names at most what the whole document is about (社区): there the judge is at a loss."""
        text, reading = self.index.text, self.finding.reading
        many = max(len(text.clauses) / 2, _FEW_CLAUSES)
        return not reading.units and all(text.holding(pair) > many for pair in bigrams(reading.content))

    def refused(self, *near: Clause) -> PolicyAnswer:
        return self._answer(AnswerKind.REFUSED, (), (), (), near or nearest(self.index, self.finding))

    def asking_back(self) -> PolicyAnswer:
        near = subjects(self.index, self.finding)
        return self._answer(AnswerKind.VAGUE if near else AnswerKind.REFUSED, (), (), (), near)

    def about_named(self, clause: Clause) -> PolicyAnswer:
        """The clause that a question names; of one that names no units itself, the annex rows of its tasks if asked."""
        if self.finding.reading.who and not clause.departments:
            rows = self._tasks(clause)
            units = tuple(dict.fromkeys(unit for row in rows for unit in row.departments))
            quotes = tuple(quote for row in rows for quote in self._quotes(row))
            return self._answer(AnswerKind.DEPARTMENT, rows, units, quotes) if rows else self.refused(clause)
        asks_more = any(pair in self.index.text.pairs_known for pair in bigrams(self.finding.reading.content))
        quotes = self._quotes(clause) if asks_more else (Quote(clause.id, clause.text),)
        return self._answer(AnswerKind.CLAUSE, (clause,), clause.departments, quotes)

    def about_units(self, rows: tuple[Clause, ...]) -> PolicyAnswer:
        quotes = tuple(quote for row in rows for quote in self._quotes(row))
        return self._answer(AnswerKind.UNIT, rows, self.finding.reading.units, quotes)

    def about_departments(self) -> PolicyAnswer:
        """The annex row of the task, with the clause that sets it.

        Where no row names the task, the clause alone may say who sees to it, but no unit can be named.
        """
        chances = self.finding.chances
        clauses = self.index.document.clauses
        rows = [column for column in range(len(clauses)) if clauses[column].departments]
        top = int(chances.argmax())
        row = max(rows, key=lambda column: float(chances[column]), default=None)
        if row is None:
            return self.about_clauses()
        stray = self.index.text.is_stray(row, chances) or self._leaves_out(row)
        if (stray and not self.finding.reading.units) or (row != top and not self._row_covers(row, top)):
            names_none = asks_unit(self.finding.reading.text) and not self.finding.reading.units
            return self.refused() if names_none else self.about_clauses()
        partners = [clauses[column] for column in np.flatnonzero(self.index.text.partners[row])]
        quotes = self._quotes(clauses[row])
        return self._answer(AnswerKind.DEPARTMENT, (clauses[row], *partners[:1]), clauses[row].departments, quotes)

    def about_clauses(self) -> PolicyAnswer:
        """The best clause, another one that fits as well, and the annex row that repeats the quoted sentence."""
        chances, clauses = self.finding.chances, self.index.document.clauses
        order = [int(column) for column in np.argsort(-chances)]
        top = next((column for column in order if not is_annex(clauses[column].id)), order[0])
        others = [
            column
            for column in order[:MAX_CLAUSES]
            if column != top
            and not self.index.text.partners[top, column]
            and chances[column] >= _ABOUT_EQUAL * chances[top]
            and not is_annex(clauses[column].id)
        ]
        if self.whole:
            return self._answer(
                AnswerKind.CLAUSE, (clauses[top],), clauses[top].departments, self._quotes(clauses[top])
            )
        quotes = self._quotes(clauses[top])
        rows = self._rows_repeating(top, quotes)
        shown = [top, *others, *rows][:MAX_CLAUSES]
        quotes += tuple(quote for column in others if column in shown for quote in self._quotes(clauses[column]))
        named = [column for column in (top, *rows) if column in shown]
        departments = tuple(dict.fromkeys(unit for column in named for unit in clauses[column].departments))
        return self._answer(AnswerKind.CLAUSE, tuple(clauses[column] for column in shown), departments, quotes)

    def rows_of_units(self) -> tuple[Clause, ...]:
        """The clauses that name the units asked about, if the question asks what they do; only the best if on what."""
        reading = self.finding.reading
        if not reading.units or not _ASKS_TASKS.search(reading.text) or reading.kinds & _ASKS_OF_UNIT:
            return ()
        clauses = self.index.document.clauses
        holds = [[Units.is_responsible(unit, clause.departments) for unit in reading.units] for clause in clauses]
        together = [column for column, held in enumerate(holds) if all(held)]
        columns = together or [column for column, held in enumerate(holds) if any(held)]
        subject = bigrams(_OF_TASKS.sub(" ", reading.content))
        if not any(pair in self.index.text.pairs_known for pair in subject):
            return tuple(clauses[column] for column in columns)
        best = max(columns, key=lambda column: float(self.finding.chances[column]))
        fits = (
            self.finding.answered >= self.refuse_below and self.finding.chances[best] >= max(self.finding.chances) / 2
        )
        return (clauses[best],) if fits else ()

    def _row_covers(self, row: int, top: int) -> bool:
        """Whether a row names the task that the best clause was chosen for, though the clause itself fits better."""
        text = self.index.text
        if not text.partners[row, top]:
            return bool(self.finding.chances[row] >= self.finding.chances[top] / 2)
        said, wanted = self._held(row), self._held(top)
        share = said / (wanted or 1.0)
        likely = self.finding.chances[row] >= _LIKELY_ROW * self.finding.chances[top]
        return (
            likely
            or share >= _NAMES_TASK
            or (share >= _TOUCHES_TASK and row in self._rows_repeating(top, self._quotes(text.clauses[top])))
        )

    def _leaves_out(self, row: int) -> bool:
        """Whether a row names nothing of the question and its clause much: then no row sets what is asked about."""
        said = self._held(row)
        wanted = max((self._held(int(clause)) for clause in np.flatnonzero(self.index.text.partners[row])), default=0.0)
        return said < _LEAVES_OUT * wanted and wanted - said >= _NAMED_BESIDE

    def _held(self, column: int) -> float:
        """How much of the question a clause holds, rare words counting more."""
        text = self.index.text
        return sum(text.rarity(pair) for pair in text.covered(self.finding.reading, column))

    def _rows_repeating(self, column: int, quotes: tuple[Quote, ...]) -> list[int]:
        """The annex row that sets the task of the quotes again; where a long sentence sets several, the likeliest."""
        text = self.index.text
        rows = [int(row) for row in np.flatnonzero(text.partners[column]) if text.is_row[row]]
        repeating = [row for row in rows if any(_repeats(text.clauses[row].text, quote.text) for quote in quotes)]
        return sorted(repeating, key=lambda row: -float(self.finding.chances[row]))[:1]

    def _tasks(self, clause: Clause) -> tuple[Clause, ...]:
        """The annex rows of the tasks that a clause sets."""
        text = self.index.text
        return tuple(
            text.clauses[row] for row in np.flatnonzero(text.partners[text.column(clause.id)]) if text.is_row[row]
        )

    def _quotes(self, clause: Clause) -> tuple[Quote, ...]:
        if self.whole:
            return (Quote(clause.id, clause.text),)
        span = self.index.text.sentences_of(self.index.text.column(clause.id))
        sentences = self.index.text.sentences[span.start : span.stop]
        return quote_clause(clause, sentences, self.finding.sentences[span.start : span.stop].tolist())

    def _answer(
        self,
        kind: AnswerKind,
        clauses: Sequence[Clause],
        departments: tuple[str, ...],
        quotes: tuple[Quote, ...],
        near: Sequence[Clause] = (),
    ) -> PolicyAnswer:
        reading, texts = self.finding.reading, [quote.text for quote in quotes]
        about_clause = kind is AnswerKind.CLAUSE and not self.whole
        about_date = about_clause and (Asked.DATE in reading.kinds or bool(reading.years))
        return PolicyAnswer(
            bool(quotes),
            tuple(clause.id for clause in clauses),
            departments,
            quotes,
            kind,
            self.index.document,
            self.question,
            self.finding.answered,
            lead=draw_lead(reading, texts, self.index.text) if about_clause else "",
            dates=dates_in(texts) if about_date else (),
            whole=self.whole,
            tasks=tuple(row.id for row in self._tasks(clauses[0])) if clauses else (),
            near=tuple(clause.id for clause in near),
        )


def _repeats(row: str, quote: str) -> bool:
    """Whether a row says what a quote says, or the quote all that the row says."""
    return overlap(quote, plain(row)) >= _SAME_SENTENCE or overlap(row, plain(quote)) >= _SAME_SENTENCE
