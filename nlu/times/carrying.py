"""What a time takes over from those before it in a text: its day, its part of the day, the hours that stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nlu.times.atoms import Bound
from nlu.times.days import Fixed, Following, Week, Weekend
from nlu.times.months import Month, MonthDay, MonthEdge, MonthWeekday, WholeMonth
from nlu.times.roles import Role
from nlu.times.tense import Tense
from nlu.times.words import pattern_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from nlu.times.moments import Chain, Moment
    from nlu.times.roles import Standing
    from nlu.times.search import Days


@dataclass(frozen=True, slots=True)
class Context:
    """What the times before say for those that follow: the last day, with its part and rule, and a week or a month.

    `opening` is the first day of a rule between two days (10月1日至7日每天), whose `moment` is the last one.
    """

    opening: Moment | None = None
    moment: Moment | None = None
    days: Days | None = None
    week: date | None = None
    month: date | None = None


_SAME_TIME = pattern_of("same_time")


def corrected(chain: Chain, standing: Standing, old: Chain, norm: str) -> Chain:
    """The chain with the hours of the one that it corrects, or whose hours it keeps (改到周五，时间不变)."""
    kept = standing.corrects or _SAME_TIME.search(norm[chain.end : chain.end + 14])
    return _with_hours(chain, old) if kept else chain


def carries(context: Context, tense: Tense, now: datetime, told: bool) -> bool:
    """Whether a bare hour is of the day before it: 昨天水管爆了，下午三点来修 is not of yesterday.

    `told` whether the hour's own clause tells outright that it has been.
    """
    if context.days is None or context.days.whole:
        return context.moment is not None and context.days is None
    if context.days.last < now.date():
        return tense is not Tense.FUTURE
    return not told or tense is not Tense.PAST or context.days.first <= now.date()


def completed(chain: Chain, standing: Standing, context: Context) -> Chain:
    """The chain with what it leaves to the times before it: its day, and the part of the day that suits its hour."""
    head, given = chain.head, context.moment
    if head.day == Following(0):
        # 24日、25日考试，当天7点封路: on each of the days said before.
        head = replace(head, day=None)
    if head.dated or given is None or (context.days and context.days.whole):
        return chain
    parts = head.parts
    free = given.clock is None or standing.replaces is not None
    if not parts and head.clock and given.parts and free and given.parts[-1].suits(head.clock):
        parts = given.parts
    day = given.day
    if context.days and given.repeat is None and not isinstance(day, Weekend):
        day = Fixed(context.days)
    whole = replace(head, day=day, repeat=given.repeat, parts=parts, since=given.since)
    if context.opening and len(chain.moments) < 3:
        return replace(
            chain, moments=(replace(context.opening, start=head.start, end=head.start), whole, *chain.moments[1:])
        )
    return replace(chain, moments=(whole, *chain.moments[1:]))


def _with_hours(chain: Chain, old: Chain) -> Chain:
    """周四下午三点，不对，周五 keeps the hours that were not corrected."""
    if chain.head.timed or chain.head.parts or old.head.clock is None:
        return chain
    head = replace(chain.head, parts=old.head.parts, clock=old.head.clock)
    tail = old.moments[1:] if len(chain.moments) == 1 and len(old.moments) == 2 and old.moments[1].day is None else ()
    return replace(chain, moments=(head, *chain.moments[1:], *tail))


def followed(context: Context, chain: Chain, role: Role, days: Days | None) -> Context:
    """The context after a time: deadlines and the day on which something was told lend their day to nothing."""
    head = chain.head
    until = chain.bound is Bound.UNTIL and role is not Role.SIGNING_IN
    aside = until or role in (Role.SAID, Role.ANSWER, Role.FINISH)
    if days is None or aside:
        return context
    if not head.dated:
        return context if context.days else Context(moment=head)
    if len(chain.moments) == 2 and chain.moments[1].repeat and not chain.moments[1].timed:
        return Context(replace(head, day=Fixed(days)), chain.moments[1], days)
    given = chain.moments[-1] if len(chain.moments) == 1 else head
    if role is Role.SIGNING_IN:
        # 晚上七点签到，七点半开始: both are of the evening.
        given = replace(given, clock=None)
    week = days.first if isinstance(head.day, Week) else None
    month = days.first if _names_month(head.day) else None
    return Context(None, given, days, week, month)


def _names_month(day: object) -> bool:
    match day:
        case MonthDay(month) | MonthEdge(month) | MonthWeekday(month) | WholeMonth(month):
            return month != Month()
    return False
