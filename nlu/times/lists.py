"""Days and rules that are listed with one hour for all: 6月15日、17日下午三点, 每周二晚上和周四晚上."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nlu.times.days import Weekday
from nlu.times.months import MonthDay
from nlu.times.repeats import Repeat
from nlu.times.words import pattern_of

if TYPE_CHECKING:
    from nlu.times.moments import Chain

_AND = re.compile(r"\s?[、和及跟与]\s?")
_FOR_ALL = re.compile(r"[,;。\s(]*(?:时间)?(?:均|都|统一)[为是在于]?\s?$")
_OFFICE_HOURS = pattern_of("office_hours")


def listed(chains: list[Chain], norm: str) -> list[Chain]:
    """The chains with the hours that they share, and with one rule for what repeats on several days."""
    if _OFFICE_HOURS.search(norm):
        chains = [_as_rule(chain) for chain in chains]
    return _sharing_hours(_with_hour_for_all(_joined(chains, norm), norm), norm)


def _joined(chains: list[Chain], norm: str) -> list[Chain]:
    """每周二晚上和周四晚上: one rule for both days."""
    joined = chains[:1]
    for chain in chains[1:]:
        head, last = joined[-1].head, chain.head
        match head.repeat, last.day:
            case Repeat("WEEKLY", weekdays=(_, *_) as first), Weekday(more, None):
                same = (head.parts, head.clock) == (last.parts, last.clock) and len(joined[-1].moments) == 1
                if same and first[-1] < more[0] and _AND.fullmatch(norm, joined[-1].end, chain.start):
                    ruled = replace(
                        last, start=head.start, day=None, repeat=replace(head.repeat, weekdays=first + more)
                    )
                    joined[-1] = replace(chain, moments=(ruled, *chain.moments[1:]))
                    continue
        joined.append(chain)
    return joined


def _with_hour_for_all(chains: list[Chain], norm: str) -> list[Chain]:
    """12日查1栋，19日查2栋，均为上午9点: the hour is that of each of the days before it."""
    given = list(chains)
    for place in range(1, len(chains)):
        hours = chains[place]
        between = norm[chains[place - 1].end : hours.start]
        if hours.head.dated or not hours.head.clock or not _FOR_ALL.search(between):
            continue
        for earlier in range(place - 1, -1, -1):
            day = given[earlier]
            if not isinstance(day.head.day, MonthDay) or day.head.timed or day.bound or len(day.moments) > 1:
                break
            head = replace(day.head, parts=hours.head.parts, clock=hours.head.clock)
            given[earlier] = replace(day, moments=(head, *hours.moments[1:]))
    return given


def _sharing_hours(chains: list[Chain], norm: str) -> list[Chain]:
    """6月15日、17日下午三点: the hour is that of each of the days."""
    shared = list(chains)
    for place in range(len(chains) - 2, -1, -1):
        chain, after = shared[place], shared[place + 1]
        bare = len(chain.moments) == 1 and not (chain.bound or chain.head.timed or chain.head.parts)
        days = isinstance(chain.head.day, MonthDay) and isinstance(after.head.day, MonthDay)
        if bare and days and after.head.clock and _AND.fullmatch(norm, chain.end, after.start):
            head = replace(chain.head, parts=after.head.parts, clock=after.head.clock)
            shared[place] = replace(chain, moments=(head, *after.moments[1:]))
    return shared


def _as_rule(chain: Chain) -> Chain:
    """周一到周五上午9点到下午5点 of an office: a rule for every week."""
    if len(chain.moments) < 2:
        return chain
    head, middle, *tail = chain.moments
    match head.day, middle.day:
        case Weekday((first,), None), Weekday((last,), None) if first < last and not head.clock and middle.clock:
            repeat = Repeat("WEEKLY", weekdays=tuple(range(first, last + 1)))
            ruled = replace(middle, start=head.start, day=None, repeat=repeat)
            return replace(chain, moments=(ruled, *tail))
    return chain
