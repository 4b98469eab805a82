"""A text read through: every chain resolved in the light of those before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from nlu.times.atoms import Bound
from nlu.times.bounds import bounded
from nlu.times.carrying import Context, carries, completed, corrected, followed
from nlu.times.chains import compose
from nlu.times.corrections import standings_of
from nlu.times.days import Fixed, Following, Shifted, Vague, Weekday
from nlu.times.feasts import Festival
from nlu.times.lexer import read_atoms
from nlu.times.lists import listed
from nlu.times.months import Month, MonthDay, MonthEdge
from nlu.times.nearness import nearer
from nlu.times.numbers import normalise
from nlu.times.resolve import resolve
from nlu.times.roles import Role, Standing
from nlu.times.search import Days
from nlu.times.setting import Found, Setting
from nlu.times.span import SHANGHAI
from nlu.times.tense import REACH, Around, Tense, around, broken, promised, tells_of_future, tells_of_past, tense_of

if TYPE_CHECKING:
    from nlu.times.moments import Chain, Stretch
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


_HABIT = re.compile(r"[^,。;!?]{0,6}?(?:经常|老是|总是|常常|时常|有时|时不时)")
_OPENS_AFTER = re.compile(
    r"[^,。;!?]{0,3}?(?:开[课班学营馆园业张放打工考赛讲播]|启动|运行|实[施行]|执行|起跑|开展?第一|(?:是|为|搞|进行)?(?:第一[次回场期课]|首[次场期课]))"
)
_SEVERAL = 2
_PAUSE = re.compile("[,。!?;\n]")


def read(text: str, now: datetime) -> Text:
    """Every time of `text`; `now` is at Asia/Shanghai."""
    norm = normalise(text)
    composed = compose(read_atoms(norm), norm)
    befores = [0, *(chain.end for chain in composed.chains)]
    chains = listed([bounded(*each, norm) for each in zip(composed.chains, befores, strict=False)], norm)
    standings = standings_of(chains, norm)
    readings: list[Reading] = []
    context = Context()
    since = _days_of_rule(chains, standings, norm, now)
    replaced = {standing.replaces for standing in standings}
    words = [_words_around(chains, place, norm) for place in range(len(chains))]
    of_past = any(_has_been(*each, now) for each in zip(chains, words, strict=True))
    alone = sum(chain.head.day is not None for chain in chains) < _SEVERAL
    for place, (chain, standing) in enumerate(zip(chains, standings, strict=True)):
        tense = _tense(chain, standing, words[place], now, of_past=of_past, alone=alone)
        old = standing.replaces
        carried = old is not None or carries(context, tense, now, tells_of_past(words[place]))
        whole = completed(chain, standing, context) if carried else chain
        tense = _lying_ahead(whole, tense, now)
        if old is not None:
            whole = corrected(whole, standing, readings[old].chain, norm)
        found = _find(whole, _setting(whole, context, tense, since, now), norm)
        readings.append(Reading(whole, standing, tense, found and _quoted(found, chain, text)))
        if standing.role is not Role.OLD or place in replaced:
            context = followed(context, whole, standing.role, found.days if found else None)
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
    if later.head.day == Following(0):
        # 6月2日暴雨，当天下午报了社区
        return chain.head.dated
    if isinstance(later.head.day, Vague):
        return norm.startswith("那", later.start) or later.start - chain.end <= 1
    return chain.head.dated and not later.head.dated and not _PAUSE.search(norm, chain.end, later.start)


def _words_around(chains: list[Chain], place: int, norm: str) -> Around:
    return around(norm, chains[place - 1].end if place else 0, chains[place], _next_start(chains, place, norm))


def _has_been(chain: Chain, around: Around, now: datetime) -> bool:
    """Whether the words of a day alone tell that it has been (昨天, 上周三), or what is said of a date just past."""
    match chain.head.day:
        case Shifted(days, months):
            return days < 0 or months < 0
        case Weekday(_, int(weeks)):
            return weeks < 0
        case day:
            return tells_of_past(around) and nearer(day, now.date()) is Tense.PAST


def _tense(chain: Chain, standing: Standing, around: Around, now: datetime, *, of_past: bool, alone: bool) -> Tense:
    """The tense of a time; what something is moved to and what it must be done by lie ahead.

    `of_past` whether the text names a day that has been: a date without a year is then the last one if that is near;
    `alone` whether it names no other day: of several days none is meant to lie a year away.
    """
    side = nearer(chain.head.day, now.date())
    failed = broken(around) or (side is Tense.PAST and (of_past or tells_of_past(around)))
    if (standing.replaces is not None or chain.bound is Bound.UNTIL) and not failed:
        return Tense.FUTURE
    if _has_begun(chain, now):
        return Tense.PAST
    if standing.role in (Role.OLD, Role.WIDE) and side is not Tense.UNKNOWN:
        # 24日会议室被占了，改到27日; 7月份的电费: what is said there is not said of that day or month.
        return side
    tense = tense_of(around, side)
    if failed and (promised(around) or not tells_of_future(around)):
        return Tense.PAST
    return side if tense is Tense.UNKNOWN and side is Tense.PAST and not alone else tense


def _lying_ahead(chain: Chain, tense: Tense, now: datetime) -> Tense:
    """下周二请了律师来，九点半到: what is on a day to come cannot have been."""
    match chain.head.day:
        case Fixed(days) if days.first > now.date():
            return Tense.FUTURE
    return tense


def _has_begun(chain: Chain, now: datetime) -> bool:
    """从五一开始每天都吵, said in May: what goes on from a date that has just been has begun then."""
    from_day = chain.bound is Bound.FROM or chain.head.since
    match chain.head.day:
        case MonthDay(Month(number=int())) | MonthEdge(Month(number=int())) | Festival():
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


def _setting(chain: Chain, context: Context, tense: Tense, since: Days | None, now: datetime) -> Setting:
    past = tense is Tense.PAST
    setting = Setting(now, past, context.week, context.month, context.days.first if context.days else None)
    if since and chain.head.repeat and not chain.head.day:
        return replace(setting, since=since.first, until=since.last)
    return setting


def _days_of_rule(chains: list[Chain], standings: list[Standing], norm: str, now: datetime) -> Days | None:
    """The days between which something repeats, where they stand apart from the rule (每天早上七点，从5月1日到7日)."""
    if not any(chain.head.repeat and not chain.head.day for chain in chains):
        return None
    for place, (chain, standing) in enumerate(zip(chains, standings, strict=True)):
        dated = chain.head.day and not any(moment.timed or moment.repeat for moment in chain.moments)
        begins = chain.bound is Bound.FROM or _OPENS_AFTER.match(norm, chain.end)
        if not dated or standing.role is not Role.EVENT or (len(chain.moments) == 1 and not begins):
            continue
        found = _find(chain, Setting(now, _has_begun(chain, now)), norm)
        if found and found.days:
            if len(chain.moments) > 1:
                return found.days
            return Days(found.days.first, _closing_day(chains[place + 1 :], standings[place + 1 :], found.days, norm))
    return None


def _closing_day(chains: list[Chain], standings: list[Standing], opening: Days, norm: str) -> date:
    """The day of 7月6日开班，8月14日结束; `date.max` where none is said right after the first one."""
    if chains and standings[0].role is Role.FINISH and isinstance(chains[0].head.day, MonthDay):
        found = _find(chains[0], Setting(datetime.combine(opening.first, time(), SHANGHAI)), norm)
        if found and found.days:
            return found.days.last
    return date.max
