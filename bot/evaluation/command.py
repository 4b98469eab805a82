"""What `gridbot evaluate` does: loads what is measured, measures it, and shows the report as it was asked for."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.clock import system_clock
from bot.evaluation.figures import figures_of_model, figures_of_policy, figures_of_texts
from bot.evaluation.page import page, policy_page
from bot.evaluation.policy_report import SYSTEMS, Examination, evaluate_policy
from bot.evaluation.questions import read_questions
from bot.evaluation.report import ask, evaluate
from bot.evaluation.sets import FOLDER, held_back, read_set
from bot.evaluation.tables import policy_tables, tables, threshold_tables
from bot.evaluation.thresholds import tradeoffs
from bot.models import ModelName, load_model
from bot.schema import SetUpError
from bot.set_up import search_for
from nlu.parser import Parser
from nlu.service import ServiceError
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from rich.table import Table

    from bot.evaluation.figures import Figure
    from bot.evaluation.policy_report import PolicyReport
    from bot.evaluation.report import Report
    from bot.settings import Settings

WIDTH = 140
"""Columns of the tables where they do not go to a terminal."""


@dataclass(frozen=True, slots=True)
class Showing:
    """How a report is shown: tables or JSON on standard output, a page in a file; progress and remarks on `console`."""

    console: Console
    as_json: bool = False
    html: Path | None = None

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator[Callable[[], None]]:
        """A bar that moves on with every call of what it gives."""
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        with Progress(*columns, console=self.console, transient=True) as progress:
            yield partial(progress.advance, progress.add_task(what, total=total))

    def show(
        self, content: dict[str, Any], as_tables: Iterable[Table], as_page: Callable[[datetime], str] | None = None
    ) -> None:
        """Write the report in each form that was asked for."""
        if self.as_json:
            print(json.dumps(content, ensure_ascii=False, indent=2))
        else:
            Console(width=None if sys.stdout.isatty() else WIDTH).print(*as_tables, sep="\n")
        if self.html and as_page:
            self.html.write_text(as_page(system_clock().astimezone(SHANGHAI)), "utf-8")
            self.console.print(f"The page is at {self.html}.", highlight=False, markup=False)


def measure_understanding(settings: Settings, names: Sequence[ModelName], folder: Path, showing: Showing) -> None:
    """Measure the models on the set in `folder`; raises SetUpError where either cannot be had."""
    evaluation_set = read_set(folder)
    parsers = {str(name): Parser(load_model(name, settings, showing.console.print)) for name in dict.fromkeys(names)}
    with showing.progress("messages", len(parsers) * len(evaluation_set.messages)) as advance:
        try:
            report = evaluate(evaluation_set, parsers, advance)
        except ServiceError as error:
            raise SetUpError(f"The Rasa server at {settings.rasa_url} fails: {error}") from error
    showing.show(_as_json(report), tables(report), partial(page, report, folder.name))


def measure_thresholds(settings: Settings, folder: Path, showing: Showing) -> None:
    """Show what asking back does on the sentences held back in nlu/data, and on the set in `folder`.

    Raises SetUpError for the set that is for measuring alone: thresholds that were chosen on it would flatter it.
    """
    if folder.resolve() == FOLDER.resolve():
        raise SetUpError("Thresholds are not chosen on tests/evaluation; name another set with --set.")
    sets = {"held back": held_back(), folder.name: read_set(folder).messages}
    parser = Parser(load_model(ModelName.EMBEDDED, settings, showing.console.print))
    with showing.progress("messages", sum(map(len, sets.values()))) as advance:
        found = {name: tradeoffs(ask(parser, messages, advance)) for name, messages in sets.items()}
    content = {name: [asdict(each) | {"in_force": each.in_force} for each in rows] for name, rows in found.items()}
    showing.show(content, threshold_tables(found))


def measure_policy(settings: Settings, folder: Path, showing: Showing) -> None:
    """Measure the answers from policy documents on the set in `folder`; raises SetUpError where it cannot be had."""
    questions = read_questions(folder)
    shipped = Examination(search_for(None, settings.models), questions.shipped)
    on_the_spot = [
        Examination(search_for(file, settings.models), of_file) for file, of_file in questions.on_the_spot.items()
    ]
    with showing.progress("questions", len(SYSTEMS) * questions.size) as advance:
        report = evaluate_policy(shipped, on_the_spot, advance)
    showing.show(_policy_as_json(report), policy_tables(report), partial(policy_page, report, folder.name))


def _as_json(report: Report) -> dict[str, Any]:
    """The report with its figures: for each model, and for what no model has a part in."""
    return {
        "models": [asdict(model) | {"figures": _figures(figures_of_model(model))} for model in report.models],
        "times": [asdict(score) for score in report.times],
        "masking": asdict(report.masking) if report.masking else None,
        "figures": _figures(figures_of_texts(report)),
    }


def _policy_as_json(report: PolicyReport) -> dict[str, Any]:
    """The report with the figures of each system."""
    return {"systems": [asdict(system) | {"figures": _figures(figures_of_policy(system))} for system in report.systems]}


def _figures(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    return [asdict(figure) | {"value": figure.value, "holds": figure.holds} for figure in figures]
