"""Reads the word lists that stand as YAML in `nlu/data`, beside the code that uses them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast loader, where PyYAML has it."""

_FOLDER = Path(__file__).parent / "data"


def read_yaml(path: Path) -> Any:
    """The content of a YAML file, read by the fast loader.

    Raises OSError if the file is missing and `yaml.YAMLError` if it cannot be read.
    """
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)


@cache
def read_table(name: str) -> dict[str, Any]:
    """The content of `nlu/data/<name>.yml`, read once; callers must not change it.

    Raises OSError if the file is missing, `yaml.YAMLError` if it cannot be read, TypeError if it holds no mapping.
    """
    content = read_yaml(_FOLDER / f"{name}.yml")
    if not isinstance(content, dict):
        raise TypeError(f"{name}.yml must hold a mapping")
    return content


def any_of(words: Iterable[str]) -> str:
    """A pattern that matches any of `words`, the longer ones first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
