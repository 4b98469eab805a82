"""Several wishes in one message: splits it at sentence ends and joining words, and hears what is surely another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nlu.tables import any_of, read_table
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from nlu.understanding import Understanding

FIRST, FURTHER = 0.4, 0.6
"""How sure the bot must be of a wish and of one that a joining word begins; else that belongs to the one before."""

UNJOINED = 0.9
"""How sure it must be of both where only the end of a sentence stands between them."""

MOST_PARTS = 8
"""More parts than this are a story."""

_PAUSES = r"[\s，,、：:~～]"
_ENDS = r"[。！!？?；;…\n]"
_SAYS_NOTHING = re.compile(r"[\s\W_]*")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text that may be a wish of its own: `text[start:end]`; `joined` by a word that says so (另外)."""

    start: int
    end: int
    joined: bool = False


def wishes_in(
    whole: Understanding, understand: Callable[[str], Understanding], form: Collection[Intent] | None = None
) -> tuple[Understanding, ...]:
    """The wishes of a message that was understood as `whole`, in order; it is one, unless a part is surely another.

    `form` are the intents that the form under way takes for its own; with it, the first wish is whatever answers it.
    """
    text, pieces = whole.text, parts(whole.text)
    if not 1 < len(pieces) <= MOST_PARTS or whole.intent in intents("whole"):
        return (whole,)
    start, wishes = pieces[0].start, [understand(text[pieces[0].start : pieces[0].end])]
    for piece in pieces[1:]:
        further = understand(text[piece.start : piece.end])
        answers = form is not None and len(wishes) == 1
        new = _is_beside(further, piece) if answers else _is_another(further, piece, wishes[-1])
        if new and further.intent not in (form or ()):
            start = piece.start
            wishes.append(further)
        else:
            wishes[-1] = understand(text[start : piece.end])
    return tuple(wishes) if len(wishes) > 1 else (whole,)


def parts(text: str) -> tuple[Part, ...]:
    """The parts of `text`, without the marks and the joining words between them."""
    found: list[Part] = []
    start, joined = 0, False
    for match in _boundary().finditer(text):
        if not _SAYS_NOTHING.fullmatch(text, start, match.start()):
            found.append(Part(start, match.start(), joined))
            joined = False
        start, joined = match.end(), joined or any(match.groups())
    if not _SAYS_NOTHING.fullmatch(text, start):
        found.append(Part(start, len(text), joined))
    return tuple(found)


@cache
def intents(kind: str) -> frozenset[Intent]:
    """The intents of that list of `data/wishes.yml`."""
    return frozenset(Intent(name) for name in read_table("wishes")[kind])


def are_alike(one: Intent, other: Intent) -> bool:
    """Whether two intents are one wish between them."""
    return one is other or any({one, other} <= set(group) for group in read_table("wishes")["alike"])


def _is_another(further: Understanding, piece: Part, before: Understanding) -> bool:
    """Whether a part is another wish than the one before it."""
    return (
        _is_wish(further, piece)
        and before.confidence >= (FIRST if piece.joined else UNJOINED)
        and before.intent not in intents("small_talk") | intents("whole")
        and not are_alike(before.intent, further.intent)
        and (piece.joined or before.intent not in intents("stories"))
    )


def _is_beside(further: Understanding, piece: Part) -> bool:
    """Whether a part is a wish beside the answer to an open form."""
    return _is_wish(further, piece) and (piece.joined or further.intent in intents("questions"))


def _is_wish(further: Understanding, piece: Part) -> bool:
    sure = further.confidence >= (FURTHER if piece.joined else UNJOINED)
    return sure and further.intent not in intents("small_talk") | intents("passing")


@cache
def _boundary() -> re.Pattern[str]:
    """What stands between two parts; a group holds the word that joins them, if there is one."""
    table = read_table("wishes")
    clause, anywhere = f"({any_of(table['joining'])}){_PAUSES}*", f"({any_of(table['anywhere'])}){_PAUSES}*"
    return re.compile(f"{_PAUSES}*{_ENDS}(?:{_ENDS}|{_PAUSES})*(?:{clause})?|{_PAUSES}+{clause}|{anywhere}")
