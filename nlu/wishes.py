"""Several wishes in one message: hears which of its parts is surely another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from nlu.categories import category_of, naming_word
from nlu.parts import MOST_PARTS, parts
from nlu.tables import any_of, read_table
from nlu.understanding import Intent
from nlu.wording import normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nlu.parts import Part
    from nlu.understanding import Judgement, Understanding

FIRST, FURTHER = 0.4, 0.6
"""How sure the bot must be of a wish and of one that a joining word begins; else that belongs to the one before."""

UNJOINED = 0.9
"""How sure it must be of both where only the end of a sentence stands between them."""

SHORTEST_NAME = 2
"""Characters of a word that names what is reported: 井盖, where 块 only adds to the story."""

_REPORTS = frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT})
_COMMA = re.compile(r"[，,\s]+")


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form under way: the intents that it takes for its own, and the category of the case that it reports."""

    mine: frozenset[Intent]
    category: str | None = None


def wishes_in(whole: Understanding, judge: Callable[[str], Judgement], form: OpenForm | None = None) -> tuple[str, ...]:
    """The words of each wish of a message that was understood as `whole`, in order.

    It is one, the whole text, unless a part is surely another; small talk before a wish is left out. With a form under
    way, the first is whatever answers it.
    """
    text, pieces = whole.text, parts(whole.text)
    if whole.intent in intents("whole"):
        return (text,)
    wishes = _Wishes(whole, judge, form)
    for piece in pieces if len(pieces) <= MOST_PARTS else ():
        wishes.hear(piece)
    found = tuple(wishes.found())
    return found if len(found) > 1 or (found and whole.intent in intents("small_talk")) else (text,)


def beside_danger(whole: Understanding, judge: Callable[[str], Judgement]) -> tuple[str, ...]:
    """The words of the wishes that a cry for help holds besides, in order; what may be about the danger is none.

    The cry itself is the whole text all the same: those who come must read every word of it.
    """
    pieces = parts(whole.text)
    if len(pieces) > MOST_PARTS:
        return ()
    danger = whole.danger.clause if whole.danger is not None else ""
    besides = []
    for piece in pieces:
        words = whole.text[piece.start : piece.end]
        if not (danger and danger in normalise(words)) and _can_wait(judge(words), words, joined=piece.joined):
            besides.append(words)
    return tuple(besides)


def _can_wait(further: Judgement, words: str, *, joined: bool) -> bool:
    """Whether words are surely a wish that has nothing to do with the danger told beside it."""
    if _is_report(further):
        return joined and further.confidence >= UNJOINED and _names_something(words)
    return further.intent in intents("questions") | intents("short") and further.confidence >= (
        FURTHER if joined else UNJOINED
    )


@cache
def intents(kind: str) -> frozenset[Intent]:
    """The intents of that list of `data/wishes.yml`."""
    return frozenset(Intent(name) for name in read_table("wishes")[kind])


def are_alike(one: Intent, other: Intent) -> bool:
    """Whether two intents are one wish between them."""
    return one is other or any({one, other} <= set(group) for group in read_table("wishes")["alike"])


