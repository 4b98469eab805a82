"""Which activity somebody means: by its title, by words of its title and place, or by its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.understanding import EntityKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Turn
    from storage.volunteers import Activity


def meant(turn: Turn, activities: Sequence[Activity]) -> list[Activity]:
    """The activities that the words fit best; all of them when no word tells."""
    whole = titled(turn.text, activities)
    if whole:
        return _on_day(turn, whole) or whole[:1]
    scores = {activity.id: overlap(activity, turn.text) + 2 * _is_on_day(turn, activity) for activity in activities}
    best = max(scores.values())
    return [activity for activity in activities if scores[activity.id] == best]


def titled(text: str, activities: Sequence[Activity]) -> list[Activity]:
    """Those whose title stands in `text`, of several titles the longest; they are one activity on several days."""
    found = [activity for activity in activities if activity.title in text]
    longest = max((len(activity.title) for activity in found), default=0)
    return [activity for activity in found if len(activity.title) == longest]


def overlap(activity: Activity, text: str) -> int:
    """How many pairs of neighbouring characters of its title and place stand in `text`."""
    words = activity.title + activity.place
    return sum(pair in text for pair in {words[at : at + 2] for at in range(len(words) - 1)})


def _on_day(turn: Turn, activities: Sequence[Activity]) -> list[Activity]:
    return [activity for activity in activities if _is_on_day(turn, activity)][:1]


def _is_on_day(turn: Turn, activity: Activity) -> bool:
    span = turn.value(EntityKind.TIME)
    if span is None or span.start is None:
        return False
    return bool(span.start.date() == activity.start.astimezone(span.start.tzinfo).date())
