"""Reads the sentences that are said in the middle of a talk, with the context that they lean on (`in_context.yml`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nlu.understanding import Context, Intent
from nlu.yaml_nodes import TrainingDataError, compose, intent_at, line_of, mapping_at, sequence_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

FILE = "in_context.yml"
_DATA_FOLDER = Path(__file__).parent / "data"
_BLOCK_KEYS = {"context", "says"}
_CONTEXT_KEYS = {"form", "confirming", "offered", "last"}


@dataclass(frozen=True, slots=True)
class ContextExample:
    """What was said in a context, what it means there, and the line (from 1) of the file where it stands."""

    text: str
    intent: Intent
    context: Context
    line: int


def load_in_context(folder: Path = _DATA_FOLDER) -> tuple[ContextExample, ...]:
    """All sentences of `in_context.yml` in `folder`, as they stand.

    Raises TrainingDataError, with file and line, where the file breaks the format, gives a context twice, or a text
    twice in one context; OSError if it is missing.
    """
    path = folder / FILE
    root = compose(path)
    if root is None:
        raise TrainingDataError(path, 1, "expected a list")
    examples: list[ContextExample] = []
    seen: set[Context] = set()
    for node in sequence_at(path, root):
        block = mapping_at(path, node)
        if set(block) != _BLOCK_KEYS:
            raise TrainingDataError(path, line_of(node), f"expected the keys context and says, found {sorted(block)}")
        context = _context(path, block["context"])
        if context in seen:
            raise TrainingDataError(path, line_of(node), "this context stands here twice")
        seen.add(context)
        examples += _said(path, block["says"], context)
    return tuple(examples)


def _said(path: Path, node: yaml.Node, context: Context) -> Iterator[ContextExample]:
    seen: set[str] = set()
    for name, texts in mapping_at(path, node).items():
        try:
            intent = Intent(name)
        except ValueError:
            raise TrainingDataError(path, line_of(texts), f"unknown intent {name!r}") from None
        for item in sequence_at(path, texts):
            text = text_at(path, item)
            if text in seen:
                raise TrainingDataError(path, line_of(item), f"{text} stands twice in this context")
            seen.add(text)
            yield ContextExample(text, intent, context, line_of(item))


def _context(path: Path, node: yaml.Node) -> Context:
    given = mapping_at(path, node)
    if unknown := set(given) - _CONTEXT_KEYS:
        raise TrainingDataError(path, line_of(node), f"a context has no {', '.join(sorted(unknown))}")
    confirming = "confirming" in given
    if confirming and ("form" not in given or text_at(path, given["confirming"]) != "true"):
        raise TrainingDataError(path, line_of(node), "confirming is true, and of a form, or left out")
    offered = sequence_at(path, given["offered"]) if "offered" in given else []
    return Context(
        form=intent_at(path, given["form"]) if "form" in given else None,
        confirming=confirming,
        offered=frozenset(intent_at(path, item) for item in offered),
        last=intent_at(path, given["last"]) if "last" in given else None,
    )
