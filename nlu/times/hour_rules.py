"""Rules that read hours and the parts of the day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.times.atoms import DIGITS, NUMERALS, rule
from nlu.times.clock import Clock, Part
from nlu.times.numbers import first_of_two, to_int
from nlu.times.repeats import Repeat
from nlu.times.search import Day
from nlu.times.words import PARTS, SHORT_PARTS, one_of, words

if TYPE_CHECKING:
    from nlu.times.atoms import Atom, Rule, Value

HOUR = (
    r"(?:(?<![0-9.])(?:[0-9]{1,2}、[0-9]{1,2}(?=点)|(?:2[0-4]|1[0-9]|0?[0-9])(?![0-9]))"
    r"|十[一二三四]、?[二三四五](?=点|时)|二十[一二三四]|十[一二三四五六七八九]"
    r"|[一二两三四五六七八]、?[二两三四五六七八九](?=点|时)|九十(?=点)|二十|十|[零一二两俩三四五六七八九])"
)
_SIGN = (
    r"\s?(?:点钟?(?!钟|方向|位)|时(?!候|段|常|间|刻|代|期|光|不|而|髦|装|令|限|效|速|分段|长|差|机|事|候|时|髦|兴|节))"
)
_NUMBER = rf"(?:[0-9]{{1,2}}|[{NUMERALS}]{{1,3}})"
# Minutes without 分 must not count anything (三点二十个人).
_COUNTS = "(?![个人户元块名位点号日月年岁栋楼米期度周天只次件层组条家万千百平公斤0-9])"
_MINUTES = (
    r"(?:\s?半(?!天|个|月|年|夜|小时|数|价|路)|(?P<quarter>[一1三3])刻钟?|[整正](?!好|在|式|常|个|月|理|改|治)"
    rf"|\s?过?零?(?P<minutes>{_NUMBER})分(?!之|院|局|会|社|区|店|站|公司|管|类|组|批|别|钟[后前])钟?"
    rf"|\s?(?P<digits>[0-5][0-9]){_COUNTS}|零(?P<zero>[一二三四五六七八九]){_COUNTS}"
    rf"|(?P<tens>[二三四五]?十[一二三四五六七八九]?){_COUNTS}"
    rf"|[差欠](?P<lack>{_NUMBER})分|[差欠](?P<lackquarter>一刻))"
)
_ABOUT = rf"(?:[多整]|许(?!可)|来(?=钟)|把(?=钟)|过(?![来去后{NUMERALS}0-9]))?钟?(?:左右|前后|过(?![来去后程年]))?"


def _part(match: re.Match[str], _: Atom | None) -> Value | None:
    return PARTS[match["part"]]


def _short_part(match: re.Match[str], before: Atom | None) -> Value | None:
    """早 and 晚 stand for a part of the day only beside a day or an hour, 黑了 at the start of a clause as well."""
    text, start = match.string, match.start()
    touches = before and before.end == start and isinstance(before.value, (Day, Repeat))
    alone = match["part"].startswith("黑") and _ALONE.search(text, max(0, start - 1), start)
    if touches or alone or match["hour"] is not None or text[start - 1 : start] == "每":
        return SHORT_PARTS[match["part"]]
    return None


def _hour(text: str) -> int:
    return first_of_two(text.split("、")[0]) if text.isascii() else first_of_two(text.replace("、", ""))


def _clock(hour: int, minute: int = 0, *, exact: bool = False, less: int = 0) -> Clock | None:
    valid = (0 <= hour < 24 and 0 <= minute < 60) or (hour, minute) == (24, 0)
    return Clock(hour, minute, exact, less) if valid else None


_COUNTED = re.compile(rf"{one_of(words('after_points'))}")
_COUNTED_BEFORE = re.compile(rf"[0-9{NUMERALS}]点{one_of(words('after_points'))}")
_COUNTING = re.compile(rf"{one_of(words('before_points'))}$")
_NO_EVENT = re.compile(r"[,。;:!?都也不没]|$")
_TIME_BEFORE = re.compile(r"(?:[于在到至从改约]|[-~])\s?$")
_ONE_AHEAD = re.compile(
    r"半|钟|整|[一三]刻|[0-5][0-9]|[二三四五]?十|零|左右|多|过|[到至~-]|开|集合|准时|正式|之?前|以前"
)
_ALONE = re.compile(r"(?:^|[,。;:!?\s])$")
_ENDS = re.compile(r"[吧嘛哈哦]?(?:$|[,。;!?])")


def _spoken(match: re.Match[str], before: Atom | None) -> Value | None:
    """三点 is an hour unless it counts points of a talk; 一点 only where a day, a part or an hour stands beside it."""
    text, sign_end = match.string, match.end("sign")
    beside = (
        before is not None and match.start() - before.end <= 1 and isinstance(before.value, (Day, Part, Clock, Repeat))
    )
    pointed = match["sign"].strip() == "点"
    if not beside and pointed and not match["more"]:
        if _COUNTED.match(text, sign_end) or _COUNTED_BEFORE.search(text, max(0, match.start() - 30), match.start()):
            return None
        if _COUNTING.search(text, max(0, match.start() - 4), match.start()) and _NO_EVENT.match(text, sign_end):
            return None
        if match["hour"] == "一" and not _is_one_o_clock(text, match.start(), sign_end):
            return None
    if pointed and text[sign_end : sign_end + 1] in tuple("点儿滴"):
        return None
    if match["sign"].strip() == "时" and match["hour"] == "一" and not beside:
        return None
    return _clock(_hour(match["hour"]), _minute(match), less=_lacking(match))


def _is_one_o_clock(text: str, start: int, sign_end: int) -> bool:
    """一点 said of an hour, not of a little: by what follows, by 到 or 于 before it, or because it is all there is."""
    before = text[max(0, start - 2) : start]
    if _ONE_AHEAD.match(text, sign_end) or _TIME_BEFORE.search(before):
        return True
    return _ALONE.search(before) is not None and _ENDS.match(text, sign_end) is not None


def _minute(match: re.Match[str]) -> int:
    if match["quarter"]:
        return 15 * to_int(match["quarter"])
    named = match["minutes"] or match["digits"] or match["zero"] or match["tens"]
    if named:
        return to_int(named)
    return 30 if (match["more"] or "").strip().startswith("半") else 0


def _lacking(match: re.Match[str]) -> int:
    if match["lackquarter"]:
        return 15
    return to_int(match["lack"]) if match["lack"] else 0


def _short_of(match: re.Match[str], _: Atom | None) -> Value | None:
    """差一刻三点."""
    less = 15 * to_int(match["quarter"]) if match["quarter"] else to_int(match["minutes"])
    return _clock(_hour(match["hour"]), less=less)


def _digital(match: re.Match[str], _: Atom | None) -> Value | None:
    hour = int(match["hour"])
    exact = hour >= 7 or match["hour"].startswith("0")
    return _clock(hour, int(match["minute"]), exact=exact)


def _dotted(match: re.Match[str], before: Atom | None) -> Value | None:
    """上午9.30 is half past nine only after a part of the day, a day or another hour."""
    if before is None or not isinstance(before.value, (Part, Clock, Day)):
        return None
    gap = match.string[before.end : match.start()].strip()
    near = gap in ("", ",", ":") if isinstance(before.value, (Part, Day)) else gap in ("-", "~", "到", "至", "--")
    hour = int(match["hour"])
    return _clock(hour, int(match["minute"]), exact=hour >= 7) if near else None


def _shared_sign(match: re.Match[str], _: Atom | None) -> Value | None:
    """The 8 of 8到10点."""
    return _clock(_hour(match["hour"]))


_STARTS = DIGITS + NUMERALS
_HOUR_AHEAD = rf"(?P<hour>\s?{HOUR}(?:\s?[点时]|:))"
HOUR_RULES: tuple[Rule, ...] = (
    rule(
        "".join({word[0] for word in PARTS}),
        rf"(?<![楼马](?=[上下]))(?P<part>{one_of(PARTS)})(?!午(?!后|前)|\s?几点|饭|休息室|茶|觉|班|[上下]半)",
        _part,
    ),
    rule("早晚夜晨", rf"(?P<part>[早晚夜晨])(?={_HOUR_AHEAD})", _short_part),
    rule(
        "早晚夜晨黑",
        r"(?P<part>晚些(?:时候)?|早|晚|夜|晨|黑了(?![好几大]|[一两三半](?!点))|黑老)(?P<hour>(?!))?(?!点|饭|会|班|些|上|来|到|安(?!排|置|装)|报(?!名|到)|婚|熟|期|操|市|读|自习|高峰|辈|年|稻|间|就|已|了|不|没|退)",
        _short_part,
    ),
    rule(
        DIGITS,
        r"(?<![0-9:.])(?P<hour>2[0-4]|1[0-9]|0?[0-9])\s?:\s?(?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])分?",
        _digital,
    ),
    rule(DIGITS, r"(?<![0-9:.])(?P<hour>2[0-4]|1[0-9]|0?[0-9])\.(?P<minute>[0-5][0-9])(?![0-9.元块米%])", _dotted),
    rule(
        "差", rf"差\s?(?:(?P<quarter>[一三1])刻钟?|(?P<minutes>{_NUMBER})分钟?)[到就]?(?P<hour>{HOUR})点钟?", _short_of
    ),
    rule(_STARTS, rf"(?P<hour>{HOUR})(?P<sign>{_SIGN})(?P<more>{_MINUTES})?{_ABOUT}", _spoken),
    rule(
        _STARTS,
        rf"(?<![0-9.:第])(?P<hour>{HOUR})(?=\s?(?:-+|~|到|至)\s?{HOUR}(?:\s?点|时(?!间|候)|:[0-5][0-9]))",
        _shared_sign,
    ),
)
