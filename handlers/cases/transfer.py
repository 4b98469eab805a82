"""Passing cases on (转办): until the new handler accepts, the old one answers for a case (首问负责, clause 3.2.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases import batch, clocks, filing, rules, targets, working_time
from handlers.cases.batch import ToBeChosen, Work
from handlers.cases.replies import reporter as reporter_replies
from handlers.cases.replies import staff as staff_replies
from handlers.cases.replies import transfer as replies
from handlers.cases.replies.describing import named
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot
from handlers.routes import InGroup, Routes
from nlu import answers
from nlu.staff_commands import read_command, told
from nlu.understanding import Intent
from storage.cases import HANDLERS, UNFINISHED, CaseKind, CaseState
from storage.people import ADMINS, STAFF

if TYPE_CHECKING:
    from datetime import datetime

    from handlers.cases.targets import Target
    from handlers.forms import Values
    from handlers.turn import Desk, Reply, Turn
    from nlu.staff_commands import Command
    from storage.cases import By, Case
    from storage.people import Person

routes = Routes()

ANSWERED_AT_ONCE = timedelta(minutes=15)
"""How long an emergency waits for the answer of whoever it was passed to, at any hour."""

SHORTEST_REASON = 2


@routes.on(Intent.TRANSFER_CASE, roles=STAFF, in_group=InGroup.ASK)
def transfer_case(turn: Turn) -> Reply:
    """Pass cases on to a person, an office, a grid or a unit outside, or return what was passed on."""
    return pass_on(turn)


def pass_on(turn: Turn) -> Reply:
    """Pass on, or return, the cases that the speaker means."""
    return batch.carry_out(turn, _TRANSFER)


def take_over(turn: Turn, case: Case) -> None:
    """Make the speaker the handler; whoever had the case, or was offered it, hears of it."""
    before, offered = case.assignee, case.offered_to
    case.assignee = turn.person
    _settle(case)
    if offered is None:
        return
    if offered.id != turn.person.id:
        turn.tell(offered, replies.no_longer_yours(case))
    if before is not None and before.id != turn.person.id:
        turn.tell(before, replies.taken_over(case))


def call_back(turn: Turn, case: Case) -> None:
    """Withdraw an offer, because its handler goes on with the case."""
    if case.offered_to is not None:
        turn.tell(case.offered_to, replies.no_longer_yours(case))
        _settle(case)


def give_back(turn: Turn, case: Case, why: str) -> Reply:
    """Return a case: an offer to its handler, one's own to whoever is next above, a resolved one to be done again.

    Raises Refusal for what is not the speaker's to return.
    """
    if case.offered_to_id == turn.person.id:
        _come_back(case, turn.by, why)
        turn.tell(case.assignee, replies.came_back(case, turn.person, why))
        return replies.returned(case)
    if case.state is CaseState.RESOLVED and turn.person.holds(ADMINS, case.area):
        since = case.resolved_at or turn.now
        case.move(CaseState.IN_PROGRESS, turn.by, "reopen", why)
        clocks.go_on(case, since, turn.now)
        turn.tell(case.assignee, replies.do_it_again(case, why))
        turn.tell_all(filing.interested(case, turn.person.id), reporter_replies.your_case_goes_on(case))
        return replies.sent_back(case)
    _check_transferable(turn, case)
    upward = targets.above(turn, case)
    if not upward:
        raise Refusal(replies.nobody_holds("上一级"))
    return _offer(turn, case, upward[0], why)


def return_what_nobody_answers(desk: Desk) -> None:
    """Give back to their handlers the cases that whoever was offered them has not answered in time."""
    for case in desk.work.cases.offers_over(desk.now):
        silent = case.offered_to
        _come_back(case, desk.by, "")
        answerable = desk.work.people.answerable(HANDLERS, case.area) if case.assignee is None else [case.assignee]
        desk.tell(answerable[0] if answerable else None, replies.nobody_answered(case, silent))
        desk.tell(silent, replies.too_late(case))


def _transfer(turn: Turn, case: Case, command: Command) -> Reply:
    if command.returns and not _names_target(turn, case, command):
        return _return(turn, case, command)
    _check_transferable(turn, case)
    target = targets.target_of(turn, case, command.rest)
    if target is None:
        raise Refusal(replies.ask_target(case))
    why = _why(command, target)
    if target.unit is not None:
        return _pass_outside(turn, case, target.unit, why)
    others = [person for person in target.people if person.id != turn.person.id]
    if not others:
        raise Refusal(replies.yours_already(case))
    if len(others) > 1:
        raise ToBeChosen(replies.WHICH_PERSON, [_says(person, why) for person in others])
    if others[0].id == case.assignee_id and case.offered_to_id == turn.person.id:
        return give_back(turn, case, why)
    return _offer(turn, case, others[0], why)


def _return(turn: Turn, case: Case, command: Command) -> Reply:
    """Ask why where nothing was said beside 「退回」."""
    if case.offered_to_id != turn.person.id and case.state is not CaseState.RESOLVED:
        _check_transferable(turn, case)
    why = command.words.strip("。")
    for word in ("给你们", "退回去", "退回来", "退回", "退了", "来", "去"):
        why = why.removeprefix(word)
    why = why.strip(" ，,。")
    if len(why) >= SHORTEST_REASON or command.everything or len(command.numbers) > 1:
        return give_back(turn, case, why)
    return forms.begin(turn, RETURN, {"case": case.id, "name": named(case)})


def _check_transferable(turn: Turn, case: Case) -> None:
    """Its handler may pass a case on, and whoever stands above its place; others may not."""
    if case.state not in UNFINISHED:
        raise Refusal(staff_replies.over(case))
    stands_above = turn.person.holds(ADMINS, case.area)
    if case.offered_to_id is not None and not stands_above and case.offered_to_id != turn.person.id:
        raise Refusal(replies.waits_already(case))
    takes = case.assignee_id is None or (case.state is CaseState.OPEN and turn.person.holds(STAFF, case.area))
    if case.assignee_id != turn.person.id and case.offered_to_id != turn.person.id and not stands_above and not takes:
        raise Refusal(staff_replies.somebody_elses(case))


def _offer(turn: Turn, case: Case, to: Person, why: str) -> Reply:
    if to.id == case.assignee_id:
        raise Refusal(replies.his_already(case, to))
    if case.offered_to is not None and case.offered_to_id not in (to.id, turn.person.id):
        turn.tell(case.offered_to, replies.no_longer_yours(case))
    case.move(CaseState.OPEN, turn.by, "transfer", f"转给{to.name or '同事'}" + (f"：{why}" if why else ""))
    if case.assignee is None:
        # Nobody answers for it yet, so that whoever is to have it answers from now on.
        case.assignee = to
    else:
        case.offered_to, case.offered_until = to, _until(case, turn.now)
        if case.assignee_id != turn.person.id:
            turn.tell(case.assignee, replies.passed_by_another(case, turn.person, to))
    turn.work.session.flush()
    turn.tell(to, replies.offered(case, turn.person, why))
    return replies.passed(case, to)


def _pass_outside(turn: Turn, case: Case, unit: str, why: str) -> Reply:
    call_back(turn, case)
    case.unit = unit
    to = case.state
    if case.state is CaseState.OPEN:
        # Whoever sends it on has taken it on: they answer for it and report back.
        case.assignee = case.assignee or turn.person
        to = CaseState.ACCEPTED
    case.move(to, turn.by, "transfer", f"转{unit}" + (f"：{why}" if why else ""))
    turn.tell_all(filing.interested(case, turn.person.id), replies.your_case_went_to(case))
    if case.assignee_id != turn.person.id:
        turn.tell(case.assignee, replies.to_unit(case))
    return replies.to_unit(case)


def _until(case: Case, now: datetime) -> datetime:
    """By when whoever is offered a case must answer: within the time of a first response, at once in an emergency."""
    if case.kind is CaseKind.EMERGENCY:
        return now + ANSWERED_AT_ONCE
    return working_time.after(now, clocks.RESPONSE_HOURS)


def _come_back(case: Case, by: By, why: str) -> None:
    """Put a case back into the hands, and the state, from which it was passed on."""
    case.move(rules.state_before_offer(case), by, "return", why)
    _settle(case)


def _settle(case: Case) -> None:
    case.offered_to, case.offered_until = None, None


def _says(person: Person, why: str) -> tuple[str, str]:
    label = targets.label_of(person)
    return label, f"转给{label}" + (f"，{why}" if why else "")


def _why(command: Command, target: Target) -> str:
    """What was said beside whom it goes to: 「我弄不了」 of 「007我弄不了，转给社区」."""
    names = [name for name in (target.unit, *(person.name for person in target.people)) if name]
    clauses = [clause for clause in command.words.strip("。").split("，") if clause]
    others = [clause for clause in clauses if not any(name in clause for name in names)]
    return "，".join(clause for clause in others if not _passes_on(clause))


def _passes_on(clause: str) -> bool:
    command = read_command(clause)
    return command.transfer or command.returns


def _names_target(turn: Turn, case: Case, command: Command) -> bool:
    passes = command.transfer or "退给" in command.rest
    return passes and targets.target_of(turn, case, command.rest) is not None


def _read_reason(said: Said) -> str | None:
    text = said.text.strip()
    return text if text in replies.REASONS else None


def _accept_reason(said: Said) -> str | None:
    text = said.text.strip()
    is_answer = answers.read_yes_no(text) is not None and len(text) < 4
    return None if is_answer or len(text) < SHORTEST_REASON else told(text).strip("。") or None


def _finish_return(turn: Turn, values: Values) -> Reply:
    case = turn.work.cases.reachable(turn.person, values["case"])
    if case is None:
        raise Refusal(staff_replies.not_reachable(), final=True)
    return give_back(turn, turn.work.cases.lock(case), values["why"])


RETURN = Form(
    "return_case",
    Intent.TRANSFER_CASE,
    (Slot("why", replies.ask_reason, _read_reason, _accept_reason),),
    None,
    _finish_return,
    words=("why",),
)

_TRANSFER = batch.offer_for_all(Work(Intent.TRANSFER_CASE, "转办", UNFINISHED, _transfer))
