"""Atoms → moments: which words stand together and say one time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nlu.times.atoms import Bounded, Instant, Neighbour
from nlu.times.clock import Clock, Part, PartKind
from nlu.times.days import Beside, Following, Shifted, Vague, Week, Weekday, Weekend
from nlu.times.feasts import Festival, LunarDay
from nlu.times.festivals import FESTIVALS
from nlu.times.moments import Moment
from nlu.times.months import Month, MonthDay, WholeMonth
from nlu.times.repeats import Repeat
from nlu.times.search import Day

if TYPE_CHECKING:
    from nlu.times.atoms import Atom

# What may stand between the words of one time without saying anything.
_FILLER = re.compile(
    r"(?:[\s,:()的T]|嗯+|呃+|啊|哦|噢|那个|这个|就是|大概|大约|差不多|约|可能|应该|恐怕|在|于|从|就|快要?|临近|将近|接近|左右|前后|过后|以后|之后|打|是|定|都"
    r"|准时|正好|刚好|\[|\]){0,5}",
    re.ASCII,
)
_APPOSITION = re.compile(r"[\s(\[即]*(?:也就是|就是|是)?[\s(\[]*", re.ASCII)
_CLOSED = re.compile(r"[\s)\]]*(?:起|开始|始|以后|之后|期间)?[\s,:]*(?:的)?", re.ASCII)
_PAUSE = re.compile(r"[\s,:()]*的?", re.ASCII)


def begin(atom: Atom) -> Moment | None:
    """The moment that an atom begins, or None where it says none."""
    moment = Moment(atom.start, atom.end)
    match atom.value:
        case Day() as day:
            return replace(moment, day=day)
        case Repeat() as repeat:
            return replace(moment, repeat=repeat)
        case Part() as part:
            clock = Clock(12) if part.kind is PartKind.NOON else None
            return replace(moment, parts=(part,), clock=clock)
        case Clock() as clock:
            return replace(moment, clock=clock)
        case Instant() as instant:
            return replace(moment, instant=instant)
        case Bounded(Instant() as instant, bound):
            return replace(moment, instant=instant, bound=bound)
        case Bounded(Day() as day, bound):
            return replace(moment, day=day, bound=bound)
    return None


def join(moment: Moment, atom: Atom, text: str) -> Moment | None:
    """The moment with the atom added, or None where the atom begins another one."""
    gap = text[moment.end : atom.start]
    if len(gap) > 10 or moment.instant or moment.bound:
        return None
    match atom.value:
        case Neighbour(days) if moment.day and not moment.parts and not moment.clock:
            day = Beside(moment.day, days) if days else moment.day
            return replace(moment, day=day, end=atom.end)
        case Day() as day:
            return _join_day(moment, day, atom.end, gap)
        case Repeat() as repeat:
            return _join_repeat(moment, repeat, atom.end, gap)
        case Part() as part if not _said_hour(moment) and _FILLER.fullmatch(gap):
            clock = Clock(12) if part.kind is PartKind.NOON else None
            return replace(moment, parts=(*moment.parts, part), clock=clock, end=atom.end)
        case Clock() as clock if not _said_hour(moment) and _FILLER.fullmatch(gap):
            return replace(moment, clock=clock, end=atom.end)
    return None


def _join_repeat(moment: Moment, repeat: Repeat, end: int, gap: str) -> Moment | None:
    if isinstance(moment.day, Vague):
        return None
    if moment.repeat and not moment.timed and _PAUSE.fullmatch(gap):
        # 工作日每天 is each of those days, 一周三次，周一三五 those days of the week.
        if moment.repeat.weekdays and repeat == Repeat("DAILY"):
            return replace(moment, end=end)
        if moment.repeat == Repeat("WEEKLY") and repeat.weekdays:
            return replace(moment, repeat=repeat, end=end)
    if moment.day and _PAUSE.fullmatch(gap) and (on_day := _repeat_on(repeat, moment.day)):
        return replace(moment, day=None, repeat=on_day, end=end)
    if moment.day and not moment.timed and not moment.parts and _CLOSED.fullmatch(gap):
        return replace(moment, repeat=repeat, end=end, since=bool(gap.strip(" )],:的")))
    return None


def _repeat_on(repeat: Repeat, day: Day) -> Repeat | None:
    """每两周一次，周四: the rule on the day that stands apart from it; None where the day is none of such a rule."""
    if repeat.names_day:
        return None
    match repeat.freq, day:
        case "WEEKLY", Weekday(weekdays, None):
            return replace(repeat, weekdays=weekdays)
        case "MONTHLY", MonthDay(month, number) if month.bare:
            return replace(repeat, month_days=(number,))
    return None


def _said_hour(moment: Moment) -> bool:
    """Whether an hour was said: 中午 has one, but gives it up for 中午十二点半."""
    noon = bool(moment.parts) and moment.parts[-1].kind is PartKind.NOON
    return moment.clock is not None and not (noon and moment.clock == Clock(12))


def _join_day(moment: Moment, day: Day, end: int, gap: str) -> Moment | None:
    """4月20日（星期一）, 劳动节5月1日: two names of one day, of which the more exact counts."""
    if moment.parts or moment.clock or isinstance(day, (Vague, Following)) or isinstance(moment.day, Vague):
        return None
    if moment.repeat and not moment.day:
        if _PAUSE.fullmatch(gap) and (on_day := _repeat_on(moment.repeat, day)):
            return replace(moment, repeat=on_day, end=end)
        return _join_yearly(moment, moment.repeat, day, end) if gap in ("", "的") else None
    if in_month := _day_in_month(moment.day, day, gap):
        return replace(moment, day=in_month, end=end)
    if (of_week := _weekday_of_week(moment.day, day)) and gap in ("", "的"):
        return replace(moment, day=of_week, end=end)
    if moment.day is None or not _APPOSITION.fullmatch(gap) or _rank(day) == _rank(moment.day):
        return None
    if isinstance(moment.day, Week) and isinstance(day, Weekday) and day.weeks is None:
        return replace(moment, day=replace(day, weeks=moment.day.weeks), end=end)
    if isinstance(moment.day, MonthDay) and isinstance(day, Festival) and moment.day.month.bare:
        # The 27日 of 9月25日至27日中秋放假.
        return replace(moment, end=end)
    if {type(moment.day), type(day)} == {Festival, Weekday}:
        # 周六重阳节活动 is on Saturday, 端午节（周五） is at the festival.
        return replace(moment, end=end)
    if _is_lunar_date_of(moment.day, day) or _is_lunar_date_of(day, moment.day):
        return replace(moment, day=day if isinstance(day, Festival) else moment.day, end=end)
    better = day if _rank(day) > _rank(moment.day) else moment.day
    return replace(moment, day=better, end=end)


def _day_in_month(month: Day | None, day: Day, gap: str) -> MonthDay | None:
    """这个月是29号: the day of the month that was named."""
    match month, day:
        case WholeMonth(named), MonthDay(Month() as bare, number) if bare == Month() and gap.strip("的,: ") in (
            "",
            "是",
            "就是",
        ):
            return MonthDay(named, number)
    return None


def _weekday_of_week(week: Day | None, day: Day) -> Weekday | None:
    """三周后的周三: the weekday of the week that lies so many weeks on."""
    match week, day:
        case Shifted(days, 0, 0), Weekday(_, None) if days and days % 7 == 0:
            return replace(day, weeks=days // 7)
    return None


def _is_lunar_date_of(festival: Day, date: Day) -> bool:
    """八月十五中秋节: the festival tells that the date is lunar."""
    match festival, date:
        case Festival(name), MonthDay(month, number):
            return FESTIVALS[name].lunar == (month.number, number)
    return False


def _join_yearly(moment: Moment, repeat: Repeat, day: Day, end: int) -> Moment | None:
    """每年3月5日; 每月初一 has no rule in the solar calendar, only its next day."""
    if repeat.freq == "YEARLY":
        return replace(moment, day=day, end=end)
    lunar = repeat.freq == "MONTHLY" and not repeat.names_day and isinstance(day, LunarDay)
    return replace(moment, repeat=None, day=day, end=end) if lunar else None


def _rank(day: Day) -> int:
    """How exactly a day is named."""
    match day:
        case MonthDay(month) if not month.bare:
            return 7
        case LunarDay():
            return 6
        case Shifted():
            return 5
        case Weekday(_, weeks) if weeks is not None:
            return 4
        case Festival():
            return 3
        case MonthDay():
            return 2
        case Weekday() | Weekend():
            return 1
        case Week():
            return 0
    return 8
