"""The parser: a text becomes an understanding; danger first, then the model, then the threshold for out_of_scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from nlu.categories import category, category_of
from nlu.emergencies import find_danger
from nlu.entities import find_entities
from nlu.understanding import NO_CONTEXT, Context, Intent, Judgement, Ranking, Understanding

if TYPE_CHECKING:
    from datetime import datetime

THRESHOLD = 0.2
"""Below this confidence of the best intent a text is out of scope."""

_ORDINARY = frozenset({"dispute", "incident"})
_OTHER_REPORT = {
    Intent.REPORT_DISPUTE: Intent.REPORT_INCIDENT,
    Intent.REPORT_INCIDENT: Intent.REPORT_DISPUTE,
}
KINDS_OF_REPORTS = {
    Intent.REPORT_DISPUTE: _ORDINARY,
    Intent.REPORT_INCIDENT: _ORDINARY,
    Intent.REPORT_EMERGENCY: frozenset({"emergency"}),
}
"""Of which kinds the category of a report is; what is a dispute and what an incident people see differently."""

IN_DOUBT = 0.2
"""From this confidence on the other kind of report is possible, and the category tells the two apart."""

SAID_OF_ONESELF = frozenset({"tenancy", "property_management", "family", "other"})
"""Categories whose words people also use to say who they are (租的房子, 物业的)."""

DANGER_NOT_EXCLUDED = 0.005
"""Words that name a present danger are believed unless the model is this sure that there is none."""

DANGER_ALONE = 0.8
"""Without such words the model alone must be this sure of an emergency."""

DANGER_TAKEN_BACK = 0.995
"""Against words that say the danger is past, feared, rehearsed or over, it must be as good as certain."""


class Model(Protocol):
    """What ranks the intents of a text."""

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:
        """Every intent with its confidence between 0 and 1, best first, for a text said in this context."""


class Parser:
    """Understands texts with one model."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def parse(self, text: str, now: datetime, context: Context = NO_CONTEXT) -> Understanding:
        """Understand one text that was sent at `now` (aware) in a talk that is about `context`."""
        plain = self._model.rank(text)
        ranking = plain if context == NO_CONTEXT else self._model.rank(text, context)
        danger = _danger(text, plain)
        intent, confidence = _decide(text, ranking, danger)
        said = find_danger(text)
        entities = find_entities(text, now, KINDS_OF_REPORTS.get(intent), said)
        alone = _decide(text, plain, danger) if context.form else None
        return Understanding(text, intent, confidence, ranking, entities, alone, said)

    def judge(self, text: str) -> Judgement:
        """What `text` means by itself, without a look at what it names."""
        ranking = self._model.rank(text)
        return _decide(text, ranking, _danger(text, ranking))


def _danger(text: str, ranking: Ranking) -> float:
    """How sure it is that `text` reports an emergency, by its words alone; 0 where it does not.

    The answers to what is asked about an emergency are no further ones, so the talk has no say in this.
    """
    danger = dict(ranking).get(Intent.REPORT_EMERGENCY, 0.0)
    return max(danger, DANGER_ALONE) if danger > _danger_needed(text) else 0.0


def _decide(text: str, ranking: Ranking, danger: float) -> Judgement:
    if danger:
        return Judgement(Intent.REPORT_EMERGENCY, danger)
    intent, confidence = next(best for best in ranking if best[0] is not Intent.REPORT_EMERGENCY)
    if intent is Intent.BIND_PROFILE and (told := category_of(text)) and told not in SAID_OF_ONESELF:
        # 「我住3栋2单元501，楼上天天吵」 says who one is only in passing.
        intent = _report_of(told)
    if intent in _OTHER_REPORT and dict(ranking).get(_OTHER_REPORT[intent], 0.0) >= IN_DOUBT:
        told = category_of(text, _ORDINARY)
        intent = _report_of(told) if told else intent
    return Judgement(intent if confidence >= THRESHOLD else Intent.OUT_OF_SCOPE, confidence)


def _report_of(slug: str) -> Intent:
    return Intent.REPORT_DISPUTE if category(slug).kind == "dispute" else Intent.REPORT_INCIDENT


def _danger_needed(text: str) -> float:
    """How sure the model must be of an emergency, after what the words say."""
    danger = find_danger(text)
    if danger is None:
        return DANGER_ALONE
    return DANGER_NOT_EXCLUDED if danger.present else DANGER_TAKEN_BACK
