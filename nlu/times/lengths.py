"""What the lengths in a text say of its event: how long it lasts, and by how much it is moved."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from nlu.times.repeats import Repeat
from nlu.times.roles import Role
from nlu.times.search import add_months
from nlu.times.tense import Tense
from nlu.times.words import one_of, words

if TYPE_CHECKING:
    from datetime import datetime

    from nlu.times.atoms import Length
    from nlu.times.moments import Stretch
    from nlu.times.reading import Reading, Text
    from nlu.times.span import TimeSpan

_LASTING = re.compile(
    rf"{one_of(words('lasting'))}(?:了|个|是|为|:|到|大概|大约|约|差不多|一共|共|要|时间|会|的|连续|预计|\s|,)*$"
)
_NOT_LASTING = re.compile(rf"{one_of(words('not_lasting'))}(?:了|个)?$")
_NOT_LASTING_AFTER = re.compile(r"\s?(?:一次|以上|的|路|车程|积|得|换|工资|没|就(?![散完行够好结])|前|[加扣兑]|有)")
_LENGTH_OF_EVENT = re.compile(r"长?假|的(?:会|培训|讲座|课|活动|义诊|议事|停[水电气])")
# 起公示 and 集中整治 before a length: something is done for so long.
_CLAUSE_END = re.compile(r"[,。!?;\n]")
_DOING = re.compile(r"[^,。!?;\n]*,?[^,。!?;\n]*[一-鿿]")
_LATER = re.compile(r"(?:推迟|延迟|延后|顺延|推后|往后推|往后延|往后挪|后推|延期|挪|晚)(?:了|到)?\s?$")
_EARLIER = re.compile(r"(?<![请须需应])(?<!务必)(?:提前|往前提|提早)(?:了)?\s?$")
# 会提前半小时; 提前半小时到场 and 订餐提前一天打电话 are of those who come or call.
_EARLIER_AFTER = re.compile(
    r"\s?(?:[。,;!?)吧哈嘛了的哦]|$|[举召进停]行|召开|开[会课始]?|办|停[水电气]|(?:到|至|即)[0-9一-鿿]{0,3}[0-9一二三四五六七八九十两点号])"
)
_IN_A_ROW = re.compile(r"(?:连续|连着|一连)了?\s?$")
_REACH = 40


def shift_of(reading: Reading, text: Text) -> tuple[int, Length] | None:
    """The length by which the words after a time move it, and which way; 提前十分钟到场 moves nothing."""
    for stretch in text.lengths:
        if not reading.chain.end <= stretch.start <= reading.chain.end + _REACH or _moved_from(stretch, reading, text):
            continue
        if any(_stands_nearer(other, stretch, reading, text.norm) for other in text.readings):
            continue
        before = text.norm[max(0, stretch.start - 6) : stretch.start]
        if _LATER.search(before):
            return 1, stretch.length
        if _EARLIER.search(before) and _EARLIER_AFTER.match(text.norm, stretch.end):
            return -1, stretch.length
    return None


def _moved_from(stretch: Stretch, reading: Reading, text: Text) -> bool:
    """今晚八点停水，原来是七点，推迟一小时: the new time has been said."""
    old = (other for other in text.readings if other.standing.role is Role.OLD)
    return any(reading.chain.end <= other.chain.start <= stretch.start for other in old)


def shifted(span: TimeSpan, reading: Reading, text: Text) -> TimeSpan:
    """The span moved by the length that the words after it say (推迟一个小时)."""
    shift = shift_of(reading, text)
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


def lasting(span: TimeSpan, reading: Reading, text: Text) -> TimeSpan:
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


def on_days_in_a_row(span: TimeSpan, text: Text) -> TimeSpan:
    """连续三天早上七点: the hour of each of the days."""
    if span.date_only or span.rrule or not span.start:
        return span
    for stretch in text.lengths:
        if stretch.length.days > 1 and _IN_A_ROW.search(text.norm, max(0, stretch.start - 4), stretch.start):
            return replace(span, rrule=Repeat("DAILY", count=stretch.length.days).rule())
    return span


def _is_clause(stretch: Stretch, norm: str) -> bool:
    """讲座三点开始，讲遗产继承，两个小时，不收费: a clause that says nothing but how long."""
    return norm[stretch.start - 1 : stretch.start] == "," and norm[stretch.end : stretch.end + 1] in (*",。;", "")


def _stands_nearer(other: Reading, stretch: Stretch, reading: Reading, norm: str) -> bool:
    """25日开评议会，结果26日起公示7天: a length is that of the day said before it in its own clause."""
    between = reading.chain.end <= other.chain.start and other.chain.end <= stretch.start
    return (
        between
        and other.days is not None
        and other.chain.head.dated
        and not _CLAUSE_END.search(norm, other.chain.end, stretch.start)
    )


def _is_length_of(stretch: Stretch, reading: Reading, text: Text) -> bool:
    norm, chain = text.norm, reading.chain
    before = norm[max(0, stretch.start - 8) : stretch.start]
    if any(_stands_nearer(other, stretch, reading, norm) for other in text.readings):
        return False
    of_event = _LENGTH_OF_EVENT.match(norm, stretch.end) is not None
    if _NOT_LASTING.search(before) or (_NOT_LASTING_AFTER.match(norm, stretch.end) and not of_event):
        return False
    if _LATER.search(before) or _EARLIER.search(before) or abs(stretch.start - chain.end) > 2 * _REACH:
        return False
    if of_event or _LASTING.search(before) is not None or 0 <= stretch.start - chain.end <= 1:
        return True
    if _is_clause(stretch, norm) and not any(chain.end <= other.chain.start < stretch.start for other in text.readings):
        return True
    return reading.tense is not Tense.PAST and _DOING.fullmatch(norm, chain.end, stretch.start) is not None
