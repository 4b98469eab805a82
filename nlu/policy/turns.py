"""Hears one turn of a talk: what of it the person meant, and what they only denied, knew already or pressed for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.policy.further import presses

# 「不是书记述职，是年度党建那个」: what the person did not mean, and what they did.
_DENIES = re.compile(
    r"^(?:我)?(?:(?:不是|没有?问|不问|没有?说)(?:的?是|你|问|说)?|(?:莫|别|不要)(?:跟我)?(?:扯|说|提|讲))"
)
_WRONG = re.compile(r"^(?:你)?(?:不对|不是|都?(?:搞|弄|听|理解)?错了?|没听懂)$")
_KNOWS_ALREADY = re.compile(r"(?:我)?(?:都|已经)?(?:知道|清楚|明白)了?$")
_MEANS = re.compile(r"^(?:我)?(?:想?(?:问|说|讲|指)的?是|(?:的)?意思是|是)")
_ASKS_BACK = re.compile(r"[吗么不没]$|没有$")
_HESITATES = re.compile(r"^(?:哎呀|哎|唉|哦|算了)")


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: `text` in standard spelling, and what of it the person meant and did not mean."""

    text: str
    meant: str
    denied: str

    @property
    def corrects(self) -> bool:
        """Whether the person says that they were misunderstood, or what they know already."""
        return self.meant != self.text


def hear(text: str) -> Turn:
    """A turn (in standard spelling) with its corrections taken apart: 「不是甲，是乙」, 「甲我知道，问的是乙」.

    What only presses for more (说具体点) is left out beside what is asked.
    """
    meant, denied, corrects = [], [], False
    parts = [_HESITATES.sub("", part) for part in text.split()]
    asking = [part for part in parts if not presses(part)] or parts
    text = " ".join(asking)
    for part in asking:
        if _WRONG.match(part):
            corrects = True
        elif not _ASKS_BACK.search(part) and (_DENIES.match(part) or _KNOWS_ALREADY.search(part)):
            denied.append(_KNOWS_ALREADY.sub("", _DENIES.sub("", part)))
        else:
            meant.append(part)
    if not denied and not corrects:
        return Turn(text, text, "")
    return Turn(text, " ".join(_MEANS.sub("", part) for part in meant), " ".join(denied))
