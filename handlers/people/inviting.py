"""Inviting: a code for an area, and the newcomer who says it lands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import area_names
from handlers.errors import Refusal
from handlers.people import replies
from nlu import fixed_words
from storage.people import ADMINS, Role

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.areas import Area

WHO = frozenset({Role.GRID_MEMBER, *ADMINS})
"""Who may invite people to their area."""


def hear(turn: Turn) -> Reply | None:
    """Hear the wish for an invitation code, and a code that is said; None for anything else."""
    code = fixed_words.invitation_code(turn.text)
    if code is not None:
        return _arrive(turn, code)
    wanted = fixed_words.invitation_area(turn.text)
    if wanted is None or not turn.person.roles & WHO:
        return None
    area = _area(turn, wanted)
    made = turn.work.invitation_codes.make(area, turn.person, turn.now)
    return replies.invitation(area, made.code)


def _area(turn: Turn, wanted: str) -> Area:
    seats = [grant.area for grant in turn.person.grants if grant.role in WHO]
    community = turn.work.areas.community_of(seats[0])
    tree = {area.id: area for seat in seats for area in (seat, *turn.work.areas.below(seat))}
    found = {match.area.id: match.area for match in area_names.matches(wanted, list(tree.values()), community)}
    if len(found) != 1:
        raise Refusal(replies.no_area_to_invite_to(wanted, several=bool(found)))
    return next(iter(found.values()))


def _arrive(turn: Turn, said: str) -> Reply | None:
    if turn.message.in_group:
        return None
    code = turn.work.invitation_codes.standing(said, turn.now)
    if code is None:
        return replies.no_such_invitation()
    person = turn.person
    if person.confirmed_at is not None or person.home is not None:
        return replies.lives_somewhere(person)
    person.area, person.area_id = code.area, code.area_id
    code.uses += 1
    return replies.welcome_to(code.area)
