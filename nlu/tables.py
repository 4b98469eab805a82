"""Reads the word lists that stand as YAML in `nlu/data`, beside the code that uses them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "data"


@cache
def read_table(name: str) -> dict[str, Any]:
    """The content of `nlu/data/<name>.yml`, read once; callers must not change it.

    Raises OSError if the file is missing and `yaml.YAMLError` if it cannot be read.
    """
    content = yaml.safe_load((_FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError(f"{name}.yml must hold a mapping")
    return content
