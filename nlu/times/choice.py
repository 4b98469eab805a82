"""Which of the times of a text is that of the event."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nlu.times.atoms import Bound
from nlu.times.days import Fixed, Following, Shifted, Vague
from nlu.times.feasts import Festival
from nlu.times.lengths import shift_of
from nlu.times.months import MonthDay
from nlu.times.resolve import resolve
from nlu.times.roles import Role
from nlu.times.setting import Setting
from nlu.times.tense import Tense

if TYPE_CHECKING:
    from datetime import date

    from nlu.times.moments import Chain
    from nlu.times.reading import Reading, Text
    from nlu.times.setting import Found

_CLAUSE_MARKS = ",。!?;\n "
_ONLY_A_DAY = re.compile(r"(?:时间|日期|还是|就|是|在|定|哈|嘛|哦|啊|的|了|吧|呢|噢|那天|说的|[\s:])*")
_SET = re.compile(r"(?:(?:定|安排)[在于到]|约(?:好|定)[在了]?)\s?$")
_REACH = 40
_FESTIVE_DAYS = 8


def chosen(text: Text) -> Reading | None:
    """The time of the event, as exactly as the text says it; None where there is none or its day does not exist."""
    best = _choose(text)
    return None if best is None or best.span is None else _with_later_day(_narrower(best, text), text)


def _choose(text: Text) -> Reading | None:
    candidates = [reading for reading in text.readings if _counts(reading)]
    best = min(candidates, key=lambda reading: (reading.standing.role, not _is_set(reading, text)), default=None)
    if best and best.standing.role is Role.VOID and shift_of(best, text) is None:
        return None
    if best and best.chain.head.day == Shifted(0) and best.span and best.span.date_only:
        # 今天把表填了，下午五点前交: 今天 alone says less than the deadline.
        return next((reading for reading in candidates if reading.standing.role is Role.ANSWER), best)
    if best and best.chain.head.bound is Bound.FROM:
        # 滴了半个多月了，从7月15号开始: a named day says more than a length up to now.
        best = next((reading for reading in candidates if _names_beginning(reading)), best)
    if best and best.chain.head.repeat:
        # 每月10号兑换，本月的提前到8号: what is moved out of the rule is the news.
        best = next((reading for reading in candidates if _is_moved_ahead(reading, text)), best)
    return _after_deadline(best, candidates, text) if best else None


def _is_moved_ahead(reading: Reading, text: Text) -> bool:
    moved = reading.standing.replaces is not None and isinstance(reading.chain.head.day, MonthDay)
    return moved and reading.days is not None and reading.days.first >= text.now.date()


def _names_beginning(reading: Reading) -> bool:
    named = reading.chain.bound is Bound.FROM and reading.chain.head.bound is None
    return named and reading.standing.role is Role.EVENT and reading.tense is Tense.PAST


def _after_deadline(best: Reading, candidates: list[Reading], text: Text) -> Reading:
    """周五前清理干净，周六检查: what comes after a deadline is the event, and what has an hour where it has none."""
    deadline = best.span.end if best.span and best.chain.bound is Bound.UNTIL else None
    if best.span is None or deadline is None:
        return best
    for reading in candidates:
        start = reading.span.start if reading.span else None
        if start is None or reading.standing.role is not Role.EVENT or not reading.chain.head.dated:
            continue
        named = text.norm.startswith("是", reading.chain.start - 1)
        sooner = best.span.date_only and (reading.chain.head.timed or named) and start > text.now
        if start > deadline or sooner:
            return reading
    return best


def _is_set(reading: Reading, text: Text) -> bool:
    """Whether it says outright for when something is set: 调解会定在周五下午两点."""
    return _SET.search(text.norm, max(0, reading.chain.start - 4), reading.chain.start) is not None


def _counts(reading: Reading) -> bool:
    """Whether a reading can be the event's: 4月31日 can, though it is no day; 那天 and 第二天 name none."""
    day = reading.chain.head.day
    named = reading.found is not None or (day is not None and not isinstance(day, (Vague, Following)))
    return named and reading.standing.role < Role.STRUCK


