"""What grid members, mediators and admins do with cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases import filing, finding, levels, rules, waiting
from handlers.cases.mediation import hearing
from handlers.cases.replies import reporter as reporter_replies
from handlers.cases.replies import staff as replies
from handlers.routes import InGroup, Routes
from nlu.understanding import Intent
from storage.cases import CaseState
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

routes = Routes()


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
    case.move(CaseState.ACCEPTED, turn.by, "accept")
    turn.tell_all(filing.interested(case), reporter_replies.your_case_is_accepted(case))
    return replies.accepted(case)


@routes.on(Intent.UPDATE_CASE, roles=STAFF, in_group=InGroup.ASK)
def update_case(turn: Turn) -> Reply:
    """Record progress; the reporter hears of it."""
    case = finding.for_work(turn, CaseState.ACCEPTED, CaseState.IN_PROGRESS)
    rules.check_workable(case, turn.person)
    note = finding.without_number(turn)
    case.move(CaseState.IN_PROGRESS, turn.by, "update", note)
    levels.tell_the_handler(turn, case, note)
    if waiting.hear_handler(turn, case, note):
        return waiting.told(case)
    turn.tell_all(filing.interested(case), reporter_replies.your_case_moves(case, note))
    return replies.noted(case)


@routes.on(Intent.CLOSE_CASE, roles=STAFF, in_group=InGroup.ASK)
def close_case(turn: Turn) -> Reply:
    """Record the outcome; the reporter is asked whether it holds."""
    case = finding.for_work(turn, CaseState.ACCEPTED, CaseState.IN_PROGRESS)
    rules.check_workable(case, turn.person)
    case.outcome = finding.without_number(turn)
    case.move(CaseState.RESOLVED, turn.by, "resolve", case.outcome)
    hearing.case_is_over(turn, case, turn.text)
    levels.tell_the_handler(turn, case, case.outcome)
    turn.tell(case.reporter, reporter_replies.your_case_is_resolved(case, case.outcome))
    followers = [follower.person for follower in case.followers]
    turn.tell_all(followers, reporter_replies.a_followed_case_is_resolved(case, case.outcome))
    return replies.resolved(case)
