"""Approval of volunteer work: points come with it, by somebody who is near to nobody concerned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers import earning
from handlers.approving import APPROVERS, bar, needs_second
from handlers.errors import Refusal
from handlers.routes import InGroup, Routes
from handlers.seconding import ask_second
from handlers.volunteers import approving_replies as replies
from handlers.volunteers import marking, rules
from nlu.understanding import Intent
from storage.credits import PointsEventKind, RequestState
from storage.volunteers import ParticipationState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from storage.volunteers import Participation

_ALL = re.compile(r"全部|都|所有|一起|全给|统统|一律")

routes = Routes()


@routes.on(Intent.APPROVE_CHECK_IN, roles=APPROVERS, in_group=InGroup.ASK)
def approve_check_in(turn: Turn) -> Reply:
    """Approve or reject what waits, one by one or all that bears no mark; points come with the approval."""
    waiting = [part for part in turn.work.volunteers.to_approve(turn.person, APPROVERS) if not _is_asked(turn, part)]
    if not waiting:
        return replies.nothing_to_approve()
    marks = {part.id: marking.sentences(turn, part) for part in waiting}
    named = [part for part in waiting if part.person.name and part.person.name in turn.text]
    approve = rules.decision_in(turn.text)
    if approve is None or (not named and not _ALL.search(turn.text) and len(waiting) > 1):
        return replies.to_approve([(part, marks[part.id]) for part in waiting])
    # What bears a mark is looked at by itself, and decided by name.
    chosen = named or [part for part in waiting if not marks[part.id]]
    marked = [] if named else [(part, marks[part.id]) for part in waiting if marks[part.id]]
    if not chosen:
        raise Refusal(replies.all_marked(marked))
    bars = {part.id: bar(turn.work, turn.person, part.person, turn.now) for part in chosen}
    barred = [found for found in bars.values() if found is not None]
    open_to = [part for part in chosen if bars[part.id] is None]
    if not open_to:
        raise Refusal(replies.left_to_others(barred[0]))
    done = _approve_all(turn, open_to) if approve else [_reject(turn, part) for part in open_to]
    return replies.decided(done, approved=approve, barred=barred, marked=marked)


def _is_asked(turn: Turn, part: Participation) -> bool:
    """Whether the points of a participation wait for a second person."""
    return any(request.state is RequestState.WAITING for request in turn.work.credits.of_participation(part))


def _approve_all(turn: Turn, parts: Sequence[Participation]) -> list[replies.Decided]:
    # What somebody was given before is read while nobody else can give them more, from another device of one's own.
    turn.work.points.lock(*(part.person for part in parts))
    return [_approve(turn, part) for part in parts]


def _approve(turn: Turn, part: Participation) -> replies.Decided:
    amount, reason = part.activity.points, replies.points_reason(part.activity)
    if amount and needs_second(turn.work, turn.person, part.person, amount, turn.now):
        asked = turn.work.credits.of_participation(part)
        refused = any(each.state is RequestState.REFUSED and each.asked_by_id == turn.person.id for each in asked)
        request = None if refused else ask_second(turn, part.person, amount, reason, part)
        return replies.Decided(part, replies.Fate.ASKED if request else replies.Fate.STUCK)
    given = earning.credit(turn, part.person, amount, reason, rules.source_of(part))
    part.state, part.approved_by_id, part.approved_at = ParticipationState.APPROVED, turn.person.id, turn.now
    turn.work.credits.note(PointsEventKind.APPROVED, part.person, given, rules.source_of(part), turn.by)
    turn.tell(part.person, replies.your_part_is_approved(part, given, turn.work.points.balance(part.person)))
    return replies.Decided(part, replies.Fate.DONE)


def _reject(turn: Turn, part: Participation) -> replies.Decided:
    part.state, part.approved_by_id, part.approved_at = ParticipationState.REJECTED, turn.person.id, turn.now
    turn.work.credits.note(PointsEventKind.REJECTED, part.person, 0, rules.source_of(part), turn.by, turn.text)
    turn.tell(part.person, replies.your_part_is_rejected(part))
    return replies.Decided(part, replies.Fate.DONE)
