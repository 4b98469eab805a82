"""One's points for the social credit record, asked for by chat: with consent, and as a file from the community."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers import consents
from handlers.points import certificate_replies as replies
from handlers.points.rules import span_of
from nlu import points_words
from storage.consents import Purpose
from storage.people import ADMINS

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

TOLD_AGAIN_AFTER = timedelta(days=1)
"""How long after one request staff are not told of the next one for the same months."""


def hear(turn: Turn) -> Reply | None:
    """Hear that somebody wants their points certified; None for anything else."""
    if not points_words.asks_for_certificate(turn.text):
        return None
    if turn.message.in_group:
        return replies.in_private()
    consent = turn.work.consents.standing(turn.person).get(Purpose.CREDIT_RECORD)
    if consent is None:
        return replies.needs_consent(consents.wording(Purpose.CREDIT_RECORD))
    span = span_of(turn.text, turn.now) if points_words.names_a_span(turn.text) else span_of("今年", turn.now)
    lines = [line for line in turn.work.points.record(turn.person, span.since, span.until) if line.amount]
    if not lines:
        return replies.nothing_to_certify(span)
    last = lines[-1].entry
    told = _tell_staff(turn, span.since, min(span.until - timedelta(days=1), turn.now))
    return replies.certified(turn.person, span, lines, last, consent.at, told=told)


def _tell_staff(turn: Turn, since: datetime, until: datetime) -> bool:
    """Ask somebody who can have the file made, unless they were asked of late; whether anybody knows."""
    months = [f"{moment:%Y-%m}" for moment in (since, until)]
    span = " ".join(months)
    asked = turn.talk.topic.get("certificates", {})
    asked = {each: at for each, at in asked.items() if turn.now - datetime.fromisoformat(at) < TOLD_AGAIN_AFTER}
    if span in asked:
        return True
    staff = [each for each in turn.work.people.answerable(ADMINS, turn.person.area) if each.id != turn.person.id]
    # The nearest one who can be written to is enough.
    told = any(turn.tell(each, replies.please_export(turn.person, *months)) is not None for each in staff)
    if told:
        turn.talk.remember(certificates={**asked, span: turn.now.isoformat()})
    return told
