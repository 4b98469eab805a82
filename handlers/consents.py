"""Consents: what each purpose means in plain words, and taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu.tables import read_yaml

if TYPE_CHECKING:
    from handlers.turn import Turn
    from storage.consents import Purpose
    from storage.people import Person

_FILE = Path(__file__).parent / "consents.yml"


@dataclass(frozen=True, slots=True)
class Wording:
    """A purpose as people read it: what is kept, why, until when, and what goes when it is taken back."""

    purpose: Purpose
    name: str
    keeps: str
    why: str
    until: str
    gone: str


@cache
def _file() -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(_FILE)
    return content


def version() -> str:
    """The version of all wordings."""
    return str(_file()["version"])


def wording(purpose: Purpose) -> Wording:
    """What is said of a purpose. Raises KeyError for one without words."""
    return Wording(purpose, **_file()["purposes"][purpose])


def record(turn: Turn, purpose: Purpose, *, given: bool, of: Person | None = None) -> None:
    """Note that the speaker, or whoever it is `of`, agrees, or does no longer; saying the same again adds nothing."""
    person = of or turn.person
    if turn.work.consents.stands(person, purpose) is not given:
        turn.work.consents.record(
            person, purpose, turn.now, given=given, source=turn.message.channel, version=version()
        )
