"""Setting up: a community and the shipped policy document are brought into the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import demo
from bot.app import open_database
from bot.clock import system_clock
from bot.policy import read_document, store
from nlu.policy.document import parse
from nlu.policy.learned import LearnedArrays
from nlu.policy.library import shipped_text
from nlu.policy.questions import shipped_questions
from nlu.policy.search import PolicySearch
from storage.areas import AreaKind
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from bot.settings import Settings


def prepare(settings: Settings, console: Console) -> None:
    """See to it that the database has a community and the shipped policy document; what is there stays as it is."""
    database = open_database(settings)
    try:
        with UnitOfWork(database) as work:
            now = system_clock()
            if settings.demo and demo.fill(work, now):
                console.print("Added the invented community.")
            if not work.areas.communities():
                _first_community(work)
                console.print("Added an empty community.")
            # A community that took the shipped document out does not get it back.
            if work.policy.is_empty():
                document = store(work, shipped_text(), now)
                console.print(f"Added the policy document 《{document.title}》.", markup=False)
            work.commit()
    finally:
        database.close()


def search_for(file: Path | None, models: Path) -> PolicySearch:
    """The search over one file, read on the spot and by its text alone, or over the shipped document."""
    if file is None:
        return PolicySearch([parse(shipped_text())], shipped_questions(), kept=LearnedArrays(models))
    _, document = read_document(file)
    return PolicySearch([document])


def _first_community(work: UnitOfWork) -> None:
    county = work.areas.add(AreaKind.COUNTY, "本县")
    town = work.areas.add(AreaKind.TOWN, "本镇", county)
    work.areas.add(AreaKind.COMMUNITY, "本社区", town)
