"""Finds real, present danger in a text by rule, beside what the model thinks: fire, gas, drowning, a knife."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from nlu.case_numbers import find_case_numbers
from nlu.parts import parts
from nlu.signs import Signs
from nlu.tables import any_of, read_table
from nlu.understanding import Danger
from nlu.wording import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

# What people end a sentence with instead of 了.
_PARTICLES = str.maketrans("咯啦喽罗", "了了了了")
# A longer text is read in pieces of so many characters, each for itself, so that its length costs no more than that.
_PIECE = 250
# Where a piece ends, the surest first: behind a sentence, or else behind a clause.
_ENDS = ("。!?;", ",")
# Characters of words that only call an alarm off; who has more to say is passed on.
_LONGEST_ALL_CLEAR = 30
# Whoever means to die, or fears that somebody does, speaks of habits and fears and means today.
_LASTING = "self_harm"
# With what a sign of swallowed medicine begins.
_SWALLOWED = re.compile("[吃喝服]|.{0,2}药|头孢")
# A time in another clause that only describes a thing there, as in 周五的会我来不了 and 上次报的那个.
_DESCRIBES = re.compile("[^,]{0,4}的(?!事)")


@dataclass(frozen=True, slots=True)
class _Vetoes:
    """The patterns of `data/emergencies.yml` that turn a sign into talk, compiled."""

    supposed: re.Pattern[str]
    feared: re.Pattern[str]
    past: re.Pattern[str]
    habit: re.Pattern[str]
    told: re.Pattern[str]
    aftermath: re.Pattern[str]
    dared: re.Pattern[str]
    figurative: re.Pattern[str]
    ran_out: re.Pattern[str]
    gloomy: re.Pattern[str]
    elsewhere: re.Pattern[str]
    over: re.Pattern[str]
    settled: re.Pattern[str]
    going_on: re.Pattern[str]
    today: re.Pattern[str]
    anew: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Sign:
    """A sign of danger that stands in a text, and how far the words around it have to do with it.

    `start` and `last` are as in `Found`; `strand` is the run of sentences that no joining word (另外) parts.
    """

    place: int
    kind: str
    plain: str
    start: int
    last: int
    sentence: tuple[int, int]
    strand: tuple[int, int]

    @property
    def clause(self) -> tuple[int, int]:
        """The clause in which it begins."""
        return self._back_to_comma(self.start), self._on_to_comma(self.start)

    @property
    def neighbourhood(self) -> tuple[int, int]:
        """That clause and the ones beside it."""
        start, end = self.clause
        return self._back_to_comma(start - 1), self._on_to_comma(end + 1)

    def beside(self, pattern: re.Pattern[str], start: int, end: int) -> bool:
        """Whether `pattern` begins between `start` and `end`; it may look on to the end of the strand."""
        match = pattern.search(self.plain, start, self.strand[1])
        return match is not None and match.start() < end

    def _back_to_comma(self, place: int) -> int:
        return max(self.plain.rfind(",", self.sentence[0], max(place, self.sentence[0])) + 1, self.sentence[0])

    def _on_to_comma(self, place: int) -> int:
        comma = self.plain.find(",", place, self.sentence[1])
        return comma if comma >= 0 else self.sentence[1]


def find_danger(text: str) -> Danger | None:
    """The danger that the words of `text` speak of, or None where they speak of none.

    Danger that is past, feared, rehearsed, asked about, over, or part of a case under way is not present; figures of
    speech (气死我了, 火锅) are no danger. What else the message speaks of beside the danger does not count: 「周五的会
    我来不了，楼下着火了」. Danger to life of no kind of its own (somebody lost, a lift stuck) is `safety_hazard`.
    """
    pieces = _pieces(_plain(text))
    found = (sign for piece in pieces for sign in _signs_of_danger(piece) if not _is_to_be_fetched(sign))
    signs = sorted(found, key=lambda sign: sign.place)
    present = filter(_is_present, signs)
    first = next(present, None)
    if first is None:
        return Danger(signs[0].kind, present=False) if signs else None
    plain = next((sign for sign in chain([first], present) if _plain_words().search(sign.plain, *sign.clause)), None)
    told = plain or first
    return Danger(first.kind, True, told.plain[slice(*told.clause)], plain is not None)


def without_talk(text: str) -> str:
    """`text` without what only sounds like danger to a model (an affair, somebody who smokes); as it is where nothing
    does, or where it speaks of what may explode.
    """
    plain = _plain(text)
    if _words("may_explode").search(plain):
        return text
    rest = _words("no_danger").sub(",", plain)
    return text if rest == plain else rest.strip(" ,。!?")


def says_over(text: str) -> bool:
    """Whether a short `text` says that danger spoken of before is over, or never was; it speaks of none itself."""
    plain = _plain(text)
    if len(plain) > _LONGEST_ALL_CLEAR or not _words("all_clear").search(plain) or _words("not_clear").search(plain):
        return False
    danger = find_danger(text)
    return danger is None or not danger.present


def _signs_of_danger(plain: str) -> Iterator[_Sign]:
    """Every sign of danger in the text, once a clause: the first of several there is taken back by the fewest words."""
    seen = set()
    for sentence, strand in _sentences(plain):
        read = _signs().read(plain[sentence[0] : sentence[1]])
        for each in _signs().found_in(read):
            start, last = sentence[0] + each.start, sentence[0] + each.last
            sign = _Sign(each.place, each.kind, plain, start, last, sentence, strand)
            if (each.place, sign.clause) not in seen:
                seen.add((each.place, sign.clause))
                yield sign


def _sentences(plain: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Each sentence of the text, with the strand that it belongs to."""
    pieces = parts(plain)
    begins = [place for place, piece in enumerate(pieces) if piece.joined or place == 0]
    for first, behind in pairwise([*begins, len(pieces)]):
        strand = pieces[first].start, pieces[behind - 1].end
        for piece in pieces[first:behind]:
            yield (piece.start, piece.end), strand


