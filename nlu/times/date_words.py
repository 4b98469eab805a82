"""The expressions that rules of dates share, and what the words in them mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.times.atoms import DIGITS, NUMERALS
from nlu.times.clock import Clock
from nlu.times.festivals import FESTIVALS
from nlu.times.months import Edge
from nlu.times.numbers import to_int
from nlu.times.search import Day
from nlu.times.words import YEAR_SHIFTS, one_of, words

if TYPE_CHECKING:
    from nlu.times.atoms import Atom

STARTS = DIGITS + NUMERALS
YEAR_STARTS = "".join({word[0] for word in YEAR_SHIFTS})
WEEK = "(?:周|星期|礼拜)"
WEEKDAY = "[一二三四五六日天]"
_ONES = "[一二三四五六七八九]"
DAY_NUMBER = f"(?:[0-3]?[0-9](?![0-9])|[二三]?十{_ONES}?(?![{NUMERALS}])|廿{_ONES}?|卅一?|{_ONES}(?![{NUMERALS}]))"
TO = r"\s?(?:-+|~|到|至)\s?"
NUMBERED = f"(?:{one_of(words('after_numbers'))}|院(?!坝))"
# 13月 is read, so that it is a day that does not exist.
MONTH_NUMBER = "(?:1[0-9]|0?[1-9]|十[一二]?|[一二三四五六七八九]|正|腊|冬|元)"
FESTIVAL = one_of(FESTIVALS)
LUNAR = "(?:农历|阴历|旧历|老历|古历)"
YEAR = (
    r"(?:(?P<year>(?<![0-9])(?:19|20)[0-9]{2}|[一二][零九][零一二三四五六七八九]{2})\s?年度?"
    rf"|(?P<short>(?<![0-9])[0-9]{{2}}|二[零一二三四五六七八九])年(?=\s?{LUNAR}?闰?{MONTH_NUMBER}\s?月|底|末|{FESTIVAL})"
    rf"|(?<![以之天月周然])(?P<yearword>{one_of(YEAR_SHIFTS)}))的?\s?"
)
DATED = rf"(?:{YEAR})?(?P<lunar>{LUNAR}\s?)?"
EDGES = {
    "初": Edge.BEGIN,
    "头": Edge.BEGIN,
    "半": Edge.MIDDLE,
    "上半月": Edge.FIRST_HALF,
    "下半月": Edge.SECOND_HALF,
    "第一天": Edge.BEGIN,
    "中": Edge.MIDDLE,
    "底": Edge.END,
    "末": Edge.END,
    "尾": Edge.END,
    "最后一天": Edge.END,
    "上旬": Edge.FIRST_TEN,
    "中旬": Edge.SECOND_TEN,
    "下旬": Edge.LAST_TEN,
}
DATE_AFTER = re.compile(
    r"\s?(?:[号日(起至到止~-]|[前后](?![面门院])|之前|之后|以前|截止|上午|下午|早|晚|中午|凌晨|傍晚|周[一二三四五六日天]|星期|礼拜"
    r"|[0-9]{1,2}[:点时]|[一二三四五六七八九十]{1,3}[点时]|[放开停活节期举当召检])"
)


def year_of(match: re.Match[str]) -> tuple[int | None, int | None]:
    """The year of a match of `YEAR`, or by how many years it lies from this one."""
    if match["year"]:
        return to_int(match["year"]), None
    if match["short"]:
        return 2000 + to_int(match["short"]), None
    return None, YEAR_SHIFTS[match["yearword"]] if match["yearword"] else None


def which_of(text: str) -> int:
    """1 for 第一个, -1 for 最后一个, -2 for 倒数第二个."""
    if text.startswith("最后"):
        return -1
    number = to_int(text.removeprefix("倒数").strip("第个周星期礼拜的"))
    return -number if text.startswith("倒数") else number


def weekday_of(sign: str) -> int:
    """Monday is 0; 日 and 天 are Sunday."""
    return min("一二三四五六日天".index(sign), 6)


def inside_number(before: Atom | None, text: str, start: int) -> bool:
    """Whether the digits go on a number like 2-3-20号; a dash after a day or an hour makes a range."""
    ranged = before is not None and isinstance(before.value, (Day, Clock)) and before.end == start - 1
    return start > 0 and text[start - 1] in "-./" and not ranged
