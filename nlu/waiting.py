"""Whether a handler's words say that a case waits for whoever reported it, or ask them something."""

from __future__ import annotations

import re
from functools import cache

from nlu.tables import any_of, read_table
from nlu.wording import as_written, normalise

_SHORTEST_QUESTION = 3
_END = re.compile(r"[哈嘛啊哦呀噻的,。!?\s]+$")
_CLAUSE = re.compile(r"[^,。;!?\s]+[?]?")


def says_waiting(text: str) -> bool:
    """Whether `text` says that the work waits for the reporter, who cannot be reached or must say or bring something.

    What is said last holds: 昨天联系不上，今天回话了 waits no longer. Waiting for others (等物业回话) is not meant.
    """
    waits = orders_pause(text)
    for clause in _CLAUSE.findall(normalise(text)):
        if _words("over").search(clause):
            waits = False
        elif _words("waits").search(clause) and not _others().search(clause):
            waits = True
    return waits


def orders_pause(text: str) -> bool:
    """Whether the whole of `text` orders to stop the clock of a case (暂停007, 007先挂起)."""
    return re.fullmatch(read_table("waiting")["orders"], _END.sub("", normalise(text))) is not None


def asks_reporter(text: str) -> bool:
    """Whether `text` tells to ask the reporter something, whom it names (请报告人补两张照片)."""
    return _words("asks").search(normalise(text)) is not None


def question_in(text: str) -> str:
    """What the reporter is to read of words that tell to ask them (请报告人补两张照片: 补两张照片)."""
    plain = normalise(text)
    whom = re.match(_pattern(read_table("waiting")["whom_to_ask"]), plain)
    if whom is None or len(plain) - whom.end() < _SHORTEST_QUESTION:
        return text
    return text[as_written(text, whom.end(), len(plain))[0] :].strip()


def asks_to_the_face(text: str) -> bool:
    """Whether `text`, which its reporter is to read, asks them something (您周六在家吗？)."""
    return _words("asks_to_the_face").search(normalise(text)) is not None


def is_short_answer(text: str) -> bool:
    """Whether the whole of `text` answers a question of a handler in a word or two (在, 周末, 不方便)."""
    return _END.sub("", normalise(text)) in read_table("waiting")["short_answers"]


@cache
def _words(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_pattern(pattern)})" for pattern in read_table("waiting")[kind]))


def _pattern(written: str) -> str:
    return written.replace("{who}", f"(?:{any_of(read_table('waiting')['who'])})")


@cache
def _others() -> re.Pattern[str]:
    return re.compile(any_of(read_table("waiting")["others"]))
