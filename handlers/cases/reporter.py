"""What the reporter of a case does with it: asks, adds, takes it back, says whether it is solved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases import clocks, filing, finding, rules, waiting
from handlers.cases.replies import reporter as replies
from handlers.cases.replies import staff as staff_replies
from handlers.errors import Refusal
from handlers.forms import Form
from handlers.routes import InGroup, Routes
from nlu.understanding import Intent
from storage.cases import HANDLERS, CaseState

if TYPE_CHECKING:
    from handlers.forms import Values
    from handlers.turn import Desk, Reply, Turn
    from storage.cases import Case

routes = Routes()


@routes.on(Intent.CHECK_CASE, in_group=InGroup.MOVE)
def check_case(turn: Turn) -> Reply:
    """Tell how one's own reports stand; whoever handles one that is late is told that its reporter asks."""
    cases = finding.own(turn)
    for case in cases:
        if clocks.is_overdue(case, turn.now):
            turn.tell(case.assignee, staff_replies.pressed(case))
        waiting.hear_question(turn, case)
    turn.talk.remember(case=cases[0].id)
    return replies.status(cases, turn.now)


@routes.on(Intent.ADD_TO_CASE, in_group=InGroup.ASK)
def add_to_case(turn: Turn) -> Reply:
    """Add a fact, a photo or a place to one's own report."""
    case = waiting.answered(turn) or finding.own_one(turn)
    if case.state in (CaseState.RESOLVED, CaseState.CLOSED) and rules.says_solved(turn.text) is False:
        return _reopen(turn, case)
    photos, location = filing.photos(turn.message.attachments), filing.location(turn.message.attachments)
    case.photos = [*case.photos, *photos]
    case.location = location or case.location
    words = staff_replies.addition(turn.text, photos, location)
    case.note(turn.by, "add", words)
    turn.tell(case.assignee, staff_replies.something_was_added(case, words))
    waiting.hear_reporter(turn, case)
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
    case.move(CaseState.WITHDRAWN, turn.by, "withdraw")
    turn.tell(case.assignee, staff_replies.work_is_withdrawn(case))
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
        case.move(CaseState.CLOSED, turn.by, "confirm")
    if stars is None:
        turn.talk.remember(case=case.id)
        return replies.how_many_stars(case)
    case.rating = stars
    case.note(turn.by, "rate", str(stars))
    turn.tell(case.assignee, staff_replies.your_work_is_rated(case))
    return replies.rated(case)


def _reopen(turn: Turn, case: Case) -> Reply:
    if not rules.may_reopen(case, turn.now):
        raise Refusal(replies.too_late_to_reopen(case))
    since = case.resolved_at or turn.now
    case.move(CaseState.IN_PROGRESS, turn.by, "reopen", turn.text)
    clocks.go_on(case, since, turn.now)
    above = turn.work.people.answerable(HANDLERS, case.area)
    next_level = [person for person in above if person.id != case.assignee_id][:1]
    turn.tell_all([case.assignee, *next_level], staff_replies.work_is_reopened(case))
    return replies.reopened(case)


def close_what_nobody_disputes(desk: Desk) -> None:
    """Close what was resolved seven days ago and never answered, and tell the reporter."""
    for case in desk.work.cases.resolved_before(desk.now - rules.REOPEN_WITHIN):
        case.move(CaseState.CLOSED, desk.by, "close")
        desk.tell(case.reporter, replies.closed_silently(case))
