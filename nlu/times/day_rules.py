"""Rules that read days by their distance from today: 今天, 下周五, 周末, 次日; and those that name no day."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from nlu.times.atoms import NUMERALS, Instant, Neighbour, rule
from nlu.times.date_words import WEEK, WEEKDAY, weekday_of
from nlu.times.days import Following, Run, Shifted, Vague, Week, Weekday, Weekend
from nlu.times.numbers import to_int
from nlu.times.repeats import Repeat
from nlu.times.search import Day
from nlu.times.words import DAY_PAIRS, DAY_SHIFTS, FOLLOWING, SHORT_DAYS, one_of, words

if TYPE_CHECKING:
    import re

    from nlu.times.atoms import Atom, Rule, Value


def _shift(match: re.Match[str], _: Atom | None) -> Value | None:
    return Shifted(DAY_SHIFTS[match[0]])


def _short(match: re.Match[str], _: Atom | None) -> Value | None:
    shift = SHORT_DAYS[match[0]]
    return Shifted(shift) if isinstance(shift, int) else Following(0)


def _pair(match: re.Match[str], _: Atom | None) -> Value | None:
    return Run(*DAY_PAIRS[match[0]])


def _following(match: re.Match[str], before: Atom | None) -> Value | None:
    """次日 alone counts from the day said before; right after a day (国庆第二天) it is that day's neighbour."""
    days = FOLLOWING[match[0]]
    if before and before.end == match.start() and isinstance(before.value, Day):
        return Neighbour(days)
    return Following(days)


_BESIDE_DAYS = ("那天", "有空", "得空", "随时", "赶场", "赶集", "逢场")


def _vague(match: re.Match[str], before: Atom | None) -> Value | None:
    """国庆那天 and 周五赶场 are days; 那天 and 赶场 alone are none."""
    touches = before and before.end >= match.start() - 1 and isinstance(before.value, Day)
    return Neighbour(0) if touches and match[0] in _BESIDE_DAYS else Vague()


def _neighbour(match: re.Match[str], before: Atom | None) -> Value | None:
    if not (before and before.end == match.start() and isinstance(before.value, Day)):
        return None
    days = to_int(match["count"]) * (7 if match["unit"] in ("周", "星期") else 1)
    return Neighbour(-days if match["side"] in "前头" else days)


_UP = "(?<![楼街路网地身顶屋车岸坡山村镇马以线])(?P<up>上{1,3})"
_DOWN = "(?<![楼底地一乡手以放留剩树桥山坡脚门私名接坐])(?P<down>下{1,3}|再下)"
_THIS = "(?P<this>这|(?<![原基日根版文样课书])本|当)"
_WHICH_WEEK = f"(?:{_UP}|{_DOWN}|{_THIS})(?:一?个|一)?"
_SURNAME = "(?!大爷|阿姨|叔|嬢|孃|老师|某|姐|哥|总|主任|书记|先生|女士|婆|医生|所|局|支书|队长|家)"
# 周五一早 is no list of Friday and Monday, and 周三五楼 none of Wednesday and Friday.
_NO_LIST = rf"(?:(?=两天)|(?![点时号月个十百千万次天半刻日人名楼栋组分件户元块川保层级班:{NUMERALS}]))"
_MORE = (
    rf"(?P<more>(?:\s?[、和及跟与]?\s?{WEEK}{WEEKDAY}(?!次|天)|、{WEEKDAY}{_NO_LIST})+"
    rf"|(?=[二三四五六日])二?三?四?五?六?日?{_NO_LIST})?"
)
WEEKDAY_LIST = rf"(?P<days>{WEEKDAY})(?!次|遍|趟|天(?![刚一不没还黑快擦麻蒙])|气){_MORE}"


