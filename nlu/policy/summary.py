"""Checks a summary of quotes: it may leave out, and say the same in plainer words, and nothing else.

A summary is taken only if it can be laid over the quotes: it is made of pieces of them in their order, and of plain
words that say nothing by themselves. So every number, name and date in it stands in the quotes, and nothing is added.
What is left out must not matter: no piece may cut a name, nor a number from its measure or its 以上, nor a 不 from what
it denies, and between two pieces, before the first and after the last nothing is dropped that turns the statement
round. Many a true summary is turned down with the false ones; the quotes stand there all the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from nlu.persons import find_persons
from nlu.places import find_places
from nlu.policy.numbering import number_of
from nlu.policy.terms import DATA, bigrams
from nlu.tables import any_of, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 80
"""Characters of a summary."""

SHORTEST_PIECE = 2
_PLACES = 8
"""Where a piece is looked for, of all the places where it stands."""

_QUOTED = 0.6
"""How many pairs of characters of a summary must stand in the quotes."""

_DATA = read_yaml(DATA / "summary.yml")
_HINGES = _DATA["hinges"]
_UNITS = _DATA["unit_names"]
_NUMERAL = "[〇零一二两三四五六七八九十百千]+"
_COUNTED = any_of([*_DATA["measures"], *_DATA["counted"]])
_IN_CHARACTERS = re.compile(rf"百分之(?P<percent>{_NUMERAL})|(?P<number>{_NUMERAL})(?=(?:多|余)?(?:{_COUNTED}))")
_FIGURE = r"\d+(?:[.,:/]\d+)*[%‰]?"
_NUMBER = (
    rf"(?:{any_of(_DATA['before_number'])})*{_FIGURE}(?:(?:至|到|[-~—]){_FIGURE})?"
    rf"(?:{any_of(_DATA['measures'])}|[\u4e00-\u9fff])?"
)
_BOUND = any_of(_DATA["bounds"])
_NEGATION = any_of(_HINGES["negations"])
# What no piece may cut through: a number with its measure and bound, a bound with what it bounds, a no with what it
# denies, a name.
_WHOLE = (
    re.compile(rf"{_NUMBER}(?:{_BOUND})?"),
    re.compile(rf".(?:{_BOUND})"),
    re.compile(rf"(?:{_NEGATION})."),
    re.compile(rf"(?:{any_of(_UNITS['begin'])})[\u4e00-\u9fff]{{1,12}}?(?:{any_of(_UNITS['end'])})+"),
    re.compile(r"《[^》]*》"),
    re.compile(r"[A-Za-z]+"),
)
_HINGE_WORDS = [*_DATA["governs"], *_DATA["excepts"], *(word for words in _HINGES.values() for word in words)]
_HINGE = re.compile(rf"\d|{any_of(_HINGE_WORDS)}|{_BOUND}")
_TURNS_BACK = re.compile(rf"{_NEGATION}|{any_of(_DATA['excepts'])}")
_GOVERNS = re.compile(rf"{any_of(_DATA['governs'])}|(?:{any_of(_DATA['condition_ends'])}),$")
_EXCEPTS = re.compile(any_of(_DATA["excepts"]))
_PART = re.compile(r"[,;:、。]")
_PAUSE = re.compile(r"[,;:]")
_END = "。"
_MARKS = frozenset(",;:、。")
_STOPS = frozenset(";。")
_DRESS = re.compile(r"[\s“”‘’\"'〈〉「」『』【】()]")


def says_only(summary: str, quotes: Sequence[str]) -> bool:
    """Whether `summary` says nothing but what `quotes` say."""
    if not 0 < len(summary) <= LONGEST or not summary.isprintable():
        return False
    return _Laid(_standard(summary), _source(tuple(quotes))).fits()


def figures(text: str) -> frozenset[str]:
    """The numbers in `text`, in digits however they are written."""
    return frozenset(re.findall(_FIGURE, _standard(text)))


def _standard(text: str) -> str:
    """`text` in one spelling: half width, no spaces and quotation marks, numbers in digits, one full stop."""
    text = unicodedata.normalize("NFKC", re.sub(r"\n+", _END, text.strip()))
    text = re.sub(r"[。!?！？]+", _END, _DRESS.sub("", text))
    return _IN_CHARACTERS.sub(_in_digits, text)


def _in_digits(match: re.Match[str]) -> str:
    if match["percent"]:
        return f"{number_of(match['percent'])}%"
    return str(number_of(match["number"]))


@dataclass(frozen=True, slots=True)
class _Source:
    """Quotes in one spelling; `uncut` are the places inside of what must stay whole."""

    text: str
    uncut: frozenset[int]

    def starts(self, piece: str, after: int) -> Iterator[int]:
        """Where `piece` stands, not before `after`, without cutting anything that must stay whole."""
        at = self.text.find(piece, after)
        while at >= 0:
            if at not in self.uncut and at + len(piece) not in self.uncut:
                yield at
            at = self.text.find(piece, at + 1)

    def may_begin(self, at: int) -> bool:
        """Whether a sentence may be begun at `at`, without what stands before."""
        head = self.text[self.text.rfind(_END, 0, at) + 1 : at]
        return not _GOVERNS.search(head) and not _HINGE.search(_PART.split(head)[-1])

    def may_stop(self, at: int) -> bool:
        """Whether a sentence may be left at `at`, without what stands after."""
        tail = self.text[at:].partition(_END)[0]
        return not _EXCEPTS.search(tail) and not _TURNS_BACK.search(_PART.split(tail)[0])

    def may_skip(self, left: int, right: int, mark: str) -> bool:
        """Whether the text between two pieces may be left out; `mark` is the summary's between them, or empty."""
        skipped = self.text[left:right]
        if _END in skipped:
            return mark in _STOPS and self.may_stop(left) and self.may_begin(right)
        return not _HINGE.search(skipped) and bool(mark or not _PAUSE.search(skipped))