def _is_present(sign: _Sign) -> bool:
    vetoes, lasts = _vetoes(), sign.kind == _LASTING
    (clause, clause_end), (sentence, sentence_end), strand_end = sign.clause, sign.sentence, sign.strand[1]
    if (
        sign.beside(vetoes.supposed, sentence, sign.last)
        or sign.beside(vetoes.told, sentence, clause_end)
        or sign.beside(vetoes.dared, clause, clause_end)
        or sign.beside(vetoes.figurative, clause, clause_end)
        or sign.beside(vetoes.elsewhere, clause, clause_end)
        or sign.beside(vetoes.aftermath, sentence, sentence_end)
        or sign.beside(vetoes.settled, sentence, strand_end)
    ):
        return False
    if not vetoes.going_on.search(sign.plain, *sign.strand):
        known = sign.beside(vetoes.over, clause, sentence_end) or find_case_numbers(sign.plain[clause:sentence_end])
        if known and not sign.beside(vetoes.anew, clause, clause_end):
            return False
        if _is_past(sign) or (not lasts and sign.beside(vetoes.habit, clause, sentence_end)):
            return False
    return lasts or not sign.beside(vetoes.feared, clause, sign.last)


def _is_to_be_fetched(sign: _Sign) -> bool:
    """Whether it is only that medicine has run out which somebody is asked to fetch, and nothing gloomy is said."""
    if sign.kind != _LASTING or not _SWALLOWED.match(sign.plain, sign.start):
        return False
    # 顺便, with which people ask, begins another strand.
    told = _vetoes().ran_out.search(sign.plain, sign.clause[0])
    return told is not None and told.start() < sign.clause[1] and not _vetoes().gloomy.search(sign.plain)


def _is_past(sign: _Sign) -> bool:
    """Whether a word puts it into the past: one in its clause, or one beside it that does not just describe a thing."""
    past, plain = _vetoes().past, sign.plain
    if sign.beside(past, *sign.clause):
        return True
    if sign.beside(_vetoes().today, *sign.clause):
        return False
    start, end = sign.neighbourhood
    return any(
        not _DESCRIBES.match(plain, match.end())
        for match in past.finditer(plain, start, sign.strand[1])
        if match.start() < end
    )


def _plain(text: str) -> str:
    return normalise(text.replace("\n", "。")).translate(_PARTICLES)


def _pieces(plain: str) -> Iterator[str]:
    """The text, in pieces where it is long."""
    start = 0
    while len(plain) - start > _PIECE:
        half, end = start + _PIECE // 2, start + _PIECE
        cuts = (max(plain.rfind(mark, half, end) for mark in marks) + 1 for marks in _ENDS)
        end = next(filter(None, cuts), end)
        yield plain[start:end]
        start = end
    yield plain[start:]


@cache
def _signs() -> Signs:
    words: dict[str, dict[str, list[str]]] = read_table("emergency_words")
    return Signs(read_table("emergencies")["signs"], words["groups"], words["misspelt"])


@cache
def _words(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(read_table("emergencies")[kind]))


@cache
def _plain_words() -> re.Pattern[str]:
    return re.compile(any_of(read_table("emergencies")["plain_words"]))


@cache
def _vetoes() -> _Vetoes:
    table: dict[str, list[str]] = read_table("emergencies")["vetoes"]
    return _Vetoes(**{name: re.compile("|".join(patterns)) for name, patterns in table.items()})
