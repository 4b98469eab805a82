"""Rules that read years, their halves, quarters and ends: 2026年, 明年, 年底, 上半年, 本季度."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.times.atoms import rule
from nlu.times.date_words import EDGES, STARTS, YEAR, YEAR_STARTS, year_of
from nlu.times.days import Vague
from nlu.times.months import Edge, Quarter, Year
from nlu.times.numbers import to_int

if TYPE_CHECKING:
    import re

    from nlu.times.atoms import Atom, Rule, Value


def _whole_year(match: re.Match[str], _: Atom | None) -> Value | None:
    year, shift = year_of(match)
    if match["season"]:
        return Vague()
    if match["quarter"]:
        return Year(year, shift, quarter=to_int(match["quarter"]))
    if match["half"]:
        return Year(year, shift, Edge.FIRST_HALF if match["half"] == "上" else Edge.SECOND_HALF)
    return Year(year, shift, EDGES[match["edge"]] if match["edge"] else Edge.WHOLE)


def _bare_year_edge(match: re.Match[str], _: Atom | None) -> Value | None:
    if match["half"]:
        return Year(shift=0, edge=Edge.FIRST_HALF if match["half"] == "上" else Edge.SECOND_HALF)
    if match["quarter"]:
        return Year(shift=0, quarter=to_int(match["quarter"]))
    return Year(edge=EDGES[match["edge"]])


YEAR_RULES: tuple[Rule, ...] = (
    rule(
        STARTS + YEAR_STARTS,
        rf"{YEAR}(?:年?(?P<edge>底|末|尾|初|最后一天|第一天)|(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度|(?P<season>[春夏秋冬][天季]|[寒暑]假|开春))?",
        _whole_year,
    ),
    rule(
        "年岁",
        r"(?<![一二三四五六七八九十几两半0-9])[年岁](?P<edge>底|末|尾|初)(?P<half>(?!))?(?P<quarter>(?!))?",
        _bare_year_edge,
    ),
    rule(
        "上这本下",
        r"(?:(?P<up>(?<![楼马])上)|(?P<this>这|本)|下)一?个?季度",
        lambda match, _: Quarter(-1 if match["up"] else 0 if match["this"] else 1),
    ),
    rule(
        "上下第一二三四",
        r"(?P<edge>(?!))?(?:(?<![楼马])(?P<half>[上下])半年|第?(?P<quarter>[一二三四])季度)",
        _bare_year_edge,
    ),
)
