"""What residents propose for consultation, and what is said about it (`data/topics.yml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from nlu.tables import read_table
from nlu.wording import fold_width

SHORTEST = 2


class Said(StrEnum):
    """What is said about topics that there are."""

    SECOND = "second"
    LIST = "list"
    WITHDRAW = "withdraw"
    TAKE_UP = "take_up"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class About:
    """What is said of which topic, by its number where that is said; `why` it is not taken up."""

    said: Said
    number: int | None = None
    why: str = ""


def topic_in(text: str) -> str | None:
    """The topic that `text` proposes, without the words around it where they are known; None where it says none."""
    plain = text.strip()
    for pattern in read_table("topics")["about"]:
        found = re.search(pattern, plain)
        topic = _bare(found["topic"]) if found else ""
        if len(_told(topic)) >= SHORTEST:
            return topic
    return _bare(plain) if len(_told(plain)) > SHORTEST else None


def number_in(text: str) -> int | None:
    """The number of the topic that `text` names (议题3号), or None."""
    found = re.search(read_table("topics")["number"], fold_width(text))
    return int(next(filter(None, found.groups()))) if found else None


def about_in(text: str) -> About | None:
    """What `text` says of topics that there are, or None where it does not."""
    plain, number = fold_width(text).strip(), number_in(text)
    table = read_table("topics")
    if re.search(table["list"], plain):
        return About(Said.LIST)
    if re.search(table["withdraw"], plain):
        return About(Said.WITHDRAW, number)
    if re.search(table["second"], plain):
        return About(Said.SECOND, number)
    declines = re.search(table["decline"], plain)
    if declines:
        why = text.strip()[declines.end() :] if len(plain) == len(text.strip()) else plain[declines.end() :]
        return About(Said.DECLINE, number, re.sub(f"^{table['why']}", "", why).strip(" 。"))
    takes_up = number is not None and re.search(table["take_up"], plain)
    return About(Said.TAKE_UP, number) if takes_up or re.search(table["take_up_named"], plain) else None


def without_number(text: str) -> str:
    """`text` without the number of a topic, which is no day of a month."""
    return re.sub(read_table("topics")["number"], "，", text)


def asks_what_became(text: str) -> bool:
    """Whether `text` asks how far a topic has come."""
    return re.search(read_table("topics")["asks"], fold_width(text)) is not None


def is_about_document(text: str) -> bool:
    """Whether `text` speaks of a policy document, on which people have opinions that are no topics."""
    return re.search(read_table("topics")["document"], text) is not None


def asks_for_own(text: str) -> bool:
    """Whether `text` asks for what the speaker has proposed."""
    return re.search(read_table("topics")["own"], text) is not None


def _told(text: str) -> str:
    """What of `text` is more than that there is a topic."""
    return re.sub(f"(?:{read_table('topics')['frame']})|[^\\w]", "", text)


def _bare(topic: str) -> str:
    table = read_table("topics")
    return re.sub(table["tail"], "", re.sub(table["head"], "", topic)).strip()
