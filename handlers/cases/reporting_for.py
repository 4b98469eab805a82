"""Hears reports on behalf of others (代报), and asks for the consent that was not told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers import forms, household_cards
from handlers.addresses import inside
from handlers.cases import filing, report, rules
from handlers.cases.replies import on_behalf as replies
from handlers.forms import Form
from nlu.categories import category, category_of
from nlu.household_codes import HouseholdWish
from nlu.on_behalf import consents, find_on_behalf, told_for
from nlu.places import spelled
from nlu.understanding import Intent
from storage.cases import CaseKind
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.forms import Values
    from handlers.household_cards import Card
    from handlers.turn import Reply, Turn
    from nlu.on_behalf import OnBehalf
    from storage.people import Person


_AT_HOME = re.compile("家|屋|厨房|厕所|卫生间|客厅|卧室|阳台|天花板")


def hear(turn: Turn) -> Reply | None:
    """Begin the report that the speaker makes for somebody else; None where they make none."""
    card = household_cards.read(turn, HouseholdWish.REPORT)
    if card is not None:
        return _for_household(turn, card)
    told = find_on_behalf(turn.text)
    if told is None:
        return None
    if not told.story:
        return replies.ask_what(told.name)
    person = _known(turn, told)
    return _with_consent(turn, _values(told, person, person.home if person is not None else None))


def _for_household(turn: Turn, card: Card) -> Reply:
    """The report of whoever lives where the printed code belongs; unnamed where it may be several, or none of them."""
    people = card.meant()
    person = people[0] if len(people) == 1 else None
    told = told_for(person.name if person is not None and person.name else f"{card.home}住户", card.words)
    return _with_consent(turn, _values(told, person, card.home)) if told.story else replies.ask_what(told.name)


def _with_consent(turn: Turn, values: Values) -> Reply:
    agreed = consents(turn.text)
    if agreed is None:
        return forms.begin(turn, CONSENT, values)
    return _begin(turn, values) if agreed else replies.not_without_consent()


def _values(told: OnBehalf, person: Person | None, home: str | None) -> Values:
    # 「3栋楼梯灯不亮」 is where it is said to be, 「她家水管爆了」 at her home, and 「楼道灯不亮」 in her house.
    place = home if home and (not told.place or _AT_HOME.search(told.story)) else told.place or None
    if home and place and place != home and not rules.has_own_name(place):
        place = inside(home, place, spot=True)
    slug = category_of(told.story)
    kind = category(slug).kind if slug else CaseKind.INCIDENT
    kind = kind if kind in report.CATCH_ALL else CaseKind.INCIDENT
    return {
        "name": told.name,
        "report": {
            "kind": kind,
            "text": told.story,
            "place": place,
            "anonymous": told.unnamed,
            "on_behalf": {
                "name": told.name,
                "phone": told.phone,
                "person": person.id if person is not None else None,
                "home": home or told.place or None,
            },
        },
    }


def _known(turn: Turn, told: OnBehalf) -> Person | None:
    """The one resident in the speaker's areas who is called so; by surname alone only where the home fits too."""
    seat = turn.person.seat(STAFF)
    if seat is None:
        return None
    place = spelled(told.place)
    living = [person for person in turn.work.people.living_in(seat) if person.name and person.id != turn.person.id]
    fits = [person for person in living if not place or place in spelled(person.home or "")]
    exact = [person for person in fits if person.name == told.name]
    by_surname = [person for person in fits if place and person.name and person.name[0] == told.name[0]]
    found = exact or (by_surname if len(told.name) > 2 or told.name[0] in "老小" else [])
    return found[0] if len(found) == 1 else None


def _begin(turn: Turn, values: Values) -> Reply:
    return forms.begin(turn, report.REPORT, {**values["report"], **filing.sent_before(turn)})


def _answered(turn: Turn) -> Reply | None:
    """Words that tell whether they agree, whatever else they are."""
    form = turn.talk.form
    agreed = consents(turn.text)
    if form is None or agreed is None:
        return None
    turn.talk.form, turn.talk.choices = form["under"], []
    return _begin(turn, form["values"]) if agreed else replies.not_without_consent()


CONSENT = Form(
    "on_behalf_consent",
    Intent.REPORT_INCIDENT,
    (),
    replies.ask_consent,
    _begin,
    ahead=_answered,
    refused=replies.not_without_consent,
)
