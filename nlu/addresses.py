"""Joins the parts of addresses that stand side by side into chains: 桂花苑 + 3栋 + 2单元 + 501."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nlu.address_numbers import GAP, AddressPart, PartKind, numbered_parts, room_after
from nlu.landmarks import position_after
from nlu.place_names import named_parts
from nlu.wording import fold_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_INDOORS_GAP = re.compile(rf"{GAP}|[的,，]?住在?")
_LONGEST_GAP = 3
# Beside the order of the kinds: 小区广场 + 亭子, 背后 + 的垃圾房, 村委会 + 二楼 + 会议室, 丁家坝 + 六组.
_NARROWER_TOO = frozenset(
    {
        (PartKind.LANDMARK, PartKind.LANDMARK),
        (PartKind.POSITION, PartKind.LANDMARK),
        (PartKind.LANDMARK, PartKind.FLOOR),
        (PartKind.ESTATE, PartKind.GROUP),
    }
)


def address_chains(text: str) -> tuple[tuple[AddressPart, ...], ...]:
    """The chains of adjacent parts in `text`, in order, each narrowing from the wide to what is said last."""
    folded = fold_width(text)
    parts = named_parts(folded, list(_without_overlaps(numbered_parts(folded))))
    starts = {part.start: part for part in parts}
    chains: list[tuple[AddressPart, ...]] = []
    for part in parts:
        if not chains or part.start >= chains[-1][-1].end:
            chains.append(tuple(_chain_from(part, starts, folded)))
    return tuple(chains)


def _chain_from(part: AddressPart, starts: dict[int, AddressPart], text: str) -> Iterator[AddressPart]:
    following: AddressPart | None = part
    while following:
        part = following
        yield part
        following = _following(part, starts, text)


def _following(part: AddressPart, starts: dict[int, AddressPart], text: str) -> AddressPart | None:
    """What goes on from `part`: another part, a number that is a room there, or a word of position."""
    for start in range(part.end, part.end + _LONGEST_GAP + 1):
        narrower = starts.get(start)
        between = text[part.end : start]
        if narrower and _may_follow(part.kind, narrower.kind) and _is_gap(between, narrower.kind):
            # 「3栋背后的垃圾房」 reads ill without its 的; 「桂花苑的3栋」 does not.
            is_behind = part.kind is PartKind.POSITION and between == "的"
            return replace(narrower, value=between + narrower.value) if is_behind else narrower
    return room_after(part, text) or position_after(part, text)


def _may_follow(wide: PartKind, narrow: PartKind) -> bool:
    return narrow > wide or (wide, narrow) in _NARROWER_TOO


def _is_gap(between: str, kind: PartKind) -> bool:
    """Whether the characters between two parts leave them one place; a comma does so only before a building or less."""
    indoors = PartKind.BUILDING <= kind <= PartKind.ROOM
    return between in ("", " ", "的") or (indoors and _INDOORS_GAP.fullmatch(between) is not None)


def _without_overlaps(parts: Iterable[AddressPart]) -> Iterator[AddressPart]:
    """The parts that begin first, and of those the longest, dropping what they cover."""
    end = 0
    for part in sorted(parts, key=lambda part: (part.start, -part.end)):
        if part.start >= end:
            yield part
            end = part.end
