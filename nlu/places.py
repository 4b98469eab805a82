"""Finds the places that a text names, each with a spelling in which 三栋, 3号楼 and 3栋 are one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlu.address_numbers import NUMERAL, PartKind, number_value
from nlu.addresses import address_chains
from nlu.landmarks import is_spot, is_vague
from nlu.wording import fold_width

if TYPE_CHECKING:
    from nlu.address_numbers import AddressPart

_GRID = re.compile(rf"(?:第({NUMERAL})|({NUMERAL})号?)网格|网格({NUMERAL})号?")
_DOOR_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a text.

    `text` is as it was written at `start:end`, `value` the normalised spelling, and `key` that without words which tell
    nothing new (那儿): two places with one key are the same.
    """

    start: int
    end: int
    text: str
    value: str
    key: str


def find_places(text: str) -> tuple[Place, ...]:
    """The places of `text` in order; adjacent parts (桂花苑3栋2单元501) are one place.

    Words that say where something is only as seen from the speaker (楼上, 隔壁, 我家) are no places.
    """
    return tuple(_place(chain, text) for chain in address_chains(text))


def spelled(text: str) -> str:
    """`text` with each of its places in the one spelling: 三号楼那边漏水 is 3栋漏水. What is spelled so stays so."""
    pieces: list[str] = []
    done = 0
    for place in find_places(text):
        pieces += fold_width(text[done : place.start]), place.key
        done = place.end
    return "".join(pieces) + fold_width(text[done:])


def grid_of(text: str) -> str | None:
    """The number of the grid that `text` names (3网格, 三号网格, 第三网格), in Arabic digits, or None."""
    match = _GRID.search(fold_width(text))
    return number_value(match[1] or match[2] or match[3]) if match else None


def _place(chain: tuple[AddressPart, ...], text: str) -> Place:
    start, end = chain[0].start, chain[-1].end
    telling = tuple(part for part in chain if part.kind is not PartKind.POSITION or not is_vague(part))
    key = _value(telling)
    # 河边第二个桥那儿 stays as it was said; a building or a village needs no 那儿.
    is_called = telling[-1].kind is PartKind.LANDMARK and is_spot(chain[-1])
    return Place(start, end, text[start:end], _value(chain) if is_called else key, key)


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
