"""Rules that read months and their days: 5月1日, 下个月5号, 月底, 20号."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.times.atoms import NUMERALS, rule
from nlu.times.date_words import (
    DATE_AFTER,
    DATED,
    DAY_NUMBER,
    EDGES,
    MONTH_NUMBER,
    NUMBERED,
    STARTS,
    TO,
    WEEK,
    WEEKDAY,
    YEAR_STARTS,
    inside_number,
    weekday_of,
    which_of,
    year_of,
)
from nlu.times.days import Shifted
from nlu.times.feasts import LunarDay
from nlu.times.months import Edge, Month, MonthDay, MonthEdge, MonthWeekday, MonthWeekend, WholeMonth
from nlu.times.numbers import to_int

if TYPE_CHECKING:
    from nlu.times.atoms import Atom, Rule, Value
    from nlu.times.search import Day

_DAY_SIGN = r"\s?(?:日(?!常|子|报(?![名到修送警告的了案])|光|语|用|均|益|游|三餐|志)|号)"
# A month's day without its sign: the number must not count anything.
_NO_SIGN = rf"(?!\s?{NUMBERED}|[0-9点时:.%个人户次年月只条块多几岁名周星{NUMERALS}]|元(?!宵)|(?<=一)[起共直般定样些切])"
_SHARED_SIGN = rf"(?={TO}{DAY_NUMBER}\s?[日号]|\s?[、和及]\s?{DAY_NUMBER}\s?[日号])"
_MONTH_NAMES = {"正": 1, "元": 1, "冬": 11, "腊": 12}
_LUNAR_MONTHS = "正冬腊"
_ABOUT = {
    "几": Edge.WHOLE,
    "十几": Edge.SECOND_TEN,
    "一十几": Edge.SECOND_TEN,
    "10几": Edge.SECOND_TEN,
    "二十几": Edge.LAST_TEN,
    "20几": Edge.LAST_TEN,
}
_EDGE = rf"(?:月?(?:底|末|尾)|月?初(?![{NUMERALS}])|月?中(?![旬午秋学心央间])|[上中下]旬|[上下]半个?月|最后一天|第一天)"
_NTH = rf"(?P<nth>第[一二三四五1-5]个?|最后一?个?|倒数第[一二三]个?){WEEK}(?P<nthday>{WEEKDAY}|末)"
_MONTH_SIGN = r"\s?月(?!大的|饼|亮|球|光|嫂|租|薪|票|供|卡|经|结(?!束)|子|一次|一回)份?"
_SIGNED = f"(?:{_DAY_SIGN}|{_SHARED_SIGN}|{_NO_SIGN})"
_TAIL = (
    rf"(?:的?(?P<about>[一二]?十几|[12]0几|几)[号日]|的?(?P<edge>{_EDGE})|的?{_NTH}|的?(?P<day>初[一二三四五六七八九十]|{DAY_NUMBER}){_SIGNED}"
    r"|(?:里头?|间|内(?=的))?)"
)
_FEW = f"[0-9{NUMERALS}]{{1,3}}"
# 3号楼, 3号2单元 and 3、5号楼 are addresses.
_ROOM = (
    rf"(?!\s?(?:{NUMBERED}|{_FEW}(?:单元|栋|幢|楼|室|组|号|-)"
    rf"|(?:[、,和及到至-]\s?{_FEW}号?){{1,4}}\s?{NUMBERED}))"
)
_ADDRESS_BEFORE = re.compile(
    r"(?:[路街巷弄道楼栋幢〕】\]]|编号|工单|案号|单号|案件|房号|门牌|座位|摊位|网格|接单|接了|[投选]|[A-Za-z])\s?$"
)


def _edge(text: str) -> Edge:
    text = text.replace("个", "")
    return EDGES[text if text in EDGES else text.removeprefix("月")]


def _month(match: re.Match[str], _: Atom | None) -> Value | None:
    year, shift = year_of(match)
    number = _MONTH_NAMES.get(match["month"]) or to_int(match["month"])
    day = match["day"]
    if match["lunar"] or match["leap"] or match["month"] in _LUNAR_MONTHS or (day or "").startswith("初"):
        lunar_day = to_int(day.removeprefix("初")) if day else -1 if match["edge"] in ("底", "末", "尾") else 0
        return LunarDay(number, lunar_day, bool(match["leap"]), year, shift)
    return _in_month(Month(number, year, shift), match)


def _in_month(month: Month, match: re.Match[str]) -> Day:
    if match["day"]:
        return MonthDay(month, to_int(match["day"]))
    if match["edge"]:
        return MonthEdge(month, _edge(match["edge"]))
    if match["about"]:
        return MonthEdge(month, _ABOUT[match["about"]])
    if match["nth"]:
        which = which_of(match["nth"])
        if match["nthday"] == "末":
            return MonthWeekend(month=month, which=which)
        return MonthWeekday(month, which, weekday_of(match["nthday"]))
    return WholeMonth(month)


_MONTH_SHIFTS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "次": 1, "下下": 2, "再下": 2}


def _shifted_month(match: re.Match[str], _: Atom | None) -> Value | None:
    if match["day"] and match["day"].startswith("初"):
        return LunarDay(None, to_int(match["day"].removeprefix("初")))
    return _in_month(Month(shift=_MONTH_SHIFTS[match["shift"]]), match)


def _bare_edge(match: re.Match[str], _: Atom | None) -> Value | None:
    return _in_month(Month(), match)


def _day_number(match: re.Match[str], before: Atom | None) -> Value | None:
    text, start = match.string, match.start()
    if inside_number(before, text, start):
        return None
    if _ADDRESS_BEFORE.search(text, max(0, start - 3), start) and not DATE_AFTER.match(text, match.end()):
        return None
    number = to_int(match["day"])
    return MonthDay(Month(), number) if number else None


def _same_day(match: re.Match[str], _: Atom | None) -> Value | None:
    """去年今天, 下个月的今天."""
    return Shifted(months={"上": -1, "下": 1, "去": -12, "明": 12}[match["side"]])


DATE_RULES: tuple[Rule, ...] = (
    rule("上下去明", "(?P<side>(?:[上下](?=个?月)|[去明](?=年)))(?:个?月|年)的?今天", _same_day),
    rule(
        STARTS + "闰正腊冬元农阴旧老古" + YEAR_STARTS,
        rf"{DATED}(?P<leap>闰)?(?P<month>(?<![0-9.]){MONTH_NUMBER}){_MONTH_SIGN}\s?{_TAIL}",
        _month,
    ),
    rule(
        "上这本当下次再",
        rf"(?P<shift>(?<![楼街路网地身顶屋车岸坡山村镇马以])上{{1,2}}|这|(?<![原基日根版文])本|当|次|(?<![楼底地一乡手以树桥山坡])(?:下{{1,2}}|再下))一?个?月(?!饼|亮|球|光|嫂|租|薪|票|供|卡|经|结(?!束))份?\s?{_TAIL}",
        _shifted_month,
    ),
    rule(
        STARTS,
        rf"(?<![0-9.第])(?P<day>{DAY_NUMBER})(?:{_DAY_SIGN}{_ROOM}|{_SHARED_SIGN}(?!{TO}[0-9{NUMERALS}]{{1,3}}\s?号{NUMBERED}))",
        _day_number,
    ),
    # 26晚上七点: the sign of the day is left out.
    rule(
        "123",
        rf"(?<![0-9一-鿿A-Za-z.-])(?P<day>1[0-9]|2[0-9]|3[01])(?=(?:早上|[上中下]午|傍晚|晚上|凌晨)[0-9{NUMERALS}]{{1,3}}[点:])",
        _day_number,
    ),
    rule(
        "月上中下最第倒",
        rf"(?:(?P<edge>月底|月末|月尾|月初|月头(?!前)|月半|(?<![楼早晚马])[上下]半个?月|月中(?![旬午秋学心央间])|[上中下]旬)|{_NTH})(?P<day>(?!))?(?P<about>(?!))?",
        _bare_edge,
    ),
)
