"""The profile: who somebody is and where they live, kept once they agree to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers import areas, consents
from handlers.addresses import address_in, amend
from handlers.forms import CONFIRM, Form, Said, Slot, Values
from handlers.people import confirming, replies
from nlu import fixed_words
from nlu.personal_data import find_personal_data
from nlu.understanding import EntityKind, Intent
from storage.consents import Purpose

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn


def find_name(said: Said) -> str | None:
    """The name that is said unasked."""
    person = said.understanding.first(EntityKind.PERSON)
    return str(person.value) if person is not None and person.text in said.text else None


def _accept_name(said: Said) -> str | None:
    return fixed_words.name_in_answer(said.text)


def find_home(said: Said) -> str | None:
    """The home that is said unasked."""
    return address_in(said.text)


def _accept_home(said: Said) -> str | None:
    return fixed_words.home_in_answer(said.text)


def find_phone(said: Said) -> str | None:
    """The telephone number that is said unasked."""
    found = next((datum.text for datum in find_personal_data(said.text) if datum.kind == "phone"), None)
    return re.sub("[^0-9]", "", found) if found is not None else None


def _look_up_home(turn: Turn, values: Values) -> None:
    values["home"] = areas.look_up(turn, values, values.get("home"))


def _refuse_consent(turn: Turn) -> Reply | None:
    """Whoever does not agree is asked nothing more; nothing of what was said is kept."""
    form = turn.talk.form
    if form is None or form["asking"] != CONFIRM or not fixed_words.refuses_consent(turn.text):
        return None
    turn.talk.form, turn.talk.choices = form["under"], []
    return replies.consent_refused()


def _bind(turn: Turn, values: Values) -> Reply:
    person, area = turn.person, areas.looked_up(turn, values, values["home"])
    moved = (person.name, person.home, person.area_id) != (values["name"], values["home"], area.id)
    consents.record(turn, Purpose.PROFILE, given=True)
    person.name, person.home = values["name"], values["home"]
    person.phone = values.get("phone") or person.phone
    person.area, person.area_id = area, area.id
    if moved:
        confirming.ask(turn, person)
    return replies.bound(person)


PROFILE = Form(
    name="bind_profile",
    intent=Intent.BIND_PROFILE,
    slots=(
        Slot("name", replies.ask_name, accept=_accept_name, find=find_name, called=("名字", "姓名")),
        Slot(
            "home",
            replies.ask_home,
            accept=_accept_home,
            find=find_home,
            merge=amend,
            called=("住址", "地址", "楼栋", "单元", "房号", "门牌"),
        ),
        areas.SLOT,
        Slot("phone", replies.ask_home, find=find_phone, needed=lambda _values: False, called=("电话", "手机", "号码")),
    ),
    read_back=replies.read_back,
    about=replies.about_profile,
    finish=_bind,
    owns=frozenset({Intent.GREET}),
    context=_look_up_home,
    ahead=_refuse_consent,
)
