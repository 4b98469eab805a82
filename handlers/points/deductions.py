"""Deductions: only what the rules of the day say, as much as they say, and with an appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import earning, forms
from handlers.approving import APPROVERS, Bar, bar, terms
from handlers.errors import Refusal
from handlers.forms import Form
from handlers.points import credit_replies as replies
from handlers.points.whom import person_called
from nlu import points_words
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.credits import PointsEventKind

if TYPE_CHECKING:
    from handlers.forms import Values
    from handlers.turn import Reply, Turn
    from storage.people import Person


def hear(turn: Turn) -> Reply | None:
    """Hear that an approver takes points from somebody; None for anything else."""
    if turn.message.in_group or not turn.person.roles & APPROVERS:
        return None
    wish = points_words.deduction(turn.text)
    person = person_called(turn, wish.name) if wish is not None else None
    if wish is None or person is None:
        return None
    holding = earning.on(turn.now.astimezone(SHANGHAI).date())
    cost = next((each for each in holding.costs if each.is_named_in(wish.why)), None)
    if cost is None:
        raise Refusal(replies.no_such_rule(holding))
    if wish.amount is not None and wish.amount != cost.points:
        raise Refusal(replies.another_amount(cost))
    _check(turn, person)
    values = {"person": person.id, "name": person.name, "points": cost.points, "rule": cost.name, "why": wish.why}
    return forms.begin(turn, DEDUCT, {**values, "version": holding.version, "days": terms().appeal_days})


def _check(turn: Turn, person: Person) -> None:
    why = bar(turn.work, turn.person, person, turn.now)
    if why in (Bar.ONESELF, Bar.HOUSEHOLD):
        raise Refusal(replies.not_from_oneself_or_family(why), final=True)


def _deduct(turn: Turn, values: Values) -> Reply:
    person = turn.work.people.get(values["person"])
    if person.is_gone:
        raise Refusal(replies.nobody_called(values["name"]), final=True)
    _check(turn, person)
    source, reason = f"deduction:{turn.key}", replies.deduction_reason(values["rule"], values["version"])
    entry = turn.work.points.deduct(person, values["points"], reason, source, turn.by)
    if entry is None:
        raise Refusal(replies.nothing_to_deduct(person), final=True)
    turn.work.credits.note(PointsEventKind.DEDUCTED, person, entry.amount, source, turn.by, values["why"])
    left = turn.work.points.balance(person)
    turn.tell(person, replies.you_lost(entry, values["why"], left, terms().appeal_days))
    return replies.deducted(person, entry)


DEDUCT = Form(
    "deduct_points",
    Intent.CHECK_POINTS,
    (),
    replies.confirm_deduction,
    _deduct,
    about=replies.about_deduction,
)
FORMS = (DEDUCT,)
