"""Reads the numbered parts of an address: 3网格, 白马村3组, 3栋, 2单元, 5楼, 501, 12-3-402, 12号附2号."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from nlu.wording import chinese_number

if TYPE_CHECKING:
    from collections.abc import Iterator


class PartKind(IntEnum):
    """What a part of an address names, from the wide to the narrow; a chain of parts only ever narrows."""

    TOWN = 1
    COMMUNITY = 2
    GRID = 3
    GROUP = 4
    ROAD = 5
    DOOR = 6
    ESTATE = 7
    ZONE = 8
    BUILDING = 9
    UNIT = 10
    FLOOR = 11
    ROOM = 12
    HOUSE = 13
    LANDMARK = 14
    POSITION = 15


@dataclass(frozen=True, slots=True)
class AddressPart:
    """One part of an address in a text; `value` is its normalised spelling."""

    kind: PartKind
    start: int
    end: int
    value: str


NUMERAL = "(?:[0-9]{1,4}|[零〇一二两三四五六七八九十百]{1,5})"
GAP = r"[ \u00a0,，、的\-–—－·]{0,2}"
_SPOKEN = "一二三四五六七八九"
# A room is floor and door: three or four digits, 五零一, 一二零三, 十二零三, 五百零一.
_ROOM_DIGITS = (
    rf"(?:[1-9][0-9]{{2,3}}[A-Za-z]?|[{_SPOKEN}]?十?[{_SPOKEN}][零〇][{_SPOKEN}]|[{_SPOKEN}幺][零〇一二幺][{_SPOKEN}幺零〇]"
    rf"|[{_SPOKEN}幺][零〇一二三幺][零〇][{_SPOKEN}幺]"
    rf"|[{_SPOKEN}]百(?:零[{_SPOKEN}]|[一二]?十[{_SPOKEN}]?))"
)
# What follows a number that counts, measures or dates something, so that it is no room.
_NO_ROOM = (
    rf"(?![0-9零〇{_SPOKEN}十百]|[-.:：/][0-9]|(?:多|余|来)?(?:元|块|毛|万|千|人|个|名|位|度|吨|斤|米|平|年|月|天(?!天)|分|点|次"
    r"|岁|栋|幢|组|社|期|路|辆|升|家(?![里的在那])|户人|户居|户业|多|余))"
)
_NO_DATE = r"(?!楼|线|院|停|开|上午|下午|早|晚|前|之前|到|至|来|去|起|[0-9]|点|网格)"
_ROOM_WORD = "(?:号房间?|室|号|房)"
_NO_COUNT = "(?!人|居|业)"
# The numbers that are a room only behind something else.
_ROOM_AFTER = {
    PartKind.FLOOR: (
        rf"({_ROOM_DIGITS}){_ROOM_WORD}?{_NO_ROOM}",
        rf"({NUMERAL}){_ROOM_WORD}{_NO_COUNT}{_NO_DATE}",
    ),
    PartKind.UNIT: (
        rf"({_ROOM_DIGITS}){_ROOM_WORD}?{_NO_ROOM}",
        rf"({NUMERAL}){_ROOM_WORD}{_NO_COUNT}{_NO_DATE}",
        r"([0-9]{1,2})-([0-9]{1,2})(?![0-9])",
    ),
    PartKind.BUILDING: (
        rf"({_ROOM_DIGITS}){_ROOM_WORD}?{_NO_ROOM}",
        rf"(?P<unit>[1-9][0-9]?)-({_ROOM_DIGITS}){_ROOM_WORD}?{_NO_ROOM}",
    ),
    PartKind.ESTATE: (r"([1-9][0-9]?(?:0[1-9]|1[0-9]))(?:室|号房|房|(?=的|[,，。.!！?？]|\Z|住户|业主|那家))",),
    PartKind.DOOR: (rf"({_ROOM_DIGITS})(?:室|号房|房)",),
}
_ROOM_PATTERNS = {kind: re.compile(f"{GAP}(?:{'|'.join(patterns)})") for kind, patterns in _ROOM_AFTER.items()}
_ROOM_PATTERNS[PartKind.ZONE] = _ROOM_PATTERNS[PartKind.ESTATE]
_HOUSE = re.compile(rf" ?({NUMERAL})号(?:附({NUMERAL})号)?{_NO_DATE}(?![井机桥田地人])")
_NO_DOOR = "(?!楼|线|停|开|上午|下午|[0-9](?![0-9]?[栋幢单])|网格)"
_DOOR = re.compile(rf" ?({NUMERAL}(?:-[0-9]{{1,3}})?)号(?:附({NUMERAL})号)?{_NO_DOOR}(?P<yard>院(?!子|坝))?")

# Estates of single houses, each with its number: 老街院子6号.
_YARDS = ("院子", "大院", "湾", "沟", "坝")

_GROUP = (
    rf"(?:(?<=[村区])第?|(?<![0-9第成为共有每分人]))({NUMERAL})"
    r"(?:组|社(?!区|会|保|团|长)|大队|队(?!长|伍|友|人)|小组)(?![照数讨件团织合人])"
    rf"|第?({NUMERAL})(?:村民小组|村民组|生产队)"
)
_ZONE = (
    r"(?<![A-Za-z])([A-Za-z]|[东南西北](?=区))区(?![分域别块])"
    rf"|(?<![0-9分第])([{_SPOKEN}十1-9])期(?![间待限望货工项])"
)
_BUILDING = (
    # In 书香门第九栋 the 第 ends the name.
    rf"(?<![0-9A-Za-z{_SPOKEN}十共这那修建盖拆同哪几])(?:(?<!门)第)?"
    rf"(?:({NUMERAL}|[A-Za-z][0-9]?)(?:栋|幢|棟|号楼|#楼|#(?=[ \-]?[0-9])|号院(?=[0-9])"
    # 1洞3单元 is a slip for 1栋3单元.
    rf"|洞(?=[0-9{_SPOKEN}]{{1,3}}单元))"
    rf"|(?<=[\u4e00-\u9fff])(?<![了有的这那共个建修和])([0-9]{{1,2}})座(?![桥山楼庙房塔坟碑城])|([A-Za-z])座)"
    rf"(?!楼房|房子|房屋|新房|别墅|高楼|居民楼)(?:楼(?=[前后背的有没]|[0-9{_SPOKEN}]))?"
)
_STOREY = "(?:[0-9]{1,2}(?![0-9])|[零〇一二两三四五六七八九十]{1,3})"
_FLOOR = rf"(?<![0-9A-Za-z.\-])第?(负?{_STOREY})(?:楼|层(?=[0-9{_SPOKEN}]))(?![房盘市长高梯])"
# (kind, the standard unit or "" to keep the one that was written, pattern); the first group that matched is the number.
_NUMBERED: tuple[tuple[PartKind, str, re.Pattern[str]], ...] = (
    (PartKind.GRID, "网格", re.compile(rf"第?({NUMERAL})号?网格(?!员)|网格({NUMERAL})(?![个名位])")),
    (PartKind.GROUP, "", re.compile(_GROUP)),
    (PartKind.ZONE, "", re.compile(_ZONE)),
    (PartKind.BUILDING, "栋", re.compile(_BUILDING)),
    (PartKind.UNIT, "单元", re.compile(rf"(?<![0-9A-Za-z个每几])第?({NUMERAL}|[A-Za-z])(?:单元|门(?=[0-9]{{3}}))")),
    (PartKind.FLOOR, "楼", re.compile(_FLOOR)),
)

_HYPHENED = re.compile(
    # 取件码8-2-3401 opens a locker.
    r"(?<![0-9A-Za-z./\-*])(?<!码)(?<!码[:： 是])"
    r"([0-9]{1,3}|[A-Fa-f][0-9]?)(?:栋|幢|#|号楼)?-([0-9]{1,2})(?:单元)?-([1-9][0-9]{2,3})"
    r"(?:室|号|房)?(?![0-9./:：*\-])"
)
_SHORT_HYPHENED = re.compile(
    r"(?<=[苑园区住府湾寓城是在村庭家])([0-9]{1,3})(?:栋|幢|#|号楼)?-"
    r"(?:([0-9]{1,2})(?:单元)?-([0-9]{1,2})-([0-9]{1,2})|([1-9][0-9]{2,3}))(?:室|号|房)?(?![0-9./:：*\-])"
)
_MANY_UNITS = 12
_FLOOR_AND_DOOR = f"(?:[1-9][0-9]?(?:0[1-9]|1[0-9])|[{_SPOKEN}][零〇][{_SPOKEN}])"
_BEFORE_ROOMS = (
    "楼上", "楼下", "隔壁", "对门", "对面", "房号", "房号是", "门牌", "门牌号", "我是", "住", "住在", "我家", "我们",
    "咱们", "户", "到我", "漏我", "多了", "加上", "还有", "号:", "号：",
)  # fmt: skip
# A bare number is a room only behind words that speak of a household, and where it names floor and door.
_LONE_ROOM = re.compile(
    f"(?:{'|'.join(f'(?<={word})' for word in _BEFORE_ROOMS)})({_FLOOR_AND_DOOR})(?:室|号房|房)?"
    r"(?=[的那又也老天家住在一和跟与不漏了,，。.!！?？、\s]|业主|\Z)"
    rf"|(?<![0-9A-Za-z.:：/\-])({_FLOOR_AND_DOOR})(?:室|(?=住户|业主))"
    rf"|(?<=[0-9]{{3}}[和跟与、])({_FLOOR_AND_DOOR})(?=[的那又也两家都吵打漏,，。]|\Z)"
    r"|(?<=[,，。])([1-9][0-9]?0[1-9])\Z|(?:\A|(?<=[,，。]))([1-9][0-9]?0[1-9])(?=也|那家|家|一个人|没人|没来|不同意|的到)"
    r"|(?<=投诉)([1-9][0-9]?0[1-9])(?=[,，。的]|\Z)"
)
_GATE = re.compile(rf"门牌号?(?:是|为|[:：])?({NUMERAL})号")


def numbered_parts(text: str) -> Iterator[AddressPart]:
    """All numbered parts of `text` that stand by themselves, not in order; overlaps are left in."""
    yield from _hyphened(text)
    for match in _LONE_ROOM.finditer(text):
        group = match.lastindex or 0
        yield AddressPart(PartKind.ROOM, match.start(group), match.end(), number_value(match[group]))
    for match in _GATE.finditer(text):
        yield AddressPart(PartKind.DOOR, match.start(1), match.end(), f"{number_value(match[1])}号")
    for kind, unit, pattern in _NUMBERED:
        for match in pattern.finditer(text):
            yield AddressPart(kind, match.start(), match.end(), _spelling(match, unit))


def door_value(match: re.Match[str]) -> str:
    """The spelling of a door: its number, that of the annex, and 院 where it is one of a yard (12号附2号, 6号院)."""
    annex = f"附{number_value(match[2])}号" if match[2] else ""
    return f"{number_value(match[1])}号{annex}{match.groupdict().get('yard') or ''}"


def room_after(part: AddressPart, text: str) -> AddressPart | None:
    """The room, house or door number that only its place behind `part` makes one: 501, 5楼2号, 3组12号, 文林路12号."""
    if part.kind in (PartKind.GROUP, PartKind.ROAD) or part.value.endswith(_YARDS):
        is_road = part.kind is not PartKind.GROUP
        match = (_DOOR if is_road else _HOUSE).match(text, part.end)
        if not match:
            return None
        return AddressPart(PartKind.DOOR if is_road else PartKind.HOUSE, match.start(1), match.end(), door_value(match))
    pattern = _ROOM_PATTERNS.get(part.kind)
    match = pattern.match(text, part.end) if pattern else None
    if not match:
        return None
    start = min(start for start, _ in match.regs[1:] if start >= 0)
    return AddressPart(PartKind.ROOM, start, match.end(), _room_value(match))


def _room_value(match: re.Match[str]) -> str:
    """501 as it is, 5-1 as 501, 2-501 behind a building as 2单元501."""
    first, *second = (number_value(group) for group in match.groups() if group)
    if match.groupdict().get("unit"):
        return f"{first}单元{second[0]}"
    return first + second[0].zfill(2) if second else first


def number_value(numeral: str) -> str:
    """`numeral` in Arabic digits without leading zeros; in capitals where it is no number."""
    number = chinese_number(numeral)
    return numeral.upper() if number is None else str(number)


def _spelling(match: re.Match[str], unit: str) -> str:
    number = next(group for group in match.groups() if group)
    below = "负" if number.startswith("负") else ""
    value = below + number_value(number.removeprefix("负"))
    return value + (unit or match[0][match[0].index(number) + len(number) :])


def _hyphened(text: str) -> Iterator[AddressPart]:
    """12-3-402: building, unit and room in one; 3-501 and 3-2-5-1 only behind a name or 住, where no score stands."""
    for match in _HYPHENED.finditer(text):
        building, unit, room = match.groups()
        is_year = len(room) == 4 and room.startswith(("19", "20"))
        if 0 < int(unit) <= _MANY_UNITS and not is_year:
            value = f"{number_value(building)}栋{int(unit)}单元{room}"
            yield AddressPart(PartKind.ROOM, match.start(), match.end(), value)
    for match in _SHORT_HYPHENED.finditer(text):
        building, unit, floor, door, room = match.groups()
        value = f"{int(building)}栋{room}" if room else f"{int(building)}栋{int(unit)}单元{int(floor)}{door.zfill(2)}"
        yield AddressPart(PartKind.ROOM, match.start(), match.end(), value)
