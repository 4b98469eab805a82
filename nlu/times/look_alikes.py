"""Rules that read what looks like a time and is none, so that no other rule reads a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.times.atoms import DIGITS, NUMERALS, Skip, rule
from nlu.times.festivals import FESTIVALS
from nlu.times.words import one_of, words

if TYPE_CHECKING:
    import re

    from nlu.times.atoms import Atom, Rule, Value


def _skip(_match: re.Match[str], _: Atom | None) -> Value | None:
    return Skip()


_PHRASES = words("look_alikes")
_THINGS = "(?:米|公里|千米|里路|平|斤|公斤|吨|亩|倍|万|亿|元|块|度|级|升|厘米|毫米|克|个百分点|折|岁|%)"
LOOK_ALIKES: tuple[Rule, ...] = (
    rule("".join({phrase[0] for phrase in _PHRASES}), rf"{one_of(_PHRASES)}(?!钟)", _skip),
    rule(DIGITS, r"(?<![0-9.])[0-9]{5,}(?:-[0-9]+)*", _skip),
    rule(DIGITS, r"(?<![0-9.])0[0-9]{2,}号?", _skip),
    rule(NUMERALS, rf"[{NUMERALS}]{{1,4}}百[{NUMERALS}百千万]{{0,6}}(?!年|天|个|分钟)", _skip),
    rule(NUMERALS, rf"[{NUMERALS}]{{1,3}}点[{NUMERALS}]{{1,3}}{_THINGS}", _skip),
    rule("百十千万", rf"[百十千万]分之(?:[0-9.]+|[{NUMERALS}百]+(?:点[{NUMERALS}]+)?)", _skip),
    rule(
        "第",
        rf"第[0-9{NUMERALS}]{{1,3}}(?:[点条款章项期届名位号年]|次(?!日)|天(?!早|晚|上|下|中|凌|[0-9{NUMERALS}]))(?<!第二天)(?<!第2天)(?<!第三天)",
        _skip,
    ),
    rule(
        "到",
        rf"到今天(?:[0-9]{{1,2}}[号日])?(?=[都还也仍]{{0,2}}[没不未]|[^,。]{{0,6}}还|[都已经也有]{{0,3}}[0-9{NUMERALS}半]{{1,3}}个?多?(?:[天周月年]|星期|礼拜))",
        _skip,
    ),
    # 四周 is all around, unless something goes on or is counted by it.
    rule("四", r"(?<!连续)(?<!连着)(?<!一连)(?<!为期)(?<!持续)(?<!时间)四周(?![之以]?[后内前]|一次|时间)", _skip),
    rule("非节", "非工作日|非上班日|节假日", _skip),
    rule("工", "工作日(?:志|报)", _skip),
    rule("".join({name[0] for name in FESTIVALS}), rf"{one_of(FESTIVALS)}(?:节)?(?:快乐|安康|愉快|吉祥|大吉)", _skip),
)
