"""The duty of the clocks: reminds handlers, takes what is late up the tree, and lets what waited too long run again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import structlog

from handlers.cases import call_off, clocks, filing, waiting, working_time
from handlers.cases.levels import Levels
from handlers.cases.replies import clocks as replies
from nlu.times import SHANGHAI
from storage.cases import UNFINISHED, CaseKind
from storage.escalations import Clock, Escalation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from handlers.cases.clocks import Running
    from handlers.turn import Desk
    from storage.areas import Area
    from storage.cases import Case
    from storage.escalations import Mark
    from storage.people import Person

Told = TypeVar("Told")

MOST_AT_ONCE = 200
"""Cases in one transaction; the rest is looked at in the next."""

REMIND_AFTER = timedelta(hours=1)
"""Nobody is reminded more often: what falls due in between comes in one message."""

MOST_DESCRIBED = 3
"""More late cases than these come to a person as one list."""

log = structlog.get_logger(__name__)


def look_at_clocks(desk: Desk) -> None:
    """Do what is due of the clocks of cases, once; a case that another process looks at is left to it."""
    cases = desk.work.clocks.to_look_at(desk.now, MOST_AT_ONCE)
    look = _Look(desk, working_time.is_open(desk.now), Levels(desk), desk.work.clocks.marks(cases))
    for case in cases:
        look.at(case)
    look.tell()


def catch_up(desk: Desk) -> None:
    """Note what was due of the clocks as done, and tell nobody: people heard of it when it was due."""
    cases = desk.work.clocks.to_look_at(desk.now, MOST_AT_ONCE)
    look = _Look(desk, True, Levels(desk), desk.work.clocks.marks(cases))
    for case in cases:
        if case.kind is not CaseKind.EMERGENCY:
            look.at(case)


@dataclass(slots=True)
class _Look:
    """One look at the clocks that are due: what it finds is told at its end, in one message to each person."""

    desk: Desk
    is_open: bool
    levels: Levels
    given: Mapping[int, Collection[tuple[Clock, Mark]]]
    people: dict[int, Person] = field(default_factory=dict)
    reminded_at: dict[int, datetime | None] = field(default_factory=dict)
    reminders: dict[int, list[tuple[Case, Running]]] = field(default_factory=dict)
    late: dict[int, list[tuple[Case, Running, Area]]] = field(default_factory=dict)
    above: dict[int, list[tuple[Case, Running]]] = field(default_factory=dict)
    reporters: list[tuple[Case, Area]] = field(default_factory=list)
    helpless: list[tuple[Case, Running]] = field(default_factory=list)

    def at(self, case: Case) -> None:
        """Do what is due of one case, and say when it is to be looked at next."""
        now = self.desk.now
        if case.state not in UNFINISHED or (case.kind is CaseKind.EMERGENCY and call_off.silences(case)):
            case.next_check_at = None
            return
        if not self.is_open and case.kind is not CaseKind.EMERGENCY:
            case.next_check_at = working_time.opening(now)
            return
        if case.waiting_since is not None and clocks.waits_until(case) <= now:
            waiting.wait_no_longer(self.desk, case)
        given, ended = self.given.get(case.id, ()), self._ended(case)
        again: list[datetime | None] = []
        for clock in clocks.running(case):
            if clock.clock not in ended and clock.goes_up_at(case, now) < now:
                self._go_up(case, clock)
            elif clock.due > now and case.assignee is not None:
                again.append(self._remind(case, case.assignee, clock, clock.reached(now, given)))
        coming = [clocks.next_check(case, now, given, self._ended(case)), *again]
        case.next_check_at = min((at for at in coming if at is not None), default=None)

    def tell(self) -> None:
        """Write to everybody what concerns them."""
        for person_id, due in self.reminders.items():
            self.desk.tell(self.people[person_id], replies.reminder(due, self.desk.now))
        for person_id, late in self.late.items():
            self.desk.tell(self.people[person_id], replies.you_are_late(late))
        for person_id, up in self.above.items():
            messages = [replies.went_up(case, clock) for case, clock in up]
            for message in messages if len(up) <= MOST_DESCRIBED else [replies.many_went_up(up)]:
                self.desk.tell(self.people[person_id], message)
        for case, area in self.reporters:
            self.desk.tell_all(filing.interested(case), replies.your_case_went_up(case, area))
        for case, clock in self.helpless:
            told = self.desk.tell_all(self.levels.anybody(case), replies.nobody_above(case, clock))
            log.error("late case found nobody above", case=case.id, clock=str(clock.clock), told=told)

    def _ended(self, case: Case) -> list[Clock]:
        """The clocks of which nothing more can come."""
        return [clock for clock in Clock if self.levels.is_at_the_top(case, clock)]

    def _go_up(self, case: Case, clock: Running) -> None:
        """Take a late case to the next level that has somebody; vacant ones are noted on the way."""
        above = self.levels.left(case, clock.clock)
        for area in above:
            people = self.levels.in_post(case, area)
            self._note(case, clock.clock, area, vacant=not people)
            if people:
                self._tell_of(case, clock, area, people)
                return
        went_before = any(each.clock is clock.clock and not each.vacant for each in case.escalations)
        if not above:
            # Whoever has it stands at the top: that level is noted, so that it is said once.
            self._note(case, clock.clock, self.levels.way_up(case)[-1], vacant=True)
        if not went_before:
            self.helpless.append((case, clock))

    def _note(self, case: Case, clock: Clock, area: Area, *, vacant: bool) -> None:
        case.escalations.append(Escalation(clock=clock, area_id=area.id, area=area, vacant=vacant, at=self.desk.now))
        case.note(self.desk.by, "go_up", replies.note_up(clock, area, vacant=vacant))

    def _tell_of(self, case: Case, clock: Running, area: Area, people: list[Person]) -> None:
        for person in people:
            self._for(self.above, person).append((case, clock))
        if case.assignee is not None:
            self._for(self.late, case.assignee).append((case, clock, area))
        if all(each is not case for each, _ in self.reporters):
            self.reporters.append((case, area))

    def _remind(self, case: Case, handler: Person, clock: Running, marks: list[Mark]) -> datetime | None:
        """Remind the handler of marks that are reached; or when to, where they were reminded a short while ago."""
        if not marks:
            return None
        again_at = self._not_before(handler)
        if again_at is not None and not clock.at_any_hour:
            return again_at
        self.desk.work.clocks.remind(case, clock.clock, marks, handler, self.desk.now)
        self._for(self.reminders, handler).append((case, clock))
        return None

    def _not_before(self, person: Person) -> datetime | None:
        """When `person` may be reminded again, or None for now."""
        if person.id not in self.reminded_at:
            self.reminded_at[person.id] = self.desk.work.clocks.last_reminded(person)
        last = self.reminded_at[person.id]
        # A clock that was set back has reminded in what is the future now; nobody waits for that.
        return last + REMIND_AFTER if last is not None and last <= self.desk.now < last + REMIND_AFTER else None

    def _for(self, told: dict[int, list[Told]], person: Person) -> list[Told]:
        self.people[person.id] = person
        return told.setdefault(person.id, [])


def count_anew(desk: Desk) -> None:
    """Count the deadlines of unfinished cases again where the calendar has learnt something, and note what moved.

    Says once where deadlines fall into a year whose days off are not announced yet.
    """
    year = working_time.announced_years()[-1] + 1
    if desk.work.clocks.due_from(datetime(year, 1, 1, tzinfo=SHANGHAI)):
        _warn_of(year)
    version = working_time.calendar_version()
    if desk.work.clocks.knows_calendar(version):
        return
    if desk.work.clocks.has_calendars():
        _count_all_anew(desk)
    desk.work.clocks.learn_calendar(version, desk.now)


@cache
def _warn_of(year: int) -> None:
    log.warning("deadlines fall into a year whose days off are not announced yet", year=year)


def _count_all_anew(desk: Desk) -> None:
    after = 0
    while cases := desk.work.clocks.running(after, MOST_AT_ONCE):
        for case in cases:
            if clocks.count_anew(case, desk.now):
                case.note(desk.by, "count_anew", replies.note_counted_anew(case))
        after = cases[-1].id
