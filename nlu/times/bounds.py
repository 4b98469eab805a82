"""Where a time is a beginning or a deadline by the words beside it: 周五前, 截止到20号, 从下周一开始."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nlu.times.atoms import Bound
from nlu.times.words import pattern_of

if TYPE_CHECKING:
    from nlu.times.moments import Chain

_BEFORE_IT = re.compile(
    r"\s?(?:钟|整|左右)?(?:下班|放学|收工|收班)?(?:之前|以前|前(?!往|来|面|门|台|排|方|后|任|期|夕|去|院|头|坝|天|年))"
)
_UNTIL_AFTER = re.compile(
    r"\s?(?:钟|整|左右)?(?:结束之?前|(?:报名|登记|申报|征集|投票|缴费)?截止|截至|止(?!水|痛)|为止|到期|之内|以内|内(?!部|容|科|侧|涝|环|江))"
)
_UNTIL_IT_ENDS = re.compile(r"[到至]\s*$")
_ENDS_AFTER = re.compile(r"\s?(?:结束|到期|止)(?!后|以后)")
_UNTIL_BEFORE = re.compile(
    r"(?:截止(?:时间|日期|日)?(?:到|至|为|是|于|在)?[:\s]*|截至|截到|(?:最迟|最晚|至迟)(?:要|得|必须|不超过)?(?:在|到|于)?|不[迟晚]于|直到"
    rf"|{pattern_of('going_on').pattern}(?:时间)?[到至]"
    r"|(?<![改迟期延整提甚以直移换挪更推调])至)\s*$"
)
_FROM_AFTER = re.compile(
    r"\s?(?:钟|左右|的时候)?就?(?:起(?!床|来|火|码|飞|草|诉|身|点|吊|重|哄|义|因|跑|早|夜|争|冲|名)|开始|以来|以后|之后"
    r"|后(?!面|门|台|排|院|方|勤|背|山|坝|街|续|天|来|备|头)|[一直]{0,2}到现在|到目前|至今|[一直]{0,2}到这会|到如今)"
)
_FROM_BEFORE = re.compile(r"(?:自从|打从|自打|从|自)(?:大概|大约)?\s*$")
# 捡垃圾捡到十一点: the verb said again with 到.
_VERB_AGAIN = re.compile(r"([一-鿿])[^,。;!?\s]{1,10}\1到\s*$")
_REACH = 14


def bounded(chain: Chain, before: int, text: str) -> Chain:
    """The chain with its bound, read from the text before it (from `before` on) and after it."""
    if len(chain.moments) > 1:
        return chain
    if chain.head.bound:
        return replace(chain, bound=chain.head.bound)
    if _BEFORE_IT.match(text, chain.end):
        return replace(chain, bound=Bound.UNTIL, opens=True)
    leading = text[max(before, chain.start - _REACH) : chain.start]
    ends = _UNTIL_IT_ENDS.search(leading) and _ENDS_AFTER.match(text, chain.end)
    if ends or _UNTIL_AFTER.match(text, chain.end) or _UNTIL_BEFORE.search(leading) or _VERB_AGAIN.search(leading):
        return replace(chain, bound=Bound.UNTIL)
    if _FROM_AFTER.match(text, chain.end) or _FROM_BEFORE.search(leading):
        return replace(chain, bound=Bound.FROM)
    return chain
