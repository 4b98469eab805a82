"""What the policy document wants of the figures (`targets.yml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nlu.tables import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Target:
    """The words of a clause, and the part in per cent that it wants, where it names one."""

    clause: str
    quote: str
    per_cent: int | None = None


@cache
def targets() -> Mapping[str, Target]:
    """Every target by the figure that it is for."""
    return {name: Target(**each) for name, each in read_yaml(Path(__file__).parent / "targets.yml").items()}
