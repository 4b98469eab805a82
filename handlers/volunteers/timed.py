"""What happens around an activity by the clock: reminders, closing for those who forgot to check out, planning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.routes import Duty
from handlers.volunteers import check_in_replies, marking, organising, organising_replies
from handlers.volunteers.settings import settings
from storage.activity_series import ActivitySeries
from storage.messages import Priority
from storage.volunteers import Activity, ParticipationState

if TYPE_CHECKING:
    from handlers.turn import Desk
    from storage.volunteers import Participation


def remind(desk: Desk) -> None:
    """Remind those who joined, a day and an hour before; whoever was told less than that before is told no more."""
    shortest = min(settings().remind.values())
    for which, before in settings().remind.items():
        for activity in desk.work.volunteers.starting_before(desk.now + before, desk.now):
            if not desk.work.series.begin_reminder(activity, which, desk.now):
                continue
            told_late = (activity.changed_at or activity.created_at) > activity.start - before
            missed = before > shortest and desk.now > activity.start - shortest
            if told_late or missed:
                continue
            joined = [part.person for part in activity.taken if part.state is ParticipationState.SIGNED_UP]
            desk.tell_all(joined, organising_replies.reminder(activity, desk.now), Priority.NOTICE)


def close(desk: Desk) -> None:
    """Check out those who forgot to, at the end and with a mark; who never came is noted as such."""
    ended = desk.now - settings().closes_after
    forgot: dict[int, list[Participation]] = {}
    for part in desk.work.check_ins.at_work(ended):
        part.state, part.checked_out_at = ParticipationState.CHECKED_OUT, part.activity.end
        marking.no_check_out(desk, part)
        desk.tell(part.person, check_in_replies.closed_for_you(part))
        forgot.setdefault(part.activity_id, []).append(part)
    for part in desk.work.check_ins.not_come(ended):
        part.state = ParticipationState.NO_SHOW
    for parts in forgot.values():
        _tell_organiser(desk, parts[0].activity, parts)
    desk.work.check_ins.forget(desk.now - settings().tries_kept)


def _tell_organiser(desk: Desk, activity: Activity, parts: list[Participation]) -> None:
    if activity.organiser_id is not None:
        desk.tell(desk.work.people.get(activity.organiser_id), check_in_replies.closed_for_others(activity, parts))


DUTIES = (
    Duty("volunteers.remind", 30, remind, over=Activity),
    Duty("volunteers.close", 60, close, over=Activity),
    Duty("volunteers.plan", 600, organising.plan, over=ActivitySeries),
)
