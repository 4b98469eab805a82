"""Hears that somebody reports for somebody else, for whom, and whether those agree (`data/on_behalf.yml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlu.personal_data import find_personal_data
from nlu.persons import find_persons
from nlu.places import find_places
from nlu.tables import read_table

_THEIRS = re.compile("[他她它]们?家?")
"""Begins a place that is only known from whose it is (她家门口)."""


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """A report for somebody else: what they are called, the place and the phone that are said, and what happened.

    `unnamed` tells that they do not want to be named.
    """

    name: str
    place: str
    phone: str | None
    story: str
    unnamed: bool = False


def find_on_behalf(text: str) -> OnBehalf | None:
    """For whom `text` reports and what, or None where it reports for nobody else."""
    match = _opening().match(text.strip())
    if match is None:
        return None
    who = match["who"] or match["called"]
    persons = find_persons(who)
    if not persons:
        return None
    return told_for(persons[0].text, text.strip()[match.end() :], who)


def told_for(name: str, words: str, who: str = "") -> OnBehalf:
    """What `words` report for whoever is called `name`, after `who` has told for whom it is."""
    story = words.strip(" ，,。：:；;")
    places = [place.value for text in (who, story) for place in find_places(text) if not _THEIRS.match(place.value)]
    phone = next((found.text for found in find_personal_data(f"{who}，{words}") if found.kind == "phone"), None)
    unnamed = _any("unnamed").search(story) is not None
    digits = re.sub("[^0-9]", "", phone) if phone is not None else None
    return OnBehalf(name, "".join(places[:1]), digits, _told(story, phone), unnamed)


def consents(text: str) -> bool | None:
    """Whether `text` says that the person agrees, or that they do not; None where it says neither."""
    if _any("refuses").search(text):
        return False
    return True if _any("consents").search(text) else None


def _told(story: str, phone: str | None) -> str:
    """What happened, without the words about consent and the phone number, which are kept elsewhere."""
    clauses = [clause for clause in re.split(r"[，,。；;\\n]+", story) if clause.strip()]
    kept = [clause.strip() for clause in clauses if not _is_beside(clause, phone)]
    return "，".join(kept)


def _is_beside(clause: str, phone: str | None) -> bool:
    is_phone = phone is not None and phone in clause
    return is_phone or consents(clause) is not None or _any("unnamed").search(clause) is not None


@cache
def _opening() -> re.Pattern[str]:
    first, second = read_table("on_behalf")["opening"]
    return re.compile(f"(?:{first})|(?:{second})")


@cache
def _any(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(read_table("on_behalf")[kind]))
