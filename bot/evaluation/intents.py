"""Measures over messages that a model has answered: how many it took for the right intent, and how it errs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean, median, quantiles
from typing import TYPE_CHECKING

from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.evaluation.sets import Message
    from nlu.understanding import Understanding

BINS = 10


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share between 0 and 1; None of nothing."""
        return self.hits / self.of if self.of else None


def share(outcomes: Iterable[bool]) -> Share:
    """How many outcomes are true."""
    every = list(outcomes)
    return Share(sum(every), len(every))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model made of one message, and the milliseconds that it took."""

    message: Message
    understanding: Understanding
    ms: float

    @property
    def taken_for(self) -> Intent:
        """The intent that the parser decided on."""
        return self.understanding.intent

    @property
    def right(self) -> bool:
        """Whether that is the intent of the message or one that is as right."""
        return self.message.may_be(self.taken_for)


@dataclass(frozen=True, slots=True)
class IntentScore:
    """`found` of the messages of this intent were taken for a right one; `precise` of those taken for it were right."""

    intent: Intent
    found: Share
    precise: Share


@dataclass(frozen=True, slots=True)
class Confusion:
    """The messages of one intent that were wrongly taken for another."""

    intent: Intent
    taken_for: Intent
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detection:
    """How well one intent is told from all others: the messages of it that were found, and others taken for it."""

    found: Share
    false_alarms: Share
    missed: tuple[str, ...]
    alarmed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages whose likeliest intent has a confidence from `low` to `high`; on average it is `confidence`."""

    low: float
    high: float
    confidence: float
    right: Share


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds for a message or a question."""

    median: float
    p95: float


def accuracy(answers: Sequence[Answer]) -> Share:
    """How many messages were taken for a right intent."""
    return share(answer.right for answer in answers)


def among_first(answers: Sequence[Answer], count: int = 3) -> Share:
    """How many have a right intent among the first: the one decided on, and then the likeliest others."""
    return share(any(map(answer.message.may_be, _first(answer, count))) for answer in answers)


def _first(answer: Answer, count: int) -> list[Intent]:
    return list(dict.fromkeys([answer.taken_for, *(intent for intent, _ in answer.understanding.ranking)]))[:count]


def by_intent(answers: Sequence[Answer]) -> tuple[IntentScore, ...]:
    """The score of each intent that occurs, in the order of the vocabulary."""
    scores = (
        IntentScore(
            intent,
            share(answer.right for answer in answers if answer.message.intent is intent),
            share(answer.right for answer in answers if answer.taken_for is intent),
        )
        for intent in Intent
    )
    return tuple(score for score in scores if score.found.of or score.precise.of)


def confusions(answers: Sequence[Answer]) -> tuple[Confusion, ...]:
    """Every pair of intents that was confused, the most frequent first."""
    texts = defaultdict(list)
    for answer in answers:
        if not answer.right:
            texts[answer.message.intent, answer.taken_for].append(answer.message.text)
    pairs = sorted(texts.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(Confusion(intent, taken_for, tuple(said)) for (intent, taken_for), said in pairs)


def detection(answers: Sequence[Answer], intent: Intent) -> Detection:
    """How well `intent` is told from all others; a message that may be it as well as another is no false alarm."""
    real = [answer for answer in answers if answer.message.intent is intent]
    other = [answer for answer in answers if not answer.message.may_be(intent)]
    return Detection(
        found=share(answer.right for answer in real),
        false_alarms=share(answer.taken_for is intent for answer in other),
        missed=tuple(answer.message.text for answer in real if not answer.right),
        alarmed=tuple(answer.message.text for answer in other if answer.taken_for is intent),
    )


def calibration(answers: Sequence[Answer]) -> tuple[Bin, ...]:
    """For each tenth of confidence that occurs: how often the model's likeliest intent is right."""
    bins = defaultdict(list)
    for answer in answers:
        intent, confidence = answer.understanding.ranking[0]
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, answer.message.may_be(intent)))
    return tuple(
        Bin(place / BINS, (place + 1) / BINS, fmean(sure for sure, _ in found), share(right for _, right in found))
        for place, found in sorted(bins.items())
    )


def speed(took: Sequence[float]) -> Speed:
    """The median and the 95th percentile of so many milliseconds."""
    return Speed(median(took), quantiles(took, n=20, method="inclusive")[-1] if len(took) > 1 else took[0])
