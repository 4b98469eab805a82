"""What the reporter of a case does with it: asks, adds, takes it back, says whether it is solved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases import clocks, filing, finding, merging, rules, waiting
from handlers.cases.mediation import hearing
from handlers.cases.replies import hidden
from handlers.cases.replies import merging as merging_replies
from handlers.cases.replies import reporter as replies
from handlers.cases.replies import staff as staff_replies
from handlers.cases.replies.describing import REOPEN_WITHIN
from handlers.errors import Refusal
from handlers.forms import Form
from handlers.routes import InGroup, Routes
from nlu.understanding import Intent
from storage.cases import UNFINISHED, CaseState
from storage.people import ADMINS

if TYPE_CHECKING:
    from handlers.forms import Values
    from handlers.turn import Desk, Reply, Turn
    from storage.cases import Case

routes = Routes()


@routes.on(Intent.CHECK_CASE, in_group=InGroup.MOVE)
def check_case(turn: Turn) -> Reply:
    """Tell how one's own reports stand; whoever handles one that is pressed for or late is told that they ask."""
    cases = finding.own(turn)
    urging = rules.urges(turn.text)
    late = [case for case in cases if clocks.is_overdue(case, turn.now)]
    pressed = [case for case in (cases if urging else late) if case.state in UNFINISHED]
    passed_on = [case for case in pressed if rules.may_urge(case, turn.now)]
    for case in passed_on:
        case.urged_at = turn.now
        turn.tell(case.assignee, staff_replies.pressed(case))
    for case in cases:
        waiting.hear_question(turn, case)
    turn.talk.remember(case=cases[0].id)
    status = replies.status(cases, turn.person, turn.now)
    if not urging or not pressed:
        return status
    return (replies.urged(passed_on) if passed_on else replies.urged_before(pressed[0])).followed_by(status)


@routes.on(Intent.ADD_TO_CASE, in_group=InGroup.ASK)
def add_to_case(turn: Turn) -> Reply:
    """Add a fact, a photo or a place to one's own report, or to one that is followed."""
    case = waiting.answered(turn) or finding.own_one(turn, following=True)
    is_own = case.reporter_id == turn.person.id
    if is_own and case.state in (CaseState.RESOLVED, CaseState.CLOSED) and rules.says_solved(turn.text) is False:
        return _reopen(turn, case)
    photos, location = filing.photos(turn.message.attachments), filing.location(turn.message.attachments)
    case.photos = [*case.photos, *photos]
    case.location = (location or case.location) if is_own else case.location
    follower = next((each for each in case.followers if each.person_id == turn.person.id), None)
    if follower is not None and turn.text:
        follower.text = "；".join(filter(None, (follower.text, turn.text)))
    told = turn.text if is_own else hidden.without_oneself(turn.text, turn.person)
    shown = hidden.shows_location(case) if is_own else follower is not None and not follower.anonymous
    words = staff_replies.addition(hidden.words(case, told, turn.person), photos, location if shown else None)
    case.note(turn.by, "add", words)
    if not turn.goes_on:
        turn.tell(case.assignee, staff_replies.something_was_added(case, words, photos))
    waiting.hear_reporter(turn, case)
    return replies.added(case)


@routes.on(Intent.WITHDRAW_CASE, in_group=InGroup.MOVE)
def withdraw_case(turn: Turn) -> Reply | None:
    """Take a report back, once it is confirmed."""
    case = finding.own_one(turn, following=True)
    if case.reporter_id != turn.person.id:
        return forms.begin(turn, LEAVE, {"case": case.id, "number": f"{case.short}号"})
    if case.state is CaseState.RESOLVED and rules.says_solved(turn.text) is not None and "撤" not in turn.text:
        # 「解决了」 answers the question whether it is; it takes nothing back.
        return rate_case(turn)
    rules.check_withdrawable(case)
    return forms.begin(turn, WITHDRAW, {"case": case.id, "number": f"{case.short}号", "summary": case.place})


