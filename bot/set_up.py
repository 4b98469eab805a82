"""Setting up: the demo community and policy documents are brought into the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import demo
from bot.app import open_database
from bot.clock import system_clock
from bot.schema import SetUpError
from nlu.policy.clauses import DocumentError
from nlu.policy.document import outline, parse
from nlu.policy.files import read_file
from nlu.policy.learned import LearnedArrays
from nlu.policy.library import shipped_text
from nlu.policy.questions import shipped_questions
from nlu.policy.search import PolicySearch
from storage.areas import AreaKind
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from rich.console import Console

    from bot.settings import Settings
    from nlu.policy.clauses import Document


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
            if not work.policy.current():
                document = _add(work, shipped_text(), now)
                console.print(f"Added the policy document {document.title}: {len(document.clauses)} clauses.")
            work.commit()
    finally:
        database.close()


def add_policy(settings: Settings, file: Path, console: Console, confirm: Callable[[str], bool] | None) -> bool:
    """Read a document, print its outline and bring it in; asks before it replaces a version. False when it did not."""
    text = _read(file)
    document = _parse(file, text)
    console.print(outline(document), markup=False, highlight=False)
    database = open_database(settings)
    try:
        with UnitOfWork(database) as work:
            old = work.policy.current_of(document.title)
            if old is not None and old.text == text:
                console.print("This version is there already.")
                return True
            if (
                old is not None
                and confirm is not None
                and not confirm(f"Replace the version of {old.added_at:%Y-%m-%d}?")
            ):
                return False
            _add(work, text, system_clock())
            work.commit()
    finally:
        database.close()
    console.print(f"Added {document.title}: {len(document.clauses)} clauses.", markup=False)
    return True


def search_for(file: Path | None, models: Path) -> PolicySearch:
    """The search over one file, read on the spot and by its text alone, or over the shipped document."""
    if file is None:
        return PolicySearch([parse(shipped_text())], shipped_questions(), kept=LearnedArrays(models))
    return PolicySearch([_parse(file, _read(file))])


def _add(work: UnitOfWork, text: str, now: datetime) -> Document:
    document = parse(text)
    work.policy.add(document.title, document.status, text, now)
    return document


def _read(file: Path) -> str:
    try:
        return read_file(file).text
    except (DocumentError, OSError) as error:
        raise SetUpError(f"{file}: {error}") from error


def _parse(file: Path, text: str) -> Document:
    try:
        return parse(text)
    except DocumentError as error:
        raise SetUpError(f"{file}: {error}") from error


def _first_community(work: UnitOfWork) -> None:
    county = work.areas.add(AreaKind.COUNTY, "本县")
    town = work.areas.add(AreaKind.TOWN, "本镇", county)
    work.areas.add(AreaKind.COMMUNITY, "本社区", town)
