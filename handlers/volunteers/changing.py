"""Changing and cancelling an activity that is published: read back first, and then told to all who joined."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers import forms, moments
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.phrases import span
from handlers.volunteers import joining, naming, organising_replies
from handlers.volunteers.organising import ORGANISERS, note
from nlu import activity_commands
from nlu.times import SHANGHAI, find_time
from nlu.understanding import Intent
from storage.volunteers import ParticipationState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from nlu.activity_commands import ActivityCommand
    from storage.people import Person
    from storage.volunteers import Activity

SPOKEN_OF_WITHIN = timedelta(minutes=30)
"""How long words that name no activity are about the one that was spoken of last."""

_ELSEWHERE = frozenset(
    {
        Intent.UPDATE_CASE,
        Intent.TRANSFER_CASE,
        Intent.CLOSE_CASE,
        Intent.ACCEPT_CASE,
        Intent.MY_TASKS,
        Intent.CHECK_CASE,
        Intent.SCHEDULE_MEETING,
        Intent.BROADCAST_NOTICE,
    }
)
"""What staff say of other things, and what names no activity belongs to these."""

SURE_OF_ANOTHER = 0.8

_MAY_CANCEL = frozenset(
    {Intent.CANCEL, Intent.DENY, Intent.JOIN_ACTIVITY, Intent.CREATE_ACTIVITY, Intent.LIST_ACTIVITIES}
)
"""What words that say only a day (「这周的不搞了」) may be understood as, where they cancel an activity."""

_COMING = (ParticipationState.SIGNED_UP, ParticipationState.WAITING)
_PARTS_OF_DAY = {"早上": (5, 9), "上午": (6, 12), "中午": (11, 14), "下午": (12, 19), "晚上": (18, 24)}


def manage(turn: Turn) -> Reply | None:
    """What an organiser says of an activity: it moves, changes or is cancelled; None for everything else."""
    if turn.understanding.intent is Intent.REPORT_EMERGENCY or not turn.person.roles & ORGANISERS:
        return None
    command = activity_commands.read_command(turn.text, turn.message.sent_at)
    if command is None:
        return None
    activities = turn.work.volunteers.managed(turn.person, ORGANISERS, turn.now)
    meant, named = _meant(turn, command, activities)
    if not meant:
        return organising_replies.none_then(named[0].title) if named else None
    if turn.message.in_group:
        return organising_replies.in_private()
    if len({activity.id for activity in meant}) > 1:
        return organising_replies.which(meant, turn.text)
    note(turn, meant[0])
    return _begin_cancelling(turn, command, meant[0]) if _cancels(command) else _begin_change(turn, command, meant[0])


def _cancels(command: ActivityCommand) -> bool:
    return command.cancels and not command.changes


def _meant(
    turn: Turn, command: ActivityCommand, activities: Sequence[Activity]
) -> tuple[Sequence[Activity], Sequence[Activity]]:
    """The activities that may be meant, and those that were named, whatever their day."""
    # Where it goes to names none.
    words = turn.text.replace(command.place or "\n", "").replace(command.to or "\n", "")
    titled = naming.titled(words, activities)
    if not titled and turn.understanding.intent in _ELSEWHERE and turn.understanding.confidence >= SURE_OF_ANOTHER:
        return [], []
    named: Sequence[Activity] = titled or _best(words, activities) or _spoken_of(turn, activities)
    if not named and _cancels(command) and turn.understanding.intent in _MAY_CANCEL:
        that_day = _on_day(turn, command, activities) or []
        return that_day, that_day
    if not named and (command.speaks_of_activities or (not _cancels(command) and not command.to and not command.by)):
        named = list(activities)
    if not named:
        return [], []
    on_day = _on_day(turn, command, named)
    if on_day is None:
        titles = {activity.title for activity in named}
        return (named[:1] if len(titles) == 1 else _first_of_each(named)), named
    return on_day, named


def _best(text: str, activities: Sequence[Activity]) -> list[Activity]:
    """Those that share the most words with the text, if any do."""
    scores = [naming.overlap(activity, text) for activity in activities]
    best = max(scores, default=0)
    return [activity for activity, score in zip(activities, scores, strict=True) if score == best > 0]


def _spoken_of(turn: Turn, activities: Sequence[Activity]) -> list[Activity]:
    """The activity that this talk was about a moment ago, with those of its series."""
    last = turn.talk.topic.get("activity")
    if last is None or turn.now - datetime.fromisoformat(last["at"]) > SPOKEN_OF_WITHIN:
        return []
    found = [activity for activity in activities if activity.id == last["id"]]
    series = {activity.series_id for activity in found if activity.series_id}
    return [each for each in activities if each in found or each.series_id in series]


def _on_day(turn: Turn, command: ActivityCommand, activities: Sequence[Activity]) -> list[Activity] | None:
    """Those on the day that says which one is meant; None where the words say no day."""
    words = turn.text if _cancels(command) else command.before
    said = find_time(words, turn.message.sent_at) if words else None
    if said is None or said.start is None or command.for_good:
        return None
    first, last = said.start.date(), (said.end or said.start).date()
    return [each for each in activities if first <= each.start.astimezone(SHANGHAI).date() <= last]


def _first_of_each(activities: Sequence[Activity]) -> list[Activity]:
    firsts: dict[str, Activity] = {}
    for activity in activities:
        firsts.setdefault(activity.title, activity)
    return list(firsts.values())


def _about(turn: Turn, command: ActivityCommand, activity: Activity) -> Values:
    series = turn.work.series.of(activity)
    return {
        "activity": activity.id,
        "title": activity.title,
        "was": span(activity.start, activity.end),
        "repeats": series is not None,
        "for_good": series is not None and command.for_good,
        "people": len(_told(activity)),
    }


def _told(activity: Activity, *, places_only: bool = False) -> list[Person]:
    """Those who are told of a change; whoever waits hears of new places when one is theirs."""
    states = _COMING[:1] if places_only else _COMING
    return [part.person for part in activity.participations if part.state in states]


def _begin_cancelling(turn: Turn, command: ActivityCommand, activity: Activity) -> Reply:
    _check_nobody_is_there(activity)
    reason = activity_commands.reason_in(turn.text, activity.title, turn.message.sent_at)
    return forms.begin(turn, CANCELLING, {**_about(turn, command, activity), "reason": reason})


def _begin_change(turn: Turn, command: ActivityCommand, activity: Activity) -> Reply:
    values = _about(turn, command, activity)
    moves = bool(command.to) or command.by is not None
    if moves and values["for_good"]:
        raise Refusal(organising_replies.new_rule_is_a_new_activity(activity.title))
    if moves:
        _check_nobody_is_there(activity)
        values["when"] = _moved(turn, command, activity)
    capacity = command.capacity
    if command.more is not None and activity.capacity is not None:
        capacity = activity.capacity + command.more
    _check_places(activity, capacity)
    changes = {
        "place": command.place[:200] or None,
        "capacity": capacity,
        "unlimited": command.unlimited,
        "points": command.points,
    }
    places_only = not (moves or command.place or command.points is not None)
    people = len(_told(activity, places_only=places_only))
    return forms.begin(turn, CHANGE, {**values, **changes, "places_only": places_only, "people": people})


def _moved(turn: Turn, command: ActivityCommand, activity: Activity) -> moments.When | None:
    """When the activity is to be: a new day keeps the hours, unless they do not fit the part of the day."""
    old = _when(activity, turn.message.sent_at)
    if command.by is not None:
        return {**old, "start": _shifted(old["start"], command.by), "end": _shifted(old["end"], command.by)}
    new = moments.read_when(command.to, turn.message.sent_at)
    if new is None:
        return None
    first, last = _PARTS_OF_DAY.get(new["part"] or "", (0, 24))
    if new["date_only"] and not first <= activity.start.astimezone(SHANGHAI).hour < last:
        return new
    return moments.join(old, new)


def _when(activity: Activity, now: datetime) -> moments.When:
    return {
        "start": activity.start.astimezone(SHANGHAI).isoformat(),
        "end": activity.end.astimezone(SHANGHAI).isoformat(),
        "date_only": False,
        "part": None,
        "words": "",
        "at": now.isoformat(),
    }


def _shifted(moment: str, by: timedelta) -> str:
    return (datetime.fromisoformat(moment) + by).isoformat()


def _read_when(said: Said) -> moments.When | None:
    return moments.read_when(said.text, said.now)


def _context(turn: Turn, values: Values) -> None:
    when = values.get("when")
    if not when or when["date_only"]:
        return
    start = datetime.fromisoformat(when["start"])
    if start <= turn.now:
        raise Refusal(organising_replies.in_the_past(), final=True)
    activity = next(
        each
        for each in turn.work.volunteers.managed(turn.person, ORGANISERS, turn.now)
        if each.id == values["activity"]
    )
    values["start"] = when["start"]
    values["end"] = when["end"] or (start + (activity.end - activity.start)).isoformat()


def _check_nobody_is_there(activity: Activity) -> None:
    if any(part.checked_in_at is not None for part in activity.participations):
        raise Refusal(organising_replies.somebody_is_there(activity), final=True)


def _check_places(activity: Activity, capacity: int | None) -> None:
    if capacity is not None and capacity < len(activity.taken):
        raise Refusal(organising_replies.too_few_places(len(activity.taken)), final=True)


def _still_there(turn: Turn, values: Values) -> Activity:
    """The activity that was read back, locked; it must still be there to be changed by this person."""
    activities = turn.work.volunteers.managed(turn.person, ORGANISERS, turn.now)
    found = next((each for each in activities if each.id == values["activity"]), None)
    locked = turn.work.volunteers.lock(found) if found is not None else None
    if locked is None or locked.cancelled_at is not None:
        raise Refusal(organising_replies.not_there_any_more(), final=True)
    return locked


def _change(turn: Turn, values: Values) -> Reply:
    activity = _still_there(turn, values)
    _check_places(activity, values["capacity"])
    if values.get("start"):
        _check_nobody_is_there(activity)
    told = _apply(turn, activity, values)
    for other in _others(turn, activity, values):
        told += _apply(turn, turn.work.volunteers.lock(other), {**values, "was": span(other.start, other.end)})
    promoted = joining.promote(turn, activity)
    return organising_replies.changed(activity, told, promoted)


def _apply(turn: Turn, activity: Activity, values: Values) -> int:
    """Change one activity and tell those who joined it; how many were told."""
    if values.get("start"):
        activity.start = datetime.fromisoformat(values["start"])
        activity.end = datetime.fromisoformat(values["end"])
    _set(activity, values)
    activity.changed_at = turn.now
    turn.work.session.flush()
    joined = _told(activity, places_only=values["places_only"])
    return turn.tell_all(joined, organising_replies.you_joined_what_has_changed(activity, values))


def _set(row: Activity, values: Values) -> None:
    row.place = values["place"] or row.place
    row.capacity = None if values["unlimited"] else values["capacity"] or row.capacity
    row.points = row.points if values["points"] is None else values["points"]


def _others(turn: Turn, activity: Activity, values: Values) -> list[Activity]:
    """The further activities of a series that changes for good; those to come are made as it says then."""
    series = turn.work.series.of(activity) if values["for_good"] else None
    if series is None:
        return []
    series.place = values["place"] or series.place
    series.capacity = None if values["unlimited"] else values["capacity"] or series.capacity
    series.points = series.points if values["points"] is None else values["points"]
    return [each for each in turn.work.series.coming(series, turn.now) if each.id != activity.id]


def _cancel(turn: Turn, values: Values) -> Reply:
    activity = _still_there(turn, values)
    _check_nobody_is_there(activity)
    series = turn.work.series.of(activity) if values["for_good"] else None
    others = turn.work.series.coming(series, turn.now) if series is not None else []
    if series is not None:
        series.ended_at = turn.now
    told = 0
    for each in {activity.id: activity, **{other.id: other for other in others}}.values():
        locked = turn.work.volunteers.lock(each)
        if any(part.state is ParticipationState.CHECKED_IN for part in locked.participations):
            continue
        locked.cancelled_at = turn.now
        told += turn.tell_all(_told(locked), organising_replies.your_activity_is_cancelled(locked, values["reason"]))
    turn.talk.remember(activity=None)
    return organising_replies.cancelled(activity.title, told)


CHANGE = Form(
    "change_activity",
    Intent.CREATE_ACTIVITY,
    (
        Slot(
            "when",
            organising_replies.ask_hours,
            read=_read_when,
            merge=moments.join,
            complete=moments.has_hour,
            needed=lambda values: values.get("when") is not None,
            called=("时间", "日期", "日子"),
        ),
    ),
    organising_replies.confirm_change,
    _change,
    context=_context,
    about=organising_replies.about_change,
)
CANCELLING = Form(
    "cancel_activity",
    Intent.CREATE_ACTIVITY,
    (),
    organising_replies.confirm_cancelling,
    _cancel,
    about=organising_replies.about_cancelling,
)
FORMS = (CHANGE, CANCELLING)
LISTENERS = (manage,)
