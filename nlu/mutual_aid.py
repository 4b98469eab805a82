"""What neighbours want of each other and do for each other, and what they say about it (`data/mutual_aid.yml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.tables import read_table
from nlu.wording import chinese_number, fold_width

if TYPE_CHECKING:
    from collections.abc import Mapping

OTHER = "other"
_TAIL = re.compile(r"[的了哈嘛吧呀哦。！!\s]+$")


class Act(StrEnum):
    """What is said about one request."""

    TAKE = "take"
    AGREE = "agree"
    DECLINE = "decline"
    DONE = "done"
    FAILED = "failed"
    WITHDRAW = "withdraw"
    QUIT = "quit"
    AGAIN = "again"
    COMPLAIN = "complain"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    APPROVE = "approve"
    REJECT = "reject"
    LIST = "list"
    UNTAKEN = "untaken"
    MINE = "mine"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Command:
    """What is to be done with which request; `which` of several helpers, and the `words` of a complaint."""

    act: Act
    number: int | None = None
    which: int | None = None
    words: str = ""


def kinds() -> Mapping[str, str]:
    """Every kind of help with its name."""
    return {slug: str(kind["name"]) for slug, kind in _table()["kinds"].items()}


def kind_of(text: str) -> str:
    """The kind of help that `text` speaks of, or `other`."""
    plain = fold_width(text)
    return next((slug for slug, pattern in _kinds().items() if pattern.search(plain)), OTHER)


def says_what(text: str) -> bool:
    """Whether `text` says with what somebody wants help or can help, and not only that."""
    return kind_of(text) != OTHER or re.fullmatch(_table()["says_nothing"], fold_width(text)) is None


def kin_in(text: str) -> str:
    """For whom of the speaker's family `text` wants help (我妈), or nothing."""
    found = re.search(_table()["kin"], text)
    return found[0] if found else ""


def helpers_in(text: str) -> int | None:
    """How many helpers `text` wants (差两个人手), or None where it does not say."""
    found = re.search(_table()["helpers"], fold_width(text))
    if found is None:
        return None
    return int(found[1]) if found[1].isdigit() else chinese_number(found[1])


def is_any_time(text: str) -> bool:
    """Whether `text` says that the time does not matter."""
    return re.search(_table()["any_time"], text) is not None


def is_any_help(text: str) -> bool:
    """Whether the whole of `text` says that every kind of help is meant (都行)."""
    return re.fullmatch(_table()["any_help"], text.strip()) is not None


def own_age(text: str) -> int | None:
    """How old the speaker says they are, or None."""
    found = re.search(_table()["own_age"], fold_width(text))
    if found is None:
        return None
    return int(found[1]) if found[1].isdigit() else chinese_number(found[1])


def abuse_in(text: str) -> str | None:
    """What of that which is no mutual aid `text` is about (money, loan, trade), or None."""
    plain = fold_width(text)
    return next((slug for slug, pattern in _abuse().items() if pattern.search(plain)), None)


def answers_one(text: str) -> bool:
    """Whether `text` takes on what somebody has asked for, and does not offer help to everybody."""
    return re.search(_table()["answers_one"], text) is not None


def complains(text: str) -> bool:
    """Whether `text` tells what somebody did who came to help, or who asked for it."""
    return re.search(_table()["helper"], text) is not None and re.search(_table()["misdeed"], text) is not None


def command_in(text: str) -> Command | None:
    """What `text` says about a request, or None where it says nothing of that kind in so many words."""
    plain = fold_width(text).strip()
    taken = re.match(_table()["take_number"], plain)
    if taken:
        return Command(Act.TAKE, int(taken[1]))
    numbered = re.match(_table()["numbered"], plain)
    if numbered:
        return _about(int(numbered[1]), numbered[2])
    bare = _TAIL.sub("", plain)
    for act, patterns in _table()["said"].items():
        if any(re.fullmatch(pattern, bare) or re.fullmatch(pattern, plain) for pattern in patterns):
            return Command(Act(act))
    return None


def _about(number: int, tail: str) -> Command | None:
    complaint = re.match(_table()["complain"], tail)
    which = re.search(_table()["which_one"], tail)
    place = int(which[1]) if which else None
    plain = re.sub(_table()["which_one"], "", tail).strip()
    bare = _TAIL.sub("", plain)
    for act, patterns in _table()["acts"].items():
        if any(re.fullmatch(pattern, bare) or re.fullmatch(pattern, plain) for pattern in patterns):
            return Command(Act(act), number, place)
    return Command(Act.COMPLAIN, number, place, complaint[1].strip()) if complaint else None


def _table() -> dict[str, Any]:
    return read_table("mutual_aid")


@cache
def _kinds() -> dict[str, re.Pattern[str]]:
    return {slug: re.compile("|".join(kind["words"])) for slug, kind in _table()["kinds"].items() if kind["words"]}


@cache
def _abuse() -> dict[str, re.Pattern[str]]:
    return {slug: re.compile("|".join(patterns)) for slug, patterns in _table()["abuse"].items()}