def weekdays_of(match: re.Match[str]) -> tuple[int, ...]:
    """The weekdays of a list; only the first where the rest is not in order (周五一早)."""
    first = weekday_of(match["days"])
    rest = tuple(weekday_of(sign) for sign in match["more"] or "" if sign in "一二三四五六日天")
    run = (first, *rest)
    return run if all(left < right for left, right in itertools.pairwise(run)) else (first,)


def _weeks(match: re.Match[str]) -> int | None:
    if match["up"]:
        return -len(match["up"])
    if match["down"]:
        return 2 if match["down"] == "再下" else len(match["down"])
    return 0 if match["this"] else None


def _weekday(match: re.Match[str], _: Atom | None) -> Value | None:
    weekdays = weekdays_of(match)
    weeks = _weeks(match)
    spelled = "周" in (match["more"] or "") or "期" in (match["more"] or "") or "拜" in (match["more"] or "")
    if weeks is None and len(weekdays) > 2 and not spelled:
        return Repeat("WEEKLY", weekdays=weekdays)
    return Weekday(weekdays, weeks)


def _weekend(match: re.Match[str], _: Atom | None) -> Value | None:
    return Weekend(_weeks(match))


def _week(match: re.Match[str], _: Atom | None) -> Value | None:
    weeks = _weeks(match)
    return Shifted(7 * weeks) if match["today"] and weeks else Week(weeks or 0)


def _now(match: re.Match[str], _: Atom | None) -> Value | None:
    """刚才 is now; 刚才六点 is today."""
    return Shifted(0) if match["hour"] is not None else Instant(0, exact=match["just"] is not None)


def _starts(*groups: object) -> str:
    return "".join({str(word)[0] for group in groups for word in group})  # type: ignore[attr-defined]


_PART_AHEAD = "(?=早|晚|夜|晨|上午|下午|中午|凌晨|傍晚|晌午|黑了|黑老|半夜|深夜)"
DAY_RULES: tuple[Rule, ...] = (
    rule(_starts(DAY_PAIRS), one_of(DAY_PAIRS), _pair),
    rule(
        "前头后的",
        rf"的?(?P<side>[前头后])第?(?P<count>[0-9]{{1,2}}|[{NUMERALS}]{{1,2}})个?(?P<unit>天|日|周(?!{WEEKDAY})|星期(?!{WEEKDAY}))(?!前|内|后|左右)",
        _neighbour,
    ),
    rule(_starts(FOLLOWING), one_of(FOLLOWING), _following),
    rule(_starts(words("vague_days")), rf"(?<![提不没]){one_of(words('vague_days'))}(?!之前)", _vague),
    rule(_starts(DAY_SHIFTS), rf"(?<![以之目先]){one_of(DAY_SHIFTS)}(?!子|女|媳|童|头条)", _shift),
    rule("今即", "(?:即日|今)(?=起|至|到|开始)", lambda _match, _before: Shifted(0)),
    rule(
        _starts(SHORT_DAYS),
        rf"(?:今|(?<![说证声表发文光照聪透])明|昨|当){_PART_AHEAD}|(?<![以之目从提门楼面生房桥])前(?=晚|夜)",
        _short,
    ),
    rule("上下再这本当周星礼", rf"(?:{_WHICH_WEEK}{WEEK}?的?)?{WEEK}{WEEKDAY_LIST}", _weekday),
    rule("上下再这本当周", rf"(?:{_WHICH_WEEK}{WEEK}?的?)?{WEEK}末", _weekend),
    rule("上下再这本当", rf"{_WHICH_WEEK}{WEEK}(?!年|岁|边|围|身|期|转){_SURNAME}(?:的?(?P<today>今天))?", _week),
    rule(
        "刚将才方现此即",
        rf"(?:(?P<just>刚才|刚刚(?!好)|将才|才将|刚将|将刚|才刚|方才)|(?:现在|此刻|即刻|即时)(?=起|开始|到|至))(?P<hour>(?=[0-9{NUMERALS}]{{1,3}}点))?",
        _now,
    ),
)
