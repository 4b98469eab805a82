"""What falls due in mediations: meetings, the end of the month, return visits, the judicial confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.mediation import handing_over, rules, steps
from handlers.cases.replies import mediation as replies
from handlers.cases.replies import mediation_party as party_replies
from handlers.routes import Duty
from storage.mediations import Mediation

if TYPE_CHECKING:
    from handlers.turn import Desk


def remind_of_sessions(desk: Desk) -> None:
    """Remind the parties and the mediator a day and an hour before they meet, each once."""
    for session in desk.work.mediations.sessions_from(desk.now, desk.now + rules.DAY_BEFORE):
        left = session.start - desk.now
        is_day = session.day_told_at is None and left > rules.HOUR_BEFORE
        is_hour = session.hour_told_at is None and left <= rules.HOUR_BEFORE
        if not is_day and not is_hour:
            continue
        session.day_told_at = session.day_told_at or desk.now
        if is_hour:
            session.hour_told_at = desk.now
        mediation = session.mediation
        steps.tell_parties(desk, mediation, party_replies.session_reminder(mediation, session))
        desk.tell(mediation.mediator, replies.session_reminder(mediation, session))


def remind_of_deadlines(desk: Desk) -> None:
    """Remind the mediator a week before the month is over, and when it is, each once; anew after an extension."""
    for mediation in desk.work.mediations.running_until(desk.now + rules.DEADLINE_REMINDER):
        told, is_over = mediation.deadline_told_at, mediation.due_at <= desk.now
        last = mediation.due_at if is_over else mediation.due_at - rules.DEADLINE_REMINDER
        if told is not None and told >= last:
            continue
        mediation.deadline_told_at = desk.now
        reply = replies.deadline_over(mediation) if is_over else replies.deadline_near(mediation)
        desk.tell(mediation.mediator, reply)


def remind_of_visits(desk: Desk) -> None:
    """Remind the mediator of return visits that are due."""
    for visit in desk.work.mediations.visits_due(desk.now):
        visit.told_at = desk.now
        desk.tell(visit.mediation.mediator, replies.visit_due(visit.mediation))


def remind_of_confirmation(desk: Desk) -> None:
    """Tell both a week before the thirty days are over in which they may go to the court together (第三十三条)."""
    for mediation in desk.work.mediations.agreed_before(desk.now - rules.COURT_REMINDER):
        mediation.court_told_at = desk.now
        until = (mediation.agreed_at or desk.now) + rules.COURT_WITHIN
        if until > desk.now:
            steps.tell_parties(desk, mediation, party_replies.court_reminder(mediation, until))


DUTIES = (
    Duty("mediations.hand_on", 60, handing_over.hand_on, over=Mediation),
    Duty("mediations.remind_of_sessions", 60, remind_of_sessions, over=Mediation),
    Duty("mediations.remind_of_deadlines", 600, remind_of_deadlines, over=Mediation),
    Duty("mediations.remind_of_visits", 600, remind_of_visits, over=Mediation),
    Duty("mediations.remind_of_confirmation", 600, remind_of_confirmation, over=Mediation),
)
