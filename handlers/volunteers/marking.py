"""Marks: what about a check-in is to be looked at by a human before it earns points."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from handlers.distances import metres
from handlers.volunteers import rules
from handlers.volunteers.settings import marks
from storage.check_ins import TryKind
from storage.volunteers import CheckInBy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Desk, Turn
    from storage.volunteers import Mark, Participation

UNNAMED = "一位志愿者"


def look_at(turn: Turn, part: Participation) -> None:
    """Mark a check-in that was made just now, and those that it sheds light on."""
    if part.checked_in_by is CheckInBy.CODE:
        _passed_on(turn, part)
        _together(turn, part)
    _one_device(turn, part)
    _journey(turn, part)


def no_check_out(desk: Desk, part: Participation) -> None:
    """Mark a participation that was closed for whoever forgot to check out."""
    desk.work.check_ins.mark(part, "no_check_out", {}, desk.now)


def sentence(desk: Desk, mark: Mark) -> str:
    """What a mark tells the approver; the names of others are read now, so that erased ones are gone."""
    values = dict(mark.values)
    if "person_ids" in values:
        names = (desk.work.people.get(person_id).name or UNNAMED for person_id in values["person_ids"])
        values["people"] = "、".join(names)
    return str(marks()[mark.kind]["says"]).format(**values)


def sentences(desk: Desk, part: Participation) -> list[str]:
    """Everything that is marked of a participation."""
    return [sentence(desk, mark) for mark in part.marks]


def _passed_on(turn: Turn, part: Participation) -> None:
    """The right code from somebody who was somewhere else a moment before."""
    minutes = _of("far_code")["within_minutes"]
    since = turn.now - timedelta(minutes=minutes)
    if turn.work.check_ins.tries(turn.person, TryKind.FAR, since, part.activity):
        values = {"minutes": minutes, "radius": part.activity.radius_m}
        turn.work.check_ins.mark(part, "far_code", values, turn.now)


def _together(turn: Turn, part: Participation) -> None:
    """Several who joined only now and check in by one code in the same seconds: on the spot people come one by one."""
    rule = _of("burst")
    since = turn.now - timedelta(seconds=rule["seconds"])
    fresh = timedelta(minutes=rule["joined_within_minutes"])
    others = turn.work.check_ins.by_code_since(part.activity, since)
    late = [each for each in others if each.checked_in_at and each.checked_in_at - each.signed_up_at <= fresh]
    if part in late and len(late) >= rule["people"]:
        values = {"others": len(late) - 1, "seconds": rule["seconds"]}
        for each in late:
            turn.work.check_ins.mark(each, "burst", values, turn.now)


def _one_device(turn: Turn, part: Participation) -> None:
    """Several people who are checked in from one device."""
    if part.device is None:
        return
    since = turn.now - timedelta(minutes=_of("device")["within_minutes"])
    others = turn.work.check_ins.with_device(part, part.device, since)
    for one, rest in ((part, others), *((other, [part]) for other in others)):
        if rest:
            people = sorted({each.person_id for each in rest})
            turn.work.check_ins.mark(one, "device", {"person_ids": people}, turn.now)


def _journey(turn: Turn, part: Participation) -> None:
    """A way from the last activity that nobody makes in that time."""
    rule = _of("journey")
    before = turn.work.check_ins.before(part, turn.now - timedelta(minutes=rule["within_minutes"]))
    if before is None or before.activity.location is None or part.activity.location is None:
        return
    left = before.checked_out_at or before.checked_in_at
    way = metres(before.activity.location, part.activity.location)
    if left is not None and way >= rule["shortest_m"] and rules.is_too_fast(way, turn.now - left, rule["kmh"]):
        values = {
            "title": before.activity.title,
            "km": round(way / 1000, 1),
            "minutes": int((turn.now - left) / timedelta(minutes=1)),
        }
        turn.work.check_ins.mark(part, "journey", values, turn.now)


def _of(kind: str) -> Any:
    return marks()[kind]


def marked(parts: Sequence[Participation]) -> list[Participation]:
    """Those that somebody has to look at."""
    return [part for part in parts if part.marks]
