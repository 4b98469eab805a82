"""Reads the tables that stand as YAML beside the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def read(name: str) -> dict[str, Any]:
    """The content of `tests/nlu/<name>.yml`, every value as it is written: 501 and no are texts."""
    text = (Path(__file__).parent / f"{name}.yml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return content


def read_all(folder: str) -> list[dict[str, Any]]:
    """The contents of the tables in `tests/nlu/<folder>`, by file name."""
    return [read(f"{folder}/{path.stem}") for path in sorted((Path(__file__).parent / folder).glob("*.yml"))]
