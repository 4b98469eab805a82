"""When the bot is unsure what was meant, and what it then offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.forms import SMALL_TALK
from nlu.understanding import Intent
from nlu.wishes import are_alike

if TYPE_CHECKING:
    from collections.abc import Callable

    from nlu.understanding import Understanding

UNSURE_BELOW = 0.6
"""Below this confidence the bot may be unsure."""

MARGIN = 0.25
"""It is, when the next intent that means something else comes closer than this."""

LIKELY = 0.1
"""From this confidence on an intent is worth offering."""

DANGER = 0.05
"""From this confidence on an emergency is offered, and first."""

MOST_OFFERED = 3
SHORTEST_ASKED = 2
"""Letters that a message must have to be asked about; 「5」 alone says nothing to choose from."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may have been meant: to ask about `offered`, or to do `only` this, where nothing else is open to the person.

    With neither, asking helps nobody: it was a greeting, or nothing that this person could be offered.
    """

    offered: tuple[Intent, ...] = ()
    only: Intent | None = None


def is_unsure(understanding: Understanding, below: float = UNSURE_BELOW, margin: float = MARGIN) -> bool:
    """Whether something else may as well have been meant; what is done alike counts as one.

    `gridbot evaluate thresholds` shows what other thresholds than those in force would do.
    """
    if not understanding.ranking or understanding.intent is Intent.REPORT_EMERGENCY:
        return False
    odds = _odds(understanding)
    confidence = max(understanding.confidence, odds.get(understanding.intent, 0.0))
    others = [odds[intent] for intent in odds if not are_alike(intent, understanding.intent)]
    return confidence < below and confidence - max(others, default=0.0) < margin


def doubt(understanding: Understanding, may: Callable[[Intent], bool]) -> Doubt:
    """What to do about a message that `is_unsure`; `may` says whether an intent is available to the person."""
    odds = _odds(understanding)
    likely = [intent for intent in odds if odds[intent] >= LIKELY]
    if not likely or likely[0] in SMALL_TALK - {Intent.OUT_OF_SCOPE} or _letters(understanding.text) < SHORTEST_ASKED:
        return Doubt()
    found = [intent for intent in likely if intent not in {*SMALL_TALK, Intent.REPORT_EMERGENCY} and may(intent)]
    danger = odds.get(Intent.REPORT_EMERGENCY, 0.0) >= DANGER
    perhaps_nothing = Intent.OUT_OF_SCOPE in (understanding.intent, *likely)
    if len(found) == 1 and not danger and not perhaps_nothing:
        return Doubt(only=found[0])
    first = [Intent.REPORT_EMERGENCY] if danger else []
    return Doubt((*first, *found)[:MOST_OFFERED])


def _odds(understanding: Understanding) -> dict[Intent, float]:
    """The confidence of each intent, those that are done alike as one under the likelier, best first."""
    odds: dict[Intent, float] = {}
    for intent, confidence in ((understanding.intent, 0.0), *understanding.ranking):
        alike = next((other for other in odds if are_alike(other, intent)), intent)
        odds[alike] = odds.get(alike, 0.0) + confidence
    return dict(sorted(odds.items(), key=lambda item: -item[1]))


def _letters(text: str) -> int:
    return sum(char.isalpha() for char in text)
