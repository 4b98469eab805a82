"""The public list: what a community has given of late, with masked names, for everybody who lives there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.approving import terms
from handlers.points import credit_replies as replies
from handlers.points import rules
from nlu import points_words
from nlu.personal_data import mask

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.points import Credit


def hear(turn: Turn) -> Reply | None:
    """Show the list to whoever asks for it, also in a group; None for anything else."""
    if not points_words.asks_for_list(turn.text) or (turn.is_overheard and "公示" not in turn.text):
        return None
    return show(turn)


def show(turn: Turn) -> Reply:
    """The list, whose numbers are remembered, so that an objection may name one."""
    community = turn.work.areas.community_of(turn.person.area)
    since = turn.now - timedelta(days=terms().public_days)
    given = turn.work.points.published(community, since)
    shown = given[: replies.MOST_PUBLIC]
    turn.talk.remember(public={"entries": [each.entry.id for each in shown], "at": turn.now.isoformat()})
    lines = [line(turn, number, credit) for number, credit in enumerate(shown, 1)]
    return replies.public(community.name, terms().public_days, lines, len(given) - len(shown))


def line(turn: Turn, number: int, credit: Credit) -> str:
    """A credit with the names masked, that of its owner also where the reason tells it."""
    person = turn.work.people.get(credit.person_id)
    shown = replies.public_line(number, credit, rules.masked(person.name))
    return mask(shown.replace(person.name, rules.masked(person.name)) if person.name else shown)