@lru_cache(maxsize=16)
def _source(quotes: tuple[str, ...]) -> _Source:
    text = "".join(f"{_standard(quote).rstrip(_END)}{_END}" for quote in quotes)
    spans = [match.span() for pattern in _WHOLE for match in pattern.finditer(text)]
    spans += [(person.start, person.end) for person in find_persons(text)]
    spans += [(place.start, place.end) for place in find_places(text)]
    return _Source(text, frozenset(place for start, end in spans for place in range(start + 1, end)))


class _Laid:
    """A summary laid over its source."""

    def __init__(self, summary: str, source: _Source) -> None:
        self._summary = summary
        self._source = source
        self._hopeless: set[tuple[int, int, str]] = set()

    def fits(self) -> bool:
        """Whether it can be laid."""
        return self._is_mostly_quoted() and self._rest_fits(0, -1, "")

    def _is_mostly_quoted(self) -> bool:
        """Whether it has more of the quotes in it than plain words."""
        pairs = [pair for part in _PART.split(self._summary) for pair in bigrams(part)]
        return sum(pair in self._source.text for pair in pairs) >= _QUOTED * len(pairs)

    def _rest_fits(self, start: int, left: int, mark: str) -> bool:
        """Whether the rest from `start` fits behind the piece that ended at `left` (-1 before the first)."""
        if start == len(self._summary):
            return left >= 0 and self._source.may_stop(left)
        if (start, left, mark) in self._hopeless:
            return False
        if self._piece_fits(start, left, mark) or self._plain_fits(start, left, mark):
            return True
        self._hopeless.add((start, left, mark))
        return False

    def _piece_fits(self, start: int, left: int, mark: str) -> bool:
        for length, printed in self._pieces(start):
            for at in islice(self._source.starts(printed, max(left, 0)), _PLACES):
                follows = self._source.may_begin(at) if left < 0 else self._source.may_skip(left, at, mark)
                end = at + len(printed)
                if follows and self._rest_fits(start + length, end, ""):
                    return True
        return False

    def _plain_fits(self, start: int, left: int, mark: str) -> bool:
        if self._summary[start] in _MARKS:
            return self._rest_fits(start + 1, left, self._summary[start] if left >= 0 else "")
        return any(
            self._rest_fits(start + len(word), left, mark)
            for word in _DATA["plain"]
            if self._summary.startswith(word, start)
        )

    def _pieces(self, start: int) -> Iterator[tuple[int, str]]:
        """What of the source the summary may say at `start`, the longest first, and how long it is in the summary."""
        for length in range(self._longest(start), SHORTEST_PIECE - 1, -1):
            yield length, self._summary[start : start + length]
        for printed, plainer in _DATA["same"].items():
            for word in plainer:
                if self._summary.startswith(word, start):
                    yield len(word), printed

    def _longest(self, start: int) -> int:
        length = 0
        while start + length < len(self._summary) and self._summary[start : start + length + 1] in self._source.text:
            length += 1
        return length
