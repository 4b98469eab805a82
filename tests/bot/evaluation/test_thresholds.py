"""Asking back: who is bothered and what is caught, threshold by threshold."""

from __future__ import annotations

from bot.evaluation.intents import Answer, Share
from bot.evaluation.sets import Message
from bot.evaluation.thresholds import tradeoffs
from handlers.talk import rules
from nlu.understanding import Intent, Understanding

POINTS, RANKING, SHOP = Intent.CHECK_POINTS, Intent.POINTS_RANKING, Intent.REDEEM_POINTS


def answer(meant: Intent, *odds: tuple[Intent, float]) -> Answer:
    intent, confidence = odds[0]
    message = Message(text="积分的事问一下", intent=meant)
    return Answer(message, Understanding(message.text, intent, confidence, tuple(odds)), 1.0)


ANSWERS = [
    answer(POINTS, (POINTS, 0.95), (RANKING, 0.05)),
    answer(POINTS, (POINTS, 0.65), (RANKING, 0.3)),
    answer(RANKING, (POINTS, 0.45), (RANKING, 0.4)),
    answer(SHOP, (POINTS, 0.75), (RANKING, 0.2)),
]


def test_the_more_is_asked_about_the_more_is_caught() -> None:
    found = {(row.below, row.margin): row for row in tradeoffs(ANSWERS)}
    low, middle, high = found[0.5, 0.15], found[0.7, 0.5], found[0.8, 0.7]
    assert (low.bothered, low.caught, low.mended) == (Share(0, 2), Share(1, 2), Share(1, 1))
    assert (middle.bothered, middle.caught, middle.mended) == (Share(1, 2), Share(1, 2), Share(1, 1))
    assert (high.bothered, high.caught, high.mended) == (Share(1, 2), Share(2, 2), Share(1, 2))


def test_those_in_force_are_among_them_once() -> None:
    (row,) = (row for row in tradeoffs(ANSWERS) if row.in_force)
    assert (row.below, row.margin) == (rules.UNSURE_BELOW, rules.MARGIN)
