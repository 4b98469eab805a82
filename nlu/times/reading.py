"""A text read through: every chain resolved in the light of those before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nlu.times.atoms import Bound
from nlu.times.bounds import bounded
from nlu.times.days import Fixed, Vague, Week, Weekend
from nlu.times.feasts import Festival
from nlu.times.lexer import read_atoms
from nlu.times.lists import listed
from nlu.times.moments import Chain, Moment, Stretch, compose
from nlu.times.months import Month, MonthDay, MonthEdge, MonthWeekday, WholeMonth
from nlu.times.nearness import nearer
from nlu.times.numbers import normalise
from nlu.times.resolve import resolve
from nlu.times.roles import Role, Standing, standings_of
from nlu.times.search import Days
from nlu.times.setting import Found, Setting
from nlu.times.tense import REACH, Around, Tense, around, broken, promised, tense_of
from nlu.times.words import any_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from nlu.times.span import TimeSpan


@dataclass(frozen=True, slots=True)
class Reading:
    """One time of a text: its chain as it was completed, what it is for, and what it means.

    `found` is None where it means no day of the calendar.
    """

    chain: Chain
    standing: Standing
    tense: Tense
    found: Found | None

    @property
    def span(self) -> TimeSpan | None:
        """The span meant."""
        return self.found.span if self.found else None

    @property
    def days(self) -> Days | None:
        """The days that the span stands on."""
        return self.found.days if self.found else None


@dataclass(frozen=True, slots=True)
class Text:
    """A text read through: its normalised form, its times and the lengths in it."""

    norm: str
    now: datetime
    readings: tuple[Reading, ...]
    lengths: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class _Context:
    """What the times before say for those that follow: the last day, with its part and rule, and a week or a month."""

    moment: Moment | None = None
    days: Days | None = None
    week: date | None = None
    month: date | None = None


_HABIT = re.compile(r"[^,。;!?]{0,6}?(?:经常|老是|总是|常常|时常|有时|时不时)")
_PAUSE = re.compile("[,。!?;\n]")
_SAME_TIME = any_of("same_time")


def read(text: str, now: datetime) -> Text:
    """Every time of `text`; `now` is at Asia/Shanghai."""
    norm = normalise(text)
    composed = compose(read_atoms(norm), norm)
    ends = [0, *(chain.end for chain in composed.chains)]
    bounds = [bounded(chain, norm, before) for chain, before in zip(composed.chains, ends, strict=False)]
    chains = listed(bounds, norm)
    standings = standings_of(chains, norm)
    readings: list[Reading] = []
    context = _Context()
    since = _days_of_rule(chains, standings, norm, now)
    for place, (chain, standing) in enumerate(zip(chains, standings, strict=True)):
        words = around(norm, ends[place], chain, _next_start(chains, place, norm))
        tense = _tense(chain, standing, words, now)
        carried = standing.replaces is not None or _carries(context, tense, now)
        whole = _corrected(_complete(chain, standing, context) if carried else chain, standing, readings, norm)
        found = _find(whole, _setting(whole, context, tense, since, now), norm)
        readings.append(Reading(whole, standing, tense, found and _quoted(found, chain, text)))
        context = _follow(context, readings[-1])
    return Text(norm, now, tuple(readings), tuple(composed.lengths))


def _next_start(chains: list[Chain], place: int, norm: str) -> int:
    """Where the next time begins that is of another day."""
    chain = chains[place]
    for later in range(place + 1, len(chains)):
        start = chains[later].start
        if start - chain.end > REACH or not _goes_with(chains[later], chain, norm):
            return start
    return len(norm)


def _goes_with(later: Chain, chain: Chain, norm: str) -> bool:
    """Whether it stands between a time and its verb and names no other day: 三月那次, 7号两天晚上."""
    if isinstance(later.head.day, Vague):
        return norm.startswith("那", later.start) or later.start - chain.end <= 1
    return chain.head.dated and not later.head.dated and not _PAUSE.search(norm, chain.end, later.start)


def _tense(chain: Chain, standing: Standing, around: Around, now: datetime) -> Tense:
    """The tense of a time; what something is moved to and what it must be done by lie ahead."""
    failed = broken(around)
    if standing.replaces is not None or (chain.bound is Bound.UNTIL and not failed):
        return Tense.FUTURE
    tense = tense_of(around, lambda: nearer(chain.head.day, now.date()))
    if tense is Tense.UNKNOWN and _has_begun(chain, now):
        return Tense.PAST
    return Tense.PAST if failed and (tense is Tense.UNKNOWN or promised(around)) else tense


def _has_begun(chain: Chain, now: datetime) -> bool:
    """从五一开始每天都吵, said in May: what goes on from a date that has just been has begun then."""
    from_day = chain.bound is Bound.FROM or chain.head.since
    match chain.head.day:
        case MonthDay(Month(number=int())) | Festival():
            return from_day and nearer(chain.head.day, now.date()) is Tense.PAST
    return False


def _find(chain: Chain, setting: Setting, norm: str) -> Found | None:
    bare = not chain.head.dated and not chain.head.timed
    if bare and _HABIT.match(norm, chain.end):
        return None
    try:
        found = resolve(chain, setting)
    except (ValueError, OverflowError):
        # The day does not exist, or lies beyond the calendar.
        return None
    span = found.span
    return None if span.start and span.end and span.start > span.end else found


def _quoted(found: Found, chain: Chain, text: str) -> Found:
    span = replace(found.span, text=text[chain.start : chain.end], offset=chain.start)
    return replace(found, span=span)


def _setting(chain: Chain, context: _Context, tense: Tense, since: Days | None, now: datetime) -> Setting:
    past = tense is Tense.PAST
    setting = Setting(now, past, context.week, context.month, context.days.first if context.days else None)
    if since and chain.head.repeat and not chain.head.day:
        return replace(setting, since=since.first, until=since.last)
    return setting


def _days_of_rule(chains: list[Chain], standings: list[Standing], norm: str, now: datetime) -> Days | None:
    """The days between which something repeats, where they stand apart from the rule (每天早上七点，从5月1日到7日)."""
    if not any(chain.head.repeat and not chain.head.day for chain in chains):
        return None
    for chain, standing in zip(chains, standings, strict=True):
        dated = chain.head.day and not any(moment.timed or moment.repeat for moment in chain.moments)
        if not dated or standing.role is not Role.EVENT or (len(chain.moments) == 1 and chain.bound is not Bound.FROM):
            continue
        found = _find(chain, Setting(now), norm)
        if found and found.days:
            return found.days if len(chain.moments) > 1 else Days(found.days.first, found.days.first.max)
    return None


def _corrected(chain: Chain, standing: Standing, readings: list[Reading], norm: str) -> Chain:
    """The chain with the hours of the one that it corrects, or whose hours it keeps (改到周五，时间不变)."""
    if standing.replaces is None:
        return chain
    kept = standing.corrects or _SAME_TIME.search(norm[chain.end : chain.end + 14])
    return _with_hours(chain, readings[standing.replaces].chain) if kept else chain


def _carries(context: _Context, tense: Tense, now: datetime) -> bool:
    """Whether a bare hour is of the day before it: 昨天水管爆了，下午三点来修 is not of yesterday."""
    if context.days is None or context.days.whole:
        return context.moment is not None and context.days is None
    if context.days.last < now.date():
        return tense is not Tense.FUTURE
    return tense is not Tense.PAST or context.days.first <= now.date()


def _complete(chain: Chain, standing: Standing, context: _Context) -> Chain:
    """The chain with what it leaves to the times before it: its day, and the part of the day that suits its hour."""
    head, given = chain.head, context.moment
    if head.dated or given is None or (context.days and context.days.whole):
        return chain
    parts = head.parts
    free = given.clock is None or standing.replaces is not None
    if not parts and head.clock and given.parts and free and given.parts[-1].suits(head.clock):
        parts = given.parts
    day = given.day
    if context.days and given.repeat is None and not isinstance(day, Weekend):
        day = Fixed(context.days)
    return replace(chain, moments=(replace(head, day=day, repeat=given.repeat, parts=parts), *chain.moments[1:]))


def _with_hours(chain: Chain, old: Chain) -> Chain:
    """周四下午三点，不对，周五 keeps the hours that were not corrected."""
    if chain.head.timed or chain.head.parts or old.head.clock is None:
        return chain
    head = replace(chain.head, parts=old.head.parts, clock=old.head.clock)
    tail = old.moments[1:] if len(chain.moments) == 1 and len(old.moments) == 2 and old.moments[1].day is None else ()
    return replace(chain, moments=(head, *chain.moments[1:], *tail))


def _follow(context: _Context, reading: Reading) -> _Context:
    """The context after a reading: deadlines and the day on which something was told lend their day to nothing."""
    head = reading.chain.head
    days = reading.found.days if reading.found else None
    until = reading.chain.bound is Bound.UNTIL and reading.standing.role is not Role.SIGNING_IN
    aside = until or reading.standing.role in (Role.SAID, Role.ANSWER, Role.FINISH)
    if days is None or aside:
        return context
    if not head.dated:
        return context if context.days else _Context(head)
    given = reading.chain.moments[-1] if len(reading.chain.moments) == 1 else head
    if reading.standing.role is Role.SIGNING_IN:
        # 晚上七点签到，七点半开始: both are of the evening.
        given = replace(given, clock=None)
    week = days.first if isinstance(head.day, Week) else None
    month = days.first if _names_month(head.day) else None
    return _Context(given, days, week, month)


def _names_month(day: object) -> bool:
    match day:
        case MonthDay(month) | MonthEdge(month) | MonthWeekday(month) | WholeMonth(month):
            return month != Month()
    return False
