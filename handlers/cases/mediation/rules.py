"""Decisions about mediations: when each step is due, who came, whom an invitation means. Values in, a value out."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta

from handlers.cases.rules import place_key
from nlu.mediation import sides_in
from nlu.personal_data import DatumKind, find_personal_data
from nlu.persons import find_persons
from nlu.places import find_places
from nlu.tables import read_yaml
from nlu.times import find_time, find_times
from storage.mediations import Side

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.people import Person

_SPANS: dict[str, Any] = read_yaml(Path(__file__).with_name("spans.yml"))

MONTHS = relativedelta(months=_SPANS["months"])
DEADLINE_REMINDER = timedelta(days=_SPANS["deadline_reminder_days"])
DAY_BEFORE, HOUR_BEFORE = (timedelta(hours=hours) for hours in _SPANS["session_reminder_hours"])
VISIT_AFTER = timedelta(days=_SPANS["visit_days"])
COURT_WITHIN = timedelta(days=_SPANS["court_days"])
COURT_REMINDER = COURT_WITHIN - timedelta(days=_SPANS["court_reminder_days"])

TELLS_WITHIN = timedelta(minutes=30)
"""Whoever was asked for their side of it, and tells something within this time, tells that."""

SHORTEST_AGREEMENT = 4
"""Characters; fewer are no agreement."""

LONGEST_NAME, LONGEST_PLACE = 20, 60

_CLAUSE = re.compile(r"[，,。；;！!\n]+")
_NOT_THERE = re.compile(r"没|未|缺席|不")
_MEETS = re.compile(r"调解|谈|见面|碰头|碰个头|协商|过来|来|到|座谈|当面")
_FIXED = re.compile(r"定[在到于]?|安排|约|改[到在]|通知|推迟|提前|换[到成]")
_PLACE = re.compile(
    r"(?:地点|地址)(?:是|在|[:：])*([^，,。；;]{2,20})|(?<!定)在([^，,。；;在]{2,20}?)(?=(?:里|内)?(?:调解(?!室|中心|委)|见面|碰头|谈|协商|当面|[，,。；;]|$))"
    r"|(?:到|来|去)([^，,。；;到来去]{2,20}?)(?=(?:里|内)?(?:来?调解(?!室|中心|委)|见面|碰头|谈|协商|当面|[，,。；;]|$))"
)
_NAME = re.compile(r"(?:叫|姓名|名字|是)(?:做|是|[:：])?([\u4e00-\u9fff·]{2,4})(?=[，,。；;\s]|$|电话|手机|住)")
_BUT = re.compile(r"但|不过|只是|改成|要改|除了|除非|前提|条件是|[就才]同意|如果|要是|的话")
_BUTTON = re.compile(r"^(?:同意协议|有异议)第[0-9]{1,2}版[，,]?")
_VERSION = re.compile(r"第([0-9]{1,2})版")


def due(started: datetime) -> datetime:
    """When a mediation must have come to an end: 一般在一个月内调结 (人民调解工作若干规定 第三十三条)."""
    return started + MONTHS


def extended(words: str, due_at: datetime, now: datetime) -> datetime:
    """The end that a mediator asks for: the day that is named, or another month."""
    span = find_time(words, now)
    named = (span.end or span.start) if span else None
    return named if named is not None and named > due_at else due_at + MONTHS


def session_in(words: str, now: datetime) -> tuple[datetime, bool] | None:
    """When the parties are to meet, and whether the hour is known; None where no meeting to come is set."""
    span = find_time(words, now)
    if span is None or span.start is None or not _MEETS.search(words):
        return None
    if span.date_only:
        return (span.start, False) if _FIXED.search(words) and span.start > now else None
    return (span.start, True) if span.start > now else None


def place_in(words: str, now: datetime) -> str | None:
    """Where the parties are to meet, or None."""
    for span in find_times(words, now):
        words = words.replace(span.text, "")
    match = _PLACE.search(words)
    said = next((part for part in match.groups() if part), None) if match else None
    found = said or max((place.text for place in find_places(words)), key=len, default=None)
    return found.strip()[:LONGEST_PLACE] if found else None


def who_came(words: str) -> list[str]:
    """The sides of which the words say that they came, in order."""
    came: dict[str, bool] = {}
    for clause in _CLAUSE.split(words):
        for side in sides_in(clause):
            came.setdefault(side, _NOT_THERE.search(clause) is None)
    return [side for side in Side if came.get(side)]


def invited(words: str) -> tuple[str | None, str | None, str | None]:
    """The name, telephone and home of whoever is to be invited, as far as the words say them."""
    phone = next((datum.text for datum in find_personal_data(words) if datum.kind is DatumKind.PHONE), None)
    if phone is not None:
        words = words.replace(phone, "，")
    persons = [person.text for person in find_persons(words)]
    match = _NAME.search(words)
    name = persons[-1] if persons else (match[1] if match else None)
    homes = [place.text for place in find_places(words)]
    digits = "".join(character for character in phone if character.isdigit()) if phone else None
    return name[:LONGEST_NAME] if name else None, digits, max(homes, key=len, default=None)


def account_of(people: Sequence[Person], name: str | None, phone: str | None, home: str | None) -> Person | None:
    """The one of `people` who is surely meant, or None: a message about a dispute must not reach a namesake.

    A telephone on file decides, if the name does not contradict; a name alone only where it is one person's, and
    neither telephone nor home speak against it.
    """
    by_phone = [person for person in people if phone and person.phone == phone]
    if by_phone:
        fit = [person for person in by_phone if not name or not person.name or _same_name(person.name, name)]
        return fit[0] if len(fit) == 1 else None
    by_name = [person for person in people if name and person.name == name and not (phone and person.phone)]
    if len(by_name) != 1 or (home and not _lives_at(by_name[0], home)):
        return None
    return by_name[0]


def is_reserved(words: str) -> bool:
    """Whether a yes is bound to something (同意，但是……): that is none."""
    return _BUT.search(words) is not None


def version_in(words: str) -> int | None:
    """The version of an agreement that a pressed button speaks of, or None."""
    match = _VERSION.search(words)
    return int(match[1]) if match else None


def without_button(words: str) -> str:
    """What was said beside a button that names a version, or all where none was pressed."""
    return _BUTTON.sub("", words)


def _same_name(known: str, said: str) -> bool:
    return known == said or known[0] == said[0]


def _lives_at(person: Person, home: str) -> bool:
    return not person.home or place_key(home) in place_key(person.home) or place_key(person.home) in place_key(home)
