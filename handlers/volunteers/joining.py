"""Joining an activity and leaving it: places are given out under a lock, and a free one goes to who waits longest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers import not_coming
from handlers.routes import InGroup, Routes
from handlers.volunteers import naming, replies, rules
from nlu.understanding import Intent
from storage.volunteers import ParticipationState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Desk, Reply, Turn
    from storage.volunteers import Activity

LONGEST = 40
"""Characters of a message that takes a sign-up back."""

_ASKS = re.compile(r"[?？]|[吗么呢不]\s*$")
_JOINED = (ParticipationState.SIGNED_UP, ParticipationState.WAITING)

routes = Routes()


@routes.on(Intent.JOIN_ACTIVITY, in_group=InGroup.ACT)
def join_activity(turn: Turn) -> Reply:
    """Sign up for the activity that is meant, or wait for a place where it is full, or take that back."""
    if rules.leaves(turn.text):
        return _leave(turn)
    activities = turn.work.volunteers.coming(turn.person, turn.now)
    if not activities:
        return replies.none_coming()
    meant = naming.meant(turn, activities)
    if len(meant) > 1:
        return replies.which(meant)
    activity = turn.work.volunteers.lock(meant[0])
    part = turn.work.volunteers.part_in(activity, turn.person)
    if part is not None and part.state is ParticipationState.WAITING:
        return replies.waits_already(activity, activity.waiting.index(part) + 1)
    if part is not None:
        return replies.joined_already(activity)
    same_time = _at_same_time(turn, activity)
    if activity.is_full:
        turn.work.volunteers.join(activity, turn.person, turn.now, ParticipationState.WAITING)
        return replies.waits(activity, len(activity.waiting))
    turn.work.volunteers.join(activity, turn.person, turn.now)
    return replies.joined(activity, same_time)


def leave_by_title(turn: Turn) -> Reply | None:
    """Whoever says of an activity that they have joined, by its title, that they do not come; None for all else."""
    is_short = len(turn.text) <= LONGEST and turn.understanding.intent is not Intent.REPORT_EMERGENCY
    if not is_short or not rules.leaves(turn.text) or _ASKS.search(turn.text):
        return None
    parts = [p for p in turn.work.volunteers.parts_of(turn.person, *_JOINED) if p.activity.end > turn.now]
    return _leave(turn) if naming.titled(turn.text, [part.activity for part in parts]) else None


def leave_alone(turn: Turn) -> Reply | None:
    """Whoever says no more than that they cannot come leaves the one activity that they have joined; else None."""
    found = not_coming.promised(turn)
    if found is None or not found.parts:
        return None
    return _leave(turn) if len(found) == 1 else found.which()


def promote(desk: Desk, activity: Activity) -> int:
    """Give the free places of a locked activity to those who wait, who are told at once; how many that were."""
    if activity.start <= desk.now:
        return 0
    promoted = desk.work.volunteers.promote(activity)
    for part in promoted:
        desk.tell(part.person, replies.got_a_place(activity))
    return len(promoted)


def _at_same_time(turn: Turn, activity: Activity) -> Sequence[Activity]:
    """What the person has joined that is on at the same time."""
    parts = turn.work.volunteers.parts_of(turn.person, *_JOINED)
    return [p.activity for p in parts if p.activity.start < activity.end and activity.start < p.activity.end]


def _leave(turn: Turn) -> Reply:
    parts = [p for p in turn.work.volunteers.parts_of(turn.person, *_JOINED) if p.activity.end > turn.now]
    if not parts:
        return replies.joined_nothing()
    meant = naming.meant(turn, [part.activity for part in parts])
    if len(meant) > 1:
        return replies.which_to_leave(meant)
    activity = turn.work.volunteers.lock(meant[0])
    part = turn.work.volunteers.part_in(activity, turn.person)
    if part is None or part.state not in _JOINED:
        return replies.joined_nothing()
    waited = part.state is ParticipationState.WAITING
    turn.work.volunteers.leave(part)
    promote(turn, activity)
    return replies.waits_no_more(activity) if waited else replies.left(activity)


LISTENERS = (leave_by_title, leave_alone)
