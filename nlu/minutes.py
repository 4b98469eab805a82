"""What minutes say: the decisions in a text, who is to do each until when, and who was there (`data/minutes.yml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.tables import read_table
from nlu.times import SHANGHAI, find_times
from nlu.wording import chinese_number, fold_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

_SENTENCE = re.compile(r"[。；;！!\n]+")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,12}|[A-Za-z][A-Za-z .]{1,20}")
SHORTEST, LONGEST = 4, 300
"""Characters of a decision."""

MOST = 20


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: what, who is to do it as the text calls them (may be empty), and until when."""

    what: str
    who: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change in the decisions that were read back: the number from 1, and what it becomes; None drops it."""

    number: int | None
    becomes: str | None = None


def minutes_in(text: str) -> tuple[str, str] | None:
    """Which meeting minutes are of, as it was said, and their text (either may be empty); None for anything else."""
    found = _search("publishes", text.strip())
    return (found["which"].strip(), (found["text"] or "").strip()) if found else None


def decisions_in(text: str, now: datetime) -> list[Decided]:
    """The decisions of minutes: what follows a heading, or else every sentence that says that something is decided."""
    return [_decided(each, now) for each in _candidates(text)][:MOST]


def edit_in(text: str) -> Edit | None:
    """What a text changes in the decisions that were read back (「第2条改成……」 「删掉第3条」 「加一条：……」)."""
    said = text.strip(" 。！!")
    drops = _search("drops", said)
    if drops:
        return Edit(_int(drops["n"] or drops["m"]))
    adds = _search("adds", said)
    if adds:
        return Edit(None, adds["what"])
    edit = _search("edit", said)
    if edit is None or not edit["rest"].strip():
        return None
    return Edit(_int(edit["n"]), edit["rest"].strip(" ，,"))


def edited(decisions: Sequence[Decided], edit: Edit, now: datetime) -> list[Decided] | None:
    """The decisions with an edit, or None where there is none of that number or nothing is read out of it."""
    if edit.number is None:
        return [*decisions, _decided(edit.becomes or "", now)]
    if not 0 < edit.number <= len(decisions):
        return None
    place, old = edit.number - 1, decisions[edit.number - 1]
    if edit.becomes is None:
        return [*decisions[:place], *decisions[place + 1 :]]
    becomes = _search("becomes", edit.becomes)
    read = _decided(becomes["what"] if becomes else edit.becomes, now)
    if becomes and not _only_when_or_who(becomes["what"], read):
        new = replace(read, who=read.who or old.who, due=read.due or old.due)
    elif read.who or read.due:
        what = old.what.replace(old.who, read.who) if read.who and old.who else old.what
        new = Decided(what, read.who or old.who, read.due or old.due)
    else:
        return None
    return [*decisions[:place], new, *decisions[place + 1 :]]


def done_in(text: str) -> tuple[int, str] | None:
    """The number of a decision that is done, and what else is said of it; None for anything else."""
    found = _search("done", fold_width(text)) if not _search("asks", text) else None
    number = _int(found["n"]) if found else None
    return (number, text.strip()[found.end() :].strip(" ，,。！!")) if found and number else None


def attendees_in(text: str) -> list[str] | None:
    """The names of those who were at a meeting (「到会：张三、李四」), or None."""
    found = _search("attended", text.strip(" 。"))
    if found is None:
        return None
    parts = (each.strip() for each in re.split(_table()["between_names"], found["names"]))
    return list(dict.fromkeys(name for name in parts if _NAME.fullmatch(name))) or None


def wants_code(text: str) -> bool:
    """Whether the code is wanted by which people say that they are there."""
    return _search("code", text) is not None


def _candidates(text: str) -> Iterator[str]:
    heading = _search("heading", text)
    after = text[heading.end() :] if heading else text
    for sentence in filter(None, (each.strip() for each in _SENTENCE.split(after))):
        is_item = _search("item", sentence) is not None
        plain = re.sub(_table()["item"], "", sentence).strip()
        if heading and not is_item and _search("ends", plain):
            return
        decides = heading is not None or _search("decides", plain) is not None
        if decides and len(plain) >= SHORTEST:
            yield plain


def _decided(sentence: str, now: datetime) -> Decided:
    what = re.sub(_table()["lead"], "", sentence.strip()).strip(" ，,：:") or sentence
    return Decided(what[:LONGEST], _who(sentence), _due(sentence, now))


def _who(sentence: str) -> str:
    for pattern in _table()["who"]:
        found = re.search(pattern, sentence)
        if found and not re.search(_table()["not_who"], found["who"].removeprefix("由")):
            return str(found["who"]).strip().removeprefix("由")
    return ""


def _due(sentence: str, now: datetime) -> date | None:
    spans = [span for span in find_times(fold_width(sentence), now) if span.end or span.start]
    ends = [span for span in spans if span.end is not None and span.start is None] or spans
    moment = (ends[-1].end or ends[-1].start) if ends and _search("until", sentence) else None
    return moment.astimezone(SHANGHAI).date() if moment is not None else None


def _only_when_or_who(words: str, read: Decided) -> bool:
    """Whether words say no more than who is to do something, or until when."""
    rest = words.replace(read.who, "") if read.who else words
    return (
        len(
            re.sub(r"[由，,。\s]|负责|牵头|[0-9一二三四五六七八九十]+|[年月日号]|周|下|本|之?前|完成|办完|底", "", rest)
        )
        <= 1
    )


def _int(words: str) -> int | None:
    return int(words) if words.isdigit() else chinese_number(words)


def _search(kind: str, text: str) -> re.Match[str] | None:
    return _pattern(kind).search(text)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(_table()[kind], re.MULTILINE if kind == "item" else 0)


def _table() -> dict[str, Any]:
    return read_table("minutes")
