"""Measures of what is read out of a text without a model: entities, times and personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.evaluation.intents import Share, share
from nlu.personal_data import DatumKind, find_personal_data
from nlu.places import spelled
from nlu.times import find_time
from nlu.understanding import EntityKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.evaluation.intents import Answer
    from bot.evaluation.sets import Mark, Saying, SayingGroup, Text
    from nlu.times import TimeSpan
    from nlu.understanding import Entity


@dataclass(frozen=True, slots=True)
class Missed:
    """A text, what should have been read there, and what was."""

    text: str
    expected: str
    read: str


@dataclass(frozen=True, slots=True)
class EntityScore:
    """How many entities of a kind were found: kind and value agree, and the spans overlap."""

    kind: EntityKind
    found: Share
    missed: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class TimeScore:
    """How many written times of a subject were read right: start, end, date_only and rrule exact."""

    subject: str
    right: Share
    wrong: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class MaskScore:
    """How many spans of a kind were masked with all their characters, and how many with these and no others."""

    kind: DatumKind
    masked: Share
    exact: Share


@dataclass(frozen=True, slots=True)
class Masking:
    """How personal data fares: spans masked by kind, the spans of which something can be read, look-alikes touched."""

    by_kind: tuple[MaskScore, ...]
    masked: Share
    touched: Share
    missed: tuple[Missed, ...]
    touched_texts: tuple[Missed, ...]


def entities(answers: Sequence[Answer]) -> tuple[EntityScore, ...]:
    """The score of each kind that is marked. What is found beyond the marks need not be wrong and is not counted."""
    looked_for: dict[EntityKind, list[tuple[Mark, Answer]]] = {kind: [] for kind in EntityKind}
    for answer in answers:
        for mark in answer.message.entities:
            looked_for[mark.entity].append((mark, answer))
    return tuple(
        EntityScore(
            kind,
            share(_is_found(mark, answer) for mark, answer in marks),
            tuple(_missed_mark(mark, answer) for mark, answer in marks if not _is_found(mark, answer)),
        )
        for kind, marks in looked_for.items()
        if marks
    )


def _is_found(mark: Mark, answer: Answer) -> bool:
    return any(_agrees(entity, mark, answer.message.text) for entity in answer.understanding.entities)


def _agrees(entity: Entity, mark: Mark, text: str) -> bool:
    if entity.kind is not mark.entity or (mark.value is not None and not _is_same(entity, mark.value)):
        return False
    starts = (start for start in range(len(text)) if text.startswith(mark.text, start))
    return any(entity.start < start + len(mark.text) and start < entity.end for start in starts)


def _is_same(entity: Entity, value: int | str) -> bool:
    """Whether a value is the one that was marked; two spellings of a place, 第5网格 and 5网格, are one."""
    if entity.kind is EntityKind.PLACE:
        return spelled(str(entity.value)) == spelled(str(value))
    return entity.value == value


def _missed_mark(mark: Mark, answer: Answer) -> Missed:
    read = [entity for entity in answer.understanding.entities if entity.kind is mark.entity]
    expected = mark.text if mark.value in (None, mark.text) else f"{mark.text} = {mark.value}"
    return Missed(answer.message.text, expected, "; ".join(_named(entity) for entity in read))


def _named(entity: Entity) -> str:
    if entity.kind is EntityKind.TIME or entity.value == entity.text:
        return entity.text
    return f"{entity.text} = {entity.value}"


def times(groups: Sequence[SayingGroup]) -> tuple[TimeScore, ...]:
    """The score of each subject."""
    return tuple(_time_score(group) for group in groups)


def _time_score(group: SayingGroup) -> TimeScore:
    read = [(saying, _read(saying, group.sent_at)) for saying in group.sentences]
    return TimeScore(
        group.subject,
        share(_expected(saying) == found for saying, found in read),
        tuple(
            Missed(saying.say, " ".join(_expected(saying)), " ".join(found))
            for saying, found in read
            if _expected(saying) != found
        ),
    )


def _expected(saying: Saying) -> tuple[str, str, str]:
    return saying.start or "-", saying.end or "-", saying.rrule or "-"


def _read(saying: Saying, sent_at: datetime) -> tuple[str, str, str]:
    span = find_time(saying.say, sent_at)
    if span is None:
        return "-", "-", "-"
    return _written(span.start, span), _written(span.end, span), span.rrule or "-"


def _written(moment: datetime | None, span: TimeSpan) -> str:
    if moment is None:
        return "-"
    return moment.strftime("%Y-%m-%d" if span.date_only else "%Y-%m-%dT%H:%M")


def masking(texts: Sequence[Text]) -> Masking:
    """What of the personal data in `texts` was found, and which look-alikes were taken for some."""
    spans = [span for text in texts for span in _spans(text)]
    look_alikes = [text.text for text in texts if not text.found]
    return Masking(
        by_kind=tuple(
            MaskScore(
                kind,
                share(span.masked for span in spans if span.kind is kind),
                share(span.exact for span in spans if span.kind is kind),
            )
            for kind in DatumKind
            if any(span.kind is kind for span in spans)
        ),
        masked=share(span.masked for span in spans),
        touched=share(bool(find_personal_data(text)) for text in look_alikes),
        missed=tuple(Missed(span.text, span.expected, _found_in(span.text)) for span in spans if not span.masked),
        touched_texts=tuple(Missed(text, "", read) for text in look_alikes if (read := _found_in(text))),
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """What became of one span that must be masked."""

    text: str
    kind: DatumKind
    expected: str
    masked: bool
    exact: bool


def _spans(text: Text) -> list[_Span]:
    data = find_personal_data(text.text)
    hidden = {place for datum in data for place in range(datum.start, datum.end)}
    found = {(datum.kind, datum.start, datum.end) for datum in data}
    spans, end = [], 0
    for span in text.found:
        start = text.text.index(span.text, end)
        end = start + len(span.text)
        masked = hidden.issuperset(range(start, end))
        spans.append(_Span(text.text, span.kind, span.text, masked, (span.kind, start, end) in found))
    return spans


def _found_in(text: str) -> str:
    return "; ".join(f"{datum.text} ({datum.kind})" for datum in find_personal_data(text))
