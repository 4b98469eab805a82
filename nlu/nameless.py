"""Takes the names out of a text that is kept without its speaker: an admin reads it, and it may be learnt from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.personal_data import mask
from nlu.understanding import EntityKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nlu.understanding import Entity

UNNAMED = {EntityKind.PERSON: "某人", EntityKind.PLACE: "某处"}
"""What stands for a name."""


def nameless(text: str, entities: Iterable[Entity]) -> str:
    """`text` with every person and every place among its `entities` unnamed, and other personal data masked."""
    pieces: list[str] = []
    done = 0
    for entity in sorted(entities, key=lambda entity: entity.start):
        if entity.kind in UNNAMED and entity.start >= done:
            pieces += text[done : entity.start], UNNAMED[entity.kind]
            done = entity.end
    return mask("".join(pieces) + text[done:])
