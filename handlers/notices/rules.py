"""Decisions about notices: what one sentence says of a notice, and what a change makes of its words."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from dateutil.rrule import rrulestr

from handlers import moments
from handlers.notices.settings import kind_called
from handlers.phrases import span
from nlu import notice_commands
from nlu.notice_commands import Whom, grids_in, read_correction, read_head, read_whom
from nlu.times import SHANGHAI, find_time, find_times

if TYPE_CHECKING:
    from nlu.times import TimeSpan

_SEND_AT = re.compile(r"(?:再|才|准时|定时|就)?\s*(?:发出去|发出|发送|推送|群发|发布|发)(?!通知|布会|现|生|烧|火|票)")
_LEAD = re.compile(r"(?:请|麻烦|帮我|帮忙|给我|定时|定在|等到|到|在|改成|改为|改到|\s)*")
_TIMED = re.compile(r"定时|定在|到时候|等到")
_TIMES = re.compile(r"COUNT=(\d+)")
_EDGES = " ，,。：:"
_SHORTEST_TEXT = 8
_LONGEST_CORRECTION = 30


def read_notice(text: str, now: datetime) -> dict[str, Any]:
    """What one sentence says of a notice: text, whom, needs_ack, when, urgent and kind; only what it says."""
    said: dict[str, Any] = {
        "needs_ack": notice_commands.asks_confirmation(text),
        "urgent": notice_commands.urgency(text),
    }
    when, rest = _when(text, now)
    head = read_head(rest)
    whom = read_whom(head.to_whom) if head is not None else read_correction(text)
    if head is not None:
        body = notice_commands.without_orders(rest[head.end :]).strip(_EDGES)
        said["text"] = body if len(body) > 1 else None
        if not whom or not whom.says_something:
            whom = _in_words(body)
    elif len(text) <= _LONGEST_CORRECTION and (kind := notice_commands.kind_said(text)) is not None:
        known = kind_called(kind)
        said["kind"] = known.slug if known else None
    said["when"] = when or ({"at": None, "rrule": None} if notice_commands.is_at_once(text) else None)
    if whom is not None and whom.says_something:
        said["whom"] = {**_as_value(whom), **({"add": True} if head is None and notice_commands.adds(text) else {})}
    return {name: value for name, value in said.items() if value is not None}


def join_whom(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """To whom a notice goes after a correction: roles keep the areas and areas the roles, and some only add."""
    said = {name: value for name, value in new.items() if name != "add"}
    if new.get("add"):
        said = {name: [*dict.fromkeys([*old.get(name, []), *value])] for name, value in said.items()}
    return {**old, **said}


def time_in(text: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when to when the event is of which a notice tells."""
    found = find_time(text, now)
    return (found.start, found.end) if found is not None else (None, None)


def next_time(rrule: str, start: datetime, after: datetime) -> tuple[datetime, str] | None:
    """When a rule that began at `start` is due next after a moment, with the rule from then on; None when it is over.

    Of a rule that holds a number of times those that have passed are taken off.
    """
    rule = rrulestr(rrule, dtstart=start.astimezone(SHANGHAI))
    found: datetime | None = rule.after(after.astimezone(SHANGHAI))
    if found is None:
        return None
    passed = sum(1 for _ in takewhile(lambda each: each < found, rule))
    return found, _TIMES.sub(lambda match: f"COUNT={int(match[1]) - passed}", rrule)


def same_rule(when: dict[str, Any], rrule: str, next_at: datetime, now: datetime) -> dict[str, Any]:
    """A new time to send as one of a notice that repeats by `rrule` and is due at `next_at`: only its hour changes."""
    hour = datetime.fromisoformat(when["at"]).astimezone(SHANGHAI)
    at = next_at.astimezone(SHANGHAI).replace(hour=hour.hour, minute=hour.minute)
    following = (at, rrule) if at > now else next_time(rrule, at, now)
    # One that would be over goes on to be refused as past.
    at, rrule = following or (at, rrule)
    return {"at": at.isoformat(), "rrule": rrule, "same_rule": True}


def changed_text(old: str, written: datetime, to: str, now: datetime) -> str | None:
    """The words of a notice of which `to` was said to change something, or None where that is not clear.

    A time alone takes the place of the one that the notice says; a day keeps the hours and hours keep the day. Whole
    sentences take the place of all of it.
    """
    new, was = moments.read_when(to, now), moments.read_when(old, written)
    rest = to.replace(new["words"], "") if new else to
    if len(rest.strip(_EDGES)) >= _SHORTEST_TEXT or (new and rest.strip(_EDGES + "了吧嘛哈")):
        return to.strip(_EDGES)
    if not new or not was or was["words"] not in old:
        return None
    joined = moments.join(was, new)
    start, end = joined["start"], joined["end"]
    if not end and was["end"] and not was["date_only"]:
        end = was["end"] if was["end"] > start else None
    if joined["date_only"]:
        return old.replace(was["words"], new["words"], 1)
    said = span(datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
    return old.replace(was["words"], said, 1)


def send_time(text: str, now: datetime) -> dict[str, Any] | None:
    """When a notice is to be sent by words that say so (「明早八点发」), with the rule of one that repeats; or None."""
    return _when(text, now)[0]


def words_match(text: str, words: list[str]) -> int:
    """How many of `words` a notice has, those in part counted by their pairs of characters."""
    score = 0
    for word in words:
        pairs = {word[place : place + 2] for place in range(len(word) - 1)}
        score += 2 * len(word) if word in text else sum(pair in text for pair in pairs)
    return score


def _as_value(whom: Whom) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if whom.grids is not None or whom.places:
        said |= {"grids": list(whom.grids or ()), "places": list(whom.places)}
    if whom.roles is not None or whom.groups:
        said |= {"roles": list(whom.roles or ()), "groups": list(whom.groups)}
    return said


def _in_words(text: str) -> Whom | None:
    """The grids that the words of a notice name, where nothing else says to whom it goes."""
    codes = grids_in(text)
    return Whom(grids=codes) if codes else None


def _when(text: str, now: datetime) -> tuple[dict[str, Any] | None, str]:
    """The moment at which to send, where the words name one (「今晚八点发」), and the text without those words."""
    for found in find_times(text, now):
        if found.start is None or found.date_only:
            continue
        before, after = text[: found.offset], text[found.offset + len(found.text) :].lstrip(" ，,")
        # 「今晚八点发通知给1网格：…」: the command itself follows the time.
        if _LEAD.fullmatch(before) and read_head(after) is not None:
            return _at(found), after
        match = _SEND_AT.match(after)
        if match is not None:
            rest = _TIMED.sub("", before + after[match.end() :]).strip(" ，,。")
            says_it = after[match.end() :].lstrip()[:1] in ("：", ":")
            return _at(found), f"发通知{after[match.end() :].lstrip()}" if says_it else rest
    return None, text


def _at(found: TimeSpan) -> dict[str, Any]:
    return {"at": found.start.isoformat() if found.start else None, "rrule": found.rrule}
