"""Which of the times of a text is that of the event, and what the rest of the text says about it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from nlu.times.atoms import NUMERALS, Bound, Length
from nlu.times.clock import end_minutes
from nlu.times.days import Fixed, Following, Shifted, Vague
from nlu.times.feasts import Festival
from nlu.times.months import MonthDay
from nlu.times.numbers import to_int
from nlu.times.repeats import Repeat
from nlu.times.resolve import resolve
from nlu.times.roles import Role
from nlu.times.search import add_months
from nlu.times.setting import Setting, at
from nlu.times.tense import Tense
from nlu.times.words import one_of, words

if TYPE_CHECKING:
    from datetime import date, datetime

    from nlu.times.moments import Chain, Stretch
    from nlu.times.reading import Reading, Text
    from nlu.times.setting import Found
    from nlu.times.span import TimeSpan

_CLAUSE_MARKS = ",。!?;\n "
_ONLY_A_DAY = re.compile(r"(?:时间|日期|还是|就|是|在|定|哈|嘛|哦|啊|的|了|吧|呢|噢|那天|说的|[\s:])*")
_LASTING = re.compile(
    rf"{one_of(words('lasting'))}(?:了|个|是|为|:|到|大概|大约|约|差不多|一共|共|要|时间|会|的|连续|预计|\s|,)*$"
)
_NOT_LASTING = re.compile(rf"{one_of(words('not_lasting'))}(?:了|个)?$")
_NOT_LASTING_AFTER = re.compile(r"\s?(?:一次|以上|的|路|车程|积|得|换|工资|没|就(?![散完行够好结])|前|[加扣兑]|有)")
_LENGTH_OF_EVENT = re.compile(r"长?假|的(?:会|培训|讲座|课|活动|义诊|议事|停[水电气])")
# 起公示 and 集中整治 before a length: something is done for so long.
_DOING = re.compile(r"[^,。!?;\n]*,?[^,。!?;\n]*[一-鿿]")
_SET = re.compile(r"(?:定|安排)[在于到]\s?$")
_LATER = re.compile(r"(?:推迟|延迟|延后|顺延|推后|往后推|往后延|往后挪|后推|延期|挪|晚)(?:了|到)?\s?$")
_EARLIER = re.compile(r"(?:提前|往前提|提早)(?:了)?\s?$")
_IN_PERSON = re.compile(r"(?:[到来入进签集赶做准告通报说联等候出去]|在场|抵达)")
_TIMES = re.compile(
    rf"(?:一共|总共|共|连续|连开|连搞|连办|合计|开展?|搞|办|上|计划)\s?(?P<count>[0-9]{{1,2}}|[{NUMERALS}]{{1,3}})\s?(?:次|期|场|节课?|堂课?|回)",
    re.ASCII,
)
_IN_A_ROW = re.compile(r"(?:连续|连着|一连)了?\s?$")
_GOING_ON = re.compile(r"(?:(?:连续|连着|一连|为期|持续|坚持|共|历时)了?|[,\s][放搞跳开演教做播办测])\s?$")
_REACH = 40
_FESTIVE_DAYS = 8


def event_of(text: Text) -> TimeSpan | None:
    """The span of the event that a text speaks of; None where it says no time or a day that does not exist."""
    chosen = _choose(text)
    if chosen is None or chosen.span is None:
        return None
    try:
        return _completed(_with_later_day(_narrower(chosen, text), text), text)
    except (ValueError, OverflowError):
        # A shift or a length leads beyond the calendar.
        return None


def _completed(reading: Reading, text: Text) -> TimeSpan | None:
    span = reading.span
    if span is None:
        return None
    span = _shifted(span, reading, text)
    span = _finished(span, reading, text)
    span = _on_days_in_a_row(span, text)
    span = _lasting(span, reading, text)
    return _counted(span, reading, text)


def _choose(text: Text) -> Reading | None:
    candidates = [reading for reading in text.readings if _counts(reading)]
    best = min(candidates, key=lambda reading: (reading.standing.role, not _is_set(reading, text)), default=None)
    if best and best.standing.role is Role.VOID and _shift_of(best, text) is None:
        return None
    if best and best.chain.head.day == Shifted(0) and best.span and best.span.date_only:
        # 今天把表填了，下午五点前交: 今天 alone says less than the deadline.
        return next((reading for reading in candidates if reading.standing.role is Role.ANSWER), best)
    return _after_deadline(best, candidates, text) if best else None


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
        both_repeat = reading.chain.head.repeat and chosen.chain.head.repeat
        if not reading.span.date_only and (inside or both_repeat):
            return reading
        if isinstance(chosen.chain.head.day, Festival) and _is_at_festival(reading, days.first):
            return reading
        if inside and days.whole and not reading.days.whole and not chosen.chain.head.repeat:
            return _narrower(reading, text)
    return chosen


def _is_at_festival(reading: Reading, festival: date) -> bool:
    """国庆节放假，从10月1日到10月7日; 国庆结婚，10月3号中午开席."""
    if reading.days is None or not isinstance(reading.chain.head.day, MonthDay):
        return False
    away = abs((reading.days.first - festival).days)
    return away == 0 or (away <= _FESTIVE_DAYS and reading.chain.head.timed)


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


def _shift_of(reading: Reading, text: Text) -> tuple[int, Length] | None:
    """The length by which the words after a time move it, and which way; 提前十分钟到场 moves nothing."""
    for stretch in text.lengths:
        if not reading.chain.end <= stretch.start <= reading.chain.end + _REACH:
            continue
        before = text.norm[max(0, stretch.start - 6) : stretch.start]
        if _LATER.search(before):
            return 1, stretch.length
        if _EARLIER.search(before) and not _IN_PERSON.match(text.norm, stretch.end):
            return -1, stretch.length
    return None


def _shifted(span: TimeSpan, reading: Reading, text: Text) -> TimeSpan:
    shift = _shift_of(reading, text)
    if shift is None:
        return span
    sign, length = shift
    if span.date_only and length.minutes:
        return span
    return replace(
        span,
        start=span.start and _add(span.start, length, sign),
        end=span.end and _add(span.end, length, sign),
    )


def _add(moment: datetime, length: Length, sign: int = 1) -> datetime:
    day = add_months(moment.date(), sign * length.months)
    return moment.replace(year=day.year, month=day.month, day=day.day) + sign * timedelta(
        days=length.days + length.workdays, minutes=length.minutes
    )


def _finished(span: TimeSpan, reading: Reading, text: Text) -> TimeSpan:
    """明天早上8点停水，下午6点恢复: the end that is said in a clause of its own."""
    if span.end or not span.start or reading.chain.bound is Bound.UNTIL:
        return span
    for other in text.readings:
        if other.standing.role is not Role.FINISH or other.span is None or other.chain.start < reading.chain.end:
            continue
        end = _end_on_its_day(span.start, reading, other) or other.span.start or other.span.end
        if end and end > span.start and other.span.date_only == span.date_only:
            return replace(span, end=end)
    return span


def _end_on_its_day(start: datetime, reading: Reading, other: Reading) -> datetime | None:
    """The end that names no day of its own, as the hour that comes after the start (9点开始，11点结束)."""
    head, tail = reading.chain.head, other.chain.head
    own_day = tail.dated and not isinstance(tail.day, Fixed)
    if own_day or not tail.clock or not head.clock:
        return None
    first = start.hour * 60 + start.minute
    return at(start.date(), end_minutes(first, head.clock, head.parts, tail.clock, tail.parts))


def _lasting(span: TimeSpan, reading: Reading, text: Text) -> TimeSpan:
    """The end that a length gives: 开两个小时, 放假三天 (the last day is included)."""
    if span.end or not span.start:
        return span
    length = next((each.length for each in text.lengths if _is_length_of(each, reading, text)), None)
    if length is None:
        return span
    if span.rrule and not length.minutes:
        return span
    if span.date_only:
        last = _add(span.start, length) - timedelta(days=1)
        if reading.tense is Tense.PAST and last > text.now:
            return span
        return replace(span, end=last) if last > span.start and not length.minutes else span
    return replace(span, end=_add(span.start, length))


def _on_days_in_a_row(span: TimeSpan, text: Text) -> TimeSpan:
    """连续三天早上七点: the hour of each of the days."""
    if span.date_only or span.rrule or not span.start:
        return span
    for stretch in text.lengths:
        if stretch.length.days > 1 and _IN_A_ROW.search(text.norm, max(0, stretch.start - 4), stretch.start):
            return replace(span, rrule=Repeat("DAILY", count=stretch.length.days).rule())
    return span


def _is_length_of(stretch: Stretch, reading: Reading, text: Text) -> bool:
    norm, chain = text.norm, reading.chain
    before = norm[max(0, stretch.start - 8) : stretch.start]
    of_event = _LENGTH_OF_EVENT.match(norm, stretch.end) is not None
    if _NOT_LASTING.search(before) or (_NOT_LASTING_AFTER.match(norm, stretch.end) and not of_event):
        return False
    if _LATER.search(before) or _EARLIER.search(before) or abs(stretch.start - chain.end) > 2 * _REACH:
        return False
    if of_event or _LASTING.search(before) is not None or 0 <= stretch.start - chain.end <= 1:
        return True
    return reading.tense is not Tense.PAST and _DOING.fullmatch(norm, chain.end, stretch.start) is not None


def _counted(span: TimeSpan, reading: Reading, text: Text) -> TimeSpan:
    """COUNT of a rule: 一共八次, 连续两周."""
    repeat = next((moment.repeat for moment in reading.chain.moments if moment.repeat), None)
    if repeat is None or span.rrule is None or "COUNT" in span.rrule:
        return span
    match = _TIMES.search(text.norm)
    if match and to_int(match["count"]) > 1:
        return replace(span, rrule=replace(repeat, count=to_int(match["count"])).rule())
    last = _last_day(span, reading, text)
    if last is None or span.start is None:
        return span
    return replace(span, rrule=replace(repeat, count=repeat.count_until(span.start.date(), last)).rule())


def _last_day(span: TimeSpan, reading: Reading, text: Text) -> date | None:
    """The last day of what repeats: 连续一周, or 一直到月底 after it."""
    for other in text.readings:
        ends = (
            other.standing.role is Role.FINISH
            and other.chain.bound is Bound.UNTIL
            and other.chain.start > reading.chain.end
        )
        if ends and other.span and other.span.date_only and other.span.end:
            return other.span.end.date()
    length = next((each.length for each in text.lengths if not each.length.minutes and _goes_on(each, text)), None)
    if length is None or span.start is None:
        return None
    return add_months(span.start.date(), length.months) + timedelta(days=length.days - 1)


def _goes_on(stretch: Stretch, text: Text) -> bool:
    return _GOING_ON.search(text.norm, max(0, stretch.start - 5), stretch.start) is not None
