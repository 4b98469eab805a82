"""What `gridbot evaluate` does: loads the models, measures them, and shows the report as it was asked for."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.clock import system_clock
from bot.evaluation.figures import figures_of_model, figures_of_texts
from bot.evaluation.page import page
from bot.evaluation.report import evaluate
from bot.evaluation.sets import read_set
from bot.evaluation.tables import tables
from bot.models import load_model
from nlu.parser import Parser
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.evaluation.figures import Figure
    from bot.evaluation.report import Report
    from bot.models import ModelName
    from bot.settings import Settings

WIDTH = 140
"""Columns of the tables where they do not go to a terminal."""


def run(
    settings: Settings, names: Sequence[ModelName], folder: Path, html: Path | None, console: Console, *, as_json: bool
) -> None:
    """Measure the models on the set in `folder`; raises SetUpError where either cannot be had.

    The report goes to standard output, progress and remarks to `console`.
    """
    evaluation_set = read_set(folder)
    parsers = {str(name): Parser(load_model(name, settings, console.print)) for name in dict.fromkeys(names)}
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("messages", total=len(parsers) * len(evaluation_set.messages))
        report = evaluate(evaluation_set, parsers, lambda: progress.advance(task))
    if as_json:
        print(json.dumps(_as_json(report), ensure_ascii=False, indent=2))
    else:
        Console(width=None if sys.stdout.isatty() else WIDTH).print(*tables(report), sep="\n")
    if html:
        html.write_text(page(report, folder.name, system_clock().astimezone(SHANGHAI)), "utf-8")
        console.print(f"The page is at {html}.", highlight=False, markup=False)


def _as_json(report: Report) -> dict[str, Any]:
    """The report with its figures: for each model, and for what no model has a part in."""
    return {
        "models": [asdict(model) | {"figures": _figures(figures_of_model(model))} for model in report.models],
        "times": [asdict(score) for score in report.times],
        "masking": asdict(report.masking) if report.masking else None,
        "figures": _figures(figures_of_texts(report)),
    }


def _figures(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    return [asdict(figure) | {"value": figure.value, "holds": figure.holds} for figure in figures]
