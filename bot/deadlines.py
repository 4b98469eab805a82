"""Deadlines as an area sets them, and the calendar by which they are counted, for the command line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from bot.schema import SetUpError, at_head
from handlers.cases import working_time
from nlu.categories import load_categories
from nlu.times import SHANGHAI
from storage.cases import CaseKind

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.areas import Area
    from storage.unit_of_work import UnitOfWork

MOST_DAYS = 250
"""Working days; about a year."""


def set_deadline(settings: Settings, area_name: str, category_name: str, days: int | None) -> str:
    """Let cases of a category take so many working days in an area and below it; None takes that back.

    Returns what holds now. Raises SetUpError for an area or category that is not there.
    """
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise SetUpError(f"Days must be from 1 to {MOST_DAYS}.")
    slug, name, default = _category(category_name)
    with at_head(settings.database) as work:
        area = _area(work, area_name)
        work.clocks.set_deadline(area, slug, days)
        holds = work.clocks.deadline(area, slug)
        work.commit()
    said = f"{holds} working days" if holds is not None else f"{default} working days, as everywhere"
    return f"{name} ({slug}) in {area.name}: {said}. Cases that are reported already keep theirs."


def listing(settings: Settings) -> Table | None:
    """What areas have set, beside the defaults; None where none has set anything."""
    with at_head(settings.database) as work:
        rows = [(_path(work, each.area), each.category, each.days) for each in work.clocks.deadlines()]
    if not rows:
        return None
    shown = Table(title="deadlines in working days")
    for column in ("area", "category", "name", "days", "default"):
        shown.add_column(column, overflow="fold")
    for path, slug, days in rows:
        _, name, default = _category(slug)
        shown.add_row(*map(escape, (path, slug, name, str(days), str(default))))
    return shown


def calendar(settings: Settings) -> str:
    """Which years are known for sure, and how many open cases are due in one that is not."""
    years = working_time.announced_years()
    unknown = years[-1] + 1
    with at_head(settings.database) as work:
        waiting = work.clocks.due_from(datetime(unknown, 1, 1, tzinfo=SHANGHAI))
    return (
        f"Days off and swapped days are known for {years[0]} to {years[-1]} ({working_time.calendar_version()}). "
        f"From {unknown} on, deadlines are counted by the statutory days and plain weekends until the library is "
        f"updated; open cases are counted again then. Due in {unknown} or later: {waiting}."
    )


def _category(name: str) -> tuple[str, str, int]:
    """Slug, Chinese name and default of the category that is called so."""
    ordinary = [each for each in load_categories() if each.kind != CaseKind.EMERGENCY]
    found = next((each for each in ordinary if name in (each.slug, each.name)), None)
    if found is None:
        known = ", ".join(f"{each.slug} {each.name}" for each in ordinary)
        raise SetUpError(f"There is no category {name!r}; there are: {known}. An emergency is always due at once.")
    return found.slug, found.name, found.deadline_days


def _area(work: UnitOfWork, name: str) -> Area:
    """The one area whose path of names ends so: 桂花社区, or 桂花社区/1网格."""
    wanted = name.strip("/").split("/")
    paths = [(area, _path(work, area)) for area in work.areas.named(wanted[-1])]
    found = [(area, path) for area, path in paths if path.split("/")[-len(wanted) :] == wanted]
    if len(found) == 1:
        return found[0][0]
    if found:
        raise SetUpError(f"Several areas are called {name}: {', '.join(path for _, path in found)}. Give more of it.")
    raise SetUpError(f"There is no area {name}.")


def _path(work: UnitOfWork, area: Area) -> str:
    return "/".join(each.name for each in reversed(work.areas.way_up(area)))
