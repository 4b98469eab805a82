"""Reads what policy answers are measured on: `policy.yml`, and perhaps `laws.yml` on the texts that it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AliasChoices, BeforeValidator, Field, TypeAdapter, model_validator

from bot.evaluation.sets import Item, check_is_there, read_items
from bot.schema import SetUpError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def _as_turns(said: object) -> object:
    return (said,) if isinstance(said, str) else said


class Question(Item):
    """What a person asked, in `turns` (a single one is `q`); each of `clauses` is a right answer to the last.

    Without clauses the document does not answer it. `departments` are the units of the annex row that it asks for.
    """

    turns: Annotated[
        tuple[str, ...], BeforeValidator(_as_turns), Field(min_length=1, validation_alias=AliasChoices("q", "turns"))
    ]
    clauses: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    answered: bool = True

    @model_validator(mode="after")
    def _is_answered_by_clauses(self) -> Self:
        if self.answered != bool(self.clauses):
            raise ValueError("needs either clauses or answered: false")
        return self

    @property
    def is_follow_up(self) -> bool:
        """Whether it has to be understood from the turns before."""
        return len(self.turns) > 1


class QuestionOnFile(Question):
    """A question on the document in a file, whose path begins at the folder of the questions."""

    document: str


_QUESTIONS = TypeAdapter(tuple[Question, ...])
_ON_FILES = TypeAdapter(tuple[QuestionOnFile, ...])


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions on the shipped document, and by their file those on documents that nothing was learned for."""

    shipped: tuple[Question, ...]
    on_the_spot: Mapping[Path, tuple[Question, ...]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many questions there are."""
        return len(self.shipped) + sum(map(len, self.on_the_spot.values()))


def read_questions(folder: Path) -> QuestionSet:
    """The questions of a folder; raises SetUpError where they are not there or not in order."""
    check_is_there(folder, "policy.yml")
    questions = read_items(folder / "policy.yml", _QUESTIONS)
    if not questions:
        raise SetUpError(f"{folder / 'policy.yml'} holds no questions.")
    laws = folder / "laws.yml"
    on_the_spot: dict[Path, tuple[Question, ...]] = {}
    for question in read_items(laws, _ON_FILES) if laws.is_file() else ():
        file = folder / question.document
        on_the_spot[file] = (*on_the_spot.get(file, ()), question)
    return QuestionSet(questions, on_the_spot)
