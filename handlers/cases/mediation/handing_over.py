"""Handing a mediation over: when whoever leads it is there no more, and when another who may takes it over.

Until the new one has it the old one answers for it (首问负责, clause 3.2.1); both parties are told who leads it now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases.mediation import finding, steps
from handlers.cases.replies import mediation as replies
from handlers.cases.replies import mediation_party as party_replies
from handlers.errors import Refusal
from handlers.forms import Form
from nlu import mediation as words_of
from nlu.understanding import Intent
from storage.cases import HANDLERS
from storage.people import ADMINS, Role

if TYPE_CHECKING:
    from handlers.forms import Values
    from handlers.turn import Desk, Reply, Turn
    from storage.mediations import Mediation
    from storage.people import Person


def hand_on(desk: Desk) -> None:
    """Give mediations whose mediator was erased or lost the role to whoever is next: a mediator, else the level above.

    Where there is nobody yet, the next look finds whoever was given the role meanwhile.
    """
    for mediation in desk.work.mediations.leaderless():
        heir = _next(desk, mediation)
        if heir is not None:
            _hand_over(desk, mediation, heir)
            desk.tell(heir, replies.handed_to_you(mediation))


def take_over(turn: Turn, words: str) -> Reply | None:
    """Hear that somebody wants to lead a mediation that another leads; None for anything else."""
    number = words_of.case_number(words)
    if number is None or not words_of.takes_over(words):
        return None
    mediation = finding.of_others(turn, number)
    if mediation is None:
        return None
    _check(turn, mediation)
    return forms.begin(turn, TAKE_OVER, {"case": mediation.case_id, "number": mediation.case.short})


def _take_over(turn: Turn, values: Values) -> Reply:
    case = turn.work.cases.reachable(turn.person, values["case"])
    mediation = turn.work.mediations.running_of(case) if case is not None else None
    if mediation is None or mediation.mediator_id == turn.person.id:
        raise Refusal(replies.nothing_to_take_over(values["number"]), final=True)
    _check(turn, mediation)
    before = mediation.mediator
    _hand_over(turn, mediation, turn.person)
    turn.tell(before, replies.taken_from_you(mediation))
    return replies.taken_over(mediation)


def _check(turn: Turn, mediation: Mediation) -> None:
    if mediation.party_of(turn.person) is not None or mediation.case.reporter_id == turn.person.id:
        raise Refusal(replies.your_own_quarrel())
    if not _may_lead(mediation, turn.person):
        raise Refusal(replies.somebody_else_leads(mediation))


def _may_lead(mediation: Mediation, person: Person) -> bool:
    """A mediator of the place may, whoever stands above it, and the handler of the case who is of its staff."""
    case = mediation.case
    handles = case.assignee_id == person.id and person.holds(HANDLERS, case.area)
    return handles or person.holds({Role.MEDIATOR, *ADMINS}, case.area)


def _next(desk: Desk, mediation: Mediation) -> Person | None:
    """The nearest mediator of the place, else the nearest admin above it; nobody whom the matter concerns."""
    people, area = desk.work.people, mediation.case.area
    found = [*people.answerable({Role.MEDIATOR}, area), *people.answerable(ADMINS, area)]
    concerned = {mediation.case.reporter_id, *(party.person_id for party in mediation.parties)}
    return next((each for each in found if each.id not in concerned), None)


def _hand_over(desk: Desk, mediation: Mediation, to: Person) -> None:
    before, mediation.mediator, mediation.mediator_id = mediation.mediator, to, to.id
    mediation.case.note(desk.by, "mediation_handover", replies.note_handed_over(before, to))
    desk.work.session.flush()
    steps.tell_parties(desk, mediation, party_replies.led_by_another(mediation))


TAKE_OVER = Form(
    "take_over_mediation",
    Intent.TRANSFER_CASE,
    (),
    lambda values: replies.confirm_taking_over(values["number"]),
    _take_over,
)
FORMS = (TAKE_OVER,)
