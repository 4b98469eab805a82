"""What the JSON-lines commands answer to one line each (rehearsals.md): understand, times, mask, ask."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.json_lines import Answer, LineError, text_of
from handlers.policy import replies
from nlu.personal_data import find_personal_data, mask
from nlu.policy.answer import answer as answer_policy
from nlu.policy.parts import answers
from nlu.times import SHANGHAI, TimeSpan, find_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.clock import Clock
    from bot.hearing import Parser
    from nlu.policy.answer import PolicyAnswer
    from nlu.policy.search import PolicySearch
    from nlu.understanding import Entity


def understand(parser: Parser, clock: Clock, data: dict[str, Any]) -> Answer:
    """One text as Rasa's /model/parse gives it."""
    understanding = parser.parse(text_of(data, "text"), _now(data, clock))
    return {
        "text": understanding.text,
        "intent": {"name": understanding.intent, "confidence": understanding.confidence},
        "intent_ranking": [{"name": name, "confidence": confidence} for name, confidence in understanding.ranking],
        "entities": [_entity(entity) for entity in understanding.entities],
    }


def times(data: dict[str, Any]) -> Answer:
    """The time that one text says, seen from its `now`."""
    if "now" not in data:
        raise LineError('"now" is missing')
    span = find_time(text_of(data, "text"), _now(data, None))
    return _span(span) if span else _span(TimeSpan(None, None))


def mask_text(data: dict[str, Any]) -> Answer:
    """One text with what is personal masked, and where it stood."""
    text = text_of(data, "text")
    found = [
        {"kind": datum.kind, "start": datum.start, "end": datum.end, "text": datum.text}
        for datum in find_personal_data(text)
    ]
    return {"masked": mask(text), "found": found}


def ask(search: PolicySearch, clock: Clock, data: dict[str, Any]) -> Answer:
    """The answer to the last question of a line; where it asks several things, all answers together."""
    turns = data.get("turns", [data.get("q")])
    if not isinstance(turns, list) or not turns or any(not isinstance(turn, str) for turn in turns):
        raise LineError('"q" must be a text, or "turns" a list of texts')
    found = answers(turns, lambda turns: answer_policy(turns, search), search.thesaurus)
    setting = replies.Setting(_now(data, clock).date(), several=len(search.indexes) > 1)
    return {
        "answered": any(answer.answered for answer in found),
        "clauses": _each(clause_id for answer in found for clause_id in answer.clauses),
        "departments": _each(unit for answer in found for unit in answer.departments),
        "quotes": _each_quote(found),
        "text": replies.answer(found, setting).text,
    }


def _each(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _each_quote(found: Sequence[PolicyAnswer]) -> list[dict[str, str]]:
    quotes = dict.fromkeys(quote for answer in found for quote in answer.quotes)
    return [{"clause": quote.clause_id, "text": quote.text} for quote in quotes]


def _now(data: dict[str, Any], clock: Clock | None) -> datetime:
    if "now" not in data and clock is not None:
        return clock().astimezone(SHANGHAI)
    try:
        now = datetime.fromisoformat(text_of(data, "now"))
    except ValueError as error:
        raise LineError(f'"now" is no moment: {error}') from error
    return now if now.tzinfo else now.replace(tzinfo=SHANGHAI)


def _entity(entity: Entity) -> dict[str, Any]:
    value = _span(entity.value) if isinstance(entity.value, TimeSpan) else entity.value
    return {"entity": entity.kind, "start": entity.start, "end": entity.end, "text": entity.text, "value": value}


def _span(span: TimeSpan) -> dict[str, Any]:
    return {
        "start": span.start.isoformat() if span.start else None,
        "end": span.end.isoformat() if span.end else None,
        "date_only": span.date_only,
        "rrule": span.rrule,
        "text": span.text or None,
    }
