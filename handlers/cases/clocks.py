"""The clocks of a case: when it must be answered and resolved, what is due of them at a moment, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers.cases import working_time
from nlu.categories import category
from storage.case_tasks import AT_ONCE
from storage.cases import UNFINISHED, CaseKind, CaseState
from storage.escalations import Clock, Mark

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from handlers.cases.working_time import Pauses
    from storage.cases import Case, CaseEvent
    from storage.escalations import Escalation

RESPONSE_HOURS = timedelta(hours=4)
"""In working time; the first response is due then everywhere (categories.md).

By the wall clock it is also what whoever confirmed an emergency has before it goes up the tree unfinished.
"""

ALARM_AGAIN_AFTER = timedelta(minutes=3)
ALARMS_AT_MOST = 10
"""How often an alarm is repeated until somebody confirms it, and after what time each; then the county is told."""

LONGEST_WAIT = working_time.DAY * 5
"""In working time; a case waits for its reporter no longer at a stretch."""

_TAKEN = frozenset({CaseState.ACCEPTED, CaseState.IN_PROGRESS})
_STOPS = frozenset({"wait", "resolve"})
_GOES_ON = frozenset({"go_on", "reopen"})


@dataclass(frozen=True, slots=True)
class Running:
    """One clock that runs: when it is used up by half and by four fifths, when it runs out, and how long a level of
    the tree has before the case goes up to the next one.

    `at_any_hour` counts by the wall clock: it is an emergency.
    """

    clock: Clock
    marks: dict[Mark, datetime]
    due: datetime
    level: timedelta
    at_any_hour: bool = False

    def goes_up_at(self, case: Case, now: datetime) -> datetime:
        """When the case goes up next, given how far it went for this clock before `now`."""
        times = [each.at for each in case.escalations if each.clock is self.clock]
        if not times:
            return self.due
        if self.at_any_hour:
            return max(times) + self.level
        # Handed on or opened again since, it may be due later than it went up.
        return max(self.due, working_time.after(max(times), self.level, pauses(case.history, now)))

    def reached(self, now: datetime, given: Collection[tuple[Clock, Mark]]) -> list[Mark]:
        """The marks that are reached by `now` and were not told of."""
        return [mark for mark, at in self.marks.items() if at <= now and (self.clock, mark) not in given]


def due(kind: CaseKind, days: int, reported: datetime, stood: Pauses = ()) -> tuple[datetime, datetime]:
    """When the first response and the resolution are due; an emergency is due at once, at any hour.

    `stood` are the spans in which the clock stood still; only the resolution is put off by them.
    """
    if kind is CaseKind.EMERGENCY:
        return reported, reported
    return working_time.after(reported, RESPONSE_HOURS), working_time.after(reported, working_time.DAY * days, stood)


def respond_by(case: Case) -> datetime:
    """When `case` must be answered: four hours after it was reported, or after it was handed on unaccepted again."""
    handed_on = [event.at for event in case.history if event.to_state is CaseState.OPEN and event.from_state in _TAKEN]
    return max(case.respond_by, working_time.after(handed_on[-1], RESPONSE_HOURS)) if handed_on else case.respond_by


def days_allowed(case: Case) -> int:
    """In how many working days it is to be resolved: as its area set when it was reported, or as its category says."""
    if case.deadline_days is not None:
        return case.deadline_days
    return category(case.category, case.kind).deadline_days


def running(case: Case) -> list[Running]:
    """The clocks of an unfinished case that run, the one that runs out first at the front.

    One that waits for its reporter has none; until an emergency is confirmed, its alarm goes on instead of them.
    """
    if case.state not in UNFINISHED or case.waiting_since is not None:
        return []
    if case.kind is CaseKind.EMERGENCY:
        return [] if case.state is CaseState.OPEN else [_of_emergency(case)]
    allowed = working_time.DAY * days_allowed(case)
    clocks = [_in_working_time(Clock.RESOLVE, case.due_at, allowed)]
    if case.state is CaseState.OPEN:
        clocks.append(_in_working_time(Clock.RESPOND, respond_by(case), RESPONSE_HOURS))
    return sorted(clocks, key=lambda clock: clock.due)


def _in_working_time(clock: Clock, due: datetime, allowed: timedelta) -> Running:
    marks = {Mark.HALF: working_time.before(due, allowed / 2), Mark.FOUR_FIFTHS: working_time.before(due, allowed / 5)}
    return Running(clock, marks, due, max(allowed / 4, RESPONSE_HOURS))


def _of_emergency(case: Case) -> Running:
    """Whoever went there is left alone for a while, at any hour, before they are asked how it stands."""
    start = next((event.at for event in reversed(case.history) if event.action == "accept"), case.created_at)
    marks = {Mark.HALF: start + RESPONSE_HOURS / 2, Mark.FOUR_FIFTHS: start + RESPONSE_HOURS * 0.8}
    return Running(Clock.RESOLVE, marks, start + RESPONSE_HOURS, RESPONSE_HOURS, at_any_hour=True)


def next_check(
    case: Case, now: datetime, given: Collection[tuple[Clock, Mark]], ended: Collection[Clock]
) -> datetime | None:
    """When the clocks of `case` are to be looked at after `now`; None where nothing can come of it.

    `given` are the reminders that were given, `ended` the clocks for which it has gone up all the way.
    """
    if case.waiting_since is not None:
        return waits_until(case)
    moments = []
    for clock in running(case):
        coming = [at for mark, at in clock.marks.items() if (clock.clock, mark) not in given and at > now]
        ups = [] if clock.clock in ended else [clock.goes_up_at(case, now)]
        moments += [*coming, *ups]
    return min(moments, default=None)


def start(case: Case) -> None:
    """Say when the clocks of a new case are to be looked at first; of an emergency, when its alarm is given again."""
    if case.kind is CaseKind.EMERGENCY:
        case.next_check_at = case.created_at + ALARM_AGAIN_AFTER
    else:
        case.next_check_at = working_time.before(case.respond_by, RESPONSE_HOURS / 2)


def waits_until(case: Case) -> datetime:
    """When a case that waits for its reporter waits no longer."""
    assert case.waiting_since is not None
    return working_time.after(case.waiting_since, LONGEST_WAIT)


def is_late(case: Case, due: datetime, now: datetime) -> bool:
    """Whether at `now` something about `case` should have been done by `due`; its clocks stand while it waits."""
    seen = now if case.waiting_since is None else case.waiting_since
    return seen > max(due, case.created_at + AT_ONCE)


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether at `now` somebody should have answered `case`, or it should have been resolved."""
    unanswered = case.state is CaseState.OPEN and is_late(case, respond_by(case), now)
    return unanswered or (case.state in UNFINISHED and is_late(case, case.due_at, now))


