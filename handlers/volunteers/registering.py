"""Becoming a volunteer: with consent, and with what one can do and when one has time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers import consents, forms
from handlers.forms import Form, Values
from handlers.routes import InGroup, Routes
from handlers.volunteers import replies
from nlu import volunteer_skills
from nlu.understanding import Intent
from storage.consents import Purpose
from storage.people import Role

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

TOLD_WITHIN = timedelta(minutes=30)
"""How long after registering a sentence about skills and times is meant for it."""

LONGEST = 60
"""Characters of such a sentence."""

routes = Routes()


@routes.on(Intent.REGISTER_VOLUNTEER, in_group=InGroup.ACT)
def register_volunteer(turn: Turn) -> Reply:
    """Make the person a volunteer of their community, once they agree to what is kept."""
    if Role.VOLUNTEER in turn.person.roles:
        return _tell(turn) or replies.registered_already()
    offer = volunteer_skills.read_offer(turn.text)
    return forms.begin(turn, REGISTRATION, {"skills": list(offer.skills), "times": list(offer.times)})


def _register(turn: Turn, values: Values) -> Reply:
    community = turn.work.areas.community_of(turn.person.area)
    turn.work.people.grant(turn.person, Role.VOLUNTEER, community, turn.now)
    consents.record(turn, Purpose.VOLUNTEER, given=True)
    turn.talk.remember(volunteer={"at": turn.now.isoformat()})
    if values.get("skills") or values.get("times"):
        turn.work.volunteer_profiles.add(turn.person, values["skills"], values["times"], turn.now)
    return replies.registered(asks=not (values.get("skills") and values.get("times")))


def tell_skills(turn: Turn) -> Reply | None:
    """What a volunteer can do and when, right after registering or so led in; None for everything else."""
    last = turn.talk.topic.get("volunteer")
    just_registered = last is not None and turn.now - datetime.fromisoformat(last["at"]) <= TOLD_WITHIN
    is_short = len(turn.text) <= LONGEST and turn.understanding.intent is not Intent.REPORT_EMERGENCY
    if turn.message.in_group or not is_short or Role.VOLUNTEER not in turn.person.roles:
        return None
    return _tell(turn) if just_registered or volunteer_skills.leads(turn.text) else None


def _tell(turn: Turn) -> Reply | None:
    offer = volunteer_skills.read_offer(turn.text)
    if not offer:
        return None
    # Whoever was a volunteer before the ledger of consents agrees by telling it.
    consents.record(turn, Purpose.VOLUNTEER, given=True)
    profile = turn.work.volunteer_profiles.add(turn.person, offer.skills, offer.times, turn.now)
    return replies.noted_skills(profile.skills, profile.times)


REGISTRATION = Form(
    "register_volunteer",
    Intent.REGISTER_VOLUNTEER,
    (),
    replies.confirm_registration,
    _register,
    about=replies.about_registration,
)
FORMS = (REGISTRATION,)
LISTENERS = (tell_skills,)
