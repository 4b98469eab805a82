"""Measures over questions that were asked: what was found, answered and refused, and what a threshold decides."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from bot.evaluation.intents import Share, share, speed
from bot.evaluation.mistakes import Mistakes, mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.evaluation.intents import Speed
    from bot.evaluation.trials import Trial


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold at this confidence gives: the answerable questions answered, and the answers that are right."""

    confidence: float
    answered: Share
    right: Share


@dataclass(frozen=True, slots=True)
class PolicyScore:
    """How questions fared: single ones, but for `units` and `verbatim` (all of them) and `follow_ups`.

    `first` and `among_three` are what the search found, answered or not. Of the answerable questions that were
    answered, `wrong` quote no right clause; of all answers, those to unanswerable questions too, `right` quote one.
    `told_apart` are the pairs of an answerable and an unanswerable question where the former has more confidence (AUC).
    """

    asked: int
    first: Share
    among_three: Share
    answered: Share
    wrong: Share
    refused: Share
    right: Share
    units: Share
    follow_ups: Share
    verbatim: Share
    told_apart: Share
    speed: Speed
    curve: tuple[Point, ...]
    mistakes: tuple[Mistakes, ...]


def score(trials: Sequence[Trial]) -> PolicyScore:
    """All measures over the questions on one document or several."""
    single = [trial for trial in trials if not trial.question.is_follow_up]
    follow_ups = [trial for trial in trials if trial.question.is_follow_up]
    answerable = [trial for trial in single if trial.question.answered]
    unanswerable = [trial for trial in single if not trial.question.answered]
    of_units = [trial for trial in trials if trial.question.departments]
    return PolicyScore(
        asked=len(trials),
        first=share(trial.first_right for trial in answerable),
        among_three=share(trial.among_three_right for trial in answerable),
        answered=share(trial.answered for trial in answerable),
        wrong=share(not trial.right for trial in answerable if trial.answered),
        refused=share(not trial.answered for trial in unanswerable),
        right=share(trial.right for trial in single if trial.answered),
        units=share(trial.units_exact for trial in of_units),
        follow_ups=share(trial.well_answered for trial in follow_ups),
        verbatim=share(_verbatim(trials)),
        told_apart=_told_apart(answerable, unanswerable),
        speed=speed([trial.ms for trial in trials]),
        curve=tuple(_curve(single)),
        mistakes=mistakes(trials),
    )


def _verbatim(trials: Sequence[Trial]) -> Iterator[bool]:
    for trial in trials:
        for clause_id, text in trial.quotes:
            clause = trial.document.clause(clause_id)
            yield clause is not None and text in clause.text


def _told_apart(answerable: Sequence[Trial], unanswerable: Sequence[Trial]) -> Share:
    of_none = sorted(map(_confidence, unanswerable))
    below = sum(bisect_left(of_none, _confidence(trial)) for trial in answerable)
    return Share(below, len(answerable) * len(unanswerable))


def _curve(trials: Sequence[Trial]) -> Iterator[Point]:
    """A point for each confidence that occurs, the highest first."""
    answerable = sum(trial.question.answered for trial in trials)
    ranked = sorted((trial for trial in trials if trial.confidence is not None), key=_confidence, reverse=True)
    given = answered = right = 0
    for confidence, equal in groupby(ranked, _confidence):
        for trial in equal:
            given += 1
            answered += trial.question.answered
            right += trial.would_be_right
        yield Point(confidence, Share(answered, answerable), Share(right, given))


def _confidence(trial: Trial) -> float:
    return trial.confidence or 0.0
