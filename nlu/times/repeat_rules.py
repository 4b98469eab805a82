"""Rules that read what repeats: 每天, 每周一三五, 每月第一个周六, 每隔两周, 工作日, 两周一次."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.times.atoms import DIGITS, NUMERALS, Skip, rule
from nlu.times.date_words import DAY_NUMBER, TO, WEEK, WEEKDAY, weekday_of, which_of
from nlu.times.day_rules import WEEKDAY_LIST, weekdays_of
from nlu.times.numbers import first_of_two, to_int
from nlu.times.repeats import NthWeekday, Repeat

if TYPE_CHECKING:
    from nlu.times.atoms import Atom, Rule, Value

WORKING_WEEK = (0, 1, 2, 3, 4)
_UNITS = {
    "天": ("DAILY", 1), "日": ("DAILY", 1), "周": ("WEEKLY", 1), "星期": ("WEEKLY", 1), "礼拜": ("WEEKLY", 1),
    "月": ("MONTHLY", 1), "季度": ("MONTHLY", 3), "年": ("YEARLY", 1), "小时": ("HOURLY", 1), "钟头": ("HOURLY", 1),
    "半月": ("DAILY", 15), "半年": ("MONTHLY", 6),
}  # fmt: skip


def _weekly(match: re.Match[str], _: Atom | None) -> Value | None:
    return Repeat("WEEKLY", weekdays=_weekdays(match))


def _weekdays(match: re.Match[str]) -> tuple[int, ...]:
    if match["weekend"]:
        return (5, 6)
    if match["last"]:
        return tuple(range(weekday_of(match["first"]), weekday_of(match["last"]) + 1))
    if match["days"]:
        return weekdays_of(match)
    return (weekday_of(match["bare"]),) if match["bare"] else ()


def _every(match: re.Match[str], _: Atom | None) -> Value | None:
    """每隔一天 is every other day; 每隔两周 is said for every two weeks, not for every third."""
    freq, step = _UNITS[match["unit"].replace("个", "")]
    number = first_of_two(match["count"]) if match["count"] else 1
    gap = match["gap"] or match["gap2"]
    interval = step * max(number, 2 if gap and step == 1 else 1)
    repeat = Repeat(freq, interval)
    if freq == "WEEKLY":
        repeat = Repeat(freq, interval, weekdays=_weekdays(match))
    if freq == "MONTHLY":
        repeat = _monthly(match, interval)
    # 停车费每月五十 is a price; 每月开一次会 says how often.
    counts = (
        repeat.names_day
        or interval > 1
        or match["once"] is not None
        or freq == "YEARLY"
        or match.string.startswith("初", match.end())
    )
    return repeat if counts else Skip()


def _monthly(match: re.Match[str], interval: int) -> Repeat:
    if match["nth"]:
        return Repeat("MONTHLY", interval, nth=NthWeekday(which_of(match["nth"]), weekday_of(match["nthday"])))
    if match["edge"]:
        return Repeat("MONTHLY", interval, month_days=(1,) if match["edge"] in _FIRST else (-1,))
    return Repeat("MONTHLY", interval, month_days=_month_days(match["monthdays"]) if match["monthdays"] else ())


def _month_days(text: str) -> tuple[int, ...]:
    """The days of 5、20号, or all those of 1号到5号."""
    days = tuple(to_int(number) for number in re.findall(DAY_NUMBER, text))
    if len(days) == 2 and re.search(TO, text):
        days = tuple(range(days[0], days[1] + 1))
    return tuple(day for day in days if 1 <= day <= 31)


def _rate(match: re.Match[str], _: Atom | None) -> Value | None:
    """两周一次, 一周三次."""
    unit = match["unit"].replace("个", "")
    freq, step = _UNITS[unit]
    if freq == "HOURLY":
        return Skip()
    # 11月底办一次 and 15日开一次会 are dates.
    dated = match["unit"] in ("月", "日") or (match["unit"] == "年" and match["count"].isascii())
    if dated and match["count"] not in ("一", "半", "两"):
        return None
    return Repeat(freq, step * first_of_two(match["count"]))


def _daily(_match: re.Match[str], _: Atom | None) -> Value | None:
    return Repeat("DAILY")


def _spoken_weekdays(match: re.Match[str], _: Atom | None) -> Value | None:
    """一三五早上, with no 周 before it."""
    return Repeat("WEEKLY", weekdays=tuple(weekday_of(sign) for sign in match[0]))


def _working_week(_match: re.Match[str], _: Atom | None) -> Value | None:
    return Repeat("WEEKLY", weekdays=WORKING_WEEK)


_FIRST = ("初", "月初", "第一天")
_RANGE = rf"(?P<first>{WEEKDAY}){TO}{WEEK}?(?P<last>{WEEKDAY})(?!次|天|气)"
_ON_WEEKDAY = rf"{WEEK}(?:(?P<weekend>末)|{_RANGE}|{WEEKDAY_LIST})"
_NTH = rf"(?P<nth>第[一二三四五1-5]个?(?:{WEEK}的?(?={WEEK}))?|最后一?个?|倒数第[一二三]个?){WEEK}(?P<nthday>{WEEKDAY})"
_DAY_LIST = rf"(?P<monthdays>{DAY_NUMBER}[号日]?(?:(?:\s?[、,和及跟]\s?|{TO}){DAY_NUMBER}[号日]?){{0,5}}(?<=[号日]))"
_ON_MONTH = rf"(?:{_NTH}|(?P<edge>月底|月末|底|末|最后一天|倒数第一天|月初|初(?![{NUMERALS}])|第一天)|{_DAY_LIST})"
_UNIT = "(?:天|日(?!常)|周|个?星期|个?礼拜|个?月|个?季度|年|个?小时|个?钟头|个?半月|半个月|半年)"
_ONCE = "(?:一次|一回|一趟|1次)"
_NUMBER = rf"(?:[0-9]{{1,2}}|[{NUMERALS}]{{1,3}})"
_VAGUE_PARTS = "早|晚|夜|晨|上午|下午|中午|凌晨|傍晚|晌午|半夜|深夜|擦黑|打早"
REPEAT_RULES: tuple[Rule, ...] = (
    rule("每", rf"每一?个?(?={_VAGUE_PARTS})", _daily),
    rule("每逢一", rf"(?:每逢|每到|每一?个?|逢|一到)\s?(?:{WEEK}的?(?={WEEK}))?{_ON_WEEKDAY}(?P<bare>(?!))?", _weekly),
    rule(
        "每隔双单",
        rf"(?:每(?P<gap>隔)?(?P<count>{_NUMBER})?|(?P<gap2>隔|双|单)(?=周|月|一?天.{{0,6}}{_ONCE}|日.{{0,6}}{_ONCE})(?P<one>一)?)(?P<unit>{_UNIT})"
        rf"(?P<once>\s?{_ONCE}|[两三四五六七]次|(?=[^,。\s]{{1,3}}{_ONCE}))?\s?(?:的?{_ON_WEEKDAY}|(?<=周)(?P<bare>{WEEKDAY})(?![{NUMERALS}次个点]))?(?:的?{_ON_MONTH})?",
        _every,
    ),
    rule("一二", rf"(?<![0-9周期拜第{NUMERALS}])(?:一三五|二四六)(?=\s?(?:的?(?:{_VAGUE_PARTS})))", _spoken_weekdays),
    rule("每工上", "(?:每一?个?|(?<![个第]))(?:工作日|上班日)(?![之以]?内|志)", _working_week),
    rule(
        DIGITS + NUMERALS + "半",
        rf"(?P<count>(?<![0-9第])[0-9]{{1,2}}|(?<!第)[{NUMERALS}]{{1,2}})(?P<unit>(?!季度){_UNIT})[^后前内了,。\s]{{0,3}}?(?:{_ONCE}|[两三四五六七]次)",
        _rate,
    ),
    rule(
        "天日",
        rf"(?<![今明昨后前])(?:天天|日日)都?(?=\s?(?:[一-鿿]{{1,2}}到)?(?:{_VAGUE_PARTS}|[0-9]{{1,2}}[点:]|[{NUMERALS}]{{1,3}}点))",
        _daily,
    ),
)
