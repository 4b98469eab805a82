"""How notices are sent and followed, and which kinds there are, as data (`settings.yml`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu.tables import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("settings.yml")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notices; what each field means is explained where it is set."""

    slug: str
    name: str
    called: tuple[str, ...]
    words: tuple[str, ...]
    without: tuple[str, ...] = ()
    despite: bool = False
    public: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers and hours; each is explained where it is set."""

    at_once: int
    call_list_after: timedelta
    call_list_between: tuple[int, int]
    most_called: int
    most_named: int
    most_grids: int
    listed: int
    searched: int


@cache
def settings() -> Settings:
    """What is set."""
    data = _data()
    first, last = data["call_list_between"]
    return Settings(
        at_once=data["at_once"],
        call_list_after=timedelta(hours=data["call_list_after_hours"]),
        call_list_between=(first, last),
        most_called=data["most_called"],
        most_named=data["most_named"],
        most_grids=data["most_grids"],
        listed=data["listed"],
        searched=data["searched"],
    )


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its slug, in the order in which they are looked for."""
    found = {}
    for slug, kind in _data()["kinds"].items():
        lists = {name: tuple(kind.get(name, ())) for name in ("called", "words", "without")}
        found[slug] = Kind(
            slug, kind["name"], despite=kind.get("despite", False), public=kind.get("public", False), **lists
        )
    return found


def kind_of(text: str) -> Kind:
    """The kind of a notice with these words."""
    every = [*kinds().values()]
    for kind in every[:-1]:
        if any(word in text for word in kind.words) and not any(word in text for word in kind.without):
            return kind
    return every[-1]


def kind_called(word: str) -> Kind | None:
    """The kind that people call so, or None."""
    return next((kind for kind in kinds().values() if word in kind.called), None)


@cache
def _data() -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(_FILE)
    return content