def _narrower(chosen: Reading, text: Text) -> Reading:
    """这周开个会，定在周五下午三点: a time inside the one first named says it more exactly."""
    days = chosen.days
    if days is None or chosen.span is None or not chosen.span.date_only:
        return chosen
    rivals = [reading for reading in text.readings if reading.standing.role <= chosen.standing.role]
    for reading in rivals:
        if reading is chosen or reading.days is None or reading.span is None:
            continue
        inside = days.first <= reading.days.first and reading.days.last <= days.last
        timed = not reading.span.date_only
        if len(chosen.chain.moments) > 1 and timed and isinstance(reading.chain.head.day, MonthDay):
            # 5月12日至18日宣传周，16日上午演练: a part of it, and what follows is of that part.
            return chosen
        both_repeat = reading.chain.head.repeat and chosen.chain.head.repeat
        if timed and _closes_between(chosen, reading, text):
            # 7月6日动工，10月6日完工，施工时间8点到12点: the hours are not those of the first day.
            return chosen
        if _goes_on_by(reading, chosen, text) or (timed and (inside or both_repeat)):
            return reading
        if isinstance(chosen.chain.head.day, Festival) and _is_at_festival(reading, days.first):
            return reading
        if inside and days.whole and not reading.days.whole and not chosen.chain.head.repeat:
            return _narrower(reading, text)
    return chosen


def _closes_between(chosen: Reading, reading: Reading, text: Text) -> bool:
    """Whether the last day of what is chosen is said before the other time."""
    closing = (other for other in text.readings if other.standing.role is Role.FINISH and other.chain.head.dated)
    between = (chosen.chain.end <= other.chain.start < reading.chain.start for other in closing)
    return not reading.chain.head.repeat and any(between)


def _goes_on_by(rule: Reading, chosen: Reading, text: Text) -> bool:
    """从7月18号开张以来天天吵: the rule of what begins on that day, said next."""
    if chosen.chain.bound is not Bound.FROM or not rule.chain.head.repeat or rule.days is None:
        return False
    between = (chosen.chain.end <= other.chain.start < rule.chain.start for other in text.readings)
    return rule.days == chosen.days and rule.chain.start > chosen.chain.start and not any(between)


def _is_at_festival(reading: Reading, festival: date) -> bool:
    """国庆节放假，从10月1日到10月7日; 国庆结婚，10月3号中午开席."""
    if reading.days is None or not isinstance(reading.chain.head.day, MonthDay):
        return False
    away = abs((reading.days.first - festival).days)
    head = reading.chain.head
    return away == 0 or (away <= _FESTIVE_DAYS and (head.timed or bool(head.parts)))


def _with_later_day(chosen: Reading, text: Text) -> Reading:
    """下午三点开会，时间是明天: the day of a bare hour can stand in a clause of its own after it."""
    if chosen.chain.head.dated or not chosen.chain.head.timed:
        return chosen
    for reading in text.readings:
        later = reading.chain.start > chosen.chain.end and reading.standing.role is Role.EVENT
        if later and reading.days and reading.days.single and _stands_alone(reading, text.norm):
            head = replace(chosen.chain.head, day=Fixed(reading.days))
            chain = replace(chosen.chain, moments=(head, *chosen.chain.moments[1:]))
            return replace(chosen, chain=chain, found=_again(chosen, chain, text))
    return chosen


def _again(chosen: Reading, chain: Chain, text: Text) -> Found:
    """What the completed chain means, quoting the same words."""
    found = resolve(chain, Setting(text.now, chosen.tense is Tense.PAST))
    span = chosen.span
    return replace(found, span=replace(found.span, text=span.text, offset=span.offset)) if span else found


def _stands_alone(reading: Reading, norm: str) -> bool:
    chain = reading.chain
    if chain.head.timed or chain.bound:
        return False
    begin = max((norm.rfind(mark, 0, chain.start) for mark in _CLAUSE_MARKS), default=-1) + 1
    ends = [place for mark in _CLAUSE_MARKS if (place := norm.find(mark, chain.end, chain.end + _REACH)) >= 0]
    end = min(ends, default=min(len(norm), chain.end + _REACH))
    return bool(_ONLY_A_DAY.fullmatch(norm[begin : chain.start]) and _ONLY_A_DAY.fullmatch(norm[chain.end : end]))
