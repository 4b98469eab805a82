"""Joins the parts of addresses that stand side by side into chains: 桂花苑 + 3栋 + 2单元 + 501."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.address_numbers import GAP, AddressPart, PartKind, numbered_parts, room_after
from nlu.place_names import named_parts, position_after
from nlu.wording import fold_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WHOLE_GAP = re.compile(GAP)
_LONGEST_GAP = 2


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
        if narrower and _may_follow(part.kind, narrower.kind) and _is_gap(text[part.end : start], narrower.kind):
            return narrower
    return room_after(part, text) or position_after(part, text)


def _may_follow(wide: PartKind, narrow: PartKind) -> bool:
    return narrow > wide or wide is narrow is PartKind.LANDMARK


def _is_gap(between: str, kind: PartKind) -> bool:
    """Whether the characters between two parts leave them one place; a comma does so only before a building or less."""
    indoors = PartKind.BUILDING <= kind <= PartKind.ROOM
    return between in ("", " ", "的") or (indoors and _WHOLE_GAP.fullmatch(between) is not None)


def _without_overlaps(parts: Iterable[AddressPart]) -> Iterator[AddressPart]:
    """The parts that begin first, and of those the longest, dropping what they cover."""
    end = 0
    for part in sorted(parts, key=lambda part: (part.start, -part.end)):
        if part.start >= end:
            yield part
            end = part.end