class _Wishes:
    """The wishes of one message, as its parts are heard."""

    def __init__(self, whole: Understanding, judge: Callable[[str], Judgement], form: OpenForm | None) -> None:
        self._text = whole.text
        self._says_nothing = whole.intent in intents("small_talk")
        self._is_courtesy = self._says_nothing and whole.intent is not Intent.OUT_OF_SCOPE
        self._judge = judge
        self._form = form
        self._spans: list[tuple[int, int]] = []

    def hear(self, piece: Part) -> None:
        """Hear the next part: as another wish, or as more of the one before."""
        start, end = self._spans.pop() if self._spans else (piece.start, piece.start)
        if start == end:
            self._spans.append((piece.start, piece.end))
            return
        before, words = self._text[start:end], self._text[piece.start : piece.end]
        further = self._judge(words)
        if not _is_wish(further, words, joined=piece.joined or self._is_courtesy):
            self._spans.append((start, piece.end))
        elif self._form is not None and not self._spans:
            beside = _is_beside(self._form, further, words, joined=piece.joined)
            self._spans += [(start, end), (piece.start, piece.end)] if beside else [(start, piece.end)]
        elif self._is_small_talk(self._judge(before).intent):
            self._spans.append((piece.start, piece.end))
        elif _is_another(self._judge(before), before, further, words, joined=piece.joined):
            self._spans += [(start, end), (piece.start, piece.end)]
        else:
            self._spans.append((start, piece.end))

    def found(self) -> Iterator[str]:
        """The words of each wish; a report behind the comma of a short one is its own."""
        for number, (start, end) in enumerate(self._spans):
            if self._form is not None and number == 0:
                yield self._text[start:end]
                continue
            split = self._report_behind(start, end)
            if split is None or not self._is_small_talk(self._judge(self._text[start : split[0]]).intent):
                yield from self._listed(self._text[start : split[0] if split else end])
            if split is not None:
                yield from self._listed(self._text[split[1] : end])

    def _listed(self, words: str) -> Iterator[str]:
        """The reports of different things that `words` list (一个是路灯坏了，还有井盖没得了); else all of them."""
        start = 0
        for match in islice(_listing().finditer(words), MOST_PARTS):
            behind = _listing().search(words, match.end())
            piece = words[match.end() : behind.start() if behind else len(words)]
            before = words[start : match.start()]
            if _is_report(self._judge(before)) and self._reports(piece) and _is_new(piece, category_of(before)):
                yield before
                start = match.end()
        yield words[start:]

    def _reports(self, words: str) -> bool:
        further = self._judge(words)
        return _is_report(further) and further.confidence >= FURTHER

    def _report_behind(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the first wish of a span ends and a report begins, if one does behind a comma."""
        commas = list(islice(_COMMA.finditer(self._text, start, end), MOST_PARTS))
        if not commas or self._judge(self._text[start:end]).intent not in intents("short") | intents("small_talk"):
            return None
        for comma in commas:
            rest = self._text[comma.end() : end]
            if category_of(rest) and _is_report(further := self._judge(rest)) and further.confidence >= UNJOINED:
                return comma.start(), comma.end()
        return None

    def _is_small_talk(self, intent: Intent) -> bool:
        """Whether what comes before a wish may be left out; what only leads up to it is part of its story."""
        return intent in intents("small_talk") and (intent is not Intent.OUT_OF_SCOPE or self._says_nothing)


def _is_wish(further: Judgement, words: str, *, joined: bool) -> bool:
    if further.intent in intents("small_talk") | intents("passing"):
        return False
    # A report is the last thing to be lost: where its words name what is wrong, it need not be as sure.
    told = _is_report(further) and category_of(words) is not None
    return further.confidence >= (FURTHER if joined or told else UNJOINED)


def _is_beside(form: OpenForm, further: Judgement, words: str, *, joined: bool) -> bool:
    """Whether a part is a wish beside the answer to the open form."""
    if further.intent in form.mine:
        return joined and _is_report(further) and _is_new(words, form.category)
    return joined or further.intent in intents("questions")


def _is_another(before: Judgement, first: str, further: Judgement, words: str, *, joined: bool) -> bool:
    """Whether `words` are another wish than `first`, which came before them."""
    if before.intent in intents("whole") or before.confidence < (FIRST if joined or _is_report(further) else UNJOINED):
        return False
    if are_alike(before.intent, further.intent):
        return joined and _is_report(before) and _is_report(further) and _is_new(words, category_of(first))
    return joined or before.intent not in intents("stories")


def _is_new(words: str, told: str | None) -> bool:
    """Whether `words` name something else than what has the category `told`, and nobody who was spoken of."""
    return told not in (None, category_of(words)) and _names_something(words)


def _names_something(words: str) -> bool:
    category = category_of(words)
    if category is None or _refers_back().search(words):
        return False
    name = naming_word(words, category)
    return name is not None and len(name) >= SHORTEST_NAME


def _is_report(judgement: Judgement) -> bool:
    return judgement.intent in _REPORTS


@cache
def _listing() -> re.Pattern[str]:
    return re.compile(f"[，,、\\s]*(?:{any_of(read_table('wishes')['listing'])})")


@cache
def _refers_back() -> re.Pattern[str]:
    return re.compile(any_of(read_table("wishes")["referring_back"]))
