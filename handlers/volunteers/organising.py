"""Setting up an activity out of one sentence, once or again and again, and announcing it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from dateutil.rrule import rrulestr

from handlers import forms, moments
from handlers.addresses import bare
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.phrases import repeats
from handlers.routes import InGroup, Routes
from handlers.turn import AttachmentKind
from handlers.volunteers import codes, organising_replies, replies, rules
from handlers.volunteers.settings import settings
from nlu.times import SHANGHAI, find_time
from nlu.understanding import EntityKind, Intent
from storage.activity_series import ActivitySeries
from storage.messages import Priority
from storage.people import ADMINS, Role
from storage.volunteers import Activity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handlers.turn import Desk, Reply, Turn

ORGANISERS = ADMINS | {Role.GRID_MEMBER}
_BYDAY = re.compile(r"BYDAY=(MO|TU|WE|TH|FR|SA|SU)(?=;|$)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

routes = Routes()


@routes.on(Intent.CREATE_ACTIVITY, roles=ORGANISERS, in_group=InGroup.MOVE)
def create_activity(turn: Turn) -> Reply:
    """Set up an activity out of one sentence, asking for what is missing."""
    location = located(turn)
    return forms.begin(turn, ACTIVITY, {"location": location} if location else None)


def located(turn: Turn) -> list[float] | None:
    """The location that came with a message, in degrees."""
    for attachment in turn.message.attachments:
        if attachment.kind is AttachmentKind.LOCATION and attachment.latitude is not None:
            return [attachment.latitude, attachment.longitude or 0.0]
    return None


def _take_location(turn: Turn) -> Reply | None:
    """A location that comes while the form is open is that of the activity."""
    location = located(turn)
    if location is None or turn.talk.form is None or turn.text.strip():
        return None
    turn.talk.form = {**turn.talk.form, "values": {**turn.talk.form["values"], "location": location}}
    return forms.go_on(turn, ACTIVITY)


def _part_of(name: str) -> Any:
    def find(said: Said) -> Any:
        return rules.read_activity(said.text, said.now).get(name)

    return find


def _when(said: Said) -> moments.When | None:
    when, again = moments.read_when(said.text, said.now), rules.repeats(said.text, said.now)
    return {**when, "again": again} if when and again else when


def _context(_turn: Turn, values: Values) -> None:
    when = values.get("when")
    if not when:
        return
    repeats = find_time(when["words"], datetime.fromisoformat(when["at"]))
    rrule = when.get("again") or (repeats.rrule if repeats is not None else None)
    if rrule:
        values["rrule"] = rrule
    if moments.has_hour(when):
        start = datetime.fromisoformat(when["start"])
        end = datetime.fromisoformat(when["end"]) if when["end"] else start + settings().usual_length
        if values.get("rrule"):
            values["rrule"] = on_weekday(values["rrule"], start)
            later = first_of(values["rrule"], start) - start if not rules.names_a_date(when["words"]) else timedelta(0)
            start, end = start + later, end + later
        values["start"], values["end"] = start.isoformat(), end.isoformat()


def on_weekday(rrule: str, start: datetime) -> str:
    """A rule of one day of the week, or of none, on that of `start`: 每周六 that is corrected to 周日 is 每周日."""
    if "FREQ=WEEKLY" not in rrule:
        return rrule
    day = f"BYDAY={_DAYS[start.astimezone(SHANGHAI).weekday()]}"
    return _BYDAY.sub(day, rrule) if "BYDAY" in rrule else f"{rrule};{day}"


def first_of(rrule: str, start: datetime) -> datetime:
    """The first time at or after `start` that a rule holds; `start` where there is none."""
    local = start.astimezone(SHANGHAI)
    return rrulestr(rrule, dtstart=local).after(local, inc=True) or start


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
        raise Refusal(organising_replies.not_any_more(), final=True)
    start, end = datetime.fromisoformat(values["start"]), datetime.fromisoformat(values["end"])
    if start <= turn.now:
        raise Refusal(organising_replies.in_the_past())
    location = values.get("location")
    activity = Activity(
        area_id=seat.id,
        area=seat,
        organiser_id=turn.person.id,
        title=values["title"],
        place=values["place"],
        location=location,
        radius_m=settings().radius_m if location else None,
        start=start,
        end=end,
        capacity=values.get("capacity"),
        points=values["points"],
        secret=codes.new_secret(),
        created_at=turn.now,
        participations=[],
    )
    if values.get("rrule"):
        series = turn.work.series.add(_series_of(activity, values["rrule"]))
        activity.series_id, activity.occurrence = series.id, start
    turn.work.volunteers.add(activity)
    note(turn, activity)
    return organising_replies.published(activity, announce(turn, activity, values.get("rrule")), values.get("rrule"))


def announce(desk: Desk, activity: Activity, rrule: str | None = None) -> int:
    """Tell the volunteers of the area of a new activity; how many were told."""
    living = desk.work.people.living_in(activity.area, {Role.VOLUNTEER})
    told = (person for person in living if person.subscribed)
    return desk.tell_all(told, replies.announced(activity, repeats(rrule)), Priority.NOTICE)


def note(turn: Turn, activity: Activity) -> None:
    """Remember of which activity the talk is, for words that name none (「人数加到30」)."""
    turn.talk.remember(activity={"id": activity.id, "at": turn.now.isoformat()})


def _series_of(activity: Activity, rrule: str) -> ActivitySeries:
    return ActivitySeries(
        area_id=activity.area_id,
        area=activity.area,
        organiser_id=activity.organiser_id,
        title=activity.title,
        place=activity.place,
        location=activity.location,
        radius_m=activity.radius_m,
        rrule=rrule,
        start=activity.start,
        minutes=int((activity.end - activity.start) / timedelta(minutes=1)),
        capacity=activity.capacity,
        points=activity.points,
        created_at=activity.created_at,
    )


def plan(desk: Desk) -> None:
    """Make and announce the activities of every series that begin within the next days, each once."""
    for series in desk.work.series.going_on():
        planned = desk.work.series.planned(series)
        for start in _between(series, desk.now, desk.now + settings().ahead):
            if start not in planned:
                announce(desk, desk.work.volunteers.add(_next_of(series, start, desk.now)))
        if not _goes_on(series, desk.now):
            series.ended_at = desk.now


def _between(series: ActivitySeries, after: datetime, until: datetime) -> Iterator[datetime]:
    rule = rrulestr(series.rrule, dtstart=series.start.astimezone(SHANGHAI))
    return iter(rule.between(after.astimezone(SHANGHAI), until.astimezone(SHANGHAI)))


def _goes_on(series: ActivitySeries, now: datetime) -> bool:
    rule = rrulestr(series.rrule, dtstart=series.start.astimezone(SHANGHAI))
    return rule.after(now.astimezone(SHANGHAI)) is not None


def _next_of(series: ActivitySeries, start: datetime, now: datetime) -> Activity:
    return Activity(
        area_id=series.area_id,
        area=series.area,
        organiser_id=series.organiser_id,
        title=series.title,
        place=series.place,
        location=series.location,
        radius_m=series.radius_m,
        start=start,
        end=start + timedelta(minutes=series.minutes),
        capacity=series.capacity,
        points=series.points,
        secret=codes.new_secret(),
        created_at=now,
        series_id=series.id,
        occurrence=start,
        participations=[],
    )


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
        moments.slot(replies.ask_time, _when),
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
    read_back=organising_replies.read_back,
    about=replies.about_activity,
    finish=_publish,
    owns=frozenset({Intent.BROADCAST_NOTICE, Intent.SCHEDULE_MEETING}),
    context=_context,
    ahead=_take_location,
)
FORMS = (ACTIVITY,)
