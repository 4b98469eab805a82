"""The figures that sum a report up, each with the target that the project has set for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.evaluation.intents import Share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.evaluation.policy_report import SystemReport
    from bot.evaluation.report import ModelReport, Report


@dataclass(frozen=True, slots=True)
class Figure:
    """A share, or a number of milliseconds; a target is the least or the most that it may be."""

    name: str
    measured: Share | float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def value(self) -> float | None:
        """The share between 0 and 1 (None of nothing), or the milliseconds."""
        return self.measured.value if isinstance(self.measured, Share) else self.measured

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None without one, or where nothing was measured."""
        if self.value is None or (self.at_least is None and self.at_most is None):
            return None
        return (self.at_least or 0) <= self.value and (self.at_most is None or self.value <= self.at_most)

    @property
    def shown(self) -> str:
        """The value for people: 93.2 %, 4.1 ms."""
        if self.value is None:
            return "-"
        return f"{self.value:.1%}".replace("%", " %") if isinstance(self.measured, Share) else f"{self.value:.1f} ms"

    @property
    def counted(self) -> str:
        """What a share counts: 1,092 of 1,172."""
        if not isinstance(self.measured, Share) or not self.measured.of:
            return ""
        return f"{self.measured.hits:,} of {self.measured.of:,}"

    @property
    def target(self) -> str:
        """The target for people: ≥ 93 %, ≤ 10 ms."""
        target = self.at_least if self.at_least is not None else self.at_most
        if target is None:
            return ""
        return f"{'≤' if self.at_least is None else '≥'} " + (
            f"{target * 100:g} %" if isinstance(self.measured, Share) else f"{target:g} ms"
        )


def figures_of_model(model: ModelReport) -> tuple[Figure, ...]:
    """What sums up one model."""
    return (
        Figure("intents right", model.right, at_least=0.93),
        Figure("right intent among the first three", model.among_three),
        Figure("emergencies found", model.emergencies.found, at_least=0.98),
        Figure("others taken for an emergency", model.emergencies.false_alarms, at_most=0.01),
        Figure("out of scope found", model.out_of_scope.found, at_least=0.90),
        Figure("in scope, but thrown out", model.out_of_scope.false_alarms, at_most=0.03),
        *(Figure(f"entities found: {score.kind}", score.found, at_least=0.90) for score in model.entities),
        Figure("time for a message, median", model.speed.median, at_most=10),
        Figure("time for a message, 95th percentile", model.speed.p95),
    )


def figures_of_texts(report: Report) -> tuple[Figure, ...]:
    """What sums up the times and the masking, as far as they were measured."""
    return tuple(_figures_of_texts(report))


def _figures_of_texts(report: Report) -> Iterator[Figure]:
    if report.times:
        yield Figure("written times read exactly", _sum([score.right for score in report.times]), at_least=0.95)
    if report.masking:
        yield Figure("personal data masked", report.masking.masked, at_least=0.98)
        yield Figure("look-alikes touched", report.masking.touched, at_most=0.03)


def figures_of_policy(system: SystemReport) -> tuple[Figure, ...]:
    """What sums up one system that answers from policy documents."""
    return tuple(_figures_of_policy(system))


def _figures_of_policy(system: SystemReport) -> Iterator[Figure]:
    shipped, on_the_spot = system.shipped, system.on_the_spot
    yield Figure("a right clause first", shipped.first, at_least=0.92)
    yield Figure("a right clause among the first three", shipped.among_three, at_least=0.98)
    yield Figure("answerable questions answered", shipped.answered, at_least=0.93)
    yield Figure("of these without a right clause", shipped.wrong)
    yield Figure("unanswerable questions refused", shipped.refused, at_least=0.92)
    yield Figure("answers that are right, of all", shipped.right)
    yield Figure("responsible units exact", shipped.units, at_least=0.95)
    yield Figure("follow-ups answered right", shipped.follow_ups, at_least=0.85)
    yield Figure("quotes verbatim", shipped.verbatim, at_least=1.0)
    yield Figure("answerable told from unanswerable (AUC)", shipped.told_apart)
    yield Figure("time for a question, median", shipped.speed.median, at_most=30)
    yield Figure("time for a question, 95th percentile", shipped.speed.p95)
    if on_the_spot:
        yield Figure("read on the spot: right clause first", on_the_spot.first, at_least=0.80)
        yield Figure("read on the spot: answerable answered", on_the_spot.answered)
        yield Figure("read on the spot: of these without a right clause", on_the_spot.wrong)
        yield Figure("read on the spot: unanswerable refused", on_the_spot.refused, at_least=0.80)


def _sum(shares: Sequence[Share]) -> Share:
    return Share(sum(share.hits for share in shares), sum(share.of for share in shares))
