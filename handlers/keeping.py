"""How long each kind of data is kept, as it stands in `keeping.yml`."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nlu.tables import read_yaml
from storage.retention import DataKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).parent / "keeping.yml"


@cache
def kept_for() -> Mapping[DataKind, timedelta]:
    """How long each kind of data is kept. Raises ValueError for a kind that is not known."""
    return {DataKind(kind): timedelta(days=days) for kind, days in read_yaml(_FILE).items()}


def years(kind: DataKind) -> str:
    """The time in years, or in days where it is less than one, as people say it."""
    days = kept_for()[kind].days
    return f"{days // 365}年" if days >= 365 else f"{days}天"
