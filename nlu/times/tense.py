"""Whether a sentence speaks of what has been or of what is to come, as far as its words tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from nlu.times.evidence import CAUSE, FAINT, STRONG, WEAK

if TYPE_CHECKING:
    from nlu.times.moments import Chain


class Tense(IntEnum):
    """What the words around a time give away."""

    FUTURE = -1
    UNKNOWN = 0
    PAST = 1


_CLAUSE_END = re.compile(r"[,。!?;\n]")
_SENTENCE_END = re.compile(r"[。!?;\n]")
# Between the ends of a range: 吵到, 预计要到.
_WENT_ON = re.compile(r"[吵闹漏吼烧熬]到")
_WILL_GO_ON = re.compile(r"(?:预计|估计|可能|要)到")
_BROKEN = re.compile(
    r"到现在|现在[^,。!?;]{0,12}[没未]|至今|到今天|影子|结果[^,。!?;]{0,6}(?<!有)没|[都后也]没(?!事|空|时间|得空)|\A(?:[之以]?前)?[就都](?![要得会能可必须])[^,。!?;]*[了过]"
)
_DUE = re.compile("就(?:该|应该|说|讲|答应|承诺|通知)")
_PROMISE = re.compile(r"说|答应|承诺|保证")
# Further away than this, words are about something else.
REACH = 60


@dataclass(frozen=True, slots=True)
class Around:
    """The clauses around a time: what stands inside it, what follows and what goes before it, the nearest first.

    `rest` is all that follows in the sentence, other times included.
    """

    inside: str
    own: str
    mine: str
    later: tuple[str, ...]
    earlier: tuple[str, ...]
    rest: str


def around(text: str, before: int, chain: Chain, after: int) -> Around:
    """The clauses of its sentence around a chain, from `before` to `after` (the times beside it)."""
    start, end = chain.start, chain.end
    following = _SENTENCE_END.split(text[end : min(after, end + REACH)], maxsplit=1)[0]
    preceding = _SENTENCE_END.split(text[max(before, start - REACH) : start])[-1]
    own, *later = _CLAUSE_END.split(following)
    mine, *earlier = reversed(_CLAUSE_END.split(preceding))
    if before:
        # 端午发的粽子钱6月底报账: what is said of the time before is not said of this one.
        mine = mine.rpartition("的")[2]
    rest = _SENTENCE_END.split(text[end : end + REACH], maxsplit=1)[0]
    return Around(text[start:end], own, mine, tuple(later), tuple(earlier), rest)


def tense_of(around: Around, nearer: Tense) -> Tense:
    """The tense that the words around a time tell; `nearer` is the side on which the nearest such day lies.

    A time stands before its verb, so what follows it in its own clause is asked first, then what goes before it there,
    then the other clauses of the sentence, the nearest one first. 来 and 去 in the time's own clause tell more than
    weak words elsewhere, and less than strong ones that follow (星期五我来找你们，没人).
    """
    if _WENT_ON.search(around.inside) or around.inside.endswith("许"):
        return Tense.PAST
    if _WILL_GO_ON.search(around.inside):
        return Tense.FUTURE
    here, others = (around.own, around.mine), (*around.later, *around.earlier)
    asked = (
        (here, (STRONG, WEAK)),
        (around.later, (STRONG,)),
        (here, (FAINT,)),
        (others, (STRONG, WEAK)),
        (others, (FAINT,)),
    )
    heard = (_heard(clause, grade) for clauses, grades in asked for clause in clauses for grade in grades)
    tense = next((tense for tense in heard if tense), Tense.UNKNOWN)
    return _settled(tense, around, nearer)


def _settled(tense: Tense, around: Around, nearer: Tense) -> Tense:
    """A date that has just been needs less to be past than one that is months away, and one that is near needs more."""
    strong = [_heard(clause, STRONG) for clause in (around.own, around.mine, *around.later)]
    if tense is Tense.PAST and Tense.PAST not in (strong[0], *strong[2:]) and nearer is Tense.FUTURE:
        return Tense.UNKNOWN
    if tense is Tense.FUTURE and strong[0] is not Tense.FUTURE and Tense.PAST in strong and nearer is Tense.PAST:
        return Tense.PAST
    return tense


def broken(around: Around) -> bool:
    """Whether what follows tells that a deadline or a promise has passed: 过年前说结账，到现在没结."""
    return _BROKEN.search(around.rest) is not None


def tells_of_past(around: Around) -> bool:
    """Whether the clause of the time tells outright that it has been: 年前报的修, 三月份就该到账."""
    return _heard(around.own, STRONG) is Tense.PAST or _DUE.match(around.own) is not None


def tells_of_future(around: Around) -> bool:
    """Whether the clause of the time tells outright that it lies ahead: 请20号前交."""
    return Tense.FUTURE in (_heard(around.own, STRONG), _heard(around.mine, STRONG))


def promised(around: Around) -> bool:
    """Whether the time is one that somebody spoke of: 物业说22号来修，也没见人."""
    return _PROMISE.search(around.mine) is not None


def _heard(clause: str, evidence: re.Pattern[str]) -> Tense:
    match = evidence.search(CAUSE.sub("", clause) if "因" in clause or "由于" in clause else clause)
    if match is None:
        return Tense.UNKNOWN
    return Tense.PAST if match["past"] else Tense.FUTURE