def went_up_to(case: Case) -> Escalation | None:
    """The highest level to which `case` went and where somebody was there to take it, or None."""
    return next((each for each in reversed(case.escalations) if not each.vacant), None)


def stop(case: Case, now: datetime) -> None:
    """Stop the clocks of `case`, which waits for its reporter from `now` on."""
    case.waiting_since = now
    case.next_check_at = waits_until(case)


def go_on(case: Case, since: datetime, now: datetime) -> None:
    """Let the clock of `case`, which stood `since` then, run on: what was left at that time is left at `now`."""
    case.waiting_since, case.next_check_at = None, now
    left = working_time.between(since, case.due_at)
    if left and case.kind is not CaseKind.EMERGENCY:
        case.due_at = working_time.after(now, left)


def pauses(history: Sequence[CaseEvent], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The spans of time in which a case waited for its reporter: asked something, or whether it is solved."""
    since = None
    for event in history:
        if event.action in _STOPS:
            since = since or event.at
        elif event.action in _GOES_ON and since is not None:
            yield since, event.at
            since = None
    if since is not None:
        yield since, now


def count_anew(case: Case, now: datetime) -> bool:
    """Count the deadlines of `case` by the calendar as it is known now; whether they move."""
    if case.kind is CaseKind.EMERGENCY:
        return False
    before = (case.respond_by, case.due_at)
    stood = pauses(case.history, now)
    answer_by, resolve_by = due(case.kind, days_allowed(case), case.created_at, stood)
    case.respond_by = answer_by
    if case.waiting_since is None:
        case.due_at = resolve_by
    moved = before != (case.respond_by, case.due_at)
    if moved:
        case.next_check_at = min(case.next_check_at or now, now)
    return moved
