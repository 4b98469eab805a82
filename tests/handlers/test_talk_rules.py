"""When the bot is unsure, what it then offers, and what it calls it."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.forms import SMALL_TALK
from handlers.talk import replies, rules
from handlers.turn import Choice
from nlu.entities import find_entities
from nlu.times import SHANGHAI
from nlu.understanding import Intent, Understanding

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)
CHECK, ADD, RATE, POINTS = Intent.CHECK_CASE, Intent.ADD_TO_CASE, Intent.RATE_CASE, Intent.CHECK_POINTS
DISPUTE, INCIDENT, DANGER = Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT, Intent.REPORT_EMERGENCY
CLOSE, NOTHING = Intent.CLOSE_CASE, Intent.OUT_OF_SCOPE


def ranked(*ranking: tuple[Intent, float], meant: Intent | None = None, text: str = "漏水那个") -> Understanding:
    intent = meant or ranking[0][0]
    return Understanding(text, intent, dict(ranking).get(intent, 0.0), ranking)


@pytest.mark.parametrize(
    "understood",
    [
        ranked((CHECK, 0.35), (ADD, 0.34), (RATE, 0.2)),
        ranked((NOTHING, 0.3), (CHECK, 0.28)),
        ranked((CHECK, 0.17), (ADD, 0.16), meant=NOTHING),
        ranked((DANGER, 0.6), (INCIDENT, 0.3), meant=INCIDENT),
    ],
)
def test_unsure(understood: Understanding) -> None:
    assert rules.is_unsure(understood)


@pytest.mark.parametrize(
    "understood",
    [
        ranked((CHECK, 0.9), (ADD, 0.08)),
        ranked((CHECK, 0.5), (ADD, 0.1), (RATE, 0.1)),
        # Reports of both kinds are taken alike, so that between them there is nothing to ask.
        ranked((INCIDENT, 0.4), (DISPUTE, 0.35), (CHECK, 0.2)),
        Understanding("着火了", DANGER, 0.8, ((INCIDENT, 0.4), (DANGER, 0.38))),
        # A rule has decided, as surely as the model was of what the rule replaces.
        Understanding("我住3栋，楼上吵", DISPUTE, 0.9, ((Intent.BIND_PROFILE, 0.9), (DISPUTE, 0.05))),
        Understanding("？", NOTHING, 0.0),
    ],
)
def test_sure(understood: Understanding) -> None:
    assert not rules.is_unsure(understood)


def may(intent: Intent) -> bool:
    return intent is not CLOSE


@pytest.mark.parametrize(
    ("understood", "doubt"),
    [
        (ranked((CHECK, 0.35), (ADD, 0.34), (RATE, 0.2), (POINTS, 0.11)), rules.Doubt((CHECK, ADD, RATE))),
        (ranked((CHECK, 0.35), (ADD, 0.34), (RATE, 0.05)), rules.Doubt((CHECK, ADD))),
        (ranked((CHECK, 0.35), (DISPUTE, 0.2), (INCIDENT, 0.2)), rules.Doubt((DISPUTE, CHECK))),
        (ranked((CHECK, 0.35), (ADD, 0.34), (DANGER, 0.06)), rules.Doubt((DANGER, CHECK, ADD))),
        (ranked((CHECK, 0.35), (ADD, 0.34), (RATE, 0.2), (DANGER, 0.06)), rules.Doubt((DANGER, CHECK, ADD))),
        (ranked((CHECK, 0.35), (ADD, 0.34), (DANGER, 0.01)), rules.Doubt((CHECK, ADD))),
        (ranked((NOTHING, 0.35), (CHECK, 0.34)), rules.Doubt((CHECK,))),
        (ranked((CHECK, 0.17), (ADD, 0.05), meant=NOTHING), rules.Doubt((CHECK,))),
        # What the person may not do is not offered; if one thing is left, that is done.
        (ranked((CLOSE, 0.35), (CHECK, 0.34)), rules.Doubt(only=CHECK)),
        (ranked((CLOSE, 0.35), (CHECK, 0.34), (ADD, 0.3)), rules.Doubt((CHECK, ADD))),
        (ranked((CLOSE, 0.35), (DANGER, 0.3)), rules.Doubt((DANGER,))),
        (ranked((CLOSE, 0.35), (NOTHING, 0.3)), rules.Doubt()),
        # Nobody is asked about a greeting, nor about what says nothing.
        (ranked((Intent.THANKS, 0.35), (CHECK, 0.34)), rules.Doubt()),
        (ranked((CHECK, 0.35), (ADD, 0.34), text="5"), rules.Doubt()),
        (ranked((CHECK, 0.09), (ADD, 0.08), meant=NOTHING), rules.Doubt()),
    ],
)
def test_what_is_offered(understood: Understanding, doubt: rules.Doubt) -> None:
    assert rules.doubt(understood, may) == doubt


def test_everything_but_small_talk_has_a_name_of_its_own() -> None:
    assert set(replies.LABELS) == set(Intent) - SMALL_TALK
    assert len(set(replies.LABELS.values())) == len(replies.LABELS)
    assert all(2 <= len(label) <= 10 for label in replies.LABELS.values())
    assert replies.NONE_OF_THESE not in replies.LABELS.values()


@pytest.mark.parametrize(
    ("intent", "text", "label"),
    [
        (DISPUTE, "那个漏水的事", "报漏水"),
        (DISPUTE, "桂花苑3栋漏水的事", "报桂花苑3栋漏水"),
        (INCIDENT, "路灯那个", "报路灯"),
        (INCIDENT, "这里有个问题", "报问题"),
        (CHECK, "漏水那个007号", "查007号"),
        (CHECK, "漏水那个", "查之前报的事"),
        (POINTS, "漏水那个007号", "查我的积分"),
    ],
)
def test_what_was_said_makes_the_name_concrete(intent: Intent, text: str, label: str) -> None:
    said = Understanding(text, intent, 0.3, entities=find_entities(text, NOW))
    assert replies.label_of(intent, said) == label
    assert replies.label_of(intent) == replies.LABELS[intent]


def test_danger_is_told_the_number_to_call_before_anything_is_asked() -> None:
    offered = [Choice(replies.LABELS[intent], intent, "冒烟") for intent in (DANGER, INCIDENT)]
    reply = replies.did_you_mean(offered, "冒烟")
    assert reply.text.index("119") < reply.text.index("您是想")
    assert [choice.label for choice in reply.choices] == ["报紧急险情", "报问题", "都不是"]
    assert "119" not in replies.did_you_mean(offered[1:], "冒烟").text
