"""What residents and staff do with cases, one function per intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases import emergency, filing, finding, replies, report, rules
from handlers.errors import Refusal
from handlers.forms import Form
from handlers.routes import Duty, InGroup, Routes
from nlu.understanding import Intent
from storage.cases import HANDLERS, CaseEvent, CaseKind, CaseState
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.forms import Values
    from handlers.turn import Desk, Reply, Turn
    from storage.cases import Case
    from storage.people import Person

routes = Routes()


@routes.on(Intent.REPORT_DISPUTE, in_group=InGroup.MOVE)
def report_dispute(turn: Turn) -> Reply:
    """Take a report of a conflict between parties."""
    return report.begin(turn, CaseKind.DISPUTE)


@routes.on(Intent.REPORT_INCIDENT, in_group=InGroup.ACT)
def report_incident(turn: Turn) -> Reply:
    """Take a report of a thing out of order."""
    return report.begin(turn, CaseKind.INCIDENT)


@routes.on(Intent.REPORT_EMERGENCY, in_group=InGroup.ACT)
def report_emergency(turn: Turn) -> Reply:
    """Say whom to call, alert everybody who can help, and only then ask."""
    return emergency.raise_alarm(turn)


@routes.on(Intent.CHECK_CASE, in_group=InGroup.MOVE)
def check_case(turn: Turn) -> Reply:
    """Tell how one's own reports stand; whoever handles one that is late is told that its reporter asks."""
    cases = finding.own(turn)
    for case in cases:
        if case.state in (CaseState.OPEN, CaseState.ACCEPTED, CaseState.IN_PROGRESS) and case.due_at < turn.now:
            turn.tell(case.assignee, replies.pressed(case))
    turn.talk.remember(case=cases[0].id)
    return replies.status(cases, turn.now)


@routes.on(Intent.ADD_TO_CASE, in_group=InGroup.ASK)
def add_to_case(turn: Turn) -> Reply:
    """Add a fact, a photo or a place to one's own report."""
    case = finding.own_one(turn)
    if case.state in (CaseState.RESOLVED, CaseState.CLOSED) and rules.says_solved(turn.text) is False:
        return _reopen(turn, case)
    photos, location = filing.photos(turn.message.attachments), filing.location(turn.message.attachments)
    case.photos = [*case.photos, *photos]
    case.location = location or case.location
    words = replies.addition(turn.text, photos, location)
    _note(case, turn.person, turn, "add", words)
    turn.tell(case.assignee, replies.something_was_added(case, words))
    return replies.added(case)


@routes.on(Intent.WITHDRAW_CASE, in_group=InGroup.MOVE)
def withdraw_case(turn: Turn) -> Reply | None:
    """Take a report back, once it is confirmed."""
    case = finding.own_one(turn)
    if case.state is CaseState.RESOLVED and rules.says_solved(turn.text) is not None and "撤" not in turn.text:
        # 「解决了」 answers the question whether it is; it takes nothing back.
        return rate_case(turn)
    rules.check_withdrawable(case)
    return forms.begin(turn, WITHDRAW, {"case": case.id, "number": f"{case.short}号", "summary": case.place})


def _withdraw(turn: Turn, values: Values) -> Reply:
    case = finding.own_by_id(turn, values["case"])
    rules.check_withdrawable(case)
    case.move(CaseState.WITHDRAWN, turn.person, turn.now, "withdraw")
    turn.tell(case.assignee, replies.work_is_withdrawn(case))
    return replies.withdrawn(case)


def _read_back_withdrawal(values: Values) -> Reply:
    return replies.confirm_withdrawal(values["number"], values["summary"])


WITHDRAW = Form("withdraw", Intent.WITHDRAW_CASE, (), _read_back_withdrawal, _withdraw, about=replies.about_withdrawal)


