"""Reads an evaluation set: a folder with `intents.yml`, and perhaps `personal_data.yml` and `times.yml` beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

from bot.schema import SetUpError
from nlu.personal_data import DatumKind
from nlu.tables import read_yaml
from nlu.times import SHANGHAI
from nlu.training_data import DATA_FOLDER, load_examples
from nlu.understanding import EntityKind, Intent

FOLDER = Path(__file__).parent.parent.parent / "tests" / "evaluation"
"""The set of the working copy; an installed package carries none."""

DEVELOPMENT = FOLDER.parent / "development"
"""The set that thresholds are chosen on."""

T = TypeVar("T")


class Item(BaseModel):
    """One item of a set: it has the keys that are named and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Mark(Item):
    """An entity that a handler could use: its words, and its value unless it is a time."""

    entity: EntityKind
    text: str
    value: int | str | None = None


class Message(Item):
    """What a person wrote, and what a fair judge takes it for; each of `accept` is as right as `intent`."""

    text: str
    intent: Intent
    accept: tuple[Intent, ...] = ()
    entities: tuple[Mark, ...] = ()

    @model_validator(mode="after")
    def _marks_occur(self) -> Self:
        for mark in self.entities:
            if mark.text not in self.text:
                raise ValueError(f"{mark.text} does not occur in {self.text}")
        return self

    def may_be(self, intent: Intent) -> bool:
        """Whether it is right to take the message for `intent`."""
        return intent is self.intent or intent in self.accept


class Span(Item):
    """Characters that must be masked."""

    kind: DatumKind
    text: str


class Text(Item):
    """A text with what is personal in it, in order; a look-alike has nothing."""

    text: str
    found: tuple[Span, ...]

    @model_validator(mode="after")
    def _spans_occur(self) -> Self:
        rest = self.text
        for span in self.found:
            _, there, rest = rest.partition(span.text)
            if not there:
                raise ValueError(f"{span.text} does not occur in {self.text}, or not in this order")
        return self


class Saying(Item):
    """A written time: days where no hour is said, and neither `start`, `end` nor `rrule` where no time is."""

    say: str
    start: str | None = None
    end: str | None = None
    rrule: str | None = None


class SayingGroup(Item):
    """Sayings on one subject, all sent at `now`, at Asia/Shanghai."""

    now: datetime
    subject: str
    sentences: tuple[Saying, ...]

    @property
    def sent_at(self) -> datetime:
        """`now` with its time zone."""
        return self.now.replace(tzinfo=SHANGHAI)


class _Times(BaseModel):
    table: tuple[SayingGroup, ...]


_MESSAGES = TypeAdapter(tuple[Message, ...])
_TEXTS = TypeAdapter(tuple[Text, ...])
_TIMES = TypeAdapter(_Times)


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """What understanding is measured on; texts and sayings are empty where the folder holds none."""

    messages: tuple[Message, ...]
    texts: tuple[Text, ...] = ()
    sayings: tuple[SayingGroup, ...] = ()


def check_is_there(folder: Path, name: str = "intents.yml") -> None:
    """Raises SetUpError where the folder holds no evaluation set with a file of that name."""
    if not (folder / name).is_file():
        raise SetUpError(
            f"There is no evaluation set at {folder}: it needs a file {name}. "
            "The set is part of the repository and not of the installed package; name its folder with --set."
        )


def read_set(folder: Path) -> EvaluationSet:
    """The evaluation set of a folder; raises SetUpError where it is not there or not in order."""
    check_is_there(folder)
    messages, texts, times = (folder / f"{name}.yml" for name in ("intents", "personal_data", "times"))
    evaluation_set = EvaluationSet(
        read_items(messages, _MESSAGES),
        read_items(texts, _TEXTS) if texts.is_file() else (),
        read_items(times, _TIMES, as_written=True).table if times.is_file() else (),
    )
    if not evaluation_set.messages:
        raise SetUpError(f"{messages} holds no messages.")
    return evaluation_set


def held_back() -> tuple[Message, ...]:
    """The sentences of nlu/data/development, which are trained with in no way but to choose how far to trust."""
    return tuple(
        Message(text=example.text, intent=example.intent) for example in load_examples(DATA_FOLDER / "development")
    )


def read_items(path: Path, form: TypeAdapter[T], *, as_written: bool = False) -> T:
    """The content of a file; raises SetUpError where it is not in order.

    `as_written` keeps every value a text, so that a day stays apart from a moment.
    """
    try:
        content: Any = yaml.load(path.read_text("utf-8"), yaml.BaseLoader) if as_written else read_yaml(path)
        return form.validate_python(content)
    except yaml.YAMLError as error:
        raise SetUpError(f"{path}: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        wrong = error.errors()[0]
        raise SetUpError(f"{path}: {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from error
