"""The entities of a text: places, persons, times, case numbers, counts and categories, each read by its own module."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.case_numbers import find_case_numbers
from nlu.categories import category_mentions, category_of, load_categories
from nlu.counts import find_counts
from nlu.persons import find_persons
from nlu.places import find_places
from nlu.times import find_times
from nlu.understanding import Entity, EntityKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from nlu.places import Place
    from nlu.times import TimeSpan
    from nlu.understanding import Danger

__all__ = ["category_of", "find_entities", "load_categories"]

_DOOR = re.compile("[0-9零一二三四五六七八九十百]+号")
# Where two readings of the same characters overlap, the earlier kind here is believed, unless the other is a name that
# holds the whole of it: the 1号 of 5楼1号 is no day, nor is the 国庆 of 冯国庆.
_ORDER = (EntityKind.CASE_NUMBER, EntityKind.TIME, EntityKind.PLACE, EntityKind.COUNT, EntityKind.PERSON)


def find_entities(
    text: str, now: datetime, kinds: frozenset[str] | None = None, danger: Danger | None = None
) -> tuple[Entity, ...]:
    """The entities of `text` by where they stand, sent at `now` (aware).

    `kinds` are the kinds of case of which it is known to report one; such a text has a category whatever its words
    are; `danger` is what those say of danger. A category is named beside whatever else its words say; no two others
    overlap.
    """
    taken = bytearray(len(text))
    kept: list[Entity] = []
    readings = list(_readings(text, now))
    whole = [entity for entity in readings if not any(_is_inside(entity, other) for other in readings)]
    for entity in sorted(whole, key=lambda entity: _ORDER.index(entity.kind)):
        if not any(taken[entity.start : entity.end]):
            taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
            kept.append(entity)
    kept += [
        Entity(EntityKind.CATEGORY, mention.start, mention.end, text[mention.start : mention.end], mention.slug)
        for mention in category_mentions(text, kinds, danger)
    ]
    return tuple(sorted(kept, key=lambda entity: (entity.start, entity.end)))


def _is_inside(entity: Entity, other: Entity) -> bool:
    """Whether a time is but a piece of a name, or begins with the end of one: the 周三 of 老周三万."""
    if entity.kind is not EntityKind.TIME:
        return False
    if other.kind is EntityKind.PERSON and other.start < entity.start < other.end:
        return True
    names = other.kind in (EntityKind.PLACE, EntityKind.PERSON) and len(entity.text) < len(other.text)
    return names and other.start <= entity.start and entity.end <= other.end


def _without_doors(text: str, places: Sequence[Place], times: Sequence[TimeSpan]) -> str:
    """`text` with a dash for each character of a place whose last number was read as a day: 二道拐14号，白天没人."""
    for place in places:
        inside = [span for span in times if place.start < span.offset < place.end < span.offset + len(span.text)]
        if any(_DOOR.match(text, span.offset) for span in inside):
            text = text[: place.start] + "—" * (place.end - place.start) + text[place.end :]
    return text


def _readings(text: str, now: datetime) -> Iterator[Entity]:
    for number in find_case_numbers(text):
        found = text[number.start : number.end]
        yield Entity(EntityKind.CASE_NUMBER, number.start, number.end, found, number.value)
    places = find_places(text)
    times = find_times(text, now)
    plain = _without_doors(text, places, times)
    for span in times if plain == text else find_times(plain, now):
        end = span.offset + len(span.text)
        yield Entity(EntityKind.TIME, span.offset, end, text[span.offset : end], span)
    for place in places:
        yield Entity(EntityKind.PLACE, place.start, place.end, place.text, place.value)
    for count in find_counts(text):
        yield Entity(EntityKind.COUNT, count.start, count.end, text[count.start : count.end], count.value)
    for person in find_persons(text):
        yield Entity(EntityKind.PERSON, person.start, person.end, person.text, person.text)
