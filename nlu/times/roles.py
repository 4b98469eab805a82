"""What each time of a text is for: the event, signing up, the old date, what a correction strikes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from nlu.times.atoms import Bound
from nlu.times.date_words import FESTIVAL
from nlu.times.feasts import Festival, LunarDay
from nlu.times.months import Edge, MonthDay, MonthEdge, Quarter, WholeMonth, Year
from nlu.times.words import one_of, pattern_of, words

if TYPE_CHECKING:
    from nlu.times.moments import Chain


class Role(IntEnum):
    """What a time is for, the event first: of two roles the lower one is the time that counts."""

    EVENT = 0
    PREPARING = 1
    TOPIC = 2
    ANSWER = 3
    SAID = 4
    WIDE = 5
    SIGNING_IN = 6
    SIGNING_UP = 7
    OLD = 8
    FINISH = 9
    VOID = 10
    STRUCK = 11


@dataclass(frozen=True, slots=True)
class Standing:
    """The role of one chain; `replaces` is the place of the chain whose time it takes over, `corrects` tells how."""

    role: Role
    replaces: int | None = None
    corrects: bool = False


_CLAUSE_END = re.compile(r"[,。!?;\n]")
_SIGNING = one_of((*words("signing_in"), *words("signing_up")))
_SIGNING_UP = pattern_of("signing_up")
_SIGNING_AFTER = re.compile(rf"(?:(?!会(?!议室|场|堂)|活动|义诊|培训|讲座|{_SIGNING}).){{0,8}}?{_SIGNING}(?!参加)")
_SIGNING_BEFORE = re.compile(rf"{_SIGNING}(?P<named>(?:时间|截止|日期|开始|为|是|在|从|于|请|:|\s)*)$")
_PREPARING_AFTER = re.compile(rf"[^,。]{{0,4}}?{pattern_of('preparing').pattern}")
_PREPARING_BEFORE = re.compile(rf"{pattern_of('preparing').pattern}(?:时间|安排|定|在|于|是|为|:|\s)*$")
_HANDED_IN_AFTER = re.compile(rf"(?:统一|再|就|要|集中)?{pattern_of('handing_in').pattern}")
_OF_PERIOD_AFTER = re.compile(rf"的?{pattern_of('of_period').pattern}|的[也都还只]")
_SAID_AFTER = re.compile(rf".{{0,2}}?{pattern_of('said').pattern}")
_EXPIRES_AFTER = re.compile("(?:就|才|将)?(?:到期|过期|期满)")
_SAID_THEN = re.compile(
    r"(?:[之以]?前)?(?:[他她][们家]?|人家|师傅|物业)?[就都又还]?(?:通知|说|讲|喊|答应|承诺|保证|约)[的好是了]{0,2}(?:我们?|大家|各家)?"
)
_SAID_BEFORE = re.compile(
    r"(?:[等到]|(?<!从))(?:现在|这会儿?|这时候?)(?:都|已经|是)*\s*$|(?:根据|按照|依据|鉴于|参照)[:\s]*$|(?:发布|通知|发文|落款|填报|成文|出生)(?:时间|日期|于)[:\s]*$"
)
_ANSWERING = pattern_of("answering")
MOVED_TO = re.compile(
    rf"{one_of(words('moved'))}[整更动换改迟期后前长]?(?:时间)?(?:到了?|至|为|成了?|在|于)?了?[:\s“「]*$"
)
_OLD_BEFORE = re.compile(
    rf"(?:{one_of(word for word in words('old') if len(word) > 1)}[^,。;!?]{{0,8}}|(?<![高草平])原)$"
)
_FINISH_AFTER = re.compile(
    rf"[^,。;一-鿿]{{0,2}}(?:之?前)?(?:才|就|可以|能|左右|全部|准时|预计)?{pattern_of('finish').pattern}"
)
_CLOSES = re.compile(r"(?:起|开始)[^,。;!?0-9]{0,6}[,;\s]*")
_FINISH_BEFORE = re.compile(
    r"(?:(?:恢复|结束|来水|来电|通水|送电|散会)[^,。;]{0,4}(?:时间)?(?:预计|大概)?(?:是|为|在|于|:)?"
    rf"|[,\s。;](?:一直|持续|预计|直|[一-鿿]{{0,3}}?{pattern_of('going_on').pattern})?[到至])\s*$"
)
_TOPIC_AFTER = re.compile(rf"(?:节|的|前夕|当天)?{pattern_of('topic').pattern}")
_NAMED = re.compile(rf"{FESTIVAL}$")
# More words than these between two days make a statement of the first.
_FEW = 6
_FESTIVE = re.compile(r"(?:迎接?|庆祝?|喜迎|欢度|纪念|围绕)\s*$")


def between(chains: list[Chain], place: int, text: str) -> tuple[str, str]:
    """The text before and after a chain, up to the chains beside it."""
    chain = chains[place]
    since = chains[place - 1].end if place else 0
    until = chains[place + 1].start if place + 1 < len(chains) else len(text)
    return text[max(since, chain.start - 40) : chain.start], text[chain.end : min(until, chain.end + 60)]


def own_standing(chains: list[Chain], place: int, text: str) -> Standing:
    """The role of a chain by the words beside it, the other chains left aside."""
    chain = chains[place]
    before, after = between(chains, place, text)
    own_before, own_after = _CLAUSE_END.split(before)[-1], _CLAUSE_END.split(after)[0]
    until = chain.bound is Bound.UNTIL and (
        before.rstrip().endswith(("到", "至")) or (place > 0 and _CLOSES.fullmatch(before) and "截止" in after[:4])
    )
    ends = _FINISH_AFTER.match(own_after) or _FINISH_BEFORE.search(before)
    if place and (until or (ends and len(chain.moments) == 1)):
        return Standing(Role.FINISH)
    if _signs(own_before, own_after, alone=not place or _CLAUSE_END.search(before) is not None):
        up = _SIGNING_UP.search(own_before[-8:]) or _SIGNING_UP.search(own_after[:14])
        return Standing(Role.SIGNING_UP if up else Role.SIGNING_IN)
    if _PREPARING_AFTER.match(own_after) or _PREPARING_BEFORE.search(own_before):
        return Standing(Role.PREPARING)
    if _asks_answer(before, own_after) if chain.bound is Bound.UNTIL else _is_handing_in(chain, own_after):
        return Standing(Role.ANSWER)
    told = place + 1 < len(chains) and _SAID_THEN.fullmatch(after)
    if _EXPIRES_AFTER.match(own_after) or told or _SAID_AFTER.match(own_after) or _SAID_BEFORE.search(own_before):
        return Standing(Role.SAID)
    if _OLD_BEFORE.search(own_before) and not MOVED_TO.search(own_before):
        return Standing(Role.OLD)
    if _is_wide(chain, own_before, own_after):
        return Standing(Role.WIDE)
    if not chain.head.timed and _is_topic(chains, place, text):
        return Standing(Role.TOPIC)
    return Standing(Role.EVENT)


def _is_topic(chains: list[Chain], place: int, text: str) -> bool:
    """Whether a festival only names what is done: 端午活动, 为迎接七一, 七一表彰大会6月30日召开, 年底慰问."""
    before, after = between(chains, place, text)
    if not isinstance(chains[place].head.day, (Festival, LunarDay, MonthEdge, Year)):
        # 11月9日消防日，社区11月8日上午教用灭火器
        also_named = _NAMED.search(text, chains[place].start, chains[place].end) is not None
        return also_named and _is_on_another_day(chains, place, after)
    if _TOPIC_AFTER.match(after) or _FESTIVE.search(before):
        return True
    if chains[place].bound or len(chains[place].moments) > 1 or place + 1 == len(chains):
        return False
    head = chains[place + 1].head
    dated = isinstance(head.day, MonthDay) or (head.day is not None and head.timed)
    same_clause = dated and bool(after.strip()) and not _CLAUSE_END.search(after)
    return same_clause or _is_on_another_day(chains, place, after)


def _is_on_another_day(chains: list[Chain], place: int, after: str) -> bool:
    """植树节，社区3月10日上午种树: so few words before another date say nothing of the festival itself."""
    head = chains[place + 1].head if place + 1 < len(chains) else None
    return head is not None and isinstance(head.day, MonthDay) and head.timed and 1 < len(after.strip()) <= _FEW


def _is_wide(chain: Chain, before: str, after: str) -> bool:
    """上半年的总结7月10日前交, 7月的电费: a year, a quarter or a month of a bill says of which time it is, not when."""
    match chain.head.day:
        case Quarter():
            wide = True
        case WholeMonth():
            wide = before.endswith("比") or _OF_PERIOD_AFTER.match(after) is not None
        case Year(edge=edge):
            wide = edge not in (Edge.BEGIN, Edge.END)
        case _:
            wide = False
    return wide and chain.bound is None and len(chain.moments) == 1


def _is_handing_in(chain: Chain, after: str) -> bool:
    """12月3日上报台账: a day with no hour on which something is only handed in."""
    of_a_day = len(chain.moments) == 1 and chain.bound is None and chain.head.day is not None
    return of_a_day and not chain.head.timed and _HANDED_IN_AFTER.match(after) is not None


def _asks_answer(before: str, after: str) -> bool:
    """Whether a deadline is for signing up, answering or handing in, not for the event."""
    if "截止" in before[-6:] or "截止" in after[:4]:
        return True
    return _ANSWERING.search(after[:14]) is not None or _ANSWERING.search(before[-10:]) is not None


def _signs(before: str, after: str, *, alone: bool) -> bool:
    """Whether one signs in then: 两点签到三点开始 signs at two, 签到时间两点 too."""
    if _SIGNING_AFTER.match(after):
        return True
    named = _SIGNING_BEFORE.search(before)
    return named is not None and (alone or bool(named["named"].strip()))
