"""Finding the mediation that somebody means, by the number of its case or because it is the only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.replies import mediation as replies
from handlers.errors import Refusal
from nlu.times import SHANGHAI
from storage.cases import UNFINISHED
from storage.mediations import MediationState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.turn import Turn
    from storage.mediations import Mediation


def led(turn: Turn, number: str | None, *, done: bool = False) -> Mediation | None:
    """The mediation that the speaker leads and means, locked; with `done` rather one that came to an agreement.

    Raises Refusal where several are meant.
    """
    mine = [m for m in turn.work.mediations.led_by(turn.person) if _is_alive(m)]
    return _one(turn, mine, number, done=done)


def joined(turn: Turn, number: str | None, *, done: bool = False) -> Mediation | None:
    """The mediation in which the speaker is a party and which they mean, locked; or None."""
    mine = [m for m in turn.work.mediations.joined_by(turn.person) if _is_alive(m)]
    return _one(turn, mine, number, done=done)


def of_others(turn: Turn, number: str | None) -> Mediation | None:
    """A mediation under way that the speaker may see as staff, and that another person leads."""
    if number is None:
        return None
    for case in turn.work.cases.called(turn.person, number, turn.now.astimezone(SHANGHAI).date()):
        for mediation in turn.work.mediations.of_case(case, turn.person):
            if mediation.is_running and mediation.mediator_id != turn.person.id:
                return mediation
    return None


def over(turn: Turn, number: str | None) -> Mediation | None:
    """The mediation that the speaker led to nothing, of the unfinished case with this number; or None."""
    mine = [m for m in turn.work.mediations.led_by(turn.person) if number is not None and m.case.is_called(number)]
    return next((m for m in mine[:1] if not _is_alive(m) and m.case.state in UNFINISHED), None)


def _is_alive(mediation: Mediation) -> bool:
    return mediation.is_running or mediation.state is MediationState.AGREED


def _one(turn: Turn, mediations: Iterable[Mediation], number: str | None, *, done: bool) -> Mediation | None:
    found = [m for m in mediations if number is None or m.case.is_called(number)]
    wanted = [m for m in found if m.is_running is not done] or found
    if number is not None and wanted:
        # Short numbers begin anew each day: the newest is meant.
        wanted = wanted[:1]
    if len(wanted) > 1:
        wanted = [m for m in wanted if m.case_id == turn.talk.topic.get("case")] or wanted
    if len(wanted) > 1:
        raise Refusal(replies.which(wanted))
    if not wanted:
        return None
    turn.talk.remember(case=wanted[0].case_id)
    return turn.work.mediations.lock(wanted[0])
