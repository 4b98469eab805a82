"""Alarms that nobody has confirmed are given again, at any hour, and in the end the county hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from handlers.cases import call_off, clocks
from handlers.cases.levels import Levels
from handlers.cases.replies import clocks as clock_replies
from handlers.cases.replies import emergency as replies
from storage.cases import HANDLERS
from storage.escalations import Clock, Escalation
from storage.messages import Priority

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from handlers.turn import Desk
    from storage.cases import Case
    from storage.people import Person

log = structlog.get_logger(__name__)


def alarm_again(desk: Desk) -> None:
    """Repeat every alarm that nobody has confirmed, once however much time has passed; after the last tell the county.

    It ends when a human takes the case on, or when its reporter calls it off as `call_off.silences` allows.
    """
    for case in desk.work.cases.unconfirmed_alarms():
        if call_off.silences(case):
            case.next_check_at = None
        elif _is_due(case, desk.now) and case.alarms < clocks.ALARMS_AT_MOST:
            case.alarms += 1
            case.next_check_at = desk.now + clocks.ALARM_AGAIN_AFTER
            _tell(desk, case)
        elif _is_due(case, desk.now):
            case.next_check_at = None
            _tell_the_top(desk, case)


def _is_due(case: Case, now: datetime) -> bool:
    """Whether the alarm is to be given now; a clock that was set back must not keep it waiting."""
    at = case.next_check_at
    return at is not None and not now < at <= now + clocks.ALARM_AGAIN_AFTER


def _tell(desk: Desk, case: Case) -> None:
    staff = desk.work.people.answerable(HANDLERS, case.area)
    reply = replies.alert(case, case.alarms)
    if not desk.tell_all(_but_the_reporter(case, staff), reply, Priority.EMERGENCY):
        _tell_anybody(desk, case)


def _tell_the_top(desk: Desk, case: Case) -> None:
    """Tell the county, or whoever is nearest to it, that nobody confirms."""
    for area in reversed(Levels(desk).way_up(case)):
        people = _but_the_reporter(case, desk.work.people.holding(HANDLERS, area))
        told = desk.tell_all(people, replies.nobody_confirms(case), Priority.EMERGENCY)
        escalation = Escalation(clock=Clock.ALARM, area_id=area.id, area=area, vacant=not told, at=desk.now)
        case.escalations.append(escalation)
        case.note(desk.by, "go_up", clock_replies.note_up(Clock.ALARM, area, vacant=not told))
        if told:
            return
    _tell_anybody(desk, case)


def _tell_anybody(desk: Desk, case: Case) -> None:
    people = _but_the_reporter(case, Levels(desk).anybody(case))
    if not desk.tell_all(people, replies.nobody_confirms(case), Priority.EMERGENCY):
        log.error("alarm reached nobody", case=case.id)


def _but_the_reporter(case: Case, people: Iterable[Person]) -> list[Person]:
    return [person for person in people if person.id != case.reporter_id]
