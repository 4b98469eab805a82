"""Rules that read stretches of time, and what is counted from now by them: 三天后, 十分钟前, 三天内, 三天了."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nlu.times.atoms import DIGITS, NUMERALS, Bound, Bounded, Instant, Length, Skip, rule
from nlu.times.days import Shifted
from nlu.times.numbers import first_of_two, to_int

if TYPE_CHECKING:
    from nlu.times.atoms import Atom, Rule, Value
    from nlu.times.search import Day

_MINUTES = {"分钟": 1, "分": 1, "刻钟": 15, "小时": 60, "钟头": 60, "钟": 60}
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}
_MONTHS = {"月": 1, "年": 12}
_COUNT = (
    rf"(?<!最后)(?:(?<![0-9.第])[0-9]{{1,3}}(?:\.[0-9])?(?![0-9])|(?<!第)[{NUMERALS}百]{{1,4}}(?![{NUMERALS}])"
    r"|半|个把|点把|好?几|数|几十|十几|[二三]十几)"
)
LENGTH = (
    rf"(?P<count>{_COUNT})(?:\s?[-~到至、或]\s?(?:[0-9]{{1,2}}|[{NUMERALS}]{{1,2}}))?\s?[多来余]?(?P<each>个)?(?P<half>半)?多?\s?"
    r"(?P<unit>分钟|分(?=后|以后|之后)|刻钟|小时|钟头|钟(?!头)|工作日|天(?!天|气|亮|黑|然|府|桥|井|台)|日(?=[之以]?内|后)"
    r"|周(?![一二三四五六日天末年岁边围转期])|星期(?![一二三四五六日天])|礼拜(?![一二三四五六日天])|月|年(?!级|代|轻|底|末|初|度|纪|龄|画|货|前年|[0-9一二三四五六七八九十]{1,2}月))"
    rf"(?P<tail>半)?多?(?:(?<=小时|钟头)零?(?P<plus>[0-9]{{1,2}}|[{NUMERALS}]{{1,3}})分钟?)?"
)
_BARE_MONTH = ("半", "个把")


def length_of(match: re.Match[str]) -> Length | None:
    """The stretch that a match of `LENGTH` says; None where it is none (三月) or says no number (几天)."""
    count, unit = match["count"], match["unit"]
    if (unit == "月" and not match["each"] and count not in _BARE_MONTH) or (unit == "工作日" and not match["each"]):
        return None
    if unit == "钟" and not match["each"] and count != "点把":
        return None
    number = _number(count)
    if number is None:
        return None
    length = _stretch(number, unit, half=bool(match["half"] or match["tail"]))
    return replace(length, minutes=length.minutes + to_int(match["plus"])) if match["plus"] else length


def _number(count: str) -> float | None:
    if count in ("个把", "点把"):
        return 1
    if count == "半":
        return 0.5
    if "几" in count or count == "数":
        return None
    return float(count) if "." in count else first_of_two(count)


def _stretch(number: float, unit: str, *, half: bool) -> Length:
    number += 0.5 * half
    if unit in _MINUTES:
        return Length(minutes=int(number * _MINUTES[unit]))
    if unit in _DAYS:
        return Length(days=int(number * _DAYS[unit]))
    if unit == "工作日":
        return Length(workdays=int(number))
    months = number * _MONTHS.get(unit, 0)
    return Length(months=int(months), days=15 if months % 1 else 0)


def _from_now(length: Length, sign: int) -> Day | Instant:
    if length.minutes:
        return Instant(sign * length.minutes)
    return Shifted(sign * length.days, sign * length.months, sign * length.workdays)


_STILL_AHEAD = re.compile(r"(?:够|达到?|还有|还剩|只剩|只有|再有|差|离|距离?|不到|每|[一过]?次)$")


def _counted(match: re.Match[str], before: Atom | None) -> Value | None:
    length = length_of(match)
    if length is None:
        return Skip() if _number(match["count"]) is None else None
    if match["within"] and before and match.string[before.end : match.start()] == "起":
        # 3月10日起三天内 is counted from that day.
        return length
    if match["after"] or match["passed"] is not None:
        return _from_now(length, 1)
    if match["ago"]:
        return _from_now(length, -1)
    if match["within"]:
        return Bounded(_from_now(length, 1), Bound.UNTIL)
    ahead = _STILL_AHEAD.search(match.string, max(0, match.start() - 3), match.start())
    return length if ahead else Bounded(_from_now(length, -1), Bound.FROM)


def _plain(match: re.Match[str], _: Atom | None) -> Value | None:
    length = length_of(match)
    return Skip() if length is None and _number(match["count"]) is None else length


_SINCE = (
    r"(?:都|就|还)?[水电气网]?(?:了(?!解|结|不|没(?![一-鿿])|一次|一下)|啦|咯|喽|咾)"
    r"|(?:都|就|还|也)?(?:没|未|无|莫得|不(?!到|过|超|止))[^,。!?;\n0-9]{0,9}?(?:了(?!解|结)|啦|咯|喽)"
)
_SUFFIX = (
    r"\s?(?:(?P<after>[之以过]?后(?!面|门|院|台|排|备|勤))|(?P<ago>[之以]?前(?!面|门|台|排|方|往|来|后|线))"
    rf"|(?P<within>[之以]?内(?!部|容|科|侧|环|衣|涝))|(?P<since>{_SINCE}))"
)
_STARTS = DIGITS + NUMERALS + "半个点好几数"
LENGTH_RULES: tuple[Rule, ...] = (
    rule(_STARTS, rf"{LENGTH}(?:{_SUFFIX})(?P<passed>(?!))?", _counted),
    rule(
        "再过等",
        rf"(?:再过|再等|(?<![超经通不越路穿度])过(?!了)|等(?=.{{2,9}}[再后就]))\s?{LENGTH}(?:[之以过]?后)?(?P<passed>)(?P<after>(?!))?(?P<ago>(?!))?(?P<within>(?!))?",
        _counted,
    ),
    rule(_STARTS, LENGTH, _plain),
)
