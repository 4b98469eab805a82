"""Lists every question on a policy document that went wrong, by the way in which it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.evaluation.readings import Missed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.evaluation.trials import Trial


@dataclass(frozen=True, slots=True)
class Mistakes:
    """The questions that went wrong in one way: what would have been right, and what was answered or found."""

    what: str
    rows: tuple[Missed, ...]


_WAYS: dict[str, Callable[[Trial], bool]] = {
    "Answered without a right clause": lambda trial: _is_answerable(trial) and trial.answered and not trial.right,
    "Refused, though the document answers": lambda trial: _is_answerable(trial) and not trial.answered,
    "Answered, though the document does not": lambda trial: _is_unanswerable(trial) and trial.answered,
    "Other units than those responsible": lambda trial: bool(trial.question.departments) and not trial.units_exact,
    "Follow-ups not answered right": lambda trial: trial.question.is_follow_up and not trial.well_answered,
    "Another clause found first": lambda trial: _is_answerable(trial) and not trial.first_right,
}
"""Each way is what one of the shares counts."""


def mistakes(trials: Sequence[Trial]) -> tuple[Mistakes, ...]:
    """All that went wrong with questions on one document, or several, which are named then."""
    titled = len({trial.document.title for trial in trials}) > 1
    return tuple(
        Mistakes(what, tuple(_missed(trial, titled=titled) for trial in trials if went_wrong(trial)))
        for what, went_wrong in _WAYS.items()
    )


def _is_answerable(trial: Trial) -> bool:
    return trial.question.answered and not trial.question.is_follow_up


def _is_unanswerable(trial: Trial) -> bool:
    return not trial.question.answered and not trial.question.is_follow_up


def _missed(trial: Trial, *, titled: bool) -> Missed:
    question = trial.question
    expected = _joined(" / ".join(question.clauses) or "a refusal", question.departments)
    said = _joined(" ".join(f"{clause_id}「{text}」" for clause_id, text in trial.quotes), trial.units)
    return Missed(
        text=" → ".join(question.turns),
        expected=f"《{trial.document.title}》 {expected}" if titled else expected,
        read=f"{said or 'refused'} (found: {', '.join(trial.found)})",
    )


def _joined(clauses: str, units: Sequence[str]) -> str:
    return f"{clauses} {'、'.join(units)}" if units else clauses
