"""What people say about themselves, one function per intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import areas, forms
from handlers.addresses import address_in, amend
from handlers.forms import Form, Said, Slot, Values
from handlers.people import replies
from handlers.routes import InGroup, Routes
from nlu import answers
from nlu.personal_data import find_personal_data
from nlu.understanding import EntityKind, Intent

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

routes = Routes()
LONGEST_NAME = 12


def _find_name(said: Said) -> str | None:
    person = said.understanding.first(EntityKind.PERSON)
    return str(person.value) if person is not None and person.text in said.text else None


def _accept_name(said: Said) -> str | None:
    name = said.text.strip(" 。，,我叫是")
    return name if 0 < len(name) <= LONGEST_NAME and answers.read_yes_no(name) is None else None


def _find_home(said: Said) -> str | None:
    return address_in(said.text)


def _accept_home(said: Said) -> str | None:
    home = said.text.strip()
    return home if 1 < len(home) <= 60 and answers.read_yes_no(home) is None else None


def _find_phone(said: Said) -> str | None:
    return next((datum.text for datum in find_personal_data(said.text) if datum.kind == "phone"), None)


def _look_up_home(turn: Turn, values: Values) -> None:
    values["home"] = areas.look_up(turn, values, values.get("home"))


def _bind(turn: Turn, values: Values) -> Reply:
    person = turn.person
    person.name, person.home = values["name"], values["home"]
    person.phone = values.get("phone") or person.phone
    person.area = areas.looked_up(turn, values, values["home"])
    return replies.bound(person)


PROFILE = Form(
    name="bind_profile",
    intent=Intent.BIND_PROFILE,
    slots=(
        Slot("name", replies.ask_name, accept=_accept_name, find=_find_name, called=("名字", "姓名")),
        Slot(
            "home",
            replies.ask_home,
            accept=_accept_home,
            find=_find_home,
            merge=amend,
            called=("住址", "地址", "楼栋", "单元", "房号", "门牌"),
        ),
        areas.SLOT,
        Slot("phone", replies.ask_home, find=_find_phone, needed=lambda _values: False),
    ),
    read_back=replies.read_back,
    about=replies.about_profile,
    finish=_bind,
    owns=frozenset({Intent.GREET}),
    context=_look_up_home,
)


@routes.on(Intent.BIND_PROFILE, in_group=InGroup.MOVE)
def bind_profile(turn: Turn) -> Reply:
    """Take down who somebody is, once they agree to what is kept."""
    known = {"name": turn.person.name, "home": turn.person.home}
    said = Said(turn.text, turn.understanding, (), turn.message.sent_at)
    new = {"name": _find_name(said), "home": _find_home(said)}
    return forms.begin(turn, PROFILE, {key: new[key] or known[key] for key in known})


@routes.on(Intent.SUBSCRIBE, in_group=InGroup.ASK)
def subscribe(turn: Turn) -> Reply:
    """Send notices to this person (again)."""
    turn.person.subscribed = True
    return replies.subscribed()


@routes.on(Intent.UNSUBSCRIBE, in_group=InGroup.ASK)
def unsubscribe(turn: Turn) -> Reply:
    """Send no more notices to this person."""
    turn.person.subscribed = False
    return replies.unsubscribed()


FORMS = (PROFILE,)
