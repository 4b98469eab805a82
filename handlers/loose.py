"""Photos and locations that came before any words: what is told soon after is what they belong to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers.turn import Attachment, AttachmentKind

if TYPE_CHECKING:
    from handlers.turn import Turn

BELONGS_WITHIN = timedelta(minutes=30)
"""How long after the last of them words may follow."""


def keep(turn: Turn) -> None:
    """Note that the message waits for the words that it belongs to; the message itself keeps what came with it."""
    ids = [*_waiting(turn), turn.cause_id]
    turn.talk.remember(loose={"messages": ids, "at": turn.now.isoformat()})


def take(turn: Turn, located_within: timedelta = BELONGS_WITHIN) -> tuple[Attachment, ...]:
    """What waited for words in this talk, for whatever is told now; it waits no more.

    Of a location that was shared longer than `located_within` ago nothing is taken: people move on.
    """
    ids = _waiting(turn)
    if turn.talk.topic.get("loose") is not None:
        turn.talk.remember(loose=None)
    found = []
    for row in (turn.work.messages.get(message_id) for message_id in ids):
        fresh = turn.now - min(row.sent_at, row.received_at) <= located_within
        kept = (Attachment.from_row(each) for each in row.attachments)
        found += [each for each in kept if fresh or each.kind is not AttachmentKind.LOCATION]
    return tuple(found)


def _waiting(turn: Turn) -> list[int]:
    loose = turn.talk.topic.get("loose")
    if loose is None or turn.now - datetime.fromisoformat(loose["at"]) > BELONGS_WITHIN:
        return []
    ids: list[int] = loose["messages"]
    return ids
