"""Retention at the command line: what is too old, by kind, counted or forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from bot import personal_files
from bot.clock import system_clock
from bot.schema import at_head
from handlers.keeping import kept_for
from handlers.people import retention
from handlers.turn import Desk

if TYPE_CHECKING:
    from bot.settings import Settings


def run(settings: Settings, *, dry_run: bool) -> Table:
    """What is too old of each kind; without `dry_run` it is forgotten, and files that are to go are removed."""
    with at_head(settings.database) as work:
        now = system_clock()
        desk = Desk(work, now, f"retention:{now.isoformat()}")
        rows = retention.overdue(desk) if dry_run else retention.apply(desk)
        if not dry_run:
            personal_files.remove(desk, settings.data_dir)
            work.commit()
    shown = Table(title="Would be forgotten" if dry_run else "Forgotten")
    for column in ("kind", "older than", "rows"):
        shown.add_column(column, overflow="fold")
    for kind, span in kept_for().items():
        shown.add_row(kind, f"{span.days} days", str(rows[kind]))
    return shown
