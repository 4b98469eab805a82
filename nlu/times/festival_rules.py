"""Rules that read festivals and the days of the lunar calendar that name no month: 端午, 大年初一, 初八, 农历十五."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.times.atoms import Skip, rule
from nlu.times.date_words import DATED, DAY_NUMBER, FESTIVAL, LUNAR, STARTS, YEAR, YEAR_STARTS, year_of
from nlu.times.feasts import Festival, LunarDay
from nlu.times.festivals import FESTIVALS
from nlu.times.numbers import to_int
from nlu.times.words import words

if TYPE_CHECKING:
    import re

    from nlu.times.atoms import Atom, Rule, Value

_PLACES = words("place_endings")


def _festival(match: re.Match[str], _: Atom | None) -> Value | None:
    text, name = match.string, match["name"]
    found = FESTIVALS[name]
    if found.only_before and not text.startswith(found.only_before, match.end()):
        return None
    no_names = found.not_before if name.endswith("节") else (*found.not_before, *_PLACES)
    if text.startswith(no_names, match.end()) or text.endswith(found.not_after, 0, match.start()):
        return Skip() if len(name) < 3 else None
    return Festival(name, *year_of(match))


def _lunar_number(match: re.Match[str], _: Atom | None) -> Value | None:
    return LunarDay(None, to_int(match["day"].removeprefix("初")), False, *year_of(match))


def _new_year(_match: re.Match[str], _: Atom | None) -> Value | None:
    """年前 and 年后 are said of the Spring Festival."""
    return Festival("春节")


def _new_year_day(match: re.Match[str], _: Atom | None) -> Value | None:
    return LunarDay(1, to_int(match["day"].removeprefix("初")))


FESTIVAL_RULES: tuple[Rule, ...] = (
    rule(
        "".join({name[0] for name in FESTIVALS}) + STARTS + "农阴旧老古" + YEAR_STARTS,
        rf"{DATED}(?P<name>{FESTIVAL})",
        _festival,
    ),
    rule("年", "(?<![一-鿿0-9])年(?=[前后](?![0-9一-鿿]?[半天月个]))", _new_year),
    rule("大", r"大?年(?P<day>初?[一二三四五六七八九十]+)", _new_year_day),
)
LUNAR_RULES: tuple[Rule, ...] = (
    rule(
        STARTS + "农阴旧老古" + YEAR_STARTS,
        rf"(?:{YEAR})?{LUNAR}\s?(?P<day>初[一二三四五六七八九十]|{DAY_NUMBER})[日号]?",
        _lunar_number,
    ),
    rule(
        "初",
        r"(?<![读念上级娃儿])(?P<year>(?!))?(?P<short>(?!))?(?P<yearword>(?!))?(?P<day>初[一二三四五六七八九十])(?!的?(?:学生|年级|娃|班|生|毕业|下学期|上学期|升|数学|语文|女生|男生|旧?课本|教材))",
        _lunar_number,
    ),
)
