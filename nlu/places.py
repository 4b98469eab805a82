"""Finds the places that a text names, each with a spelling in which 三栋, 3号楼 and 3栋 are one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from nlu.address_numbers import NUMERAL, AddressPart, PartKind, door_value, number_value
from nlu.addresses import address_chains
from nlu.landmarks import is_vague
from nlu.persons import find_persons
from nlu.place_tagger import load
from nlu.tables import any_of, read_table
from nlu.wording import fold_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nlu.persons import Person

_GRID = re.compile(rf"(?:第({NUMERAL})|({NUMERAL})号?)网格|网格({NUMERAL})号?")
_DOOR_DIGITS = 2
_DOOR = re.compile(rf"(?<!第)({NUMERAL})号(?:附({NUMERAL})号)?(?!楼|线)(?P<yard>院(?!子|坝))?")
_LIVING = re.compile(r"[的,，]?住在?\Z")
# Above the speaker, not above the place.
_UPSTAIRS = re.compile("(?<=..)的?楼上")
_SEEN_FROM_HERE = "楼[上下]|隔壁|对[门面]|我|自家|路中间"
_PARTING = re.compile("[和与、到至]|跟(?!前)")
# 大石包到鱼嘴那段路 is one stretch of road, as 3、4栋 and 12号至40号 are told in one breath.
_SECTION = re.compile("[那这]一?[段截条](?:路(?!灯|面))?|之间|中间")
_COUNTED_ON = re.compile(
    rf"(?:(?<=[0-9一二三四五六七八九十])[、和跟与]|[到至]){NUMERAL}(?:[、和跟与到至]{NUMERAL})*[栋幢号]"
)
# Behind what the rules see, these tell nothing more of where it is.
_SAYS_NO_MORE = re.compile("[上头里口面]|[里上]头|路面|那一?[排口根棵盏]")
# Whoever is named before these is no person but where they live: 杜鹃谷的业主.
_HOME = re.compile("[屋家门院坝铺店馆摊楼房栋幢号组社湾塘谷]")
_RESIDENTS = re.compile("的?(?:业主|住户|居民|村民|楼长|楼栋长)")
_NAMED = (PartKind.COMMUNITY, PartKind.ROAD, PartKind.ESTATE, PartKind.LANDMARK)
_SHORTEST = 2
_ANYBODYS = frozenset({"小区", "小区头", "社区", "门口", "院子"})
_OWN = re.compile(f"满小区|{_SEEN_FROM_HERE}")
_JOINING = " \u00a0的,，"


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a text.

    `text` is as it was written at `start:end`, and `value` the one spelling of it, without words that tell nothing new
    (那儿): two places with one value are the same.
    """

    start: int
    end: int
    text: str
    value: str


@lru_cache(maxsize=256)
def find_places(text: str) -> tuple[Place, ...]:
    """The places of `text` in order; adjacent parts (桂花苑3栋2单元501) are one place.

    Words that say where something is only as seen from the speaker (楼上, 隔壁, 我家) are no places.
    """
    chains = address_chains(text)
    folded = fold_width(text)
    parts = [part for chain in chains for part in chain]
    stretches = _sections(_joined(_stretches(folded, chains)), folded)
    places = (tuple(_parts(folded, start, end, parts)) for start, end in stretches)
    return tuple(_place(place, text) for place in places if _tells_where(place))


def spelled(text: str) -> str:
    """`text` with each of its places in the one spelling: 三号楼那边漏水 is 3栋漏水. What is spelled so stays so."""
    pieces: list[str] = []
    done = 0
    for place in find_places(text):
        pieces += fold_width(text[done : place.start]), place.value
        done = place.end
    return "".join(pieces) + fold_width(text[done:])


def grid_of(text: str) -> str | None:
    """The number of the grid that `text` names (3网格, 三号网格, 第三网格), in Arabic digits, or None."""
    match = _GRID.search(fold_width(text))
    return number_value(match[1] or match[2] or match[3]) if match else None


def _stretches(text: str, chains: Sequence[Sequence[AddressPart]]) -> Iterator[tuple[int, int]]:
    """Where places are tagged or seen by the rules; where both see one, it ends where the later of them ends it."""
    people = find_persons(text)
    seen: set[int] = set()
    for start, end in load().spans(text):
        known = [chain for chain in chains if chain[0].start <= end and start < chain[-1].end]
        seen.update(chain[0].start for chain in known)
        if known:
            name = known[0][0].start
            if start < name and (
                _is_upstairs(text, start, known[0][0]) or any(_is_person(who, start, name, text) for who in people)
            ):
                # Neither 楼上 nor who lives there tells where 402 is.
                start = name
            stop = _without_person(_stop(end, known[-1][-1].end, text), known[-1][-1].end, text, people)
            yield from _apart(text, _begin(start, known[0][0]), stop, known)
        elif any(_is_person(person, start, end, text) for person in people):
            continue
        elif not _ordinary().search(text[start:end]):
            door = _DOOR.match(text, end)
            upstairs = _UPSTAIRS.search(text, start, end)
            stop = door.end() if door else upstairs.start() if upstairs else end
            # Where nothing stands around a name, nothing tells that of a place from that of a person.
            if stop - start < len(text.strip()):
                yield start, stop
    yield from ((chain[0].start, chain[-1].end) for chain in chains if chain[0].start not in seen)


def _is_upstairs(text: str, start: int, part: AddressPart) -> bool:
    return part.kind is PartKind.ROOM and _OWN.match(text, start) is not None


def _begin(start: int, part: AddressPart) -> int:
    """Where a tagged place begins of which the rules see `part` first: they cannot tell how far back a name reaches."""
    is_name = part.kind in _NAMED and part.end - start >= _SHORTEST
    return start if is_name or start < part.start else part.start


