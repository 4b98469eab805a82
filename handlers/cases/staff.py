"""What grid members, mediators and admins do with cases: accept them, record what they do, and resolve them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases import batch, clocks, filing, levels, meant, merging, rules, transfer, waiting
from handlers.cases.batch import Work
from handlers.cases.mediation import hearing
from handlers.cases.replies import reporter as reporter_replies
from handlers.cases.replies import staff as replies
from handlers.errors import Refusal
from handlers.routes import InGroup, Routes
from nlu.outcomes import DONE, find_outcome, load_outcomes
from nlu.staff_commands import read_command
from nlu.understanding import Intent
from storage.cases import UNFINISHED, CaseKind, CaseState
from storage.people import ADMINS, STAFF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from nlu.outcomes import Outcome
    from nlu.staff_commands import Command
    from storage.cases import Case

routes = Routes()


@routes.on(Intent.ACCEPT_CASE, roles=STAFF, in_group=InGroup.ASK)
def accept_case(turn: Turn) -> Reply:
    """Take cases on; whoever does answers for them."""
    command = read_command(turn.text)
    if command.decline:
        return decline(turn, command)
    if command.visited and not command.accept:
        # 「那个漏水的我去过了」 tells what was done.
        return batch.carry_out(turn, _UPDATE)
    return batch.carry_out(turn, _ACCEPT)


@routes.on(Intent.UPDATE_CASE, roles=STAFF, in_group=InGroup.ASK)
def update_case(turn: Turn) -> Reply:
    """Record progress; the reporter hears of it. Words that say no more than that it is done resolve the case."""
    if read_command(turn.text).finished:
        return _close_cases(turn)
    return batch.carry_out(turn, _UPDATE)


@routes.on(Intent.CLOSE_CASE, roles=STAFF, in_group=InGroup.ASK)
def close_case(turn: Turn) -> Reply:
    """Record the outcome; the reporter is asked whether it holds."""
    return _close_cases(turn)


def _close_cases(turn: Turn) -> Reply:
    command = read_command(turn.text)
    if command.returns and not command.resolve:
        return transfer.pass_on(turn)
    if command.keep:
        return keep_open(turn, command)
    return batch.carry_out(turn, _CLOSE)


def keep_open(turn: Turn, command: Command) -> Reply:
    """Close nothing: a slip is taken back, what is told beside it is recorded."""
    usual = (*rules.AT_WORK, CaseState.RESOLVED)
    found = meant.for_work(turn, command, Intent.UPDATE_CASE, usual)
    if not found.cases:
        names_none = not command.numbers and not command.news
        return replies.nothing_closed() if names_none else found.asks or replies.each("", [], found.unclear, None)
    case = turn.work.cases.lock(found.cases[0])
    turn.talk.remember(case=case.id)
    if case.state is CaseState.RESOLVED and case.assignee_id == turn.person.id:
        since = case.resolved_at or turn.now
        case.move(CaseState.IN_PROGRESS, turn.by, "reopen", command.text)
        clocks.go_on(case, since, turn.now)
        turn.tell_all(filing.interested(case, turn.person.id), reporter_replies.your_case_goes_on(case))
        return replies.taken_back(case)
    if case.state in rules.AT_WORK and case.assignee_id == turn.person.id and command.news:
        return _update(turn, case, command)
    return replies.kept(case) if case.state in UNFINISHED else _refuse(replies.over(case))


def decline(turn: Turn, command: Command) -> Reply:
    """Accept nothing; what was offered goes back."""
    found = meant.for_work(turn, command, Intent.TRANSFER_CASE)
    if not found.cases:
        return found.asks or replies.each("", [], found.unclear, None)
    case = turn.work.cases.lock(found.cases[0])
    if case.offered_to_id == turn.person.id:
        return transfer.give_back(turn, case, command.words.strip("。") if command.news else "")
    if case.state is CaseState.OPEN:
        return replies.not_accepted(case)
    return replies.pass_it_on(case) if case.state in UNFINISHED else _refuse(replies.over(case))


def add_photos(turn: Turn, case: Case) -> Reply:
    """Keep what a handler sends without a word."""
    rules.check_workable(case, turn.person)
    _keep_attachments(turn, case)
    return replies.photos_kept(case)


def _accept(turn: Turn, case: Case, command: Command) -> Reply:
    rules.check_acceptable(case, turn.person.id)
    transfer.take_over(turn, case)
    plan = command.words if command.plans else ""
    case.move(CaseState.ACCEPTED, turn.by, "accept", plan)
    turn.tell_all(filing.interested(case, turn.person.id), reporter_replies.your_case_is_accepted(case, plan))
    return replies.accepted(case)


def _update(turn: Turn, case: Case, command: Command) -> Reply:
    rules.check_workable(case, turn.person)
    transfer.call_back(turn, case)
    has_attachments = _keep_attachments(turn, case)
    if not command.words:
        return replies.photos_kept(case) if has_attachments else _refuse(replies.what_happened(case))
    case.move(CaseState.IN_PROGRESS, turn.by, "update", command.words)
    levels.tell_the_handler(turn, case, command.words)
    if waiting.hear_handler(turn, case, command.words):
        return waiting.told(case)
    turn.tell_all(filing.interested(case, turn.person.id), reporter_replies.your_case_moves(case, command.words))
    return replies.noted(case)


def _close(turn: Turn, case: Case, command: Command) -> Reply:
    outcome = find_outcome(command.rest)
    if case.state is CaseState.RESOLVED and case.assignee_id == turn.person.id and outcome is not None:
        return _put_outcome_right(turn, case, outcome)
    if outcome is not None and outcome.by_admin and turn.person.holds(ADMINS, case.area) and case.state in UNFINISHED:
        return _close_alone(turn, case, command, outcome)
    rules.check_workable(case, turn.person)
    transfer.call_back(turn, case)
    _keep_attachments(turn, case)
    _record(turn, case, command, outcome)
    case.move(CaseState.RESOLVED, turn.by, "resolve", case.outcome or "")
    hearing.case_is_over(turn, case, turn.text)
    levels.tell_the_handler(turn, case, case.outcome or "")
    turn.tell(case.reporter, reporter_replies.your_case_is_resolved(case, case.outcome or ""))
    followers = [follower.person for follower in case.followers]
    turn.tell_all(followers, reporter_replies.a_followed_case_is_resolved(case, case.outcome or ""))
    is_open = case.kind is CaseKind.DISPUTE and case.outcome_code in (None, DONE)
    return replies.resolved(case, [each for each in load_outcomes() if each.asked] if is_open else [])


def _close_alone(turn: Turn, case: Case, command: Command, outcome: Outcome) -> Reply:
    """There is nothing that could be solved, so that nobody need say whether it is; the reporter may disagree."""
    transfer.call_back(turn, case)
    _record(turn, case, command, outcome)
    case.resolved_at = turn.now
    case.move(CaseState.CLOSED, turn.by, "close", case.outcome or "")
    hearing.case_is_over(turn, case, turn.text)
    turn.tell_all(
        filing.interested(case, turn.person.id), reporter_replies.your_case_is_closed(case, case.outcome or "")
    )
    if case.assignee_id != turn.person.id:
        turn.tell(case.assignee, replies.closed_by_above(case, turn.person))
    return replies.closed_alone(case, outcome.name)


def _record(turn: Turn, case: Case, command: Command, outcome: Outcome | None) -> None:
    case.outcome = command.words or (outcome.name if outcome else replies.DONE)
    is_incident = case.kind is not CaseKind.DISPUTE
    case.outcome_code = outcome.code if outcome else DONE if is_incident else None
    if command.same_as is not None:
        _join_to(turn, case, meant.called(turn, command.same_as))


def _join_to(turn: Turn, case: Case, called: Sequence[Case]) -> None:
    """Note of which case this one is a second report; its reporter hears from now on what comes of that."""
    first = next((other for other in called if other.id != case.id and other.state in UNFINISHED), None)
    if first is None:
        return
    case.duplicate_of_id = first.id
    case.outcome = replies.same_as(first)
    follower = merging.as_follower(turn, case)
    if follower is not None and not first.concerns(follower.person):
        first.followers.append(follower)


def _put_outcome_right(turn: Turn, case: Case, outcome: Outcome) -> Reply:
    case.outcome_code = outcome.code
    case.note(turn.by, "outcome", outcome.name)
    return replies.outcome_noted(case, outcome.name)


def _keep_attachments(turn: Turn, case: Case) -> bool:
    """Keep the photos and the place of a message as those of the handler: the history tells whose they are."""
    photos, location = filing.photos(turn.message.attachments), filing.location(turn.message.attachments)
    if not photos and location is None:
        return False
    case.photos = [*case.photos, *photos]
    case.location = case.location or location
    case.note(turn.by, "attach", replies.attached(photos, location))
    return True


def _refuse(sentence: str) -> Reply:
    raise Refusal(sentence)


_ACCEPT = batch.offer_for_all(Work(Intent.ACCEPT_CASE, "接单", (CaseState.OPEN,), _accept))
_UPDATE = Work(Intent.UPDATE_CASE, "记下", rules.AT_WORK, _update)
_CLOSE = batch.offer_for_all(Work(Intent.CLOSE_CASE, "结案", rules.AT_WORK, _close))
