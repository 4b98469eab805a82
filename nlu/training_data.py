"""Reads the training sentences, which stand in Rasa's YAML format in `nlu/data`, with their intents and entities."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from nlu.understanding import EntityKind, Intent
from nlu.yaml_nodes import TrainingDataError, compose, intent_at, line_of, mapping_at, sequence_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DATA_FOLDER = Path(__file__).parent / "data"
LOCAL_NAMES = DATA_FOLDER / "local_names"
"""Sentences that teach the tagger of places and no intent: so many at once would tilt what is an emergency."""

FORMAT_VERSION = "3.1"

_TOP_KEYS = {"version", "nlu"}
_BLOCK_KEYS = {"intent", "examples"}
# Rasa's two spellings of an entity: [张三](person) and [漏水]{"entity": "category", "value": "water_leak"}.
_MARKED = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\((?P<kind>[^()]*)\)|(?P<attributes>\{[^{}]*\}))")
# Chat programs write a sticker as [捂脸]; such brackets are text, unless what follows shows a broken entity.
_STICKER = re.compile(r"\[\w{1,6}\](?!\s*[(（{｛])")


@dataclass(frozen=True, slots=True)
class MarkedEntity:
    """An entity as an author marked it: `text[start:end]` of the example names it.

    `value` is what the author wrote beside it (a slug for categories), None where the text speaks for itself.
    """

    kind: EntityKind
    start: int
    end: int
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One training sentence without its markup, and the file and line (from 1) where it stands."""

    text: str
    intent: Intent
    entities: tuple[MarkedEntity, ...]
    source: Path
    line: int


def load_examples(folder: Path = DATA_FOLDER) -> tuple[Example, ...]:
    """All sentences of the training files directly in `folder`, by file name and then as they stand.

    A file belongs when its top keys are `version` and `nlu`; every other YAML file (word lists, wordings) is
    passed over, and so are folders. Raises TrainingDataError, with file and line, for a file that belongs and breaks
    the format.
    """
    return tuple(example for path in sorted(folder.glob("*.yml")) for example in _read_file(path))


def fingerprint(examples: Iterable[Example]) -> str:
    """A short hash of what `examples` teach about intents: it changes with their texts and intents, not their marks."""
    taught = sorted(f"{example.intent} {example.text}" for example in examples)
    return hashlib.sha256("\n".join(taught).encode()).hexdigest()[:16]


def write_examples(path: Path, sentences: Iterable[tuple[str, Intent]]) -> None:
    """Write `sentences`, which mark no entities, to a new training file that `load_examples` reads.

    Each stands once. Raises FileExistsError where the file is there already.
    """
    by_intent: dict[Intent, dict[str, None]] = {}
    for text, intent in sentences:
        by_intent.setdefault(intent, {})[_one_line(text)] = None
    blocks = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in sorted(by_intent.items())
    ]
    with path.open("x", encoding="utf-8") as file:
        file.write(f'version: "{FORMAT_VERSION}"\nnlu:\n' + "".join(blocks))


def _one_line(text: str) -> str:
    """A text as one line without markup: brackets full width, which the model takes for the same."""
    plain = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return plain.translate(str.maketrans("[]", "［］"))


def _read_file(path: Path) -> Iterator[Example]:
    root = compose(path)
    if not isinstance(root, yaml.MappingNode) or {str(key.value) for key, _ in root.value} != _TOP_KEYS:
        return
    top = mapping_at(path, root)
    if top["version"].value != FORMAT_VERSION:
        raise TrainingDataError(path, line_of(top["version"]), f"version must be {FORMAT_VERSION!r}")
    for block in sequence_at(path, top["nlu"]):
        yield from _read_block(path, block)


def _read_block(path: Path, node: yaml.Node) -> Iterator[Example]:
    block = mapping_at(path, node)
    if set(block) != _BLOCK_KEYS:
        raise TrainingDataError(path, line_of(node), f"expected the keys intent and examples, found {sorted(block)}")
    intent = intent_at(path, block["intent"])
    examples = block["examples"]
    # Only a literal block keeps its lines as they stand in the file, so that an error can name its line.
    if not isinstance(examples, yaml.ScalarNode) or examples.style != "|":
        raise TrainingDataError(path, line_of(examples), "examples must be a literal block (|)")
    for line, raw in enumerate(examples.value.split("\n"), line_of(examples) + 1):
        if raw.strip():
            yield _read_example(path, line, raw, intent)


def _read_example(path: Path, line: int, raw: str, intent: Intent) -> Example:
    marked = raw.removeprefix("- ").strip()
    if not raw.startswith("- ") or not marked:
        raise TrainingDataError(path, line, f"expected '- ' and a sentence, found {raw!r}")
    try:
        text, entities = parse_markup(marked)
    except ValueError as error:
        raise TrainingDataError(path, line, str(error)) from error
    return Example(text, intent, entities, path, line)


def parse_markup(marked: str) -> tuple[str, tuple[MarkedEntity, ...]]:
    """The plain text of a marked sentence and its entities, with offsets into that text.

    Raises ValueError for an unknown entity, a category without a value, a broken attribute object or a stray bracket.
    """
    text, entities, position = "", [], 0
    for match in _MARKED.finditer(marked):
        text += _plain(marked[position : match.start()])
        kind, value = _entity(match)
        start, text = len(text), text + match["text"]
        entities.append(MarkedEntity(kind, start, len(text), value))
        position = match.end()
    return text + _plain(marked[position:]), tuple(entities)


def _plain(text: str) -> str:
    if set("[]") & set(_STICKER.sub("", text)):
        raise ValueError(f"a bracket in {text!r} is no entity")
    return text


def _entity(match: re.Match[str]) -> tuple[EntityKind, str | None]:
    name, value = match["kind"], None
    if match["attributes"]:
        name, value = _attributes(match["attributes"])
    try:
        kind = EntityKind(name)
    except ValueError:
        raise ValueError(f"unknown entity {name!r} in {match[0]!r}") from None
    if kind is EntityKind.CATEGORY and not value:
        raise ValueError(f"a category needs a value: {match[0]!r}")
    return kind, value


def _attributes(written: str) -> tuple[str, str | None]:
    try:
        attributes = json.loads(written)
    except json.JSONDecodeError as error:
        raise ValueError(f"{written} is not JSON: {error.msg}") from None
    name, value = attributes.pop("entity", None), attributes.pop("value", None)
    if attributes or not isinstance(name, str) or not isinstance(value, str | None):
        raise ValueError(f"expected the texts entity and value in {written}")
    return name, value
