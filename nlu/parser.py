"""The parser: a text becomes an understanding; danger first, then the model, then the threshold for out_of_scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from nlu.categories import category, category_of
from nlu.emergencies import find_danger, without_talk
from nlu.entities import find_entities
from nlu.parts import MOST_PARTS, parts
from nlu.understanding import NO_CONTEXT, Context, Intent, Judgement, Ranking, Understanding

if TYPE_CHECKING:
    from datetime import datetime

    from nlu.understanding import Danger

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

IN_DOUBT = 0.05
"""From this confidence on the other kind of report is possible, and the category tells the two apart."""

SAID_OF_ONESELF = frozenset({"tenancy", "property_management", "family", "other"})
"""Categories whose words people also use to say who they are (租的房子, 物业的)."""

SHORTEST_TALE = 4
"""Characters beside what only sounds like danger that may tell of some."""

DANGER_ALONE = 0.8
"""Where no words name a danger, the model alone must be this sure of an emergency."""


SOUNDS_LIKE_DANGER = frozenset({Intent.CANCEL, Intent.REQUEST_MUTUAL_AID})
"""What the model takes words of danger for: giving up (烧了算了), and asking for help (我妈摔倒了起不来，哪个来扶)."""

NEVER_OVERRULED = frozenset({"self_harm"})
"""Kinds of danger that the model has no say in: who speaks of dying speaks in words that it knows from jokes."""

DANGER_EXCLUDED = 0.003
"""Below this for a whole text and each of its parts, the model is sure that there is no danger."""

DANGER_IN_CLAUSE = 0.5
"""From this on for the clause of the sign by itself, it is not. Of 815 emergencies in tests/nlu/emergencies the two
lose five, and of 84 ordinary sentences in nlu/data with signs of danger they leave 22."""


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
        plain = self._rank(text)
        ranking = plain if context == NO_CONTEXT else self._rank(text, context)
        danger = find_danger(text)
        alarm = self._alarm(text, plain, danger)
        intent, confidence = _decide(text, ranking, alarm)
        entities = find_entities(text, now, KINDS_OF_REPORTS.get(intent), danger)
        alone = _decide(text, plain, alarm) if context.form else None
        return Understanding(text, intent, confidence, ranking, entities, alone, danger)

    def judge(self, text: str) -> Judgement:
        """What `text` means by itself, without a look at what it names."""
        ranking = self._rank(text)
        return _decide(text, ranking, self._alarm(text, ranking, find_danger(text)))

    def _alarm(self, text: str, plain: Ranking, danger: Danger | None) -> float:
        """How sure it is that `text` reports an emergency, beside whatever else it wishes for; 0 where it does not.

        Plain words of a present danger are believed whatever the model thinks, and so is every word of dying: to miss
        one is the worst mistake. Other signs of it are believed where the model hears nothing but that somebody wants
        to stop or asks for help (SOUNDS_LIKE_DANGER), and else unless the model is sure that neither the text nor any
        part of it has to do with danger, and does not take the clause of the sign for it either. Words that take a
        danger back are believed
        too, since the model is as sure of 「电视里说有个楼着火了」 as of a fire; where it is, the bot asks. Where words
        say nothing of danger the model decides, on the whole message or a part of it. The answers to what is asked
        about an emergency are no further ones, so the talk has no say in this.
        """
        sure = _emergency(plain)
        pieces = parts(text)
        said = [text[piece.start : piece.end] for piece in pieces] if 1 < len(pieces) <= MOST_PARTS else []
        if danger is not None and danger.present:
            certain = danger.plainly or danger.kind in NEVER_OVERRULED or plain[0][0] in SOUNDS_LIKE_DANGER
            believed = certain or self._emergency(danger.clause) >= DANGER_IN_CLAUSE
            if believed or max([sure, *map(self._emergency, said)]) >= DANGER_EXCLUDED:
                return max(sure, DANGER_ALONE)
            return 0.0
        odds = [self._emergency(rest) for each in said if find_danger(each) is None and (rest := without_talk(each))]
        rest = without_talk(text)
        if rest != text:
            sure = self._emergency(rest) if len(rest) >= SHORTEST_TALE else 0.0
        sure = max(odds if danger is not None else [sure, *odds], default=0.0)
        return sure if sure >= DANGER_ALONE else 0.0

    def _rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:
        """The ranking of a text; of what only sounds like danger, without that."""
        ranking = self._model.rank(text, context)
        if without_talk(text) == text or find_danger(text) is not None:
            return ranking
        others = [(intent, odds) for intent, odds in ranking if intent is not Intent.REPORT_EMERGENCY]
        whole = sum(odds for _, odds in others) or 1.0
        return (*((intent, odds / whole) for intent, odds in others), (Intent.REPORT_EMERGENCY, 0.0))

    def _emergency(self, text: str) -> float:
        return _emergency(self._model.rank(text))


def _emergency(ranking: Ranking) -> float:
    return dict(ranking).get(Intent.REPORT_EMERGENCY, 0.0)


def _decide(text: str, ranking: Ranking, alarm: float) -> Judgement:
    """What is meant, and how sure that is.

    Where the category chooses another intent than the likeliest, both stood for the one wish that was heard: it has the
    sum of their confidences.
    """
    if alarm:
        return Judgement(Intent.REPORT_EMERGENCY, alarm)
    odds = dict(ranking)
    intent, confidence = next(best for best in ranking if best[0] is not Intent.REPORT_EMERGENCY)
    if intent is Intent.BIND_PROFILE and (told := category_of(text)) and told not in SAID_OF_ONESELF:
        # 「我住3栋2单元501，楼上天天吵」 says who one is only in passing.
        intent = _report_of(told)
        confidence += odds.get(intent, 0.0)
    other = _OTHER_REPORT.get(intent)
    if other is not None and odds.get(other, 0.0) >= IN_DOUBT:
        told = category_of(text, _ORDINARY)
        if told is not None and _report_of(told) is other:
            intent, confidence = other, confidence + odds[other]
    if confidence < THRESHOLD:
        return Judgement(Intent.OUT_OF_SCOPE, odds.get(Intent.OUT_OF_SCOPE, 0.0))
    return Judgement(intent, confidence)


def _report_of(slug: str) -> Intent:
    return Intent.REPORT_DISPUTE if category(slug).kind == "dispute" else Intent.REPORT_INCIDENT
