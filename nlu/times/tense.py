"""Whether a sentence speaks of what has been or of what is to come, as far as its words tell."""

from __future__ import annotations

import re
from enum import IntEnum

from nlu.times.evidence import CAUSE, FAINT, STRONG, WEAK


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
    r"到现在|现在[都还也]*没|至今|到今天|影子|[都后]没|\A(?:[之以]?前)?[就都](?![要得会能可必须])[^,。!?;]*[了过]"
)
# Further away than this, words are about something else.
_REACH = 60


def tense_at(text: str, before: int, start: int, end: int, after: int) -> Tense:
    """The tense that the words around text[start:end] tell, read from `before` to `after` (the times beside it).

    A time stands before its verb, so what follows it in its own clause is asked first, then what goes before it there,
    then the other clauses of the sentence, the nearest one first. 来 and 去 in the time's own clause tell more than weak
    words elsewhere, and less than strong ones that follow (星期五我来找你们，没人).
    """
    if _WENT_ON.search(text, start, end):
        return Tense.PAST
    if _WILL_GO_ON.search(text, start, end):
        return Tense.FUTURE
    following = _SENTENCE_END.split(text[end : min(after, end + _REACH)], maxsplit=1)[0]
    preceding = _SENTENCE_END.split(text[max(before, start - _REACH) : start])[-1]
    own, *later = _CLAUSE_END.split(following)
    mine, *earlier = reversed(_CLAUSE_END.split(preceding))
    asked = (
        ((own, mine), (STRONG, WEAK)),
        (later, (STRONG,)),
        ((own, mine), (FAINT,)),
        ((*later, *earlier), (STRONG, WEAK)),
        ((*later, *earlier), (FAINT,)),
    )
    heard = (_heard(clause, grade) for clauses, grades in asked for clause in clauses for grade in grades)
    return next((tense for tense in heard if tense), Tense.UNKNOWN)


def broken(text: str, end: int) -> bool:
    """Whether a deadline that ends at `end` has passed: 过年前说结账，到现在没结."""
    return _BROKEN.search(_SENTENCE_END.split(text[end : end + _REACH], maxsplit=1)[0]) is not None


def _heard(clause: str, evidence: re.Pattern[str]) -> Tense:
    match = evidence.search(CAUSE.sub("", clause) if "因" in clause or "由于" in clause else clause)
    if match is None:
        return Tense.UNKNOWN
    return Tense.PAST if match["past"] else Tense.FUTURE
