"""The points ledger for those who audit it: whether it is whole, and the heads of its chains to be posted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.people import PAGES
from bot.schema import SetUpError, at_head
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from bot.settings import Settings
    from storage.areas import Area
    from storage.ledger import PointsEntry


def verify(settings: Settings, console: Console) -> list[str]:
    """Check every chain and every sum; what is wrong, a sentence each, and nothing where the ledger is sound."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with at_head(settings.database) as work, Progress(*columns, console=console) as progress:
        entries = progress.add_task("entries", total=work.points.count())
        broken = work.points.first_broken(lambda: progress.advance(entries))
        wrong = [f"The account of person {person} holds less than nothing." for person in work.points.overdrawn()]
        if broken is None:
            return wrong
        community = work.areas.get(broken.chain_id).name
        place = f"number {broken.position} in the chain of {community}"
        if broken.entry_id is None:
            return [f"The ledger is broken: {place} is gone.", *wrong]
        return [
            f"The ledger is broken: entry {broken.entry_id}, {place}, does not follow from the one before it.",
            *wrong,
        ]


def heads(settings: Settings, month: str | None) -> list[tuple[Area, PointsEntry]]:
    """The last entry of each community, up to the end of `month` (YYYY-MM) or of all; SetUpError for no month."""
    before = end_of(month) if month else None
    with at_head(settings.database) as work:
        return [
            (community, head) for community in work.areas.communities() if (head := work.points.head(community, before))
        ]


def print_heads(settings: Settings, month: str | None, file: Path, now: datetime) -> int:
    """Write a page with the heads, to be printed and posted; how many there are. Without any, no file is made."""
    found = [
        {
            "community": community.name,
            "position": head.position,
            "day": f"{head.at.astimezone(SHANGHAI):%Y-%m-%d}",
            "hash": [head.hash[start : start + 8] for start in range(0, len(head.hash), 8)],
        }
        for community, head in heads(settings, month)
    ]
    if found:
        until = end_of(month) - timedelta(days=1) if month else now.astimezone(SHANGHAI)
        page = PAGES.get_template("points_heads.html.j2").render(heads=found, until=f"{until:%Y-%m-%d}")
        file.write_text(page, encoding="utf-8")
    return len(found)


def month_of(month: str) -> datetime:
    """The beginning of a month (YYYY-MM); SetUpError for none."""
    try:
        return datetime.strptime(month, "%Y-%m").replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise SetUpError(f"{month} is no month: write it as 2026-04") from error


def end_of(month: str) -> datetime:
    """The end of a month (YYYY-MM), which is the beginning of the next; SetUpError for none."""
    first = month_of(month)
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def put(settings: Settings, community: str, item: str, cost: int, stock: int) -> None:
    """Offer an item in the shop of a community; raises SetUpError where not just one has the name."""
    with at_head(settings.database) as work:
        named = [area for area in work.areas.communities() if area.name == community]
        if len(named) != 1:
            raise SetUpError(f"{len(named) or 'no'} communities are called {community}")
        work.shop.put(named[0], item, cost, stock)
        work.commit()


def offered(settings: Settings) -> list[tuple[str, str, int, int]]:
    """Community, item, points for a piece, and pieces left, of everything that is offered."""
    with at_head(settings.database) as work:
        return [(item.area.name, item.name, item.cost, item.stock) for item in work.shop.all()]
