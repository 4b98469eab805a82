"""Each report as one page that needs nothing else: figures, what went wrong, and how it hangs together as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.evaluation.figures import figures_of_model, figures_of_policy, figures_of_texts
from bot.evaluation.tables import EXAMPLES, WORST

if TYPE_CHECKING:
    from datetime import datetime

    from bot.evaluation.intents import IntentScore
    from bot.evaluation.policy_report import PolicyReport
    from bot.evaluation.report import ModelReport, Report
    from nlu.understanding import Intent


@dataclass(frozen=True, slots=True)
class Cell:
    """`count` of the `of` messages of the row's intent were taken for the column's; `texts` are wrong ones."""

    row: int
    column: int
    count: int
    of: int
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """The cells that are not empty; a message that was taken for another right intent counts on the diagonal."""

    intents: tuple[Intent, ...]
    cells: tuple[Cell, ...]


def matrix(model: ModelReport) -> Matrix:
    """The confusion matrix of a model."""
    intents = tuple(score.intent for score in model.by_intent)
    place = {intent: index for index, intent in enumerate(intents)}
    found = {score.intent: score.found for score in model.by_intent}
    right = [Cell(place[intent], place[intent], share.hits, share.of) for intent, share in found.items() if share.hits]
    wrong = [
        Cell(place[pair.intent], place[pair.taken_for], len(pair.texts), found[pair.intent].of, pair.texts)
        for pair in model.confusions
    ]
    return Matrix(intents, (*right, *wrong))


def worst_first(model: ModelReport) -> list[IntentScore]:
    """The scores by recall; intents of which the set has no message, though something was taken for them, come last."""
    return sorted(model.by_intent, key=lambda score: 1.0 if score.found.value is None else score.found.value)


def page(report: Report, measured_on: str, made_at: datetime) -> str:
    """The page of a report on the evaluation set `measured_on`."""
    return _render(
        "understanding",
        report=report,
        summary={model.name: figures_of_model(model) for model in report.models},
        models=[(model, worst_first(model), matrix(model)) for model in report.models],
        of_texts=figures_of_texts(report),
        messages=report.models[0].right.of,
        worst=WORST,
        examples=EXAMPLES,
        measured_on=measured_on,
        made_at=made_at,
    )


def policy_page(report: PolicyReport, measured_on: str, made_at: datetime) -> str:
    """The page of a report on answers from policy documents, asked the questions of `measured_on`."""
    gridbot = report.systems[0]
    scores = {"The shipped document": {system.name: system.shipped for system in report.systems}}
    if gridbot.on_the_spot:
        scores["Documents read on the spot"] = {
            system.name: system.on_the_spot for system in report.systems if system.on_the_spot
        }
    return _render(
        "policy",
        report=report,
        gridbot=gridbot,
        questions=sum(of_systems[gridbot.name].asked for of_systems in scores.values()),
        summary={system.name: figures_of_policy(system) for system in report.systems},
        scores=scores,
        measured_on=measured_on,
        made_at=made_at,
    )


def _render(name: str, **values: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{name}.html.j2").render(values)