def _withdraw(turn: Turn, values: Values) -> Reply:
    case = finding.own_by_id(turn, values["case"])
    rules.check_withdrawable(case)
    if merging.hand_over(turn, case) is not None:
        # The others who report it still want it done.
        turn.tell(case.assignee, staff_replies.one_reporter_withdraws(case))
        turn.tell(case.reporter, replies.yours_now(case))
        return replies.withdrawn_by_one(case)
    case.move(CaseState.WITHDRAWN, turn.by, "withdraw")
    turn.tell(case.assignee, staff_replies.work_is_withdrawn(case))
    hearing.case_is_over(turn, case, "报告人撤回")
    return replies.withdrawn(case)


def _leave(turn: Turn, values: Values) -> Reply:
    case = finding.followed_by_id(turn, values["case"])
    merging.leave(turn, case)
    return merging_replies.left(case)


def _read_back_leaving(values: Values) -> Reply:
    return replies.confirm_leaving(values["number"])


LEAVE = Form("leave_case", Intent.WITHDRAW_CASE, (), _read_back_leaving, _leave, about=replies.about_leaving)


def _read_back_withdrawal(values: Values) -> Reply:
    return replies.confirm_withdrawal(values["number"], values["summary"])


WITHDRAW = Form("withdraw", Intent.WITHDRAW_CASE, (), _read_back_withdrawal, _withdraw, about=replies.about_withdrawal)


@routes.on(Intent.RATE_CASE, in_group=InGroup.ASK)
def rate_case(turn: Turn) -> Reply:
    """Take the reporter's word whether it is solved, and the rating; what is not solved is opened again."""
    finished = finding.finished(turn)
    followed = finding.followed_finished(turn, finished)
    if followed is not None:
        return _answer_of_follower(turn, followed)
    case = finding.own_finished(turn, finished)
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


def _answer_of_follower(turn: Turn, case: Case) -> Reply:
    """A follower decides nothing about a case; that it is not solved is passed on."""
    if rules.says_solved(turn.text) is not False:
        return replies.thanks_follower(case)
    words = hidden.without_oneself(turn.text, turn.person)
    case.note(turn.by, "add", words)
    turn.tell(case.assignee, staff_replies.something_was_added(case, words))
    return replies.added(case)


def _reopen(turn: Turn, case: Case) -> Reply:
    """Open it again: the handler goes on, and the next level up hears of it."""
    if not rules.may_reopen(case, turn.now):
        raise Refusal(replies.too_late_to_reopen(case))
    since = case.resolved_at or turn.now
    case.move(CaseState.IN_PROGRESS, turn.by, "reopen", hidden.words(case, finding.without_number(turn)))
    clocks.go_on(case, since, turn.now)
    above = turn.work.people.answerable(ADMINS, case.area)
    next_level = [person for person in above if person.id != case.assignee_id][:1]
    turn.tell_all([case.assignee, *next_level], staff_replies.work_is_reopened(case))
    turn.tell_all((follower.person for follower in case.followers), replies.a_followed_case_is_reopened(case))
    return replies.reopened(case)


def close_what_nobody_disputes(desk: Desk) -> None:
    """Close what was resolved seven days ago and never answered, and tell the reporter."""
    for case in desk.work.cases.resolved_before(desk.now - REOPEN_WITHIN):
        case.move(CaseState.CLOSED, desk.by, "close")
        desk.tell(case.reporter, replies.closed_silently(case))
        desk.tell_all((follower.person for follower in case.followers), replies.a_followed_case_is_closed(case))


def ask_again_whether_solved(desk: Desk) -> None:
    """Remind, once, a reporter who was asked three days ago whether it is solved."""
    for case in desk.work.cases.unanswered_since(desk.now - rules.REMIND_AFTER):
        case.asked_at = desk.now
        desk.tell(case.reporter, replies.still_to_answer(case))
