"""What volunteers, organisers and approvers do, one function per intent."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers import forms, moments
from handlers.addresses import bare
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.routes import InGroup, Routes
from handlers.turn import AttachmentKind, Reply
from handlers.volunteers import approving, replies, rules
from nlu.understanding import EntityKind, Intent
from storage.messages import Priority
from storage.people import ADMINS, Role
from storage.volunteers import Activity, Participation, ParticipationState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Turn

routes = Routes(approving.routes)
ORGANISERS = ADMINS | {Role.GRID_MEMBER}


@routes.on(Intent.REGISTER_VOLUNTEER, in_group=InGroup.ACT)
def register_volunteer(turn: Turn) -> Reply:
    """Make the person a volunteer of their community, once they agree to what is kept."""
    if Role.VOLUNTEER in turn.person.roles:
        return replies.registered_already()
    return forms.begin(turn, REGISTRATION)


def _register(turn: Turn, _values: Values) -> Reply:
    community = turn.work.areas.community_of(turn.person.area)
    turn.work.people.grant(turn.person, Role.VOLUNTEER, community, turn.now)
    return replies.registered()


REGISTRATION = Form(
    "register_volunteer",
    Intent.REGISTER_VOLUNTEER,
    (),
    replies.confirm_registration,
    _register,
    about=replies.about_registration,
)


@routes.on(Intent.LIST_ACTIVITIES, in_group=InGroup.ACT)
def list_activities(turn: Turn) -> Reply:
    """List what one can join."""
    activities = turn.work.volunteers.coming(turn.person, turn.now)
    return replies.coming(activities) if activities else replies.none_coming()


@routes.on(Intent.JOIN_ACTIVITY, in_group=InGroup.ACT)
def join_activity(turn: Turn) -> Reply:
    """Sign up for the activity that is meant, or take that back; places are given out under a lock."""
    if rules.leaves(turn.text):
        return _leave(turn)
    activities = turn.work.volunteers.coming(turn.person, turn.now)
    if not activities:
        return replies.none_coming()
    meant = _meant(turn, activities)
    if len(meant) > 1:
        return replies.which(meant)
    activity = turn.work.volunteers.lock(meant[0])
    if turn.work.volunteers.part_in(activity, turn.person) is not None:
        return replies.joined_already(activity)
    if activity.capacity is not None and len(activity.participations) >= activity.capacity:
        raise Refusal(replies.full(activity))
    turn.work.volunteers.join(activity, turn.person, turn.now)
    return replies.joined(activity)


def _leave(turn: Turn) -> Reply:
    parts = turn.work.volunteers.parts_of(turn.person, ParticipationState.SIGNED_UP)
    if not parts:
        return replies.joined_nothing()
    meant = _meant(turn, [part.activity for part in parts])
    if len(meant) > 1:
        return replies.which_to_leave(meant)
    activity = turn.work.volunteers.lock(meant[0])
    part = turn.work.volunteers.part_in(activity, turn.person)
    if part is None or part.state is not ParticipationState.SIGNED_UP:
        return replies.joined_nothing()
    turn.work.volunteers.leave(part)
    return replies.left(activity)


def _meant(turn: Turn, activities: Sequence[Activity]) -> list[Activity]:
    """The activities that the words fit best; all of them when no word tells."""
    whole = [activity for activity in activities if activity.title in turn.text]
    if whole:
        return [max(whole, key=lambda activity: len(activity.title))]
    scores = {activity.id: _overlap(activity, turn) for activity in activities}
    best = max(scores.values())
    return [activity for activity in activities if scores[activity.id] == best]


def _overlap(activity: Activity, turn: Turn) -> int:
    said = turn.text
    words = activity.title + activity.place
    pairs = {words[i : i + 2] for i in range(len(words) - 1)}
    span = turn.value(EntityKind.TIME)
    same_day = (
        span is not None
        and span.start is not None
        and span.start.date() == activity.start.astimezone(span.start.tzinfo).date()
    )
    return sum(pair in said for pair in pairs) + (2 if same_day else 0)


@routes.on(Intent.CHECK_IN, in_group=InGroup.ACT)
def check_in(turn: Turn) -> Reply:
    """Check in by the code shown on the spot or by a location within the radius."""
    joined = _open_parts(turn)
    location = _location(turn)
    code = rules.read_code(turn.text)
    if location is not None:
        return _check_in_near(turn, joined, location)
    if code is not None:
        return _check_in_by_code(turn, code)
    if not joined:
        raise Refusal(_why_not(turn))
    rules.check_open(joined[0].activity, turn.now)
    return forms.begin(turn, CODE)


def _open_parts(turn: Turn) -> list[Participation]:
    parts = turn.work.volunteers.parts_of(turn.person, ParticipationState.SIGNED_UP)
    return [part for part in parts if part.activity.end > turn.now]


def _why_not(turn: Turn) -> str:
    working = turn.work.volunteers.parts_of(turn.person, ParticipationState.CHECKED_IN)
    if working:
        return replies.checked_in_already(working[0].activity)
    over = turn.work.volunteers.parts_of(turn.person, ParticipationState.SIGNED_UP)
    return replies.too_late(over[-1].activity) if over else replies.nothing_to_check_in()


def _check_in_by_code(turn: Turn, code: str) -> Reply:
    activity = turn.work.volunteers.by_code(turn.person, code, turn.now)
    if activity is None:
        raise Refusal(replies.wrong_code())
    part = turn.work.volunteers.part_in(activity, turn.person)
    rules.check_open(activity, turn.now)
    return _checked_in(turn, rules.check_joined(part, activity))


def _check_in_near(turn: Turn, joined: Sequence[Participation], location: list[float]) -> Reply:
    if not joined:
        raise Refusal(_why_not(turn))
    near = [part for part in joined if rules.is_near(part.activity, location)]
    if not near:
        raise Refusal(replies.too_far(joined[0].activity))
    rules.check_open(near[0].activity, turn.now)
    return _checked_in(turn, near[0])


def _checked_in(turn: Turn, part: Participation) -> Reply:
    part.state, part.checked_in_at = ParticipationState.CHECKED_IN, turn.now
    return replies.checked_in(part)


def _location(turn: Turn) -> list[float] | None:
    for attachment in turn.message.attachments:
        if attachment.kind is AttachmentKind.LOCATION and attachment.latitude is not None:
            return [attachment.latitude, attachment.longitude or 0.0]
    return None


def _read_code(said: Said) -> str | None:
    located = any(attachment.kind is AttachmentKind.LOCATION for attachment in said.attachments)
    return "见定位" if located else rules.read_code(said.text)


def _finish_check_in(turn: Turn, values: Values) -> Reply:
    location = _location(turn)
    if location is None:
        return _check_in_by_code(turn, values["code"])
    return _check_in_near(turn, _open_parts(turn), location)


CODE = Form(
    "check_in",
    Intent.CHECK_IN,
    (Slot("code", replies.ask_code, _read_code),),
    None,
    _finish_check_in,
)


@routes.on(Intent.CHECK_OUT, in_group=InGroup.ACT)
def check_out(turn: Turn) -> Reply:
    """Check out of what the person is checked in to; whoever organises it is asked to approve."""
    working = turn.work.volunteers.parts_of(turn.person, ParticipationState.CHECKED_IN)
    if not working:
        raise Refusal(replies.not_checked_in())
    meant = _meant(turn, [part.activity for part in working])
    part = next(part for part in reversed(working) if part.activity in meant)
    part.state, part.checked_out_at = ParticipationState.CHECKED_OUT, turn.now
    if part.activity.organiser_id is not None and part.activity.organiser_id != turn.person.id:
        turn.tell(turn.work.people.get(part.activity.organiser_id), replies.something_to_approve(part))
    return replies.checked_out(part)


@routes.on(Intent.CREATE_ACTIVITY, roles=ORGANISERS, in_group=InGroup.MOVE)
def create_activity(turn: Turn) -> Reply:
    """Set up an activity out of one sentence, asking for what is missing."""
    return forms.begin(turn, ACTIVITY)


def _part_of(name: str) -> Any:
    def find(said: Said) -> Any:
        return rules.read_activity(said.text, said.now).get(name)

    return find


def _when(said: Said) -> moments.When | None:
    return moments.read_when(said.text, said.now)


def _context(_turn: Turn, values: Values) -> None:
    when = values.get("when")
    if when and moments.has_hour(when):
        start = datetime.fromisoformat(when["start"])
        values["start"] = when["start"]
        values["end"] = when["end"] or (start + rules.USUAL_LENGTH).isoformat()


def _any_text(said: Said) -> str | None:
    return said.text.strip()[:100] or None


def _any_place(said: Said) -> str | None:
    return bare(said.text)[:100] or None


def _number(said: Said) -> int | None:
    count = said.understanding.first(EntityKind.COUNT)
    if count is not None and isinstance(count.value, int):
        return count.value
    digits = re.search(r"\d{1,3}", said.text)
    return int(digits[0]) if digits else None


def _publish(turn: Turn, values: Values) -> Reply:
    seat = turn.person.seat(ORGANISERS)
    if seat is None:
        raise Refusal(replies.nothing_to_check_in())
    activity = turn.work.volunteers.add(
        Activity(
            area_id=seat.id,
            area=seat,
            organiser_id=turn.person.id,
            title=values["title"],
            place=values["place"],
            start=datetime.fromisoformat(values["start"]),
            end=datetime.fromisoformat(values["end"]),
            capacity=values.get("capacity"),
            points=values["points"],
            code=f"{secrets.randbelow(10_000):04d}",
            created_at=turn.now,
            participations=[],
        )
    )
    volunteers = (person for person in turn.work.people.living_in(seat, {Role.VOLUNTEER}) if person.subscribed)
    return replies.published(activity, turn.tell_all(volunteers, replies.announced(activity), Priority.NOTICE))


ACTIVITY = Form(
    name="create_activity",
    intent=Intent.CREATE_ACTIVITY,
    slots=(
        Slot(
            "title",
            replies.ask_title,
            accept=_any_text,
            find=_part_of("title"),
            called=("名称", "名字", "标题", "内容"),
            greedy=True,
        ),
        Slot(
            "when",
            replies.ask_time,
            read=_when,
            find=_when,
            merge=moments.join,
            complete=moments.has_hour,
            called=("时间", "日期", "日子"),
        ),
        Slot("place", replies.ask_place, accept=_any_place, find=_part_of("place"), called=("地点", "地方", "集合")),
        Slot("points", replies.ask_points, _number, find=_part_of("points"), called=("积分", "分数")),
        Slot(
            "capacity",
            replies.ask_points,
            _number,
            find=_part_of("capacity"),
            needed=lambda _values: False,
            called=("人数", "名额"),
        ),
    ),
    read_back=replies.read_back,
    about=replies.about_activity,
    finish=_publish,
    owns=frozenset({Intent.BROADCAST_NOTICE, Intent.SCHEDULE_MEETING}),
    context=_context,
)
FORMS = (REGISTRATION, CODE, ACTIVITY)
