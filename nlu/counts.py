"""Finds how many of something a text speaks of: 20人, 三袋, 每人5分, 带两个人, 五星."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from nlu.tables import any_of, read_table
from nlu.wording import chinese_number, fold_width

_NUMERAL = "[0-9]{1,5}|[一二三四五六七八九十百千万两俩仨零]{1,7}"
_PAUSE = re.compile(r"[，。！？、,.!?;；:：\s]")
# Numbers without a unit: a rating (给5, 评五), a number of places (名额20), a rank (前十).
_BARE = re.compile(
    r"(?:(?:打分|评分|评价|评|打|给个?|星级)[:：是为]? ?|[，,。！!] ?)"
    r"(?P<rating>[0-5零一二三四五])(?=\Z|[，。！？,.!?嘛吧哈哦噻、])"
    rf"|(?:名额|人数|限额|人员)[:：先是为定有]{{0,2}} ?(?P<places>{_NUMERAL})(?![0-9人个名位分天日月点])"
    r"|前(?P<rank>[0-9]{1,4}|[二三四五六七八九十百]{1,3})(?=的|是|有|没|里|\Z|[，。？,?])"
)
_PAIRS = (f"{one}(?={other})" for one, other in [*pairwise("一二三四五六七八九"), ("两", "三")])
_NEIGHBOURS = re.compile(f"({'|'.join(_PAIRS)})[二三四五六七八九]")
# 「证件后四位」 are digits and no people.
_OF_A_NUMBER = ("后", "末", "尾")
_IDIOMS = frozenset({("一", "遍")})
_STARS = range(1, 6)


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people, things, points or stars at `start:end`."""

    start: int
    end: int
    value: int


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The word lists of `data/counts.yml`, compiled."""

    count: re.Pattern[str]
    items: frozenset[str]
    giving: tuple[str, ...]
    not_before: tuple[str, ...]


@cache
def _lexicon() -> _Lexicon:
    table: dict[str, Any] = read_table("counts")
    units = f"{any_of(table['items'])}|{'|'.join(table['others'])}|{table['points']}"
    people = r"(?:人(?=\Z|[^民员家工大行物身群才生情]))?"
    not_inside = r"(?<![0-9第零一二三四五六七八九十百千万月.\-/])(?<![0-9][:：])"
    return _Lexicon(
        count=re.compile(f"{not_inside}(?P<number>{_NUMERAL})[几多来]?[ 大小]?(?P<unit>{units}){people}"),
        items=frozenset(table["items"]),
        giving=tuple(table["giving"]),
        not_before=tuple(table["not_before"]),
    )


def find_counts(text: str) -> tuple[Count, ...]:
    """The counts of `text`, in order; never a room, a date, a length of time, a sum of money or an ordinal."""
    folded = fold_width(text)
    counts = [count for match in _lexicon().count.finditer(folded) if (count := _count(match, folded))]
    for match in _BARE.finditer(folded):
        group = match.lastgroup or ""
        value = chinese_number(match[group])
        if value is not None:
            counts.append(Count(match.start(group), match.end(group), value))
    return tuple(sorted(counts, key=lambda count: count.start))


def _about(number: str) -> str:
    """The lower of two numbers that are said for one: 七八 is 七, 三四十 is 三十."""
    return _NEIGHBOURS.sub(lambda pair: pair[1], number)


def _count(match: re.Match[str], text: str) -> Count | None:
    lexicon = _lexicon()
    number, unit = match["number"], match["unit"]
    before = text[max(0, match.start() - 3) : match.start()]
    value = chinese_number(_about(number))
    if value is None or (value == 0 and unit != "分") or before.endswith(lexicon.not_before):
        return None
    if (unit == "位" and before.endswith(_OF_A_NUMBER)) or (number, unit) in _IDIOMS:
        return None
    if unit == "星" and value not in _STARS:
        return None
    alone = match.end() == len(text) or _PAUSE.match(text, match.end())
    unsure = (number == "一" and unit not in lexicon.items) or (number == "十" and unit == "分") or number == "万"
    if unsure and not alone and not before.endswith(lexicon.giving):
        return None
    return Count(match.start(), match.end(), value)
