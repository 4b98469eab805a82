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
# 了 tells of what happened, but not at the start of a clause and not after 改, 定, 好 and the like.
_LE = rf"(?<!\A)(?<!{')(?<!'.join(words('not_past_le'))})了(?!解|不得|结|算|哈|吧)|(?<=[堆装停占放塞挤坐])满了"
# 停过, 说过一次; 来过去 and 过两天 are other words.
_GUO = (
    r"(?<![不莫别])[来去说报修打吵漏开停搞谈办找讲议查听调处闹堵坏问映诉交查看见做写给送借撞骂砸扫检访断]过"
    r"(?![来去后程]|[一两几](?![次回趟遍场顿架]))"
)
# 签的合同, 收到的短信: what was done to something that is there now.
_DONE_THING = (
    r"[签领借挖断买装换贴盖建拆种写拍寄租填](?:好|完|断|坏|走)?的|[收接看拿买遇碰]到的|交的(?!时候)"
    r"|[来开修办交定报走]的(?=[,。!?;\n]|$|会(?!议室)|时候|电|水|事|名)"
    r"|(?:反映|投诉|举报|报修)[^,。;!?\n]{0,10}的"
)
# 吵得睡不着: how something was.
_HOW_IT_WAS = r"[吵闹响臭堵黑脏放吼弄搞]得(?![行空])|开得(?:太|好|很|多)"
_STRONG = re.compile(
    f"(?P<past>(?!(?<=有)没){any_of('past').pattern}|{_LE}|{_GUO}|{_DONE_THING}|{_HOW_IT_WAS}"
    r"|没[来去修搞办做开弄赶买打拿][成到上完]|(?<![棉盖晒铺])被(?=[他她人它别对楼隔车狗打偷撞砸咬骂堵占])"
    r"|(?<!而)已(?!到期))"
    f"|(?P<future>(?<![重主必申说])(?:{any_of('future').pattern})(?!求|紧|三))"
)
_WEAK = re.compile(
    f"(?P<past>(?!(?<=没)有人){any_of('past_weak').pattern})|(?P<future>{any_of('future_weak').pattern})"
)
_FAINT = re.compile(r"(?P<past>(?!))|(?P<future>(?<![起出回过本原])来(?![了的往源])|(?<![过出回])去(?![了过的年]))")
_WENT_ON = re.compile(r"[吵闹漏吼烧熬]到")
_BROKEN = re.compile(r"到现在|至今|到今天|影子|都没|\A(?:[之以]?前)?[就都](?![要得会能可必须])[^,。!?;]*[了过]")
# Further away than this, words are about something else.
_REACH = 60


def tense_at(text: str, before: int, start: int, end: int, after: int) -> Tense:
    """The tense that the words around text[start:end] tell, read from `before` to `after` (the times beside it).

    A time stands before its verb, so what follows it in its own clause is asked first, then what goes before it there,
    then the other clauses of the sentence, the nearest one first.
    """
    if _WENT_ON.search(text, start, end):
        return Tense.PAST
    following = _SENTENCE_END.split(text[end : min(after, end + _REACH)], maxsplit=1)[0]
    preceding = _SENTENCE_END.split(text[max(before, start - _REACH) : start])[-1]
    own, *later = _CLAUSE_END.split(following)
    mine, *earlier = reversed(_CLAUSE_END.split(preceding))
    clauses = (own, mine, *later, *earlier)
    heard = (_heard(clause, evidence) for grades in ((_STRONG, _WEAK), (_FAINT,)) for clause in clauses for evidence in grades)
    return next((tense for tense in heard if tense), Tense.UNKNOWN)


def broken(text: str, end: int) -> bool:
    """Whether a deadline that ends at `end` has passed: 过年前说结账，到现在没结."""
    return _BROKEN.search(_SENTENCE_END.split(text[end : end + _REACH], maxsplit=1)[0]) is not None


def _heard(clause: str, evidence: re.Pattern[str]) -> Tense:
    match = evidence.search(clause)
    if match is None:
        return Tense.UNKNOWN
    return Tense.PAST if match["past"] else Tense.FUTURE
