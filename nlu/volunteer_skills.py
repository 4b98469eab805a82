"""What volunteers can do and when they have time, as they say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from nlu.tables import read_table

_CLAUSE = re.compile(r"[，,。；;！!\s]+")


@dataclass(frozen=True, slots=True)
class Offer:
    """The names of skills and times of `data/volunteer_skills.yml`, in its order."""

    skills: tuple[str, ...]
    times: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.skills or self.times)


def read_offer(text: str) -> Offer:
    """What a text says of skills and times; clauses that say what somebody cannot do say nothing."""
    no = re.compile(_table()["not"])
    said = "，".join(clause for clause in _CLAUSE.split(text) if not no.search(clause))
    return Offer(_named("skills", said), _named("times", said))


def leads(text: str) -> bool:
    """Whether a text says by its first words that it tells skills or times."""
    return re.search(_table()["lead"], text.strip()) is not None


def _named(kind: str, text: str) -> tuple[str, ...]:
    names: dict[str, list[str]] = _table()[kind]
    return tuple(name for name, words in names.items() if any(word in text for word in words))


def _table() -> dict[str, Any]:
    return read_table("volunteer_skills")
