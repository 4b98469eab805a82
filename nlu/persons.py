"""Finds the persons that a text names: 张三, 王婆婆, 老周, 网格员李建国."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.tables import any_of, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAUSE = re.compile(r"[^\u4e00-\u9fff]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST_CUE = 6


@dataclass(frozen=True, slots=True)
class Person:
    """A person named in a text, as it was written at `start:end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The word lists of `data/persons.yml`, compiled."""

    surname: re.Pattern[str]
    titled: re.Pattern[str]
    familiar: re.Pattern[str]
    common: frozenset[str]
    ambiguous: frozenset[str]
    given: frozenset[str]
    anybody: frozenset[str]
    announcing: tuple[str, ...]
    introducing: tuple[str, ...]
    following: tuple[str, ...]
    following_words: tuple[str, ...]
    not_names: tuple[str, ...]
    not_familiar: tuple[str, ...]
    not_before_titles: tuple[str, ...]


@cache
def _lexicon() -> _Lexicon:
    table: dict[str, Any] = read_table("persons")
    common, surnames = any_of(table["common_surnames"]), any_of(table["surnames"])
    guarded = "|".join(f"{title}(?![{unless}])" for title, unless in table["guarded_titles"].items())
    offices = f"(?:{any_of(table['offices'])}|{any_of(table['short_titles'])}|{guarded})"
    return _Lexicon(
        surname=re.compile(surnames),
        titled=re.compile(
            f"(?:{surnames})(?:{any_of(table['kinship'])})|(?:{common}){offices}|{any_of(table['nicknames'])}"
        ),
        familiar=re.compile(f"[老小阿](?:{common})"),
        common=frozenset(table["common_surnames"]),
        ambiguous=frozenset(table["ambiguous_surnames"]),
        given=frozenset(table["given_characters"]) - {" "},
        anybody=frozenset(table["anybody"]),
        announcing=tuple(table["announcing"]),
        introducing=tuple(table["introducing"]),
        following=tuple(table["following"]),
        following_words=tuple(word for word in table["following"] if len(word) > 1),
        not_names=tuple(table["not_names"]),
        not_familiar=tuple(table["not_familiar"]),
        not_before_titles=tuple(table["not_before_titles"]),
    )


def find_persons(text: str) -> tuple[Person, ...]:
    """The persons of `text`, in order; with a title where that is how they are named (王婆婆, 刘老师).

    A full name without a title is found where the text announces it (我叫, 通知, 转给) or where its characters are
    those of names; after 姓 the surname alone is one.
    """
    spans: list[tuple[int, int]] = []
    for start, end in sorted(_candidates(text), key=lambda span: span[0]):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return tuple(Person(start, end, text[start:end]) for start, end in spans)


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    """Spans that may be persons; of two that begin at one place the better one comes first."""
    lexicon = _lexicon()
    for match in lexicon.titled.finditer(text):
        if not _ends_word(text, match.start(), lexicon) and not text.startswith(lexicon.not_names, match.start()):
            yield match.span()
    for match in lexicon.familiar.finditer(text):
        is_name = not text.startswith(lexicon.not_familiar, match.start())
        if is_name and (match[0][1:] not in lexicon.ambiguous or _may_follow_name(text, match.end(), lexicon)):
            yield match.span()
    for match in lexicon.surname.finditer(text):
        end = _name_end(text, match.start(), match.end(), lexicon)
        if end:
            yield match.start(), end


def _ends_word(text: str, start: int, lexicon: _Lexicon) -> bool:
    """Whether the surname at `start` is but the last character of another word: 任 in 主任医生."""
    return text[max(0, start - _LONGEST_CUE) : start + 1].endswith(lexicon.not_before_titles)


def _may_follow_name(text: str, end: int, lexicon: _Lexicon, *, whole_words: bool = False) -> bool:
    """Whether a name may end at `end`: a pause or a word follows, and no single character if `whole_words`."""
    if end == len(text) or _PAUSE.match(text, end):
        return True
    return text.startswith(lexicon.following_words if whole_words else lexicon.following, end)


def _name_end(text: str, start: int, given: int, lexicon: _Lexicon) -> int | None:
    """Where the name with the surname `start:given` ends, or None if it is no name."""
    before = text[max(0, start - _LONGEST_CUE) : start]
    if before.endswith("姓") and not before.endswith(("同姓", "百姓")):
        return given
    characters = _HAN.match(text, given, given + 2)
    if not characters or text.startswith(lexicon.not_names, start):
        return None
    ends = [end for end in (given + 2, given + 1) if end <= characters.end()]
    if anybody := [end for end in ends if text[start:end] in lexicon.anybody]:
        return anybody[0]
    surname = text[start:given]
    fitting = [end for end in ends if _fits(text, given, end, lexicon)]
    announced = before.endswith(lexicon.announcing) and surname not in lexicon.ambiguous
    if announced:
        return _best(text, given, fitting or [end for end in ends if _may_follow_name(text, end, lexicon)], lexicon)
    if given + 2 in fitting and surname in lexicon.common and surname not in lexicon.ambiguous:
        return _best(text, given, fitting, lexicon)
    if not before or _PAUSE.match(before[-1]) or before.endswith((*lexicon.introducing, *lexicon.announcing)):
        unsure = surname in lexicon.ambiguous or surname not in lexicon.common
        likely = [end for end in fitting if _may_follow_name(text, end, lexicon, whole_words=unsure)]
        return _best(text, given, likely, lexicon)
    return None


def _fits(text: str, given: int, end: int, lexicon: _Lexicon) -> bool:
    """Whether `given:end` consists of characters of given names; 李家 is a family and no name."""
    return text[given:end] != "家" and all(character in lexicon.given for character in text[given:end])


def _best(text: str, given: int, ends: list[int], lexicon: _Lexicon) -> int | None:
    """The longer one of `ends`, unless its last character rather begins what follows a name (吴斌 + 才打卡)."""
    if len(ends) < 2:
        return ends[0] if ends else None
    shorter = text.startswith(lexicon.following, given + 1) and not _may_follow_name(text, given + 2, lexicon)
    return given + 1 if shorter else given + 2
