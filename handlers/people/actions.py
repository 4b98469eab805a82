"""What people say about themselves, one function per intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import consents, forms
from handlers.forms import Said
from handlers.people import confirming, erasing, households, inviting, joining, own_data, replies, retention, roles
from handlers.people.profile import PROFILE, find_home, find_name
from handlers.routes import Duty, InGroup, Routes
from nlu.understanding import Intent
from storage.consents import Purpose

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

routes = Routes()


@routes.on(Intent.BIND_PROFILE, in_group=InGroup.MOVE)
def bind_profile(turn: Turn) -> Reply:
    """Take down who somebody is, once they agree to what is kept; or what a button of this feature says."""
    fixed = hear(turn)
    if fixed is not None:
        return fixed
    known = {"name": turn.person.name, "home": turn.person.home}
    said = Said(turn.text, turn.understanding, (), turn.message.sent_at)
    new = {"name": find_name(said), "home": find_home(said)}
    return forms.begin(turn, PROFILE, {key: new[key] or known[key] for key in known})


@routes.on(Intent.DELETE_MY_DATA, in_group=InGroup.MOVE)
def delete_my_data(turn: Turn) -> Reply:
    """Show, hand over or erase what is held on the speaker."""
    return own_data.answer(turn)


@routes.on(Intent.SUBSCRIBE, in_group=InGroup.ASK)
def subscribe(turn: Turn) -> Reply:
    """Send notices to this person (again)."""
    turn.person.subscribed = True
    consents.record(turn, Purpose.NOTICES, given=True)
    return replies.subscribed()


@routes.on(Intent.UNSUBSCRIBE, in_group=InGroup.ASK)
def unsubscribe(turn: Turn) -> Reply:
    """Send no more notices to this person."""
    turn.person.subscribed = False
    consents.record(turn, Purpose.NOTICES, given=False)
    return replies.unsubscribed()


def hear(turn: Turn) -> Reply | None:
    """What is heard by fixed words, whatever a model makes of it; None for anything else."""
    hearers = (households.hear, joining.hear, roles.hear, inviting.hear, confirming.hear, own_data.hear)
    return next((reply for each in hearers if (reply := each(turn)) is not None), None)


FORMS = (PROFILE, *erasing.FORMS, *joining.FORMS, *roles.FORMS, *households.FORMS)
LISTENERS = (hear,)
DUTIES = (Duty("people.retention", 3600, retention.at_night),)
