"""The points ledger for those who audit it: whether it is whole, and the heads of its chains to be posted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.schema import SetUpError, at_head
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from rich.console import Console

    from bot.settings import Settings
    from storage.areas import Area
    from storage.points import PointsEntry


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
        first = f"entry {broken.entry_id}, number {broken.position} in the chain of {community}"
        return [f"The ledger is broken: {first}, does not follow from the one before it.", *wrong]


def heads(settings: Settings, month: str | None) -> list[tuple[Area, PointsEntry]]:
    """The last entry of each community, up to the end of `month` (YYYY-MM) or of all; SetUpError for no month."""
    before = _end_of(month) if month else None
    with at_head(settings.database) as work:
        return [
            (community, head) for community in work.areas.communities() if (head := work.points.head(community, before))
        ]


def _end_of(month: str) -> datetime:
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise SetUpError(f"{month} is no month: write it as 2026-04") from error
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
