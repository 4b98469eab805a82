"""The reports as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from bot.evaluation.figures import figures_of_model, figures_of_policy, figures_of_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.evaluation.figures import Figure
    from bot.evaluation.intents import Share
    from bot.evaluation.mistakes import Mistakes
    from bot.evaluation.policy_report import DocumentScore, PolicyReport
    from bot.evaluation.readings import Masking, TimeScore
    from bot.evaluation.report import ModelReport, Report
    from bot.evaluation.thresholds import Tradeoff

WORST = 15
"""Confusions that are shown."""

EXAMPLES = 3
"""Sentences that are shown of each."""

_ASKED = ("right, asked", "wrong, asked", "of these mended")


def tables(report: Report) -> Iterator[Table]:
    """The models side by side; of a single one, everything that was measured."""
    yield _summary({model.name: figures_of_model(model) for model in report.models}, figures_of_texts(report))
    if len(report.models) == 1:
        (model,) = report.models
        yield _by_intent(model)
        yield _confusions(model)
        yield _detections(model)
        yield _calibration(model)
    if report.times:
        yield _times(report.times)
    if report.masking:
        yield _masking(report.masking)


def policy_tables(report: PolicyReport) -> Iterator[Table]:
    """Gridbot beside what it is compared with, and every mistake of its own."""
    gridbot = report.systems[0]
    yield _summary({system.name: figures_of_policy(system) for system in report.systems})
    if gridbot.by_document:
        yield _documents(gridbot.by_document)
    for where, score in (("the shipped document", gridbot.shipped), ("read on the spot", gridbot.on_the_spot)):
        if score:
            yield from (_mistakes(way, where) for way in score.mistakes if way.rows)


def threshold_tables(found: Mapping[str, Sequence[Tradeoff]]) -> Iterator[Table]:
    """What asking back does on each set, by its thresholds; those in force are marked."""
    table = _table("Asking back", "below", "within", *(f"{name}\n{what}" for name in found for what in _ASKED), "")
    for row in zip(*found.values(), strict=True):
        cells = [_counted(part) for each in row for part in (each.bothered, each.caught, each.mended)]
        table.add_row(f"{row[0].below:.2f}", f"{row[0].margin:.2f}", *cells, "in force" if row[0].in_force else "")
    yield table


def _summary(columns: Mapping[str, Sequence[Figure]], alone: Sequence[Figure] = ()) -> Table:
    """The same figures of several side by side, and those that none of them has a part in."""
    table = _table("Summary", "figure", *columns, "target")
    for figures in zip(*columns.values(), strict=True):
        table.add_row(figures[0].name, *map(_colored, figures), figures[0].target)
    for figure in alone:
        table.add_row(figure.name, _colored(figure), *[""] * (len(columns) - 1), figure.target)
    return table


def _colored(figure: Figure) -> str:
    shown = f"{figure.counted}  {figure.shown:>7}" if figure.counted else figure.shown
    return f"[bold red]{shown}[/]" if figure.holds is False else shown


def _by_intent(model: ModelReport) -> Table:
    table = _table("Intents", "intent", "n", "found", "recall", "precision")
    for score in model.by_intent:
        found = score.found
        table.add_row(score.intent, str(found.of), str(found.hits), _percent(found), _percent(score.precise))
    return table


def _confusions(model: ModelReport) -> Table:
    table = _table("Worst confusions", "intent", "taken for", "n", "for example")
    table.columns[1].justify = table.columns[3].justify = "left"
    for confusion in model.confusions[:WORST]:
        table.add_row(confusion.intent, confusion.taken_for, str(len(confusion.texts)), _examples(confusion.texts))
    return table


def _detections(model: ModelReport) -> Table:
    table = _table("Not to be missed, and not to be taken for", "messages", "n", "for example")
    table.columns[2].justify = "left"
    for what, texts in (
        ("emergencies missed", model.emergencies.missed),
        ("others taken for one", model.emergencies.alarmed),
        ("out of scope, but answered", model.out_of_scope.missed),
        ("in scope, but thrown out", model.out_of_scope.alarmed),
    ):
        table.add_row(what, str(len(texts)), _examples(texts))
    return table


def _calibration(model: ModelReport) -> Table:
    table = _table("Calibration of the likeliest intent", "confidence", "n", "mean confidence", "right")
    for row in model.calibration:
        table.add_row(
            f"{row.low:.1f} to {row.high:.1f}", str(row.right.of), f"{row.confidence:.0%}", _percent(row.right)
        )
    return table


def _times(scores: Sequence[TimeScore]) -> Table:
    table = _table("Written times", "subject", "n", "right")
    for score in scores:
        table.add_row(escape(score.subject), str(score.right.of), _percent(score.right))
    return table


def _masking(masking: Masking) -> Table:
    table = _table("Personal data", "kind", "n", "masked", "these characters and no others")
    for score in masking.by_kind:
        table.add_row(score.kind, str(score.masked.of), _percent(score.masked), _percent(score.exact))
    return table


def _documents(scores: Sequence[DocumentScore]) -> Table:
    table = _table("Read on the spot", "document", "n", "right first", "answered", "without a right clause", "refused")
    for score in scores:
        shares = score.first, score.answered, score.wrong, score.refused
        table.add_row(escape(score.title), str(score.first.of + score.refused.of), *map(_percent, shares))
    return table


def _mistakes(way: Mistakes, where: str) -> Table:
    table = _table(f"{way.what} ({len(way.rows)}, {where})", "question", "right", "answer")
    for column in table.columns:
        column.justify, column.overflow = "left", "fold"
    for row in way.rows:
        table.add_row(*map(escape, (row.text, row.expected, row.read)))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(columns[0], overflow="fold")
    for name in columns[1:]:
        table.add_column(name, justify="right")
    return table


def _percent(share: Share) -> str:
    return "-" if share.value is None else f"{share.value:.0%}"


def _examples(texts: Sequence[str]) -> str:
    return escape(" · ".join(texts[:EXAMPLES]) + (" …" if len(texts) > EXAMPLES else ""))


def _counted(share: Share) -> str:
    return f"{share.hits} of {share.of}"
