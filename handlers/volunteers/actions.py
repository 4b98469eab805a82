"""What volunteers, organisers and approvers do, one function per intent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from handlers import consents, forms
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.routes import InGroup, Routes
from handlers.turn import AttachmentKind, Reply
from handlers.volunteers import (
    approving,
    changing,
    codes,
    figures,
    joining,
    marking,
    naming,
    on_the_spot,
    organising,
    registering,
    registering_others,
    replies,
    rules,
    timed,
)
from handlers.volunteers.settings import settings
from nlu import answers, own_data
from nlu.understanding import Intent
from storage.check_ins import TryKind
from storage.consents import Purpose
from storage.volunteers import Activity, CheckInBy, Participation, ParticipationState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handlers.turn import Attachment, Desk, Turn

LOCATED = "见定位"
"""The code of whoever sends a location instead."""

routes = Routes((*registering.routes, *joining.routes, *organising.routes, *approving.routes))


@routes.on(Intent.LIST_ACTIVITIES, in_group=InGroup.ACT)
def list_activities(turn: Turn) -> Reply:
    """List what one can join."""
    activities = turn.work.volunteers.coming(turn.person, turn.now)
    return replies.coming(activities) if activities else replies.none_coming()


@routes.on(Intent.CHECK_IN, in_group=InGroup.ACT)
def check_in(turn: Turn) -> Reply:
    """Check in by the code shown on the spot or by a location within the radius."""
    turn.work.check_ins.begin(turn.person)
    joined = _open_parts(turn)
    location = _location(turn.message.attachments)
    code = rules.read_code(turn.text)
    agrees = turn.work.consents.stands(turn.person, Purpose.LOCATION)
    if location is not None and agrees:
        return _check_in_near(turn, joined, location)
    if code is not None:
        return _check_in_by_code(turn, code)
    if not joined:
        raise Refusal(_why_not(turn))
    # Nobody is asked for a consent that would be of no use yet.
    could = next((part for part in joined if codes.is_open(part.activity, turn.now)), joined[0])
    rules.check_open(could.activity, turn.now)
    return forms.begin(turn, CODE)


def _open_parts(turn: Turn) -> list[Participation]:
    parts = turn.work.volunteers.parts_of(turn.person, ParticipationState.SIGNED_UP)
    return [part for part in parts if part.activity.end > turn.now]


def _why_not(turn: Turn) -> str:
    working = turn.work.volunteers.parts_of(turn.person, ParticipationState.CHECKED_IN)
    if working:
        return replies.checked_in_already(working[0].activity)
    waiting = turn.work.volunteers.parts_of(turn.person, ParticipationState.WAITING)
    if waiting:
        return replies.waits_still(waiting[0].activity)
    over = turn.work.volunteers.parts_of(turn.person, ParticipationState.SIGNED_UP, ParticipationState.NO_SHOW)
    return replies.too_late(over[-1].activity) if over else replies.nothing_to_check_in()


def _check_in_by_code(turn: Turn, code: str, *, asked: bool = False) -> Reply:
    _check_tries(turn)
    activity = _of_code(turn, code)
    if activity is None:
        return _failed(turn, None, replies.wrong_code(), TryKind.WRONG_CODE, asked=asked)
    part = turn.work.volunteers.part_in(activity, turn.person)
    rules.check_open(activity, turn.now)
    return _checked_in(turn, rules.check_joined(part, activity), CheckInBy.CODE)


def _check_tries(turn: Turn) -> None:
    """Refuse whoever has tried one code after the other."""
    since = turn.now - settings().wrong_codes_within
    if turn.work.check_ins.tries(turn.person, TryKind.WRONG_CODE, since) >= settings().most_wrong_codes:
        raise Refusal(replies.too_many_codes(), final=True)


def _of_code(turn: Turn, code: str) -> Activity | None:
    """The activity that shows this code now, one that the person has joined before one that they have not."""
    ended = turn.now - settings().closes_after
    shown = turn.work.volunteers.with_secret(turn.person, codes.soon(turn.now), ended)
    right = [activity for activity in shown if codes.is_right(activity, code, turn.now)]
    joined = [activity for activity in right if turn.work.volunteers.part_in(activity, turn.person) is not None]
    found = joined or right
    return found[0] if found else turn.work.volunteers.by_code(turn.person, code, turn.now)


def _failed(turn: Turn, activity: Activity | None, why: str, kind: TryKind, *, asked: bool) -> Reply:
    """A check-in that did not succeed: it is kept, and whoever was asked may try again."""
    turn.work.check_ins.note_try(turn.person, activity, kind, turn.now)
    if asked:
        forms.begin(turn, CODE)
    return Reply(why)


def _check_in_near(turn: Turn, joined: Sequence[Participation], location: list[float], *, asked: bool = False) -> Reply:
    if not joined:
        raise Refusal(_why_not(turn))
    near = [part for part in joined if rules.is_near(part.activity, location)]
    if not near:
        activity = joined[0].activity
        return _failed(turn, activity, replies.too_far(activity), TryKind.FAR, asked=asked)
    rules.check_open(near[0].activity, turn.now)
    return _checked_in(turn, near[0], CheckInBy.LOCATION)


def _checked_in(turn: Turn, part: Participation, by: CheckInBy) -> Reply:
    working = turn.work.volunteers.parts_of(turn.person, ParticipationState.CHECKED_IN)
    if working:
        raise Refusal(replies.at_work_elsewhere(working[0].activity))
    part.state, part.checked_in_at = ParticipationState.CHECKED_IN, turn.now
    part.checked_in_by, part.device = by, turn.message.device
    turn.work.session.flush()
    marking.look_at(turn, part)
    return replies.checked_in(part)


def _location(attachments: Iterable[Attachment]) -> list[float] | None:
    for attachment in attachments:
        if attachment.kind is AttachmentKind.LOCATION and attachment.latitude is not None:
            return [attachment.latitude, attachment.longitude or 0.0]
    return None


def _read_code(said: Said) -> str | None:
    return LOCATED if _location(said.attachments) else rules.read_code(said.text)


def _read_consent(said: Said) -> bool | None:
    """Yes or no; whoever gives the code needs no location."""
    answer = answers.read_yes_no(said.text)
    if own_data.takes_consent_back(said.text):
        return False
    return answer.yes if answer is not None else False if rules.read_code(said.text) else None


def _keep_location(values: Values, said: Said) -> None:
    """Keep a location in the form alone, with when it was sent, until its sender agrees that it is looked at."""
    location = _location(said.attachments)
    if location is not None:
        values["location"], values["located_at"] = location, said.now.isoformat()


def _note_consent(turn: Turn, values: Values) -> None:
    values["agreed"] = turn.work.consents.stands(turn.person, Purpose.LOCATION)
    if _location(turn.message.attachments):
        values["messages"] = [*values.get("messages", []), turn.cause_id]
    if values.get("consent") is False:
        values.update(_forget_location(turn, values), code=rules.read_code(turn.text), consent=None)


def _forget_location(desk: Desk, values: Values) -> Values:
    """The values without a location that its sender has not agreed to; the messages that it came with forget it too."""
    if values.get("agreed") or values.get("consent") or not values.get("messages"):
        return values
    for message_id in values["messages"]:
        desk.work.messages.forget_location(message_id)
    return {**values, "location": None, "messages": []}


def _finish_check_in(turn: Turn, values: Values) -> Reply:
    turn.work.check_ins.begin(turn.person)
    location = values.get("location")
    if location is None:
        return _check_in_by_code(turn, values["code"], asked=True)
    consents.record(turn, Purpose.LOCATION, given=True)
    if turn.now - datetime.fromisoformat(values["located_at"]) > settings().location_good_for:
        forms.begin(turn, CODE)
        return replies.location_is_old()
    return _check_in_near(turn, _open_parts(turn), location, asked=True)


CODE = Form(
    "check_in",
    Intent.CHECK_IN,
    (
        Slot(
            "consent",
            replies.ask_location_consent,
            _read_consent,
            needed=lambda values: bool(values.get("location")) and not values["agreed"],
        ),
        Slot("code", replies.ask_code, _read_code, needed=lambda values: not values.get("location")),
    ),
    None,
    _finish_check_in,
    story=_keep_location,
    context=_note_consent,
    forget=_forget_location,
)


@routes.on(Intent.CHECK_OUT, in_group=InGroup.ACT)
def check_out(turn: Turn) -> Reply:
    """Check out of what the person is checked in to; whoever organises it is asked to approve."""
    turn.work.check_ins.begin(turn.person)
    working = turn.work.volunteers.parts_of(turn.person, ParticipationState.CHECKED_IN)
    if not working:
        raise Refusal(replies.not_checked_in())
    meant = naming.meant(turn, [part.activity for part in working])
    part = next(part for part in reversed(working) if part.activity in meant)
    part.state, part.checked_out_at = ParticipationState.CHECKED_OUT, turn.now
    if part.activity.organiser_id is not None and part.activity.organiser_id != turn.person.id:
        turn.tell(turn.work.people.get(part.activity.organiser_id), replies.something_to_approve(part))
    return replies.checked_out(part)


FORMS = (CODE, *registering.FORMS, *registering_others.FORMS, *organising.FORMS, *changing.FORMS, *figures.FORMS)
LISTENERS = (
    *on_the_spot.LISTENERS,
    *changing.LISTENERS,
    *joining.LISTENERS,
    *registering_others.LISTENERS,
    *registering.LISTENERS,
    *figures.LISTENERS,
)
DUTIES = timed.DUTIES
