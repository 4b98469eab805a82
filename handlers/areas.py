"""The area that a place means: found in the community's tree, asked for where it may be several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers import area_names, area_replies
from handlers.errors import Refusal
from handlers.forms import Slot
from nlu import answers
from nlu.places import spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.area_names import Match
    from handlers.forms import Values
    from handlers.turn import Turn
    from storage.areas import Area
    from storage.people import Role

ASKED = "area"
UNKNOWN = 0
MOST_OFFERED = 6


def meant(turn: Turn, place: str) -> Sequence[Match]:
    """The areas of the speaker's community that `place` may mean: one where that is clear, none where none is named.

    Several in one grid are one: the grid. A number without its estate (3栋) is that of the speaker's own estate, where
    that has one.
    """
    areas = turn.work.areas
    community = areas.community_of(turn.person.area)
    tree = areas.below(community)
    found = area_names.matches(place, tree, community)
    if len(found) > 1 and all(match.relative for match in found):
        found = _at_home(turn, tree, community, found) or found
    grids = {areas.grid_of(match.area).id for match in found}
    return found if len(grids) > 1 else found[:1]


def area_of(turn: Turn, place: str) -> Area:
    """The area that `place` means, or the home of the speaker where that is not clear."""
    found = meant(turn, place)
    return found[0].area if len(found) == 1 else turn.person.area


def look_up(turn: Turn, values: Values, place: str | None) -> str | None:
    """Note in a form's `values` which areas `place` may mean, or which of them was chosen; the place as it is then.

    It belongs into the form's `context`; `SLOT` asks.
    """
    asking = (turn.talk.form or {}).get("asking") == ASKED
    if asking and place and values.get("areas") and place == values.get("areas_of"):
        return _answered(turn, values, place)
    if place != values.get("areas_of"):
        found = meant(turn, place) if place else ()
        several = found if len(found) > 1 else ()
        values["areas"] = [[match.label, match.area.id, match.said] for match in several[:MOST_OFFERED]]
        values["areas_of"], values[ASKED] = place, None
    return place


def audience(turn: Turn, roles: frozenset[Role], grid: str | None, refusal: str) -> Area:
    """The area that a message of the speaker's goes to: where they hold one of `roles`, or a grid of it.

    Raises Refusal with `refusal` where that is not theirs.
    """
    seat = turn.person.seat(roles)
    if seat is None:
        raise Refusal(refusal)
    if not grid:
        return seat
    area = turn.work.areas.grid(turn.work.areas.community_of(seat), grid)
    if area is None or not seat.contains(area):
        raise Refusal(refusal)
    return area


def named_below(turn: Turn, seat: Area, text: str) -> Area | None:
    """The area at or below `seat` whose name stands in the text, the longest name first."""
    found = [area for area in (seat, *turn.work.areas.below(seat)) if area.name in text]
    return max(found, key=lambda area: len(area.name), default=None)


def _answered(turn: Turn, values: Values, place: str) -> str:
    """The place with the answer to `SLOT`: one of what was offered, or other words that make it clear."""
    chosen = _chosen(turn.text, values["areas"])
    clear = joined(turn, turn.text.strip(), place) if chosen is None else _with_estate(place, chosen, values["areas"])
    if chosen is not None or clear != place:
        values[ASKED], values["areas_of"] = chosen or area_of(turn, clear).id, clear
    elif answers.is_skip(turn.text) or turn.text.strip() == area_replies.NOT_KNOWN.label:
        values[ASKED] = UNKNOWN
    return clear


def joined(turn: Turn, said: str, place: str) -> str:
    """`place`, which may be several, made clear by what was said when it was asked, or as it was where that is no help.

    桂花苑 and 3栋2单元 are 桂花苑3栋2单元; 学府路 and 12号 are 学府路12号.
    """
    alone = meant(turn, said)
    ways = [said] if len(alone) == 1 and alone[0].relative else [said + place, place + said]
    return next((spelled(way) for way in ways if len(meant(turn, way)) == 1), place)


def looked_up(turn: Turn, values: Values, place: str) -> Area:
    """The area that a form came to: what was chosen, or what its place means."""
    chosen = values.get(ASKED)
    return turn.work.areas.get(chosen) if chosen else area_of(turn, place)


def _at_home(turn: Turn, tree: Sequence[Area], community: Area, found: Sequence[Match]) -> list[Match]:
    """The one of `found` that lies in the estate in which the speaker lives; empty where that is not one of them."""
    lives = area_names.matches(turn.person.home or "", tree, community)
    homes = [turn.person.area, *(match.area for match in lives)]
    parents = {area.id: area for area in tree}
    own = [
        match
        for match in found
        if (parent := parents.get(match.area.parent_id or 0)) and any(parent.contains(home) for home in homes)
    ]
    return own if len(own) == 1 else []


def _chosen(text: str, options: list[list[Any]]) -> int | None:
    """The id of the one option that an answer names, in whole or by its estate."""
    said = spelled(text)
    whole = [area_id for label, area_id, _ in options if label in said]
    estates = [(label.removesuffix(own), area_id) for label, area_id, own in options]
    part = [area_id for estate, area_id in estates if estate and estate in said]
    found = whole if len(whole) == 1 else part
    return found[0] if len(found) == 1 else None


def _with_estate(place: str, chosen: int, options: list[list[Any]]) -> str:
    """3栋2单元 with the estate that was chosen: 桂花苑3栋2单元."""
    label, said = next((label, said) for label, area_id, said in options if area_id == chosen)
    return spelled(place).replace(said, label, 1)


def _is_open(values: Values) -> bool:
    return bool(values.get("areas"))


SLOT = Slot(ASKED, lambda values: area_replies.which(values["areas_of"], values["areas"]), needed=_is_open)
"""Asks which of several areas is meant; a form has it behind the place that it looks up."""
