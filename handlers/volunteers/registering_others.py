"""Somebody without a telephone becomes a volunteer: staff register them, with their word, and check them in by list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import areas, consents, forms
from handlers.addresses import address_in, amend
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.households import may_be_same_home, same_home
from handlers.volunteers import registering_others_replies as replies
from handlers.volunteers.organising import ORGANISERS
from nlu import activity_commands, fixed_words
from nlu.understanding import Intent
from storage.consents import Purpose
from storage.people import Role

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.people import Person


def hear(turn: Turn) -> Reply | None:
    """Hear that staff want somebody else registered as a volunteer; None for anything else."""
    if turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return None
    name = activity_commands.read_registered(turn.text)
    if name is None or name == turn.person.name:
        return None
    if turn.message.in_group:
        return replies.in_private()
    if not turn.person.roles & ORGANISERS:
        raise Refusal(replies.only_staff(name), final=True)
    home = address_in(turn.text)
    person = _known(turn, name, home)
    if person is None:
        return forms.begin(turn, REGISTRATION, {"name": name, **({"home": home} if home else {})})
    _check_has_no_account(person, name)
    if Role.VOLUNTEER in person.roles:
        return replies.registered_already(name)
    return forms.begin(turn, REGISTRATION, {"name": name, "home": person.home or "", "person": person.id})


def _known(turn: Turn, name: str, home: str | None) -> Person | None:
    """Who of that name is registered in the areas of the speaker; of several, the one of the home that was said."""
    people = _called(turn, name)
    if home:
        at_home = [each for each in people if each.home and same_home(home, each.home)]
        people = at_home or [each for each in people if not each.home or may_be_same_home(home, each.home)]
    if len(people) > 1:
        raise Refusal(replies.several(name), final=True)
    return people[0] if people else None


def _living_at(turn: Turn, name: str, home: str) -> Person | None:
    """Who of that name lives at the home that was told in the end."""
    return next((each for each in _called(turn, name) if each.home and same_home(home, each.home)), None)


def _called(turn: Turn, name: str) -> list[Person]:
    seats = [grant.area for grant in turn.person.grants if grant.role in ORGANISERS]
    return list({each.id: each for seat in seats for each in turn.work.people.called(name, seat)}.values())


def _check_has_no_account(person: Person, name: str) -> None:
    """Raise Refusal for whoever can agree for themselves, also where they cannot be written to now."""
    if person.identities:
        raise Refusal(replies.says_so_themselves(name), final=True)


def _home(said: Said) -> str | None:
    return fixed_words.home_in_answer(said.text)


def _look_up_home(turn: Turn, values: Values) -> None:
    if not values.get("person"):
        values["home"] = areas.look_up(turn, values, values.get("home"))


def _register(turn: Turn, values: Values) -> Reply:
    if turn.person.seat(ORGANISERS) is None:
        raise Refusal(replies.not_any_more(), final=True)
    person = turn.work.people.get(values["person"]) if values.get("person") else None
    person = person or _living_at(turn, values["name"], values["home"])
    if person is not None and person.is_gone:
        raise Refusal(replies.is_gone(values["name"]), final=True)
    area = areas.looked_up(turn, values, values["home"]) if person is None else person.area
    if not turn.person.holds(ORGANISERS, area):
        raise Refusal(replies.lives_elsewhere(values["name"]), final=True)
    if person is not None:
        _check_has_no_account(person, values["name"])
    else:
        person = turn.work.people.add(area, turn.now, name=values["name"])
        person.home = values["home"]
    for purpose in (Purpose.PROFILE, Purpose.VOLUNTEER):
        turn.work.consents.record(person, purpose, turn.now, given=True, source="by staff", version=consents.version())
    community = turn.work.areas.community_of(person.area)
    turn.work.roles.grant(person, Role.VOLUNTEER, community, turn.now, by=turn.person, source="by staff")
    return replies.registered(person)


REGISTRATION = Form(
    "register_volunteer_for",
    Intent.REGISTER_VOLUNTEER,
    (
        Slot("home", replies.ask_home, accept=_home, merge=amend, called=("住址", "地址", "楼栋", "单元", "房号")),
        areas.SLOT,
    ),
    replies.confirm,
    _register,
    about=replies.about,
    owns=frozenset({Intent.BIND_PROFILE}),
    context=_look_up_home,
)
FORMS = (REGISTRATION,)
LISTENERS = (hear,)
