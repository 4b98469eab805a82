"""Writes a Rasa project that learns from the same sentences as our own model."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from nlu.training_data import FORMAT_VERSION
from nlu.understanding import EntityKind, Intent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nlu.training_data import Example

CONFIG = Path(__file__).with_name("rasa_config.yml")
# Rasa reads [捂脸][流泪] as a word with a list of entities; a blank between the two keeps both stickers.
_STICKERS = re.compile(r"\](?=\[)")


def write_project(folder: Path, examples: Sequence[Example], most: int | None = None) -> None:
    """Write `config.yml`, `domain.yml` and `data/nlu.yml` into `folder`; with `most`, only so many sentences an intent.

    Raises OSError where a file cannot be written.
    """
    by_intent: dict[Intent, list[Example]] = defaultdict(list)
    for example in examples:
        by_intent[example.intent].append(example)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(CONFIG, folder / "config.yml")
    (folder / "domain.yml").write_text(_domain(examples), encoding="utf-8")
    blocks = [_block(intent, _spread(by_intent[intent], most)) for intent in Intent if by_intent[intent]]
    (folder / "data" / "nlu.yml").write_text(f'version: "{FORMAT_VERSION}"\nnlu:\n{"".join(blocks)}', encoding="utf-8")


def _domain(examples: Iterable[Example]) -> str:
    roles: dict[EntityKind, set[str]] = {kind: set() for kind in EntityKind}
    for example in examples:
        for entity in example.entities:
            if entity.value is not None:
                roles[entity.kind].add(entity.value)
    entities = [{str(kind): {"roles": sorted(told)}} if told else str(kind) for kind, told in roles.items()]
    content = {"version": FORMAT_VERSION, "intents": [str(intent) for intent in Intent], "entities": entities}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def _spread(examples: list[Example], most: int | None) -> list[Example]:
    """All of them, or `most` that stand evenly apart, since neighbours in a file are often alike."""
    if most is None or len(examples) <= most:
        return examples
    return [examples[place * len(examples) // most] for place in range(most)]


def _block(intent: Intent, examples: Iterable[Example]) -> str:
    lines = "".join(f"      - {marked(example)}\n" for example in examples)
    return f"  - intent: {intent}\n    examples: |\n{lines}"


def marked(example: Example) -> str:
    """The sentence with its entities marked as Rasa reads them.

    What an author wrote beside a mark becomes its role: for Rasa a value is a synonym, the same in every sentence,
    while 「吵」 is noise in one and a family's quarrel in another.
    """
    written, position = "", 0
    for entity in example.entities:
        attributes = {"entity": str(entity.kind), "role": entity.value}
        mark = f"({entity.kind})" if entity.value is None else json.dumps(attributes, ensure_ascii=False)
        written += f"{example.text[position : entity.start]}[{example.text[entity.start : entity.end]}]{mark}"
        position = entity.end
    return _STICKERS.sub("] ", written + example.text[position:])
