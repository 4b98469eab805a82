"""Households without a telephone: staff register who lives there, with their consent, and erase it again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers import consents, forms, household_cards
from handlers.errors import Refusal
from handlers.forms import Form, Slot, Values
from handlers.household_replies import no_such_household
from handlers.people import household_replies as replies
from handlers.people.erasing import check_erasable, erase
from handlers.people.profile import find_phone
from nlu import fixed_words
from nlu.household_codes import HouseholdWish
from nlu.on_behalf import consents as consents_in
from nlu.personal_data import mask
from nlu.understanding import Intent
from storage.consents import Purpose
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.forms import Said
    from handlers.household_cards import Card
    from handlers.turn import Desk, Reply, Turn
    from storage.areas import Area
    from storage.people import Person

NOT_KEPT = "（没有存）"
"""Stands where somebody was named who did not agree to be registered."""

_PAUSE = re.compile(r"[，,。；;、\s]+")


def hear(turn: Turn) -> Reply | None:
    """Show who lives in a household whose code is said, register somebody, erase them; None for anything else."""
    card = household_cards.read(turn, *HouseholdWish)
    if card is None:
        return None
    match card.wish:
        case HouseholdWish.REGISTER:
            return _register(turn, card)
        case HouseholdWish.ERASE:
            return _erase(turn, card)
        case HouseholdWish.SHOW:
            return replies.household(card.home, card.household.code, [person.name or "" for person in card.people])
        case _:
            return None


def _register(turn: Turn, card: Card) -> Reply:
    name = fixed_words.name_in_answer(_PAUSE.split(card.words)[0])
    if name is not None and any(person.name == name for person in card.people):
        raise Refusal(replies.registered_already(card.home, name))
    values = {"name": name, "home": card.home, "area_id": card.household.area_id, "code": card.household.code}
    agreed = consents_in(card.words)
    if agreed is False:
        _forget(turn, values)
        return replies.not_registered()
    return forms.begin(turn, REGISTRATION, values)


def _accept_name(said: Said) -> str | None:
    return fixed_words.name_in_answer(said.text)


def _refuse(turn: Turn) -> Reply | None:
    """Whoever did not agree is not registered, and nothing more is asked."""
    form = turn.talk.form
    if form is None or consents_in(turn.text) is not False:
        return None
    _forget(turn, form["values"])
    turn.talk.form, turn.talk.choices = form["under"], []
    return replies.not_registered()


def _forget(desk: Desk, values: Values) -> Values:
    """The values without the name and telephone of whoever did not agree; the messages about them forget these too."""
    ids = [each for each in (*values.get("messages", ()), desk.cause_id) if each is not None]
    name = values.get("name")
    desk.work.messages.rewrite(ids, lambda text: mask(text.replace(name, NOT_KEPT) if name else text))
    return {**values, "name": None, "phone": None, "messages": []}


def _look_for_namesake(turn: Turn, values: Values) -> None:
    """Note whether somebody of that name has an account, as it may be the same person, and which messages name them."""
    values["messages"] = [*values.get("messages", ()), turn.cause_id]
    grid = turn.work.areas.grid_of(turn.work.areas.get(values["area_id"]))
    named = turn.work.people.called(values["name"], grid) if values.get("name") else ()
    values["namesake"] = any(person.identities for person in named)


def _finish(turn: Turn, values: Values) -> Reply:
    area = turn.work.areas.get(values["area_id"])
    _check_staff_of(turn, area)
    if any(person.name == values["name"] for person in household_cards.living_at(turn, area, values["home"])):
        raise Refusal(replies.registered_already(values["home"], values["name"]), final=True)
    person = turn.work.people.add(area, turn.now, name=values["name"], phone=values.get("phone"))
    person.home, person.confirmed_at, person.confirmed_by_id = values["home"], turn.now, turn.person.id
    consents.record(turn, Purpose.PROFILE, given=True, of=person)
    return replies.registered(values)


def _erase(turn: Turn, card: Card) -> Reply:
    person = card.the_one()
    _check_has_none(person)
    check_erasable(turn, person)
    values = {"person": person.id, "name": person.name, "home": card.home}
    return forms.begin(turn, ERASURE, values)


def _check_has_none(person: Person) -> None:
    """Raise Refusal for whoever has an account, also one on which they cannot be written to now."""
    if person.identities:
        raise Refusal(replies.has_a_telephone(person), final=True)


def _check_staff_of(turn: Turn, area: Area) -> None:
    """Raise Refusal where the speaker answers for the household no more, since they said its code."""
    if not turn.person.holds(STAFF, area):
        raise Refusal(no_such_household(), final=True)


def _finish_erasure(turn: Turn, values: Values) -> Reply:
    person = turn.work.people.get(values["person"])
    if person.is_gone:
        raise Refusal(replies.is_gone(values["name"]), final=True)
    _check_staff_of(turn, person.area)
    _check_has_none(person)
    check_erasable(turn, person)
    erase(turn, person)
    return replies.erased()


REGISTRATION = Form(
    "household_member",
    Intent.BIND_PROFILE,
    (
        Slot("name", replies.ask_name, accept=_accept_name, called=("名字", "姓名")),
        Slot("phone", replies.ask_name, find=find_phone, needed=lambda _values: False, called=("电话", "手机")),
    ),
    replies.read_back,
    _finish,
    context=_look_for_namesake,
    forget=_forget,
    ahead=_refuse,
    left=replies.not_registered,
    refused=replies.not_registered,
)
ERASURE = Form(
    "household_erasure",
    Intent.DELETE_MY_DATA,
    (),
    replies.confirm_erasure,
    _finish_erasure,
    left=replies.not_erased,
    refused=replies.not_erased,
)
FORMS = (REGISTRATION, ERASURE)
