"""Figures: what was measured, its target, and the table and the JSON in which they are shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; with a `target` it must stay below it, or above it where `more` is better.

    `value` is the median of `count` measurements, `p95` their 95th percentile, both in `unit`; `ratio` is the median
    over that of a bare commit.
    """

    name: str
    value: float
    unit: str
    count: int
    p95: float | None = None
    ratio: float | None = None
    target: float | None = None
    more: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.value > self.target if self.more else self.value < self.target


def figure_of(
    name: str, values: Sequence[float], unit: str, *, target: float | None = None, bare: float | None = None
) -> Figure:
    """The figure of several measurements; `bare` is the median of a bare commit, in the same unit."""
    middle = median(values)
    # Of a handful of measurements there is no 95th percentile to speak of.
    p95 = quantiles(values, n=20, method="inclusive")[-1] if len(values) >= 20 else None
    return Figure(name, middle, unit, len(values), p95, middle / bare if bare else None, target)


def as_table(figures: Sequence[Figure], title: str) -> Table:
    """The table for people."""
    table = Table(title=title, title_justify="left", pad_edge=False)
    table.add_column("figure")
    for name in ("n", "median", "p95", "× bare commit", "target"):
        table.add_column(name, justify="right")
    table.add_column("holds")
    for figure in figures:
        table.add_row(*_cells(figure), style=None if figure.holds is not False else "bold red")
    return table


def _cells(figure: Figure) -> list[str]:
    holds = {None: "-", True: "yes", False: "NO"}[figure.holds]
    return [
        figure.name,
        str(figure.count),
        _with_unit(figure.value, figure),
        _with_unit(figure.p95, figure),
        "-" if figure.ratio is None else f"{figure.ratio:.1f}",
        "-" if figure.target is None else f"{'>' if figure.more else '<'} {figure.target:g} {figure.unit}",
        holds,
    ]


def _with_unit(value: float | None, figure: Figure) -> str:
    if value is None:
        return "-"
    digits = 0 if value >= 100 else 2
    return f"{value:.{digits}f} {figure.unit}"


def as_json(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """The figures as JSON, each with whether its target holds (null without one)."""
    return [{**asdict(figure), "holds": figure.holds} for figure in figures]
