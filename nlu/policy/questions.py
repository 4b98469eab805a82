"""The training questions of a document: which clause answers them, and which ones the document does not answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlu.policy.terms import DATA
from nlu.tables import read_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions for the document of that title: `answered` are pairs (clause id, question)."""

    document: str
    answered: tuple[tuple[str, str], ...]
    unanswerable: tuple[str, ...]


def load_questions(path: Path) -> QuestionSet:
    """The question set of a YAML file (`document`, `clauses`, `unanswerable`). ValueError if it is not in order."""
    content = read_yaml(path)
    if not isinstance(content, dict) or not {"document", "clauses", "unanswerable"} <= set(content):
        raise ValueError(f"{path.name}: needs document, clauses and unanswerable")
    answered = tuple(
        (str(entry["clause"]), text) for entry in content["clauses"] for text in _texts(path, entry["questions"])
    )
    unanswerable = _texts(path, content["unanswerable"])
    everything = [text for _, text in answered] + unanswerable
    if len(set(everything)) < len(everything):
        twice = sorted({text for text in everything if everything.count(text) > 1})
        raise ValueError(f"{path.name}: asked twice: {twice}")
    return QuestionSet(str(content["document"]), answered, tuple(unanswerable))


def _texts(path: Path, values: Sequence[object]) -> list[str]:
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        raise ValueError(f"{path.name}: not a text: {[value for value in values if not isinstance(value, str)]}")
    return texts


def shipped_questions() -> QuestionSet:
    """The questions for the document that comes with the program."""
    return load_questions(DATA / "renshou-draft.questions.yml")
