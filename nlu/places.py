"""Finds the places that a text names, each with a spelling in which 三栋, 3号楼 and 3栋 are one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
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

_GRID = re.compile(rf"(?:第({NUMERAL})|({NUMERAL})号?)网格|网格({NUMERAL})号?")
_DOOR_DIGITS = 2
_DOOR = re.compile(rf"(?<!第)({NUMERAL})号(?:附({NUMERAL})号)?(?!楼|线)(?P<yard>院(?!子|坝))?")
_LIVING = re.compile(r"[的,，]?住在?\Z")
# Above the speaker, not above the place.
_UPSTAIRS = re.compile("(?<=..)的?楼上")
_SEEN_FROM_HERE = "楼[上下]|隔壁|对[门面]|我|自家|路中间"
_PARTING = re.compile("[和跟与、到至]")
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


def find_places(text: str) -> tuple[Place, ...]:
    """The places of `text` in order; adjacent parts (桂花苑3栋2单元501) are one place.

    Words that say where something is only as seen from the speaker (楼上, 隔壁, 我家) are no places.
    """
    chains = address_chains(text)
    folded = fold_width(text)
    parts = [part for chain in chains for part in chain]
    stretches = _joined([*((chain[0].start, chain[-1].end) for chain in chains), *_tagged(folded, chains)])
    return tuple(_place(tuple(_parts(folded, start, end, parts)), text) for start, end in stretches)


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


def _tagged(text: str, chains: Sequence[Sequence[AddressPart]]) -> Iterator[tuple[int, int]]:
    """Where places are tagged; one that the rules see too ends where they end it, for they know what may follow.

    A person who is named there is none. Where nothing stands around it, nothing tells a name of a place from that of a
    person.
    """
    people = find_persons(text)
    for start, end in load().spans(text):
        known = [chain for chain in chains if chain[0].start <= end and start < chain[-1].end]
        if known and start < known[0][0].start and _PARTING.match(text, known[0][0].start - 1):
            continue
        if known:
            yield start, _end_of_first(known, text)
        elif any(person.start < end and start < person.end for person in people):
            continue
        elif end - start < len(text.strip()) and not _ordinary().search(text[start:end]):
            door = _DOOR.match(text, end)
            upstairs = _UPSTAIRS.search(text, start, end)
            yield start, door.end() if door else upstairs.start() if upstairs else end


def _end_of_first(chains: Sequence[Sequence[AddressPart]], text: str) -> int:
    """Where the first of the places ends that `chains` make up: what 和 or 到 parts are two."""
    for chain, behind in pairwise(chains):
        if _PARTING.search(text, chain[-1].end, behind[0].start):
            return chain[-1].end
    return chains[-1][-1].end


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
            yield part
            done = part.end
    yield from _named(text, done, end)


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


def _place(parts: tuple[AddressPart, ...], text: str) -> Place:
    start, end = parts[0].start, parts[-1].end
    value = _value(tuple(part for part in parts[:-1] if not is_vague(part)) + parts[-1:])
    if parts[-1].kind in (PartKind.LANDMARK, PartKind.POSITION):
        value = _vague().sub("", value)
    return Place(start, end, text[start:end], value)


@cache
def _vague() -> re.Pattern[str]:
    table = read_table("places")
    return re.compile(f"(?<=.)(?:{any_of([*table['vague_positions'], *table['spots']])})\\Z")


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
