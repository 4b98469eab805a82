"""What is said of a meeting that is called: it is moved or cancelled, who comes and with whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.activity_commands import moved_by
from nlu.places import find_places
from nlu.tables import read_table
from nlu.times import find_times
from nlu.wording import chinese_number, fold_width

if TYPE_CHECKING:
    from datetime import datetime, timedelta

_NUMERAL = r"(?P<n>[0-9]{1,4}|[零一二两三四五六七八九十百]{1,5})"
_CLAUSE = re.compile(r"[，,。；;！!\s]+")
SHORTEST_REASON, LONGEST_REASON = 2, 60
"""Characters."""


@dataclass(frozen=True, slots=True)
class MeetingChange:
    """What is to become of a meeting; `to` are the words that say when it is to be, `before` those before them."""

    cancels: bool = False
    to: str = ""
    before: str = ""
    by: timedelta | None = None
    place: str = ""
    capacity: int | None = None
    unlimited: bool = False
    names_meeting: bool = True

    @property
    def changes(self) -> bool:
        """Whether anything is to be changed."""
        return bool(self.to or self.place or self.unlimited) or self.by is not None or self.capacity is not None


def number_in(text: str) -> int | None:
    """The number of the meeting that `text` names (2号会议), or None."""
    found = _search("number", fold_width(text))
    return int(found[1]) if found else None


def without_number(text: str) -> str:
    """`text` without the number of a meeting, which is no day of a month."""
    return re.sub(_table()["number"], "", fold_width(text))


def speaks_of_meeting(text: str) -> bool:
    """Whether `text` says that it is about a meeting."""
    return _search("speaks_of", text) is not None


def asks(text: str) -> bool:
    """Whether `text` asks something, so that it orders nothing."""
    return _search("asks", text) is not None


def read_change(text: str, now: datetime) -> MeetingChange | None:
    """What a text wants done with a meeting that is called, or None where it wants nothing of the kind."""
    said = without_number(text).strip()
    if asks(said) or _search("something_else", said) or _search("creates", said):
        return None
    place, by, capacity = _search("place", said), moved_by(said), _number("capacity", said)
    moved = _search("move", said.replace(place[0], "") if place else said)
    to = moved["to"] if moved and capacity is None and by is None else ""
    target = place["place"] if place else ""
    if to and not find_times(to, now):
        # A date that does not exist is asked for again.
        to, target = (to if _search("dated", to) and not _place_in(to) else ""), target or _place_in(to)
    change = MeetingChange(
        cancels=_search("cancel", said) is not None,
        to=to,
        before=said[: moved.start()] if moved else said,
        by=by,
        place=target.strip() or (_place_in(to) if to else ""),
        capacity=capacity,
        unlimited=_search("unlimited", said) is not None,
        names_meeting=speaks_of_meeting(text),
    )
    return change if change.cancels or change.changes else None


def says_only(text: str, change: MeetingChange) -> bool:
    """Whether a text that names no meeting says nothing but the change, so that it may be of the one spoken of."""
    rest = change.before if change.to else fold_width(text)
    for kind in ("cancel", "place", "move", "unlimited", "filler"):
        rest = _pattern(kind).sub("", rest)
    return len(rest) <= 1 or change.by is not None or change.capacity is not None or bool(change.place)


def reason_in(text: str, title: str, now: datetime) -> str:
    """Why a meeting is moved or cancelled: the clauses that say nothing of what, when and which."""
    kept = []
    for clause in _CLAUSE.split(text.strip()):
        is_command = title in clause or speaks_of_meeting(clause) or read_change(clause, now) is not None
        untimed = clause
        for time in find_times(clause, now):
            untimed = untimed.replace(time.text, "")
        if len(untimed) >= SHORTEST_REASON and not is_command:
            kept.append(re.sub(_table()["reason"], "", clause))
    return "，".join(filter(None, kept))[:LONGEST_REASON]


def room_in(text: str) -> int | None:
    """How many people there is room for (「限30人」), or None."""
    return _number("room", text)


def guests_in(text: str) -> int | None:
    """How many others somebody brings (「我来，带两个人」), 0 for nobody, None where they do not say."""
    if _search("brings_nobody", text):
        return 0
    brought = _number("brings", text)
    if brought is not None:
        return brought
    in_all = _number("in_all", text)
    if in_all:
        return in_all - 1
    return 1 if _search("brings_one", text) else None


def only_brings(text: str) -> bool:
    """Whether all of a text says whom somebody brings."""
    return _search("only_brings", text.strip(" 。！!")) is not None and guests_in(text) is not None


def asks_who_comes(text: str) -> bool:
    """Whether it is asked who comes to a meeting."""
    return _search("who_comes", text) is not None


def wants_calendar(text: str) -> bool:
    """Whether somebody wants a meeting for their own calendar."""
    return _search("calendar", text.strip()) is not None


def nudges(text: str) -> bool:
    """Whether those who have not answered are to be asked again."""
    return _search("nudge", text) is not None


def _place_in(text: str) -> str:
    return max((place.text for place in find_places(text)), key=len, default="")


def _number(kind: str, text: str) -> int | None:
    patterns = _table()[kind]
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        match = re.search(pattern.replace("N", _NUMERAL), fold_width(text))
        if match is not None:
            return int(match["n"]) if match["n"].isdigit() else chinese_number(match["n"])
    return None


def _search(kind: str, text: str) -> re.Match[str] | None:
    return _pattern(kind).search(text)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(_table()[kind])


def _table() -> dict[str, Any]:
    return read_table("meeting_words")
