"""How activities run, as data (`settings.yml`), and the marks of check-ins (`marks.yml`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu.tables import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Lengths of time, distances and figures; each is explained where it is set."""

    usual_length: timedelta
    opens_before: timedelta
    closes_after: timedelta
    code_seconds: int
    code_grace: timedelta
    most_wrong_codes: int
    wrong_codes_within: timedelta
    location_good_for: timedelta
    radius_m: int
    remind: Mapping[str, timedelta]
    ahead: timedelta
    tries_kept: timedelta
    volunteers_per_cent: int
    volunteers_clause: str


@cache
def settings() -> Settings:
    """What is set."""
    data: dict[str, Any] = read_yaml(_FOLDER / "settings.yml")
    return Settings(
        usual_length=timedelta(minutes=data["usual_length"]),
        opens_before=timedelta(minutes=data["check_in_opens_before"]),
        closes_after=timedelta(minutes=data["closes_after"]),
        code_seconds=data["code_seconds"],
        code_grace=timedelta(seconds=data["code_grace_seconds"]),
        most_wrong_codes=data["most_wrong_codes"],
        wrong_codes_within=timedelta(minutes=data["wrong_codes_within"]),
        location_good_for=timedelta(minutes=data["location_good_for"]),
        radius_m=data["radius_m"],
        remind={which: timedelta(minutes=minutes) for which, minutes in data["remind"].items()},
        ahead=timedelta(days=data["ahead_days"]),
        tries_kept=timedelta(days=data["tries_kept_days"]),
        volunteers_per_cent=data["volunteers_per_cent"],
        volunteers_clause=data["volunteers_clause"],
    )


@cache
def marks() -> Mapping[str, Mapping[str, Any]]:
    """Every kind of mark: what makes it, and what it says."""
    kinds: Mapping[str, Mapping[str, Any]] = read_yaml(_FOLDER / "marks.yml")
    return kinds
