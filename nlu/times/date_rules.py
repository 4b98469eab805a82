"""Rules that read dates: days of the calendar, months, years and festivals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.times.atoms import DIGITS, NUMERALS, Skip, rule
from nlu.times.clock import Clock, Part
from nlu.times.days import Shifted, Vague
from nlu.times.feasts import Festival, LunarDay
from nlu.times.festivals import FESTIVALS
from nlu.times.months import Edge, Month, MonthDay, MonthEdge, MonthWeekday, Quarter, WholeMonth, Year
from nlu.times.numbers import to_int
from nlu.times.search import Day
from nlu.times.words import YEAR_SHIFTS, one_of, words

if TYPE_CHECKING:
    from nlu.times.atoms import Atom, Rule, Value

WEEK = "(?:周|星期|礼拜)"
WEEKDAY = "[一二三四五六日天]"
_ONES = "[一二三四五六七八九]"
DAY_NUMBER = f"(?:[0-3]?[0-9](?![0-9])|[二三]?十{_ONES}?(?![{NUMERALS}])|廿{_ONES}?|卅一?|{_ONES}(?![{NUMERALS}]))"
TO = r"\s?(?:-+|~|到|至)\s?"
NUMBERED = f"(?:{one_of(words('after_numbers'))}|院(?!坝))"
_DAY_SIGN = r"\s?(?:日(?!常|子|报(?![名到修送警告的了案])|光|语|用|均|益|游|三餐|志)|号)"
# A month's day without its sign: the number must not count anything.
_NO_SIGN = rf"(?![0-9点时:.%个人户次年月只条块多几岁名周星{NUMERALS}]|元(?!宵)|(?<=一)[起共直般定样些切])"
_SHARED_SIGN = rf"(?={TO}{DAY_NUMBER}\s?[日号]|\s?[、和及]\s?{DAY_NUMBER}\s?[日号])"
_MONTH_NAMES = {"正": 1, "元": 1, "冬": 11, "腊": 12}
_LUNAR_MONTHS = "正冬腊"
_EDGES = {
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
_ABOUT = {
    "几": Edge.WHOLE,
    "十几": Edge.SECOND_TEN,
    "一十几": Edge.SECOND_TEN,
    "10几": Edge.SECOND_TEN,
    "二十几": Edge.LAST_TEN,
    "20几": Edge.LAST_TEN,
}
_EDGE = rf"(?:月?(?:底|末|尾)|月?初(?![{NUMERALS}])|月?中(?![旬午秋学心央间])|[上中下]旬|[上下]半个?月|最后一天|第一天)"
_NTH = rf"(?P<nth>第[一二三四五1-5]个?|最后一?个?|倒数第[一二三]个?){WEEK}(?P<nthday>{WEEKDAY})"
_MONTH_SIGN = r"\s?月(?!大的|饼|亮|球|光|嫂|租|薪|票|供|卡|经|结(?!束)|子|一次|一回)份?"
# 13月 is read, so that it is a day that does not exist.
_MONTH_NUMBER = "(?:1[0-9]|0?[1-9]|十[一二]?|[一二三四五六七八九]|正|腊|冬|元)"
_FESTIVAL = one_of(FESTIVALS)
_LUNAR = "(?:农历|阴历|旧历|老历|古历)"
_YEAR = (
    r"(?:(?P<year>(?<![0-9])(?:19|20)[0-9]{2}|[一二][零九][零一二三四五六七八九]{2})\s?年度?"
    rf"|(?P<short>(?<![0-9])[0-9]{{2}}|二[零一二三四五六七八九])年(?=\s?{_LUNAR}?闰?{_MONTH_NUMBER}\s?月|底|末|{_FESTIVAL})"
    rf"|(?<![以之天月周然])(?P<yearword>{one_of(YEAR_SHIFTS)}))的?\s?"
)
_DATED = rf"(?:{_YEAR})?(?P<lunar>{_LUNAR}\s?)?"


def _year(match: re.Match[str]) -> tuple[int | None, int | None]:
    if match["year"]:
        return to_int(match["year"]), None
    if match["short"]:
        return 2000 + to_int(match["short"]), None
    return None, YEAR_SHIFTS[match["yearword"]] if match["yearword"] else None


def _edge(text: str) -> Edge:
    text = text.replace("个", "")
    return _EDGES[text if text in _EDGES else text.removeprefix("月")]


def which_of(text: str) -> int:
    """1 for 第一个, -1 for 最后一个, -2 for 倒数第二个."""
    if text.startswith("最后"):
        return -1
    number = to_int(text.removeprefix("倒数").strip("第个周星期礼拜的"))
    return -number if text.startswith("倒数") else number


def weekday_of(sign: str) -> int:
    """Monday is 0; 日 and 天 are Sunday."""
    return min("一二三四五六日天".index(sign), 6)


def _month(match: re.Match[str], _: Atom | None) -> Value | None:
    year, shift = _year(match)
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
        return MonthWeekday(month, which_of(match["nth"]), weekday_of(match["nthday"]))
    return WholeMonth(month)


_MONTH_SHIFTS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "次": 1, "下下": 2, "再下": 2}


def _shifted_month(match: re.Match[str], _: Atom | None) -> Value | None:
    if match["day"] and match["day"].startswith("初"):
        return LunarDay(None, to_int(match["day"].removeprefix("初")))
    return _in_month(Month(shift=_MONTH_SHIFTS[match["shift"]]), match)


def _bare_edge(match: re.Match[str], _: Atom | None) -> Value | None:
    return _in_month(Month(), match)


def _whole_year(match: re.Match[str], _: Atom | None) -> Value | None:
    year, shift = _year(match)
    if match["season"]:
        return Vague()
    if match["quarter"]:
        return Year(year, shift, quarter=to_int(match["quarter"]))
    if match["half"]:
        return Year(year, shift, Edge.FIRST_HALF if match["half"] == "上" else Edge.SECOND_HALF)
    return Year(year, shift, _EDGES[match["edge"]] if match["edge"] else Edge.WHOLE)


def _bare_year_edge(match: re.Match[str], _: Atom | None) -> Value | None:
    if match["half"]:
        return Year(shift=0, edge=Edge.FIRST_HALF if match["half"] == "上" else Edge.SECOND_HALF)
    if match["quarter"]:
        return Year(shift=0, quarter=to_int(match["quarter"]))
    return Year(edge=_EDGES[match["edge"]])


def _numeric(match: re.Match[str], _: Atom | None) -> Value | None:
    return MonthDay(Month(int(match["month"]), int(match["year"])), int(match["day"]))


_UNITS = re.compile(r"\s?(?:[元块米公里千平斤度级万亿倍版折吨亩个条岁毫厘升克℃%折分点A-Za-z]|号(?:楼|栋|门))")
_NO_DATE_BEFORE = re.compile(
    r"(?:住在?|[楼栋]|单元|到了?|评分|得分|成绩|条款|第|版本?|高|宽|长|重|深|体温|价|费|共|约|约定|近|达|超|率|为|各|加|扣|减|积)$"
)
_DATE_BEFORE = re.compile(r"(?:[于在到从自定改至期间:(是]|时间|日期)\s?$")
_RANGE_SIGNS = ("-", "~", "到", "至", "--")
_HOUR_AFTER = re.compile(
    r"\s?(?:号|(?:早上?|上午|中午|下午|傍晚|晚上?|凌晨)?\s?(?:[0-9]{1,2}[:点时]|[一二三四五六七八九十]{1,3}[点时]))"
)
_DATE_AFTER = re.compile(
    r"\s?(?:[号日(起至到止~-]|[前后](?![面门院])|之前|之后|以前|截止|上午|下午|早|晚|中午|凌晨|傍晚|周[一二三四五六日天]|星期|礼拜"
    r"|[0-9]{1,2}[:点时]|[一二三四五六七八九十]{1,3}[点时]|[放开停活节期举当召检])"
)


def _dotted(match: re.Match[str], before: Atom | None) -> Value | None:
    """5.1 is a day where something around it speaks for one and no unit or amount against it."""
    text, start, end = match.string, match.start(), match.end()
    if _UNITS.match(text, match.end("day")) or _NO_DATE_BEFORE.search(text, max(0, start - 4), start):
        return None
    ranged = before is not None and isinstance(before.value, Day) and text[before.end : start] in _RANGE_SIGNS
    surely = ranged or text[end - 1] == "日" or _HOUR_AFTER.match(text, end) is not None
    if (_follows_hour(before, start) and not surely) or _inside_number(before, text, start):
        return None
    if match["sep"] == "-" and len(match["day"]) == 1 and not surely:
        return None
    spoken_for = surely or _DATE_AFTER.match(text, end) or _DATE_BEFORE.search(text, max(0, start - 3), start)
    loose = match["sep"] == "." and len(match["day"]) == 2 and "一" <= text[end : end + 1] <= "鿿"
    alone = match[0] == text.strip()
    return MonthDay(Month(int(match["month"])), int(match["day"])) if spoken_for or loose or alone else None


def _follows_hour(before: Atom | None, start: int) -> bool:
    return before is not None and isinstance(before.value, (Clock, Part)) and start - before.end <= 2


_ADDRESS_BEFORE = re.compile(
    r"(?:[路街巷弄道楼栋幢〕】\]]|编号|工单|案号|单号|案件|房号|门牌|座位|摊位|网格|接单|接了|[投选]|[A-Za-z])\s?$"
)


def _inside_number(before: Atom | None, text: str, start: int) -> bool:
    """Whether the digits go on a number like 2-3-20号; a dash after a day or an hour makes a range."""
    ranged = before is not None and isinstance(before.value, (Day, Clock)) and before.end == start - 1
    return start > 0 and text[start - 1] in "-./" and not ranged


def _day_number(match: re.Match[str], before: Atom | None) -> Value | None:
    text, start = match.string, match.start()
    if _inside_number(before, text, start):
        return None
    if _ADDRESS_BEFORE.search(text, max(0, start - 3), start) and not _DATE_AFTER.match(text, match.end()):
        return None
    number = to_int(match["day"])
    return MonthDay(Month(), number) if number else None


_PLACES = words("place_endings")


def _festival(match: re.Match[str], _: Atom | None) -> Value | None:
    text, name = match.string, match["name"]
    found = FESTIVALS[name]
    if found.only_before and not text.startswith(found.only_before, match.end()):
        return None
    no_names = found.not_before if name.endswith("节") else (*found.not_before, *_PLACES)
    if text.startswith(no_names, match.end()) or text.endswith(found.not_after, 0, match.start()):
        return Skip() if len(name) < 3 else None
    return Festival(name, *_year(match))


def _lunar_number(match: re.Match[str], _: Atom | None) -> Value | None:
    return LunarDay(None, to_int(match["day"].removeprefix("初")), False, *_year(match))


def _new_year(_match: re.Match[str], _: Atom | None) -> Value | None:
    """年前 and 年后 are said of the Spring Festival."""
    return Festival("春节")


def _new_year_day(match: re.Match[str], _: Atom | None) -> Value | None:
    return LunarDay(1, to_int(match["day"].removeprefix("初")))


def _same_day(match: re.Match[str], _: Atom | None) -> Value | None:
    """去年今天, 下个月的今天."""
    return Shifted(months={"上": -1, "下": 1, "去": -12, "明": 12}[match["side"]])


_SIGNED = f"(?:{_DAY_SIGN}|{_SHARED_SIGN}|{_NO_SIGN})"
_TAIL = (
    rf"(?:的?(?P<about>[一二]?十几|[12]0几|几)[号日]|的?(?P<edge>{_EDGE})|的?{_NTH}|的?(?P<day>初[一二三四五六七八九十]|{DAY_NUMBER}){_SIGNED}"
    r"|(?:里头?|间|内(?=的))?)"
)
_STARTS = DIGITS + NUMERALS
_YEAR_STARTS = "".join({word[0] for word in YEAR_SHIFTS})
_FEW = f"[0-9{NUMERALS}]{{1,3}}"
# 3号楼, 3号2单元 and 3、5号楼 are addresses.
_ROOM = (
    rf"(?!\s?(?:{NUMBERED}|{_FEW}(?:单元|栋|幢|楼|室|组|号|-)"
    rf"|(?:[、,和及到至-]\s?{_FEW}号?){{1,4}}\s?{NUMBERED}))"
)

DATE_RULES: tuple[Rule, ...] = (
    rule(
        "".join({name[0] for name in FESTIVALS}) + _STARTS + "农阴旧老古" + _YEAR_STARTS,
        rf"{_DATED}(?P<name>{_FESTIVAL})",
        _festival,
    ),
    rule("上下去明", "(?P<side>(?:[上下](?=个?月)|[去明](?=年)))(?:个?月|年)的?今天", _same_day),
    rule(
        DIGITS,
        r"(?<![0-9])(?P<year>20[0-9]{2})(?P<sep>[-/.])(?P<month>1[0-2]|0?[1-9])(?P=sep)(?P<day>[0-9]{1,2})(?![0-9])日?",
        _numeric,
    ),
    rule(
        _STARTS + "闰正腊冬元农阴旧老古" + _YEAR_STARTS,
        rf"{_DATED}(?P<leap>闰)?(?P<month>(?<![0-9.]){_MONTH_NUMBER}){_MONTH_SIGN}\s?{_TAIL}",
        _month,
    ),
    rule(
        "上这本当下次再",
        rf"(?P<shift>(?<![楼街路网地身顶屋车岸坡山村镇马以])上{{1,2}}|这|(?<![原基日根版文])本|当|次|(?<![楼底地一乡手以树桥山坡])(?:下{{1,2}}|再下))一?个?月(?!饼|亮|球|光|嫂|租|薪|票|供|卡|经|结(?!束))份?\s?{_TAIL}",
        _shifted_month,
    ),
    rule("年", "(?<![一-鿿0-9])年(?=[前后](?![0-9一-鿿]?[半天月个]))", _new_year),
    rule("大", r"大?年(?P<day>初?[一二三四五六七八九十]+)", _new_year_day),
    rule(
        _STARTS + "农阴旧老古" + _YEAR_STARTS,
        rf"(?:{_YEAR})?{_LUNAR}\s?(?P<day>初[一二三四五六七八九十]|{DAY_NUMBER})[日号]?",
        _lunar_number,
    ),
    rule(
        "初",
        r"(?<![读念上级娃儿])(?P<year>(?!))?(?P<short>(?!))?(?P<yearword>(?!))?(?P<day>初[一二三四五六七八九十])(?!的?(?:学生|年级|娃|班|生|毕业|下学期|上学期|升|数学|语文|女生|男生|旧?课本|教材))",
        _lunar_number,
    ),
    rule(
        _STARTS,
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
        DIGITS,
        r"(?<![0-9./:])(?P<month>1[0-2]|0?[1-9])(?P<sep>[./])(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9.%/])日?",
        _dotted,
    ),
    rule(
        DIGITS,
        r"(?<![0-9./:])(?P<month>1[0-2]|0?[1-9])(?P<sep>-)(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9%/点时:-])",
        _dotted,
    ),
    rule(
        _STARTS + _YEAR_STARTS,
        rf"{_YEAR}(?:年?(?P<edge>底|末|尾|初|最后一天|第一天)|(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度|(?P<season>[春夏秋冬][天季]|[寒暑]假|开春))?",
        _whole_year,
    ),
    rule(
        "月上中下最第倒",
        rf"(?:(?P<edge>月底|月末|月尾|月初|月头(?!前)|月半|(?<![楼早晚马])[上下]半个?月|月中(?![旬午秋学心央间])|[上中下]旬)|{_NTH})(?P<day>(?!))?(?P<about>(?!))?",
        _bare_edge,
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
