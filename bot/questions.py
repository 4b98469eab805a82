"""What residents ask and the policy documents do not say, asked alike counted together: the drafters want to know."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from bot.schema import at_head
from nlu.policy.alike import groups_of
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.settings import Settings
    from storage.questions import UnansweredQuestion

MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class AskedAlike:
    """Questions that ask the same; `examples` are the first of their wordings."""

    count: int
    examples: tuple[str, ...]
    first_asked: datetime
    last_asked: datetime


def listing(settings: Settings) -> list[AskedAlike]:
    """The unanswered questions, what is asked most first, and of what is asked equally often the latest."""
    with at_head(settings.database) as work:
        questions = work.questions.all()
    groups = groups_of([question.text for question in questions])
    alike = [_counted([questions[place] for place in group]) for group in groups]
    return sorted(alike, key=lambda asked: (asked.count, asked.last_asked), reverse=True)


def table(asked: Sequence[AskedAlike]) -> Table:
    """The groups for a terminal."""
    shown = Table(title=f"{sum(alike.count for alike in asked)} unanswered questions")
    for column in ("count", "asked", "examples"):
        shown.add_column(column, overflow="fold")
    for alike in asked:
        first, last = (f"{when.astimezone(SHANGHAI):%Y-%m-%d}" for when in (alike.first_asked, alike.last_asked))
        days = first if first == last else f"{first} to {last}"
        shown.add_row(str(alike.count), days, escape("\n".join(alike.examples)))
    return shown


def line(alike: AskedAlike) -> str:
    """A group as one line of JSON."""
    return json.dumps(
        {
            "count": alike.count,
            "examples": alike.examples,
            "first_asked": alike.first_asked.astimezone(SHANGHAI).isoformat(),
            "last_asked": alike.last_asked.astimezone(SHANGHAI).isoformat(),
        },
        ensure_ascii=False,
    )


def _counted(questions: Sequence[UnansweredQuestion]) -> AskedAlike:
    wordings = tuple(dict.fromkeys(question.text for question in questions))
    times = [question.asked_at for question in questions]
    return AskedAlike(len(questions), wordings[:MOST_EXAMPLES], min(times), max(times))
