"""Tells what kind of thing a question asks for, and whether a sentence of a document gives such a thing."""

from __future__ import annotations

import re
from enum import StrEnum

from nlu.policy.terms import DATA
from nlu.tables import read_yaml


class Asked(StrEnum):
    """A kind of thing that a question can ask for."""

    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CLOCK = "clock"
    CONTACT = "contact"
    PERSON = "person"
    PLACE = "place"
    PROCEDURE = "procedure"
    PERMISSION = "permission"
    DEFINITION = "definition"
    PENALTY = "penalty"


def _pattern(alternatives: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(alternatives).replace("NUM", r"[\d一二三四五六七八九十百千万两半]+"))


_DATA = read_yaml(DATA / "asked.yml")
_IN_QUESTION = {kind: _pattern(_DATA["kinds"][kind.value]["asks"]) for kind in Asked}
_IN_SENTENCE = {kind: _pattern(_DATA["kinds"][kind.value]["gives"]) for kind in Asked}
_MEASURES = tuple((_pattern(measure["asks"]), _pattern(measure["gives"])) for measure in _DATA["measures"])
_WHO = _pattern(_DATA["who"])
_UNIT = _pattern(_DATA["unit"])
_ANOTHER_DOCUMENT = _pattern(_DATA["another_document"])
_WHO_GIVEN = _pattern(_DATA["who_given"])
_WHO_WORDS = _pattern(_DATA["who_words"])
_QUESTION = _pattern(_DATA["question"])
_STATE = _pattern(_DATA["state"])
_LOCAL = _pattern(_DATA["local"])
_WHOLE = _pattern(_DATA["whole"])
_WHOLE_WORDS = _pattern(_DATA["whole_words"])
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def asked_kinds(question: str) -> frozenset[Asked]:
    """The kinds of thing that `question` (in standard spelling) asks for; empty for a plain question."""
    return frozenset(kind for kind, pattern in _IN_QUESTION.items() if pattern.search(question))


def gives(sentence: str, kind: Asked) -> bool:
    """Whether `sentence`, as printed, holds a thing of that kind."""
    return bool(_IN_SENTENCE[kind].search(sentence))


def measures_asked(question: str) -> frozenset[int]:
    """The measures (as numbers of a fixed list: %, 平方米, 户, 小时, 岁 …) in which `question` asks for a quantity."""
    return frozenset(index for index, (asked, _) in enumerate(_MEASURES) if asked.search(question))


def measures_given(sentence: str) -> frozenset[int]:
    """The measures of the same list in which `sentence`, as printed, gives a quantity."""
    return frozenset(index for index, (_, given) in enumerate(_MEASURES) if given.search(sentence))


def years_in(text: str) -> frozenset[str]:
    """The years that `text` names in four digits."""
    return frozenset(_YEAR.findall(text))


def asks_who(question: str) -> bool:
    """Whether `question` (in standard spelling) asks which unit is responsible."""
    return bool(_WHO.search(question))


def asks_unit(question: str) -> bool:
    """Whether `question`, asking who is responsible, is content with nothing but the name of a unit."""
    return bool(_UNIT.search(question))


def asks_another_document(question: str) -> bool:
    """Whether `question` asks what a document of another level says."""
    return bool(_ANOTHER_DOCUMENT.search(question))


def says_who(sentence: str) -> bool:
    """Whether `sentence`, as printed, says which unit is responsible."""
    return bool(_WHO_GIVEN.search(sentence))


def without_who(question: str) -> str:
    """`question` without the words that ask who is responsible: its subject."""
    return " ".join(_WHO_WORDS.sub(" ", question).split())


def asks_anything(text: str) -> bool:
    """Whether `text` (in standard spelling) has the form of a question."""
    return bool(_QUESTION.search(text))


def asks_state(question: str) -> bool:
    """Whether `question` asks how things stand at present, which no rule says."""
    return bool(_STATE.search(question))


def asks_local(question: str) -> bool:
    """Whether `question` is about the person or the place that asks."""
    return bool(_LOCAL.search(question))


def asks_whole(question: str) -> bool:
    """Whether `question` wants a clause in full."""
    return bool(_WHOLE.search(question))


def without_whole(question: str) -> str:
    """`question` without the words that ask for a clause in full: which clause it means."""
    return " ".join(_WHOLE_WORDS.sub(" ", question).split())
