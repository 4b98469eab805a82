"""Rules that read dates in figures: 2026-05-01, 5.1, 4-20."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.times.atoms import DIGITS, rule
from nlu.times.clock import Clock, Part
from nlu.times.date_words import DATE_AFTER, inside_number
from nlu.times.months import Month, MonthDay
from nlu.times.search import Day

if TYPE_CHECKING:
    from nlu.times.atoms import Atom, Rule, Value

_UNITS = re.compile(r"\s?(?:[元块米公里千平斤度级万亿倍版折吨亩个条岁毫厘升克℃%折分点A-Za-z]|号(?:楼|栋|门))")
_NO_DATE_BEFORE = re.compile(
    r"(?:住在?|[楼栋]|单元|到了?|评分|得分|成绩|条款|第|版本?|高|宽|长|重|深|体温|价|费|共|约|约定|近|达|超|率|为|各|加|扣|减|积)$"
)
_DATE_BEFORE = re.compile(r"(?:[于在到从自定改至期间:(是]|时间|日期)\s?$")
_RANGE_SIGNS = ("-", "~", "到", "至", "--")
_HOUR_AFTER = re.compile(
    r"\s?(?:号|(?:早上?|上午|中午|下午|傍晚|晚上?|凌晨)?\s?(?:[0-9]{1,2}[:点时]|[一二三四五六七八九十]{1,3}[点时]))"
)


def _numeric(match: re.Match[str], _: Atom | None) -> Value | None:
    return MonthDay(Month(int(match["month"]), int(match["year"])), int(match["day"]))


def _dotted(match: re.Match[str], before: Atom | None) -> Value | None:
    """5.1 is a day where something around it speaks for one and no unit or amount against it."""
    text, start, end = match.string, match.start(), match.end()
    if _UNITS.match(text, match.end("day")) or _NO_DATE_BEFORE.search(text, max(0, start - 4), start):
        return None
    ranged = before is not None and isinstance(before.value, Day) and text[before.end : start] in _RANGE_SIGNS
    surely = ranged or text[end - 1] == "日" or _HOUR_AFTER.match(text, end) is not None
    if (_follows_hour(before, start) and not surely) or inside_number(before, text, start):
        return None
    if match["sep"] == "-" and len(match["day"]) == 1 and not surely:
        return None
    spoken_for = surely or DATE_AFTER.match(text, end) or _DATE_BEFORE.search(text, max(0, start - 3), start)
    loose = match["sep"] == "." and len(match["day"]) == 2 and "一" <= text[end : end + 1] <= "鿿"
    alone = match[0] == text.strip()
    return MonthDay(Month(int(match["month"])), int(match["day"])) if spoken_for or loose or alone else None


def _follows_hour(before: Atom | None, start: int) -> bool:
    return before is not None and isinstance(before.value, (Clock, Part)) and start - before.end <= 2


FIGURE_RULES: tuple[Rule, ...] = (
    rule(
        DIGITS,
        r"(?<![0-9])(?P<year>20[0-9]{2})(?P<sep>[-/.])(?P<month>1[0-2]|0?[1-9])(?P=sep)(?P<day>[0-9]{1,2})(?![0-9])日?",
        _numeric,
    ),
    rule(
        DIGITS,
        r"(?<![0-9./:])(?P<month>1[0-2]|0?[1-9])(?P<sep>[./])(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9.%/])日?",
        _dotted,
    ),
    rule(
        DIGITS,
        r"(?<![0-9./:])(?P<month>1[0-2]|0?[1-9])(?P<sep>-)(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9%/点时:-])",
        _dotted,
    ),
)
