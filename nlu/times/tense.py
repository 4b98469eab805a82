"""Whether a sentence speaks of what has been or of what is to come, as far as its words tell."""

from __future__ import annotations

import re
from enum import IntEnum

from nlu.times.words import any_of, words


class Tense(IntEnum):
    """What the words around a time give away."""

    FUTURE = -1
    UNKNOWN = 0
    PAST = 1


_CLAUSE_END = re.compile(r"[,。!?;\n]")
_SENTENCE_END = re.compile(r"[。!?;\n]")
_STRONG = re.compile(
    f"(?P<past>{any_of('past').pattern}"
    f"|(?<!\\A)(?<!{')(?<!'.join(words('not_past_le'))})了(?!解|不得|结|算|哈|吧)"
    r"|(?<![不莫别])[来去说报修打吵漏开停搞谈办找讲议查听调处闹堵坏问]过(?![来去后程一两几])"
    r"|(?<![棉盖晒铺])被(?=[他她人它别对楼隔车狗打偷撞砸咬骂堵占])"
    r"|(?:反映|投诉|举报|报修)[^,。;!?\n]{0,10}的"
    r"|(?<!而)已(?!到期)"
    r"|[来开修办交定报]的(?=[,。!?;\n]|$|会(?!议室)|时候|电|水|事|名))"
    f"|(?P<future>(?<![重主必申])(?:{any_of('future').pattern})(?!求|紧|三))"
)
_WEAK = re.compile(
    f"(?P<past>{any_of('past_weak').pattern})|(?P<future>{any_of('future_weak').pattern}"
    r"|(?<![起出回过本原])来(?![了的往源])|(?<![过出回])去(?![了过的年])" + ")"
)
_BROKEN = re.compile(r"到现在|至今|到今天|影子|都没")
# Further away than this, words are about something else.
_REACH = 60


def tense_at(text: str, before: int, start: int, end: int, after: int) -> Tense:
    """The tense that the words around text[start:end] tell, read from `before` to `after` (the times beside it).

    A time stands before its verb, so what follows it in its own clause is asked first, then what goes before it there,
    then the other clauses of the sentence, the nearest one first.
    """
    following = _SENTENCE_END.split(text[end : min(after, end + _REACH)], maxsplit=1)[0]
    preceding = _SENTENCE_END.split(text[max(before, start - _REACH) : start])[-1]
    own, *later = _CLAUSE_END.split(following)
    mine, *earlier = reversed(_CLAUSE_END.split(preceding))
    return next((tense for clause in (own, mine, *later, *earlier) if (tense := _of_clause(clause))), Tense.UNKNOWN)


def broken(text: str, end: int) -> bool:
    """Whether a deadline that ends at `end` has passed: 过年前说结账，到现在没结."""
    return _BROKEN.search(_SENTENCE_END.split(text[end : end + _REACH], maxsplit=1)[0]) is not None


def _of_clause(clause: str) -> Tense:
    for evidence in (_STRONG, _WEAK):
        if match := evidence.search(clause):
            return Tense.PAST if match["past"] else Tense.FUTURE
    return Tense.UNKNOWN
