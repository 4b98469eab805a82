"""What becomes of danger when words and model agree, and when they do not, and how sure the parser says it is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from nlu.parser import DANGER_ALONE, Parser
from nlu.understanding import NO_CONTEXT, Context, Danger, EntityKind, Intent, Ranking

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
POINTS, DANGER, DISPUTE, INCIDENT = (
    Intent.CHECK_POINTS,
    Intent.REPORT_EMERGENCY,
    Intent.REPORT_DISPUTE,
    Intent.REPORT_INCIDENT,
)


class Fixed:
    """A model with these odds whatever is said, but for `parts`, which are emergencies with odds of their own."""

    def __init__(self, odds: Mapping[Intent, float], parts: Mapping[str, float] | None = None) -> None:
        self._odds = odds
        self._parts = parts or {}
        self.heard: list[str] = []

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:  # noqa: ARG002 - it hears no context
        self.heard.append(text)
        odds = {DANGER: self._parts[text], Intent.OUT_OF_SCOPE: 1 - self._parts[text]} if text in self._parts else None
        return tuple(sorted((odds or self._odds).items(), key=lambda each: -each[1]))


def sure(danger: float) -> Fixed:
    return Fixed({DANGER: danger, Intent.OUT_OF_SCOPE: 1 - danger})


@pytest.mark.parametrize(
    ("danger", "text", "real"),
    [
        (0.1, "三单元着火了", True),
        (0.001, "三单元着火了", True),
        (0.0, "帮我查下积分，另外楼下着火了", True),
        (0.9, "那边不对头得很", True),
        (0.6, "那边不对头得很", False),
        (0.9, "昨天三单元着火，已经扑灭了", False),
        (1.0, "昨天三单元着火，已经扑灭了", False),
        (1.0, "电视里头说成都有个楼着火了", False),
        (1.0, "他们说要是着火了咋办", False),
    ],
)
def test_words_and_model_decide_together(danger: float, text: str, real: bool) -> None:
    understanding = Parser(sure(danger)).parse(text, NOW)
    assert (understanding.intent is DANGER) is real


def test_words_are_believed_no_less_than_a_sure_model() -> None:
    assert Parser(sure(0.0)).parse("三单元着火了", NOW).confidence == DANGER_ALONE
    assert Parser(sure(0.97)).parse("三单元着火了", NOW).confidence == pytest.approx(0.97)


def test_a_part_of_which_the_model_is_sure_makes_an_emergency_of_the_whole() -> None:
    model = Fixed({POINTS: 0.99, DANGER: 0.01}, {"那边不对头得很": 0.95})
    understanding = Parser(model).parse("帮我查下积分，另外那边不对头得很", NOW)
    assert (understanding.intent, understanding.confidence) == (DANGER, 0.95)
    assert understanding.danger is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("帮我查下积分，另外楼下着火了", []),
        ("帮我查下积分，另外昨天楼下着火了", ["帮我查下积分"]),
        ("帮我查下积分，另外那边不对头得很", ["帮我查下积分", "那边不对头得很"]),
        ("那边不对头得很", []),
    ],
)
def test_the_model_is_asked_about_the_parts_of_which_words_say_nothing(text: str, asked: list[str]) -> None:
    model = Fixed({POINTS: 1.0})
    Parser(model).parse(text, NOW)
    assert model.heard == [text, *asked]


@pytest.mark.parametrize(
    ("text", "danger", "category"),
    [
        ("三单元着火了", Danger("fire", present=True), "fire"),
        ("电梯里头关到人了", Danger("safety_hazard", present=True), "safety_hazard"),
        ("那边不对头得很", None, "safety_hazard"),
        ("他那个病又犯了", None, "medical"),
    ],
)
def test_an_emergency_has_one_category(text: str, danger: Danger | None, category: str) -> None:
    understanding = Parser(sure(0.9)).parse(text, NOW)
    assert understanding.intent is DANGER
    assert understanding.danger == danger
    assert [each.value for each in understanding.entities if each.kind is EntityKind.CATEGORY] == [category]


@pytest.mark.parametrize(
    ("odds", "text", "intent", "confidence"),
    [
        ({Intent.BIND_PROFILE: 0.7, DISPUTE: 0.2}, "我住3栋2单元501，楼上天天吵得很", DISPUTE, 0.9),
        ({Intent.BIND_PROFILE: 0.7, DISPUTE: 0.2}, "我住3栋2单元501", Intent.BIND_PROFILE, 0.7),
        ({INCIDENT: 0.5, DISPUTE: 0.4}, "楼上天天吵得很", DISPUTE, 0.9),
        ({INCIDENT: 0.5, DISPUTE: 0.4}, "路灯不亮了", INCIDENT, 0.5),
        ({INCIDENT: 0.9, DISPUTE: 0.02}, "楼上天天吵得很", INCIDENT, 0.9),
        ({POINTS: 0.15, INCIDENT: 0.14, Intent.OUT_OF_SCOPE: 0.1}, "嗯嗯那个", Intent.OUT_OF_SCOPE, 0.1),
    ],
)
def test_the_confidence_is_that_of_the_intent(
    odds: Mapping[Intent, float], text: str, intent: Intent, confidence: float
) -> None:
    understanding = Parser(Fixed(odds)).parse(text, NOW)
    assert understanding.intent is intent
    assert understanding.confidence == pytest.approx(confidence)
