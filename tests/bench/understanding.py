"""The parse of one sentence and one answer from the policy document, over the evaluation sets."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from nlu.policy.library import Source, shipped_text
from tests.bench.figures import Figure, figure_of
from tests.town import WEDNESDAY_MORNING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nlu.parser import Parser
    from nlu.policy.library import PolicyLibrary

EVALUATION = Path(__file__).parent.parent / "evaluation"
PARSE_MS, ANSWER_MS = 10.0, 20.0
"""Together what a message may take as a whole; the rest of its way must fit beside whichever of the two it needs."""

T = TypeVar("T")


def sentences() -> list[str]:
    """What people say, of every intent."""
    return [item["text"] for item in _load("intents.yml")]


def questions() -> list[list[str]]:
    """Questions on the policy document, each as the turns of a talk, its last the question."""
    return [item.get("turns") or [item["q"]] for item in _load("policy.yml")]


def measure_parse(parser: Parser, advance: Callable[[], None]) -> Figure:
    """Parse every sentence once."""
    took = _times(lambda text: parser.parse(text, WEDNESDAY_MORNING), sentences(), advance)
    return figure_of("parse of one sentence", took, "ms", target=PARSE_MS)


def measure_answer(library: PolicyLibrary, advance: Callable[[], None]) -> Figure:
    """Answer every question once."""
    sources = [Source(1, shipped_text())]
    took = _times(lambda turns: library.answer(turns, sources), questions(), advance)
    return figure_of("one policy answer", took, "ms", target=ANSWER_MS)


def _times(work: Callable[[T], object], items: Iterable[T], advance: Callable[[], None]) -> list[float]:
    """Milliseconds for each item, after the first one was worked to warm up."""
    every = list(items)
    work(every[0])
    took = []
    for item in every:
        begin = time.perf_counter()
        work(item)
        took.append((time.perf_counter() - begin) * 1e3)
        advance()
    return took


def _load(name: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = yaml.safe_load((EVALUATION / name).read_text(encoding="utf-8"))
    return items
