"""What organisers say of an activity that is published: it is moved, changed, cancelled, its code is wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.case_numbers import find_case_numbers
from nlu.fixed_words import name_in_answer
from nlu.persons import find_persons
from nlu.places import find_places
from nlu.tables import any_of, read_table
from nlu.times import find_times
from nlu.wording import chinese_number, fold_width

if TYPE_CHECKING:
    from datetime import datetime

_NUMERAL = r"(?P<n>[0-9]{1,5}|[零一二两三四五六七八九十百]{1,6})"
_AMOUNT = r"(?P<n>半|[0-9]{1,3}|[一二两三四五六七八九十]{1,3})\s*个?(?P<half>半)?\s*(?P<unit>%s)"
_CLAUSE = re.compile(r"[，,。；;！!\s]+")
_BETWEEN_NAMES = re.compile(r"[、，,。；;：:和跟与及\s]+")
_LEAD_OF_REASON = re.compile(r"^(?:因为|由于|因|原因是?)+|(?:所以|嘛|哈|了|的原因|的缘故)+$")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_LONGEST_REASON = 60


@dataclass(frozen=True, slots=True)
class ActivityCommand:
    """What is to become of an activity.

    `to` are the words that say when it is to be, `before` those before them, which may say which one is meant; `by` is
    by how much it moves. `more` are places to be added to those that there are.
    """

    cancels: bool = False
    for_good: bool = False
    to: str = ""
    before: str = ""
    by: timedelta | None = None
    place: str = ""
    capacity: int | None = None
    more: int | None = None
    unlimited: bool = False
    points: int | None = None
    speaks_of_activities: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything is to be changed."""
        told = (self.to, self.by, self.place, self.capacity, self.more, self.points)
        return self.unlimited or any(each not in (None, "") for each in told)


@dataclass(frozen=True, slots=True)
class ForOthers:
    """Somebody is to be checked in (or out) by whoever organises it; `names` as they were said."""

    names: tuple[str, ...]
    out: bool


def read_command(text: str, now: datetime) -> ActivityCommand | None:
    """What a text wants done with an activity, or None where it wants nothing of the kind."""
    said = fold_width(text).strip()
    something_else = any(word in said for word in _table()["something_else"])
    if something_else or _search("creates", said) or find_case_numbers(said):
        return None
    moved, place, by = _search("move", said), _search("place", said), moved_by(said)
    capacity, more, points = _number("capacity", said), _number("more", said), _number("points", said)
    to = moved["to"] if moved and not place and capacity is None and points is None and by is None else ""
    target = place["place"] if place else ""
    if to and not find_times(to, now):
        to, target = "", _place_in(to)
    command = ActivityCommand(
        cancels=_search("cancel", said) is not None,
        for_good=_search("for_good", said) is not None and _search("once", said) is None,
        to=to,
        before=said[: moved.start()] if moved else said,
        by=by,
        place=target.strip(),
        capacity=capacity,
        more=more if capacity is None else None,
        unlimited=any(word in said for word in _table()["unlimited"]),
        points=points,
        speaks_of_activities=any(word in said for word in _table()["speaks_of_activities"]),
    )
    return command if command.cancels or command.changes else None


def reason_in(text: str, title: str, now: datetime) -> str:
    """Why something is cancelled or changed: the clauses that say nothing of what, when and which."""
    kept = []
    for clause in _CLAUSE.split(text.strip()):
        is_command = title in clause or read_command(clause, now) is not None
        if clause and not is_command and not find_times(clause, now):
            kept.append(_LEAD_OF_REASON.sub("", clause))
    return "，".join(filter(None, kept))[:_LONGEST_REASON]


def wants_code(text: str) -> str | None:
    """Of which activity the code of the minute is wanted, as it was said (may be empty); None for anything else."""
    match = re.fullmatch(_table()["code"], text.strip(" 。！!？?~"))
    return match["title"] if match else None


def read_for_others(text: str) -> ForOthers | None:
    """Whom an organiser checks in or out, or None."""
    out = _search("checks_out", text) is not None
    if not (out or _search("checks_in", text)) or not _search("for_others", text):
        return None
    rest = re.sub(_table()["not_names"], "、", text)
    pieces = [piece for piece in _BETWEEN_NAMES.split(rest) if _NAME.fullmatch(piece)]
    found = [person.text for person in find_persons(text)]
    inside = [name for name in found if not any(name in piece for piece in pieces)]
    names = tuple(dict.fromkeys([*pieces, *inside]))
    return ForOthers(names, out) if names else None


def read_registered(text: str) -> str | None:
    """Whom staff want registered as a volunteer, by name; None for anything else, and for themselves."""
    said = fold_width(text).strip(" 。！!")
    match = next((found for pattern in _table()["registers"] if (found := re.match(pattern, said))), None)
    return name_in_answer(match["name"]) if match else None


def read_residents(text: str) -> tuple[str, int] | None:
    """An area, as it was said (may be empty), and how many people live there; None for anything else."""
    match = re.fullmatch(_table()["residents"].replace("N", _NUMERAL), fold_width(text).strip(" 。！!"))
    number = _int(match["n"]) if match else None
    return (match["area"].strip(), number) if match and number else None


def asks_figures(text: str) -> bool:
    """Whether it is asked how many volunteers there are, and not what the document wants."""
    asked = _search("figures", text) is not None
    return asked and not any(word in text for word in _table()["of_the_policy"])


def moved_by(text: str) -> timedelta | None:
    """By how much something is moved: 推迟半小时, 提前一天."""
    units: dict[str, int] = _table()["units"]
    for kind, sign in (("later", 1), ("earlier", -1)):
        match = re.search(_table()[kind] + r"\s*" + _AMOUNT % any_of(units), text)
        if match is not None:
            whole = 0.5 if match["n"] == "半" else float(_int(match["n"]) or 0)
            return sign * timedelta(minutes=(whole + (0.5 if match["half"] else 0)) * units[match["unit"]])
    return None


def _place_in(text: str) -> str:
    places = find_places(text)
    return max((place.text for place in places), key=len, default="")


def _number(kind: str, text: str) -> int | None:
    patterns = _table()[kind]
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        match = re.search(pattern.replace("N", _NUMERAL), text)
        if match is not None:
            return _int(match["n"])
    return None


def _int(words: str) -> int | None:
    return int(words) if words.isdigit() else chinese_number(words)


def _search(kind: str, text: str) -> re.Match[str] | None:
    return _pattern(kind).search(text)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    patterns = _table()[kind]
    return re.compile(patterns if isinstance(patterns, str) else "|".join(f"(?:{each})" for each in patterns))


@cache
def _table() -> dict[str, Any]:
    return read_table("activity_commands")
