"""What asking back costs and saves: for a row of thresholds, right answers asked about and wrong ones caught."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from bot.evaluation.intents import share
from handlers.talk import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.evaluation.intents import Answer, Share
    from nlu.understanding import Intent

CONFIDENCES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
MARGINS = (0.15, 0.25, 0.35, 0.5, 0.7)


@dataclass(frozen=True, slots=True)
class Tradeoff:
    """What becomes of the answers of a model when the bot asks back below a confidence and within a margin.

    `bothered` of the right answers are asked about for nothing; `caught` of the wrong ones are asked about, and
    `mended` of those offer a right intent. `in_force` are the thresholds that the bot has.
    """

    below: float
    margin: float
    bothered: Share
    caught: Share
    mended: Share

    @property
    def in_force(self) -> bool:
        """Whether the bot has these thresholds."""
        return (self.below, self.margin) == (rules.UNSURE_BELOW, rules.MARGIN)


def tradeoffs(answers: Sequence[Answer]) -> tuple[Tradeoff, ...]:
    """The trade-off of each pair of thresholds, and of those in force."""
    pairs = {*product(CONFIDENCES, MARGINS), (rules.UNSURE_BELOW, rules.MARGIN)}
    return tuple(_tradeoff(answers, below, margin) for below, margin in sorted(pairs))


def _tradeoff(answers: Sequence[Answer], below: float, margin: float) -> Tradeoff:
    asked = [_is_asked(answer, below, margin) for answer in answers]
    caught = [answer for answer, is_asked in zip(answers, asked, strict=True) if is_asked and not answer.right]
    return Tradeoff(
        below,
        margin,
        bothered=share(is_asked for answer, is_asked in zip(answers, asked, strict=True) if answer.right),
        caught=share(is_asked for answer, is_asked in zip(answers, asked, strict=True) if not answer.right),
        mended=share(any(map(answer.message.may_be, _offered(answer))) for answer in caught),
    )


def _is_asked(answer: Answer, below: float, margin: float) -> bool:
    return rules.is_unsure(answer.understanding, below, margin) and bool(_offered(answer))


def _offered(answer: Answer) -> tuple[Intent, ...]:
    """What is offered to somebody who may do everything."""
    return rules.doubt(answer.understanding, lambda _intent: True).offered
