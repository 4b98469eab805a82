"""What is said around votes: how one is begun in one sentence, and what somebody chooses (`data/votes.yml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.tables import read_table
from nlu.times import SHANGHAI, find_time
from nlu.wording import chinese_number, fold_width

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLAUSE = re.compile(r"[，,。；;！!\n]+")
_OPTIONS = re.compile(r"[、/|]|(?<=.)(?:还是|或者|或)")
_LAST_MINUTE = timedelta(hours=23, minutes=59)
LONGEST_OPTION = 20
_NO_OPTION = -1


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must vote: a part of those who may, in per cent (more than half is 50, and one more), or a number."""

    per_cent: int | None = None
    count: int | None = None
    more: bool = False

    def needed(self, electorate: int) -> int:
        """How many that is of so many."""
        if self.per_cent is None:
            return self.count or 0
        exact = electorate * self.per_cent
        return exact // 100 + 1 if self.more else -(-exact // 100)


def begins(text: str) -> str | None:
    """What follows the words that begin a vote, or None where they do not."""
    found = _search("begins", fold_width(text).strip())
    rest = found["rest"].strip(" :，,。") if found else ""
    return rest if found and not (_search("asks", rest) and len(_CLAUSE.split(rest)) == 1) else None


def question_in(rest: str, now: datetime) -> str | None:
    """The question in what follows the beginning: every clause that says nothing else."""
    kept, in_options = [], False
    for clause in filter(None, (each.strip() for each in _CLAUSE.split(rest))):
        if _search("options", clause):
            in_options = True
        elif not _is_condition(clause, now) and not (in_options and len(clause) <= LONGEST_OPTION):
            kept.append(clause)
            in_options = False
        else:
            in_options = in_options and not _is_condition(clause, now)
    return "，".join(kept) or None


def options_in(text: str, now: datetime) -> list[str] | None:
    """The options that a text names, or None."""
    found: list[str] = []
    reading = False
    for clause in filter(None, (each.strip() for each in _CLAUSE.split(fold_width(text)))):
        named = _search("options", clause)
        if named is None and (not reading or _is_condition(clause, now) or len(clause) > LONGEST_OPTION):
            reading = False
            continue
        reading = True
        words = named["options"] if named else clause
        found += [each.strip() for each in _OPTIONS.split(words) if each and each.strip()]
    unique = list(dict.fromkeys(each for each in found if len(each) <= LONGEST_OPTION))
    return unique if len(unique) > 1 else None


def default_options() -> list[str]:
    """The options of a vote that names none."""
    return list(_table()["default_options"])


def per_in(text: str) -> str | None:
    """Whether each person or each household has a vote, or None where the text does not say."""
    if _search("household", text):
        return "household"
    return "person" if _search("person", text) else None


def secrecy_in(text: str) -> bool | None:
    """Whether a ballot is secret, or None where the text does not say."""
    if _search("secret", text):
        return True
    return False if _search("open", text) else None


def quorum_in(text: str) -> Quorum | None:
    """How many must vote for the result to hold, or None where the text does not say."""
    for clause in _CLAUSE.split(fold_width(text)):
        if not _search("quorum", clause):
            continue
        if _search("two_thirds", clause):
            return Quorum(per_cent=67)
        per_cent, counted = _search("per_cent", clause), _search("count", clause)
        if _search("half", clause):
            return Quorum(per_cent=50, more=True)
        if per_cent:
            number = int(per_cent["n"]) if per_cent["n"] else chinese_number(per_cent["words"])
            return Quorum(per_cent=min(number or 0, 100))
        if counted:
            return Quorum(count=int(counted["n"]) if counted["n"].isdigit() else chinese_number(counted["n"]))
    return None


def closes_in(text: str, now: datetime) -> datetime | None:
    """Until when one may vote; a day without an hour is the whole of it."""
    for clause in _CLAUSE.split(fold_width(text)):
        if _search("until", clause) and (moment := time_in(clause, now)) is not None:
            return moment
    return None


def time_in(text: str, now: datetime) -> datetime | None:
    """The moment that answers until when; a day without an hour is the whole of it."""
    span = find_time(text, now)
    moment = (span.end or span.start) if span is not None else None
    if span is None or moment is None:
        return None
    return _end_of(moment) if span.date_only else moment


def opens_in(text: str, now: datetime) -> datetime | None:
    """From when one may vote, where the text says so."""
    for clause in _CLAUSE.split(fold_width(text)):
        span = find_time(clause, now) if _search("since", clause) else None
        if span is not None and span.start is not None:
            return span.start
    return None


def number_in(text: str) -> int | None:
    """The number of the ballot that a text names (表决3号), or None."""
    found = _search("number", fold_width(text))
    return int(next(filter(None, found.groups()))) if found else None


def choice_in(text: str, options: Sequence[str]) -> int | None:
    """The number, from 0, of the one option that a text chooses; None where it names none or several, or asks."""
    if _search("asks", text):
        return None
    said = re.sub(_table()["number"], "，", fold_width(text))
    found = set()
    for words, number in sorted(_ways(options), key=lambda way: -len(way[0])):
        if words in said:
            found.add(number)
            said = said.replace(words, "，")
    only = found.pop() if len(found) == 1 else None
    return None if only == _NO_OPTION else only


def names_of(options: Sequence[str]) -> list[str]:
    """Every word that tells which of these options somebody chooses."""
    return [word for word, _ in _ways([str(option) for option in options])]


def votes(text: str) -> bool:
    """Whether somebody says in so many words that they vote."""
    return _search("votes", fold_width(text).strip(" 。！!")) is not None and not _search("asks", text)


def asks_result(text: str) -> bool:
    """Whether it is asked what came of a vote."""
    return _search("result", text) is not None


def asks_recount(text: str) -> bool:
    """Whether the votes are to be counted again."""
    return _search("recount", text) is not None


def calls_off(text: str) -> bool:
    """Whether a vote is to be taken back."""
    return _search("calls_off", text) is not None and not _search("asks", text)


def changes(text: str) -> bool:
    """Whether a vote that people give their votes in is to be changed."""
    return _search("changes", text) is not None and not _search("asks", text)


def asks_for_list(text: str) -> bool:
    """Whether it is asked what is voted on."""
    return _search("lists", text.strip()) is not None


def _ways(options: Sequence[str]) -> list[tuple[str, int]]:
    """Every way to name each option."""
    ways = [(option, number) for number, option in enumerate(options)]
    for words in _table()["alike"]:
        meant = [number for number, option in enumerate(options) if option in words]
        if len(meant) == 1:
            ways += [(word, meant[0]) for word in words if word not in options]
        else:
            # 「不同意」 is no 「同意」, also where it is none of the options.
            ways += [(word, -1) for word in words if word not in options]
    return ways


def _is_condition(clause: str, now: datetime) -> bool:
    said = any(_search(kind, clause) for kind in ("secret", "open", "quorum"))
    short = len(clause) <= LONGEST_OPTION
    short_ones = short and any(_search(kind, clause) for kind in ("household", "person", "audience"))
    timed = any(_search(kind, clause) for kind in ("until", "since")) and find_time(clause, now) is not None
    return said or short_ones or timed


def _end_of(day: datetime) -> datetime:
    midnight = day.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + _LAST_MINUTE


def _search(kind: str, text: str) -> re.Match[str] | None:
    return _pattern(kind).search(text)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(_table()[kind])


def _table() -> dict[str, Any]:
    return read_table("votes")
