"""Runs models over an evaluation set and gathers what was measured."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.evaluation import intents, readings
from bot.evaluation.intents import Answer, Share
from nlu.times import SHANGHAI
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.evaluation.readings import EntityScore, Masking, TimeScore
    from bot.evaluation.sets import EvaluationSet, Message
    from nlu.parser import Parser

SENT_AT = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)
"""When the messages of a set were sent: the same in every run, so that every run measures the same."""


@dataclass(frozen=True, slots=True)
class ModelReport:
    """How one model fares with the messages."""

    name: str
    right: Share
    among_three: Share
    by_intent: tuple[intents.IntentScore, ...]
    confusions: tuple[intents.Confusion, ...]
    emergencies: intents.Detection
    out_of_scope: intents.Detection
    entities: tuple[EntityScore, ...]
    calibration: tuple[intents.Bin, ...]
    speed: intents.Speed


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured. No model has a part in times and masking; both are empty where the set has none."""

    models: tuple[ModelReport, ...]
    times: tuple[TimeScore, ...]
    masking: Masking | None


def evaluate(
    evaluation_set: EvaluationSet, parsers: Mapping[str, Parser], advance: Callable[[], None] = lambda: None
) -> Report:
    """Measure each of the parsers, by the name of its model; `advance` is called after every message."""
    return Report(
        models=tuple(
            report_of(name, ask(parser, evaluation_set.messages, advance)) for name, parser in parsers.items()
        ),
        times=readings.times(evaluation_set.sayings),
        masking=readings.masking(evaluation_set.texts) if evaluation_set.texts else None,
    )


def ask(parser: Parser, messages: Sequence[Message], advance: Callable[[], None]) -> list[Answer]:
    """What the parser makes of each message, after one that warms it up and is not counted."""
    parser.parse(messages[0].text, SENT_AT)
    answers = []
    for message in messages:
        begin = time.perf_counter()
        understanding = parser.parse(message.text, SENT_AT)
        answers.append(Answer(message, understanding, (time.perf_counter() - begin) * 1e3))
        advance()
    return answers


def report_of(name: str, answers: Sequence[Answer]) -> ModelReport:
    """All measures over the answers of one model."""
    return ModelReport(
        name=name,
        right=intents.accuracy(answers),
        among_three=intents.among_first(answers),
        by_intent=intents.by_intent(answers),
        confusions=intents.confusions(answers),
        emergencies=intents.detection(answers, Intent.REPORT_EMERGENCY),
        out_of_scope=intents.detection(answers, Intent.OUT_OF_SCOPE),
        entities=readings.entities(answers),
        calibration=intents.calibration(answers),
        speed=intents.speed([answer.ms for answer in answers]),
    )
