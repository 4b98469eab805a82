"""Asks an evaluation set of questions of gridbot and of the baseline, and gathers what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.evaluation.scores import score
from bot.evaluation.trials import Gridbot, PlainBm25, System

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.evaluation.intents import Share
    from bot.evaluation.questions import Question
    from bot.evaluation.scores import PolicyScore
    from bot.evaluation.trials import Trial
    from nlu.policy.search import PolicySearch

SYSTEMS: dict[str, Callable[[PolicySearch], System]] = {
    "gridbot": Gridbot,
    "BM25, characters": lambda search: PlainBm25(search.indexes[0].document),
}
"""What is measured, by the name of its column: gridbot, and what it is compared with."""


@dataclass(frozen=True, slots=True)
class Examination:
    """Questions on one document, and the search over it alone."""

    search: PolicySearch
    questions: tuple[Question, ...]

    @property
    def title(self) -> str:
        """The title of the document."""
        return self.search.indexes[0].document.title


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """How the questions on one document fared."""

    title: str
    first: Share
    answered: Share
    wrong: Share
    refused: Share


@dataclass(frozen=True, slots=True)
class SystemReport:
    """How one system fares: with the shipped document, and with documents that nothing was learned for."""

    name: str
    shipped: PolicyScore
    on_the_spot: PolicyScore | None
    by_document: tuple[DocumentScore, ...]


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """All that was measured, gridbot first."""

    systems: tuple[SystemReport, ...]


def evaluate_policy(
    shipped: Examination, on_the_spot: Sequence[Examination], advance: Callable[[], None] = lambda: None
) -> PolicyReport:
    """Ask each system all questions; `advance` is called after every one."""
    return PolicyReport(
        tuple(_report_of(name, system, shipped, on_the_spot, advance) for name, system in SYSTEMS.items())
    )


def _report_of(
    name: str,
    system: Callable[[PolicySearch], System],
    shipped: Examination,
    on_the_spot: Sequence[Examination],
    advance: Callable[[], None],
) -> SystemReport:
    trials = {
        examination.title: ask(system(examination.search), examination.questions, advance)
        for examination in on_the_spot
    }
    every = [trial for of_document in trials.values() for trial in of_document]
    return SystemReport(
        name=name,
        shipped=score(ask(system(shipped.search), shipped.questions, advance)),
        on_the_spot=score(every) if every else None,
        by_document=tuple(_document_score(title, score(of_document)) for title, of_document in trials.items()),
    )


def _document_score(title: str, of: PolicyScore) -> DocumentScore:
    return DocumentScore(title, of.first, of.answered, of.wrong, of.refused)


def ask(system: System, questions: Sequence[Question], advance: Callable[[], None]) -> list[Trial]:
    """What the system makes of each question, after one that warms it up and is not counted."""
    system.ask(questions[0])
    trials = []
    for question in questions:
        trials.append(system.ask(question))
        advance()
    return trials
