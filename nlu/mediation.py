"""How a mediation is spoken of: what its mediator does with a sentence, and what a party answers with one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from nlu.case_numbers import find_case_numbers
from nlu.tables import read_table
from nlu.wording import fold_width

if TYPE_CHECKING:
    from collections.abc import Iterator


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
    """A yes or no; `about` is None where it does not say to what, `alone` if hardly anything stands beside it.

    What a sentence begins or ends with is alone, too, if a pause parts it from the rest.
    """

    yes: bool
    about: About | None
    alone: bool


LONGEST_ALONE = 6
"""Characters beside a bare yes or no; more tell something else (我同意他赔钱，但是……)."""

_LATEST = 12
"""An answer that is about something stands no further than this many characters from the beginning."""

_LEAD = 4
"""Characters that may stand before the number."""

LONGEST_REMARK = 24
"""Characters of what a party asks or remarks; more tell a story in which such words may stand, too."""

_BEFORE_WORDS = " 　，,：:。；;、\n"
_BEFORE_TEXT = " 　，,：:。；;、\n是为如下"
_PAUSES = frozenset("，,。；;！! ")
_PAUSE = re.compile(r"[，,。；;！!\s]+")
_BEGINS = re.compile("(?:我们?|那|好嘛?|好的|行|嗯|[，,])*")
"""What may stand before an answer with which a longer sentence begins: 「我同意，但是他要先道歉」."""

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
    if act == Act.NOTED and (failed := next(_matches("leading", Act.FAILED, words), None)) is not None:
        # 「双方都不愿意再谈，终止调解」 ends it, whoever would not.
        act, match = Act.FAILED, failed
    return Said(Act(act), words[match.end() :].lstrip(_BEFORE_TEXT).strip(), _asks().search(words) is not None)


def from_party(text: str) -> tuple[Word, str] | None:
    """What a party says with `text` and the rest of it behind those words, or None for an answer or for nothing."""
    words = without_number(text)
    found = _first("joining", words)
    if found is None:
        return None
    word, match = Word(found[0]), found[1]
    if word is Word.STATEMENT:
        return word, words[match.end() :].lstrip(_BEFORE_WORDS).strip()
    return (word, words) if len(words) <= LONGEST_REMARK else None


def answer_in(text: str) -> Answer | None:
    """The yes or no that `text` gives to a question of a mediation, or None."""
    words = without_number(text)
    first, yes = _yes_or_no(words)
    if first is None or _asks().search(words) or re.search(read_table("mediation")["others"], words[: first.start()]):
        return None
    topic = about(words)
    begins = _BEGINS.fullmatch(words[: first.start()]) is not None and words[first.end() :][:1] in _PAUSES
    ends = (
        len(words) <= LONGEST_REMARK and len(re.split(_PAUSE, words[: first.start()])[-1]) <= 2 and _ends(words, first)
    )
    alone = begins or ends or len(words) - len(first[0]) <= LONGEST_ALONE
    if not alone and (topic is None or first.start() > _LATEST):
        return None
    return Answer(yes, topic, alone)


def passed_on(clause: str) -> bool | None:
    """The yes or no of a party that a mediator passes on (对方口头同意), or None."""
    first, yes = _yes_or_no(clause)
    return None if first is None else yes


def about(text: str) -> About | None:
    """What an answer is about, as far as it says so."""
    table = read_table("mediation")["about"]
    return next((kind for kind in reversed(About) if re.search(table[kind], text)), None)


def tells_success(text: str) -> bool:
    """Whether the words by which a case is closed say that the parties came to an agreement."""
    return re.search(read_table("mediation")["success"], text) is not None


def takes_over(text: str) -> bool:
    """Whether a member of staff says that they lead a mediation from now on."""
    words = without_number(text)
    return re.search(read_table("mediation")["takes_over"], words) is not None and _asks().search(words) is None


def is_question(text: str) -> bool:
    """Whether a sentence asks, and so does nothing."""
    return _asks().search(text) is not None


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


def _ends(words: str, match: re.Match[str]) -> bool:
    """Whether nothing but a particle stands behind an answer (凭啥子喊我去，我不去嘛)."""
    return len(words) - match.end() <= 1


def _yes_or_no(words: str) -> tuple[re.Match[str] | None, bool]:
    """Where the first yes or no stands, and which it is; where both begin at once it is a no."""
    table = read_table("mediation")["answers"]
    yes, no = (re.search(table[kind], words) for kind in ("yes", "no"))
    first = min(filter(None, (no, yes)), key=lambda match: match.start(), default=None)
    return first, first is yes


def _kind_in(table: str, text: str) -> str | None:
    return next((kind for kind, pattern in read_table("mediation")[table].items() if re.search(pattern, text)), None)


def _matches(table: str, name: str, words: str) -> Iterator[re.Match[str]]:
    return filter(None, (pattern.search(words) for pattern in _patterns(table, name)))


def _first(table: str, words: str) -> tuple[str, re.Match[str]] | None:
    found = [(name, match) for name in read_table("mediation")[table] for match in _matches(table, name, words)]
    return min(found, key=lambda pair: pair[1].start(), default=None)


@cache
def _patterns(table: str, name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in read_table("mediation")[table][name])


@cache
def _asks() -> re.Pattern[str]:
    return re.compile("|".join(read_table("mediation")["asks"]))
