"""Finds the numbers of cases that a text names: 20260412-007, 007号, 007, 7号那个事."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from nlu.tables import any_of, read_table
from nlu.wording import CHINESE_DIGITS, chinese_number, fold_width

if TYPE_CHECKING:
    from collections.abc import Iterator

LATELY = 32
"""Texts of which is known what they name: a message is read for its numbers by each who may have been meant."""

_SHORT_DIGITS = 3
_NUMERAL = "[0-9零〇一二三四五六七八九十百幺]"
_NOT_INSIDE = r"(?<![0-9A-Za-z./\-*])(?<![0-9][:：])"
_FULL = re.compile(
    r"(?<![0-9])(20[0-9]{2})[-./年]?(0[1-9]|1[0-2])[-./月]?(0[1-9]|[12][0-9]|3[01])日?"
    r"(?: ?[-—–―－_#第] ?| )([0-9]{3,4})(?![0-9:：]|[-.][0-9])(?:号(?!楼|线))?"
)
# Without the year, or without the dash: 0412-007, 20260412007.
_DATED = re.compile(
    r"(?<![0-9A-Za-z.:：/\-])(20[0-9]{2})?((?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?(1)|[-—–－])(0[0-9]{2})"
    r"(?![0-9A-Za-z:：]|[-.][0-9])"
)
# Three digits with a zero ahead count nothing and date nothing, so they need no word beside them.
_ZERO_LED = re.compile(
    rf"{_NOT_INSIDE}(0[0-9]{{2}})(?:号|(?![0-9A-Za-z./\-%米元]|[:：][0-9]))"
    rf"|(?<!{_NUMERAL})([零〇][零〇一二三四五六七八九幺]{{2}})号?(?!{_NUMERAL})"
)
_LONGEST_WORD = 6


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number at `start:end`; `value` is `YYYYMMDD-NNN`, `MMDD-NNN`, or three digits: as much as was said."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The word lists of `data/case_numbers.yml`, compiled."""

    numbered: re.Pattern[str]
    behind: re.Pattern[str]
    after_word: re.Pattern[str]
    not_before: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    table: dict[str, list[str]] = read_table("case_numbers")
    pointing = "(?:的)?(?:那个|这个|那件|这件|那|这)?(?:的)?"
    others = f"(?:[和跟与、,，及]|还有)?(?:{_NUMERAL}{{1,4}}号[和跟与、,，及]?){{0,4}}"
    return _Lexicon(
        numbered=re.compile(
            rf"{_NOT_INSIDE}(?<![第月周期零〇一二三四五六七八九十百])({_NUMERAL}{{1,4}})号(?!{any_of(table['not_cases'])})"
        ),
        # What stands behind the last of several numbers is meant for each: 6号和9号一起转给.
        behind=re.compile(
            rf"{others}[ ，,：:]?(?:一起|一并|都|也|全部|先)?"
            rf"(?:{pointing}(?:{any_of(table['case'])})|{any_of(table['doing'])})"
        ),
        after_word=re.compile(
            rf"(?:{any_of(table['before'])})[是为叫第:：#\s]{{0,3}}({_NUMERAL}{{1,4}})号?"
            rf"(?![0-9A-Za-z.:：/\-%]|{any_of(table['not_behind'])})",
            re.IGNORECASE,
        ),
        not_before=re.compile(rf"(?:{any_of(table['not_before'])})[是为:：\s]*\Z"),
    )


@lru_cache(LATELY)
def find_case_numbers(text: str) -> tuple[CaseNumber, ...]:
    """The case numbers of `text`, in order and without overlaps.

    A short number counts if a zero leads it (007), or if a word of cases stands beside it (7号那个事, 结案 12).
    """
    found: list[CaseNumber] = []
    for number in sorted(_candidates(fold_width(text)), key=lambda number: (number.start, -number.end)):
        if not found or number.start >= found[-1].end:
            found.append(number)
    return tuple(found)


def _candidates(text: str) -> Iterator[CaseNumber]:
    lexicon = _lexicon()
    for match in _FULL.finditer(text):
        yield CaseNumber(match.start(), match.end(), f"{match[1]}{match[2]}{match[3]}-{match[4]}")
    for match in _DATED.finditer(text):
        yield CaseNumber(match.start(), match.end(), f"{match[1] or ''}{match[2]}-{match[3]}")
    for match in _ZERO_LED.finditer(text):
        if not lexicon.not_before.search(text, max(0, match.start() - _LONGEST_WORD), match.start()):
            yield CaseNumber(match.start(), match.end(), _in_digits(match[1] or match[2]))
    for match in lexicon.numbered.finditer(text):
        if lexicon.behind.match(text, match.end()):
            yield from _short(match)
    for match in lexicon.after_word.finditer(text):
        yield from _short(match)


def _short(match: re.Match[str]) -> Iterator[CaseNumber]:
    number = chinese_number(match[1].replace("幺", "一"))
    if number is not None and number < 10**_SHORT_DIGITS:
        yield CaseNumber(match.start(1), match.end(), str(number).zfill(_SHORT_DIGITS))


def _in_digits(numeral: str) -> str:
    return "".join(str(CHINESE_DIGITS.get(character, character)) for character in numeral)