def _stop(tagged: int, seen: int, text: str) -> int:
    """Where a place ends that is tagged to one character and seen by the rules to another: at the later of the two."""
    return seen if tagged < seen or _SAYS_NO_MORE.fullmatch(text, seen, tagged) else tagged


def _without_person(end: int, seen: int, text: str, people: Sequence[Person]) -> int:
    """Where a place ends whose rest names who lives there: 3栋王春梅 is 3栋, and 3栋刘幺爸屋门口 all of it."""
    named = (who.start for who in people if seen <= who.start < end and not _HOME.search(text, who.end, end))
    return min(named, default=end)


def _is_person(person: Person, start: int, end: int, text: str) -> bool:
    """Whether it is somebody who was tagged: 刘幺爸, and not 刘幺爸屋门口 nor the 杜鹃谷 whose people are spoken of."""
    if not (person.start < end and start < person.end):
        return False
    if person.end >= end:
        return _RESIDENTS.match(text, end) is None
    return _HOME.search(text, person.end, end) is None


def _apart(text: str, start: int, end: int, chains: Sequence[Sequence[AddressPart]]) -> Iterator[tuple[int, int]]:
    """The places that a stretch with `chains` in it consists of: two that 和 or 到 parts are two."""
    for chain in chains:
        for place in (chain[0].start - 1, chain[-1].end):
            if start < place < end - 1 and _PARTING.match(text, place) and not _COUNTED_ON.match(text, place):
                yield start, place
                start = place + 1
    yield start, end


def _sections(stretches: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """`stretches`, where a road is told by both of its ends as one."""
    told: list[tuple[int, int]] = []
    for start, end in stretches:
        behind = _SECTION.match(text, end)
        is_section = behind or _SECTION.search(text, start, end)
        if told and text[told[-1][1] : start] in ("到", "至") and is_section:
            told[-1] = (told[-1][0], behind.end() if behind else end)
        else:
            told.append((start, end))
    return told


@cache
def _ordinary() -> re.Pattern[str]:
    """What is no place although it was tagged: counted, seen from the speaker, or ending with a word that is none."""
    words = any_of(word for word in read_table("places")["not_names"] if not word.endswith(("路", "街", "巷")))
    return re.compile(rf"^(?:[0-9]|{NUMERAL}[栋座颗]|{_SEEN_FROM_HERE})|(?:{words})\Z|^[{re.escape(_JOINING)}]*\Z")


def _joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """`stretches` in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _parts(text: str, start: int, end: int, parts: Iterable[AddressPart]) -> Iterator[AddressPart]:
    """The parts between `start` and `end`, and as landmarks the names that the rules do not know."""
    done = start
    for part in parts:
        if start <= part.start and part.end <= end:
            yield from _named(text, done, part.start)
            if part.kind is PartKind.LANDMARK and _ends_in_door(text, part):
                yield from _named(text, part.start, part.end)
            else:
                yield part
            done = part.end
    yield from _named(text, done, end)


def _ends_in_door(text: str, part: AddressPart) -> bool:
    return any(
        door.start() > part.start and door.end() == part.end for door in _DOOR.finditer(text, part.start, part.end)
    )


def _named(text: str, start: int, end: int) -> Iterator[AddressPart]:
    """The name between `start` and `end`, and the door behind it: 学堂坎 + 14号."""
    done = start
    for door in _DOOR.finditer(text, start, end):
        yield from _name(text, done, door.start())
        yield AddressPart(PartKind.DOOR, door.start(), door.end(), door_value(door))
        done = door.end()
    yield from _name(text, done, end)


def _name(text: str, start: int, end: int) -> Iterator[AddressPart]:
    """The name there without what only joins it to its neighbours, if anything is left of it."""
    name = _LIVING.sub("", text[start:end].strip(_JOINING))
    if name:
        begin = text.index(name, start)
        yield AddressPart(PartKind.LANDMARK, begin, begin + len(name), name)


def _tells_where(parts: tuple[AddressPart, ...]) -> bool:
    """Whether somebody could go there by it: not by 村, 井, 自家院坝 or 楼下那家阳台, which are anybody's."""
    if any(part.kind not in (PartKind.LANDMARK, PartKind.POSITION) for part in parts):
        return True
    name = parts[0].value
    return not (_OWN.match(name) or (len(parts) == 1 and (len(name) == 1 or name in _ANYBODYS)))


def _place(parts: tuple[AddressPart, ...], text: str) -> Place:
    start, end = parts[0].start, parts[-1].end
    value = _value(tuple(part for part in parts[:-1] if not is_vague(part)) + parts[-1:])
    if parts[-1].kind in (PartKind.LANDMARK, PartKind.POSITION):
        value = _vague().sub("", value)
    return Place(start, end, text[start:end], value)


@cache
def _vague() -> re.Pattern[str]:
    table = read_table("places")
    return re.compile(f"(?<=.)(?:{any_of([*table['vague_positions'], *table['spots'], *table['vague_tails']])})\\Z")


def _value(chain: tuple[AddressPart, ...]) -> str:
    """The values of the parts in a row; floor and door make a room number: 5楼1号 is 501."""
    value = ""
    for index, part in enumerate(chain):
        behind = chain[index + 1] if index + 1 < len(chain) else None
        if part.kind is PartKind.FLOOR and behind and behind.kind is PartKind.ROOM:
            value += part.value.removesuffix("楼") if len(behind.value) <= _DOOR_DIGITS else ""
        elif part.kind is PartKind.ROOM and index and chain[index - 1].kind is PartKind.FLOOR:
            value += part.value.zfill(_DOOR_DIGITS)
        else:
            value += part.value.replace(" ", "")
    return value
