"""Emergencies: the number to call first, then the alarm, then the case, and only then a question."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from nlu.emergencies import emergency_kind

from handlers import forms
from handlers.cases import filing, replies, rules
from handlers.forms import Form, Said, Slot, Values
from handlers.turn import AttachmentKind, Desk, Reply
from nlu import answers
from nlu.places import find_places
from nlu.understanding import Intent
from storage.cases import HANDLERS, CaseEvent, CaseKind
from storage.messages import Priority

if TYPE_CHECKING:
    from handlers.turn import Turn
    from storage.cases import Case

STILL_THE_SAME = timedelta(minutes=30)
"""A person who cries out again within this time speaks of the same emergency."""

UNCLEAR = "safety_hazard"
"""The category of an emergency whose kind the words do not tell."""


def raise_alarm(turn: Turn) -> Reply:
    """Answer with the number to call, alert everybody on the way up the tree, make the case, then ask where it is."""
    kind = emergency_kind(turn.text)
    advice = replies.emergency(kind)
    case = _already_raised(turn) or _new(turn, kind)
    filing.alarm(turn, case, replies.alert(case))
    turn.talk.remember(case=case.id)
    return advice.followed_by(forms.begin(turn, DETAILS, {"case": case.id, "place": case.place or None}))


def _already_raised(turn: Turn) -> Case | None:
    for case in turn.work.cases.reported_by(turn.person):
        if case.kind is CaseKind.EMERGENCY and turn.now - case.created_at <= STILL_THE_SAME:
            case.text = f"{case.text}；{turn.text}"
            case.place = case.place or _place_in(turn.text)
            return case
    return None


def _new(turn: Turn, kind: str | None) -> Case:
    place = _place_in(turn.text)
    values = {
        "kind": CaseKind.EMERGENCY,
        "category": kind or UNCLEAR,
        "place": place,
        "text": turn.text,
        "location": filing.location(turn.message.attachments),
        "photos": filing.photos(turn.message.attachments),
    }
    return filing.open_case(turn, filing.area_of(turn, place), values)


def _place_in(text: str) -> str:
    return max((part.value for part in find_places(text)), key=len, default="")


def _read_place(said: Said) -> str | None:
    if any(attachment.kind is AttachmentKind.LOCATION for attachment in said.attachments):
        return said.text.strip() or "见定位"
    return said.text.strip() if find_places(said.text) else None


def _accept_place(said: Said) -> str | None:
    plain = answers.read_yes_no(said.text) is not None or answers.is_skip(said.text)
    return None if plain or len(said.text.strip()) < 2 else said.text.strip()


def _accept_more(said: Said) -> str | None:
    return said.text.strip() or None


def _pass_on(turn: Turn, values: Values) -> Reply:
    """Give what was said to everybody who was alarmed."""
    case = next(case for case in turn.work.cases.reported_by(turn.person) if case.id == values["case"])
    case.place = values["place"]
    case.location = filing.location(turn.message.attachments) or case.location
    case.area = filing.area_of(turn, case.place)
    case.history.append(
        CaseEvent(
            at=turn.now,
            actor_id=turn.person.id,
            action="add",
            from_state=case.state,
            to_state=case.state,
            note=values["more"],
        )
    )
    filing.alarm(turn, case, replies.alert_more(case, values["more"]))
    return replies.passed_on(case)


def _tell_place(turn: Turn, values: Values) -> None:
    """A place that was just said is passed on at once; the second question comes after."""
    case = next(case for case in turn.work.cases.reported_by(turn.person) if case.id == values["case"])
    if values.get("place") and values["place"] != case.place:
        case.place = values["place"]
        case.area = filing.area_of(turn, case.place)
        filing.alarm(turn, case, replies.alert_place(case))


DETAILS = Form(
    name="emergency_details",
    intent=Intent.REPORT_EMERGENCY,
    slots=(
        Slot("place", replies.ask_emergency_place, _read_place, _accept_place),
        Slot("more", replies.ask_emergency_more, accept=_accept_more),
    ),
    read_back=None,
    finish=_pass_on,
    owns=frozenset({Intent.REPORT_INCIDENT, Intent.REPORT_DISPUTE, Intent.ADD_TO_CASE, Intent.BIND_PROFILE}),
    context=_tell_place,
)


def alarm_again(desk: Desk) -> None:
    """Repeat every alarm that nobody has confirmed, once for each span of time that has passed."""
    for case in desk.work.cases.unconfirmed_alarms():
        times = rules.alert_number(case.created_at, desk.now)
        if times <= case.alarms:
            continue
        case.alarms = times
        staff = desk.work.people.answerable(HANDLERS, case.area)
        others = (person for person in staff if person.id != case.reporter_id)
        desk.tell_all(others, replies.alert(case, times), Priority.EMERGENCY)
