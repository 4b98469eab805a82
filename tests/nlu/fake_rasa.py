"""A Rasa server in the test process, whose next answers the test decides."""

from __future__ import annotations

import json

from nlu.understanding import Intent
from tests.nlu.fake_server import FakeServer


def ranked(best: Intent = Intent.CHECK_POINTS, rest: float = 0.001) -> list[dict[str, object]]:
    """A ranking as Rasa writes it, the best one not first, since the order is ours to make."""
    ranking: list[dict[str, object]] = [{"name": intent, "confidence": rest} for intent in Intent if intent is not best]
    return [*ranking, {"name": best, "confidence": 1 - rest * len(ranking)}]


def rasa_says(ranking: object) -> str:
    return json.dumps({"text": "…", "intent": None, "entities": [], "intent_ranking": ranking})


class FakeRasa(FakeServer):
    """A Rasa server that ranks points first until it is told otherwise."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port, rasa_says(ranked()))
