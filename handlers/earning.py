"""What earns points, by the rules of the day, and how many at most: every credit of every feature passes here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu.tables import read_yaml
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.turn import Turn
    from storage.cases import By
    from storage.people import Person

DATA = Path(__file__).with_suffix(".yml")


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that people do; `says` is empty for what earns nothing."""

    name: str
    words: tuple[str, ...]
    says: str = ""

    def is_named_in(self, text: str) -> bool:
        """Whether `text` speaks of it."""
        return any(word in text for word in self.words)


@dataclass(frozen=True, slots=True)
class Cost:
    """One thing that costs points, and how many; `says` is the rule as it is shown."""

    name: str
    words: tuple[str, ...]
    points: int
    says: str

    def is_named_in(self, text: str) -> bool:
        """Whether `text` speaks of it."""
        return self.name in text or any(re.search(word, text) for word in self.words)


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds from a day on; `day` and `month` are the most points that one person can earn in one."""

    version: str
    begins: date
    day: int
    month: int
    earns: tuple[Kind, ...]
    nothing: tuple[Kind, ...]
    costs: tuple[Cost, ...] = ()


@cache
def versions() -> tuple[Rules, ...]:
    """Every version of the rules, the oldest first."""
    return tuple(sorted(map(_version, read_yaml(DATA)), key=lambda rules: rules.begins))


def on(day: date) -> Rules:
    """The rules that hold on `day`; before the first version, the first."""
    begun = [rules for rules in versions() if rules.begins <= day]
    return begun[-1] if begun else versions()[0]


def _version(row: dict[str, Any]) -> Rules:
    costs = tuple(
        Cost(cost["name"], tuple(cost["words"]), cost["points"], cost["says"]) for cost in row.get("costs") or ()
    )
    earns, nothing = _kinds(row["earns"]), _kinds(row["nothing"])
    return Rules(row["version"], row["from"], row["day"], row["month"], earns, nothing, costs)


def _kinds(rows: Iterable[dict[str, Any]]) -> tuple[Kind, ...]:
    return tuple(Kind(row["name"], tuple(row["words"]), row.get("says", "")) for row in rows)


def credit(
    turn: Turn,
    person: Person,
    amount: int,
    reason: str,
    source: str,
    *,
    by: By | None = None,
    seconded_by: Person | None = None,
) -> int:
    """Give `person` points, no more than the limits of the day and the month leave; how many that were.

    They are granted by the speaker, or `by` whoever asked for what the speaker agrees to as the second one.
    """
    # What was earned is read while nobody else can give more.
    turn.work.points.lock(person)
    today = turn.now.astimezone(SHANGHAI)
    rules = on(today.date())
    midnight = datetime(today.year, today.month, today.day, tzinfo=SHANGHAI)
    tomorrow = midnight + timedelta(days=1)
    earned_today = turn.work.points.earned(person, midnight, tomorrow)
    earned_this_month = turn.work.points.earned(person, midnight.replace(day=1), tomorrow)
    given = max(0, min(amount, rules.day - earned_today, rules.month - earned_this_month))
    if given:
        turn.work.points.credit(person, given, reason, source, by or turn.by, seconded_by)
    return given