@routes.on(Intent.RATE_CASE, in_group=InGroup.ASK)
def rate_case(turn: Turn) -> Reply:
    """Take the reporter's word whether it is solved, and the rating; what is not solved is opened again."""
    case = finding.own_finished(turn)
    stars = finding.stars(turn)
    if rules.says_solved(turn.text) is False and (stars is None or stars < rules.FAIR):
        return _reopen(turn, case)
    if case.state is CaseState.RESOLVED:
        case.move(CaseState.CLOSED, turn.person, turn.now, "confirm")
    if stars is None:
        turn.talk.remember(case=case.id)
        return replies.how_many_stars(case)
    case.rating = stars
    _note(case, turn.person, turn, "rate", str(stars))
    turn.tell(case.assignee, replies.your_work_is_rated(case))
    return replies.rated(case)


def _reopen(turn: Turn, case: Case) -> Reply:
    if not rules.may_reopen(case, turn.now):
        raise Refusal(replies.too_late_to_reopen(case))
    case.move(CaseState.IN_PROGRESS, turn.person, turn.now, "reopen", turn.text)
    above = turn.work.people.answerable(HANDLERS, case.area)
    next_level = [person for person in above if person.id != case.assignee_id][:1]
    turn.tell_all([case.assignee, *next_level], replies.work_is_reopened(case))
    return replies.reopened(case)


@routes.on(Intent.MY_TASKS, roles=STAFF, in_group=InGroup.MOVE)
def my_tasks(turn: Turn) -> Reply:
    """List the cases that wait for this person, what is due first."""
    cases = turn.work.cases.assigned_to(turn.person)
    return replies.tasks(cases, turn.now) if cases else replies.no_tasks()


@routes.on(Intent.ACCEPT_CASE, roles=STAFF, in_group=InGroup.ASK)
def accept_case(turn: Turn) -> Reply:
    """Take a case on; whoever does answers for it."""
    case = finding.for_work(turn, CaseState.OPEN)
    rules.check_acceptable(case, turn.person.id)
    case.assignee = turn.person
    case.move(CaseState.ACCEPTED, turn.person, turn.now, "accept")
    turn.tell_all(filing.interested(case), replies.your_case_is_accepted(case))
    return replies.accepted(case)


@routes.on(Intent.UPDATE_CASE, roles=STAFF, in_group=InGroup.ASK)
def update_case(turn: Turn) -> Reply:
    """Record progress; the reporter hears of it."""
    case = finding.for_work(turn, CaseState.ACCEPTED, CaseState.IN_PROGRESS)
    rules.check_workable(case, turn.person.id)
    note = finding.without_number(turn)
    case.move(CaseState.IN_PROGRESS, turn.person, turn.now, "update", note)
    turn.tell_all(filing.interested(case), replies.your_case_moves(case, note))
    return replies.noted(case)


@routes.on(Intent.CLOSE_CASE, roles=STAFF, in_group=InGroup.ASK)
def close_case(turn: Turn) -> Reply:
    """Record the outcome; the reporter is asked whether it holds."""
    case = finding.for_work(turn, CaseState.ACCEPTED, CaseState.IN_PROGRESS)
    rules.check_workable(case, turn.person.id)
    case.outcome = finding.without_number(turn)
    case.move(CaseState.RESOLVED, turn.person, turn.now, "resolve", case.outcome)
    turn.tell(case.reporter, replies.your_case_is_resolved(case, case.outcome))
    followers = [follower.person for follower in case.followers]
    turn.tell_all(followers, replies.a_followed_case_is_resolved(case, case.outcome))
    return replies.resolved(case)


def _note(case: Case, actor: Person, turn: Turn, action: str, note: str) -> None:
    case.history.append(
        CaseEvent(at=turn.now, actor_id=actor.id, action=action, from_state=case.state, to_state=case.state, note=note)
    )


def close_what_nobody_disputes(desk: Desk) -> None:
    """Close what was resolved seven days ago and never answered, and tell the reporter."""
    for case in desk.work.cases.resolved_before(desk.now - rules.REOPEN_WITHIN):
        case.move(CaseState.CLOSED, None, desk.now, "close")
        desk.tell(case.reporter, replies.closed_silently(case))


FORMS = (report.REPORT, WITHDRAW, emergency.DETAILS)
DUTIES = (
    Duty("cases.close_what_nobody_disputes", 3600, close_what_nobody_disputes),
    Duty("cases.alarm_again", 30, emergency.alarm_again),
)
