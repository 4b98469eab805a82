"""How a mediation is spoken of: what its mediator does with a sentence, and what a party answers with one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from nlu.case_numbers import find_case_numbers
from nlu.tables import read_table
from nlu.wording import fold_width


class Act(StrEnum):
    """What whoever leads a mediation does."""

    START = "start"
    INVITE = "invite"
    NOTED = "noted"
    CAME = "came"
    AGREED = "agreed"
    FAILED = "failed"
    EXTEND = "extend"
    VISITED = "visited"
    JUDGE = "judge"
    STATEMENTS = "statements"
    STATUS = "status"


class Word(StrEnum):
    """What a party says."""

    OTHER = "other"
    QUIT = "quit"
    STATEMENT = "statement"
    STATUS = "status"
    ABSENT = "absent"
    ATTEND = "attend"
    EXTEND = "extend"


class About(StrEnum):
    """What an answer is about."""

    CONSENT = "consent"
    AGREEMENT = "agreement"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Said:
    """What was done with a sentence: `rest` is what stands behind the words that say it, `asks` if it is a question."""

    act: Act
    rest: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A yes or no; `about` is None where it does not say to what, `alone` if hardly anything stands beside it."""

    yes: bool
    about: About | None
    alone: bool


LONGEST_ALONE = 6
"""Characters beside a bare yes or no; more tell something else (我同意他赔钱，但是……)."""

_LATEST = 12
"""An answer that is about something stands no further than this many characters from the beginning."""

_LEAD = 4
"""Characters that may stand before the number."""

_BEFORE_TEXT = " 　，,：:。；;、\n是为如下"
_CODE = re.compile(r"(?:调解码|邀请码)\s*[是为:：]?\s*([A-HJ-NP-Z2-9]{8})|^\s*([A-HJ-NP-Z2-9]{8})\s*$")
_SHORT_NUMBER = re.compile(r"^\s*(?:第)?([0-9]{1,3})号(?=[^0-9])")
_LEADING = re.compile(r"^[\s，,。.、：:；;号的]+")


def case_number(text: str) -> str | None:
    """The case that a sentence of a mediation names; 「7号开始调解」 names 007, though 7号 is a day elsewhere."""
    found = find_case_numbers(text)
    if found:
        return found[0].value
    match = _SHORT_NUMBER.match(fold_width(text))
    return match[1].zfill(3) if match else None


def without_number(text: str) -> str:
    """`text` without the case number at its beginning; 「回访007：已履行」 is 「回访已履行」."""
    found = find_case_numbers(text)
    if found and found[0].start <= _LEAD:
        return text[: found[0].start].strip() + _LEADING.sub("", text[found[0].end :])
    match = _SHORT_NUMBER.match(fold_width(text))
    return _LEADING.sub("", text[match.end() :]) if match else text.strip()


def from_mediator(text: str) -> Said | None:
    """What whoever leads a mediation does with `text`, or None."""
    words = without_number(text)
    found = _first("leading", words)
    if found is None:
        return None
    act, match = found
    return Said(Act(act), words[match.end() :].lstrip(_BEFORE_TEXT).strip(), _asks().search(words) is not None)


def from_party(text: str) -> tuple[Word, str] | None:
    """What a party says with `text` and the rest of it behind those words, or None for an answer or for nothing."""
    words = without_number(text)
    for word in Word:
        match = next(filter(None, (pattern.search(words) for pattern in _patterns("joining", word))), None)
        if match is not None:
            rest = words[match.end() :].lstrip(" 　，,：:。；;、\n").strip()
            return word, rest if word is Word.STATEMENT else words
    return None


def answer_in(text: str) -> Answer | None:
    """The yes or no that `text` gives to a question of a mediation, or None."""
    words = without_number(text)
    table = read_table("mediation")
    yes, no = (re.search(table["answers"][kind], words) for kind in ("yes", "no"))
    first = min(filter(None, (no, yes)), key=lambda match: match.start(), default=None)
    if first is None or _asks().search(words):
        return None
    about = next((kind for kind in reversed(About) if re.search(table["about"][kind], words)), None)
    alone = len(words) - len(first[0]) <= LONGEST_ALONE
    if not alone and (about is None or first.start() > _LATEST):
        return None
    return Answer(first is yes, about, alone)


def sides_in(text: str) -> frozenset[str]:
    """The sides (`applicant`, `respondent`) of which a mediator speaks."""
    found = {side for side, pattern in read_table("mediation")["sides"].items() if re.search(pattern, text)}
    return frozenset({"applicant", "respondent"}) if "both" in found else frozenset(found)


def visit_result(text: str) -> str | None:
    """What a return visit found: `broken`, `partly`, `kept`, or None where the words do not say."""
    return _kind_in("visits", text)


def court_step(text: str) -> str | None:
    """Whether the judicial confirmation was `done` or `refused`; None where the words do not say."""
    return _kind_in("court", text)


def invitation_code(text: str) -> str | None:
    """The code of an invitation, in capitals, or None."""
    match = _CODE.search(fold_width(text).upper())
    return (match[1] or match[2]) if match else None


def _kind_in(table: str, text: str) -> str | None:
    return next((kind for kind, pattern in read_table("mediation")[table].items() if re.search(pattern, text)), None)


def _first(table: str, words: str) -> tuple[str, re.Match[str]] | None:
    found = [
        (name, match)
        for name in read_table("mediation")[table]
        for pattern in _patterns(table, name)
        if (match := pattern.search(words)) is not None
    ]
    return min(found, key=lambda pair: pair[1].start(), default=None)


@cache
def _patterns(table: str, name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in read_table("mediation")[table][name])


@cache
def _asks() -> re.Pattern[str]:
    return re.compile("|".join(read_table("mediation")["asks"]))
