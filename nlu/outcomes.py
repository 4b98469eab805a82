"""What came of a case, heard in the words with which somebody closes it (`data/outcomes.yml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlu.tables import read_table


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which a case ends.

    `code` is what statistics count. `asked` ones are offered where the words about a dispute leave it open; those
    `by_admin` an admin may close without asking the reporter, because there is nothing that could be solved.
    """

    code: str
    name: str
    words: re.Pattern[str]
    asked: bool
    by_admin: bool


DONE = "done"
"""What is counted of a case whose words say no more than that it is over."""


@cache
def load_outcomes() -> tuple[Outcome, ...]:
    """All outcomes, the more telling ones first."""
    return tuple(
        Outcome(
            each["code"],
            each["name"],
            re.compile("|".join(each["words"])),
            asked=bool(each.get("asked")),
            by_admin=bool(each.get("by_admin")),
        )
        for each in read_table("outcomes")["outcomes"]
    )


def outcome(code: str) -> Outcome:
    """The outcome of that code; raises KeyError for an unknown one."""
    found = next((each for each in load_outcomes() if each.code == code), None)
    if found is None:
        raise KeyError(code)
    return found


def find_outcome(text: str) -> Outcome | None:
    """The outcome that `text` tells, by its name or in other words; None where it tells none."""
    named = next((each for each in load_outcomes() if each.name in text), None)
    return named or next((each for each in load_outcomes() if each.words.search(text)), None)
