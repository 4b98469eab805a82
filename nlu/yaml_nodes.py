"""Reads YAML as nodes, so that whatever breaks a format can be named with its file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from nlu.tables import LOADER
from nlu.understanding import Intent

if TYPE_CHECKING:
    from pathlib import Path


class TrainingDataError(ValueError):
    """A training file breaks the format; the message begins with `file:line:`."""

    def __init__(self, source: Path, line: int, problem: str) -> None:
        super().__init__(f"{source}:{line}: {problem}")


def compose(path: Path) -> yaml.Node | None:
    """The root of a YAML file, None for an empty one."""
    try:
        return yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise TrainingDataError(path, mark.line + 1 if mark else 1, str(error.problem)) from error


def intent_at(path: Path, node: yaml.Node) -> Intent:
    """The intent that `node` names."""
    try:
        return Intent(node.value)
    except ValueError:
        raise TrainingDataError(path, line_of(node), f"unknown intent {node.value!r}") from None


def mapping_at(path: Path, node: yaml.Node) -> dict[str, yaml.Node]:
    """The entries of a mapping, no key twice."""
    if not isinstance(node, yaml.MappingNode):
        raise TrainingDataError(path, line_of(node), "expected a mapping")
    mapping: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if str(key.value) in mapping:
            raise TrainingDataError(path, line_of(key), f"{key.value} stands here twice")
        mapping[str(key.value)] = value
    return mapping


def sequence_at(path: Path, node: yaml.Node) -> list[yaml.Node]:
    """The items of a list."""
    if not isinstance(node, yaml.SequenceNode):
        raise TrainingDataError(path, line_of(node), "expected a list")
    items: list[yaml.Node] = node.value
    return items


def line_of(node: yaml.Node) -> int:
    """The line, from 1, in which `node` begins."""
    return int(node.start_mark.line) + 1


def text_at(path: Path, node: yaml.Node) -> str:
    """The text of a scalar as it is written (5 and no are texts), without blanks around it."""
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise TrainingDataError(path, line_of(node), "expected a text")
    return str(node.value.strip())
