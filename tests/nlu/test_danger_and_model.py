"""What becomes of danger when words and model agree, and when they do not."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nlu.parser import Parser
from nlu.understanding import NO_CONTEXT, Context, Intent, Ranking

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


class Sure:
    """A model that is this sure of an emergency, whatever is said."""

    def __init__(self, danger: float) -> None:
        self._danger = danger

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:  # noqa: ARG002 - it hears nothing
        odds = {Intent.REPORT_EMERGENCY: self._danger, Intent.OUT_OF_SCOPE: 1 - self._danger}
        return tuple(sorted(odds.items(), key=lambda each: -each[1]))


@pytest.mark.parametrize(
    ("danger", "text", "real"),
    [
        (0.1, "三单元着火了", True),
        (0.001, "三单元着火了", False),
        (0.9, "那边不对头得很", True),
        (0.6, "那边不对头得很", False),
        (0.9, "昨天三单元着火，已经扑灭了", False),
        (0.999, "昨天三单元着火，已经扑灭了", True),
    ],
)
def test_words_and_model_decide_together(danger: float, text: str, real: bool) -> None:
    understanding = Parser(Sure(danger)).parse(text, NOW)
    assert (understanding.intent is Intent.REPORT_EMERGENCY) is real
