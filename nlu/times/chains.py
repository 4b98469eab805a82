"""Moments → chains: what 到 joins is one range, and so are two days in a row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nlu.times.atoms import Length
from nlu.times.days import Following, Shifted, Vague, Weekday
from nlu.times.joining import begin, join
from nlu.times.moments import Chain, Stretch
from nlu.times.months import MonthDay, WholeMonth
from nlu.times.words import one_of, words

if TYPE_CHECKING:
    from nlu.times.atoms import Atom
    from nlu.times.moments import Moment


@dataclass(slots=True)
class Composed:
    """All that was put together of one text."""

    chains: list[Chain] = field(default_factory=list)
    lengths: list[Stretch] = field(default_factory=list)


_TO = re.compile(
    r"[\s)\],]*(?:钟|左右|时分)?(?:起|开始|始)?[\s,]*(?:一直|持续|直|截止|截)?(?:[一-鿿]{0,3}?[到至]|-+|~+)[\s(:]*(?:了|的)?",
    re.ASCII,
)
_NO_SPAN = re.compile("延长|[签报迟收听看遇得接碰找感想达]到|[说约讲拖等没不来去想]|通知|" + one_of(words("moved")))
_AND = re.compile(r"[\s)]*[、和及跟与]?\s?")


def compose(atoms: list[Atom], text: str) -> Composed:
    """The chains and lengths of a text, in order."""
    composed = Composed()
    moments: list[Moment] = []
    for atom in atoms:
        if isinstance(atom.value, Length):
            composed.lengths.append(Stretch(atom.start, atom.end, atom.value))
            continue
        joined = join(moments[-1], atom, text) if moments else None
        if joined:
            moments[-1] = joined
        elif moment := begin(atom):
            moments.append(moment)
    composed.chains = _chain(moments, text)
    return composed


def _chain(moments: list[Moment], text: str) -> list[Chain]:
    chains: list[list[Moment]] = []
    for moment in moments:
        if chains and len(chains[-1]) < 3 and _reaches(chains[-1], moment, text):
            chains[-1].append(moment)
        elif (
            chains
            and len(chains[-1]) == 2
            and _is_next_day(chains[-1][1], moment, text[chains[-1][1].end : moment.start])
        ):
            chains[-1][1] = moment
        else:
            chains.append([moment])
    return [Chain(tuple(chain)) for chain in chains]


def _reaches(chain: list[Moment], moment: Moment, text: str) -> bool:
    last = chain[-1]
    gap = text[last.end : moment.start]
    if len(gap) > 12 or (moment.repeat and not moment.day) or isinstance(last.day, Vague):
        return False
    elsewhere = moment.dated and not isinstance(moment.day, Following)
    if len(chain) == 2 and (last.clock is None or chain[0].clock is not None or elsewhere):
        return False
    joined = _TO.fullmatch(gap)
    return (joined is not None and not _NO_SPAN.search(gap)) or _is_next_day(last, moment, gap)


def _is_next_day(last: Moment, moment: Moment, gap: str) -> bool:
    """明天后天, 20号、21号: two days in a row are a range."""
    if last.parts or last.clock or not _AND.fullmatch(gap):
        return False
    match last.day, moment.day:
        case Shifted(left), Shifted(right):
            return right == left + 1
        case Weekday(left_days, left_weeks), Weekday(right_days, right_weeks):
            return right_days[0] == left_days[-1] + 1 and right_weeks in (None, left_weeks)
        case WholeMonth(left_month), WholeMonth(right_month):
            return right_month.number == (left_month.number or 12) + 1
        case MonthDay(left_month, left_day), MonthDay(right_month, right_day):
            return right_day == left_day + 1 and (right_month.bare or right_month == left_month)
    return False
