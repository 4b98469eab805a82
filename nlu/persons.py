"""Finds the persons that a text names: 张三, 王婆婆, 老周, 网格员李建国, 卓玛拉姆."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.given_names import ends_a_word, is_announced, may_end, name_end
from nlu.tables import any_of, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator


# 「我是14栋的小武」
_ONESELF = re.compile(r"我是(?:[^，,。]{1,12}的)?\Z")


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
    ambiguous: frozenset[str]
    not_names: tuple[str, ...]
    not_familiar: tuple[str, ...]


@cache
def _lexicon() -> _Lexicon:
    table: dict[str, Any] = read_table("persons")
    common, surnames = any_of(table["common_surnames"]), any_of(table["surnames"])
    guarded = "|".join(f"{title}(?![{unless}])" for title, unless in table["guarded_titles"].items())
    offices = f"(?:{any_of(table['offices'])}|{any_of(table['short_titles'])}|{guarded})"
    without_surname = f"{any_of(table['nicknames'])}|(?:{any_of(table['words_of_names'])}){{1,2}}"
    return _Lexicon(
        surname=re.compile(surnames),
        titled=re.compile(f"(?:{surnames})(?:{any_of(table['kinship'])})|(?:{common}){offices}|{without_surname}"),
        familiar=re.compile(f"[老小阿](?:{common})"),
        ambiguous=frozenset(table["ambiguous_surnames"]),
        not_names=tuple(table["not_names"]),
        not_familiar=tuple(table["not_familiar"]),
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


def may_be_called(name: str, said: str) -> bool:
    """Whether somebody of this full name may be meant by `said`: 陈桂英 by 桂英, 陈婆婆 and 老陈, but not by 陈桂芳."""
    if said in (name, name[1:]):
        return len(said) > 1
    lexicon = _lexicon()
    titled = said[:1] == name[:1] and lexicon.titled.fullmatch(said)
    return bool(titled or (said[1:] == name[:1] and lexicon.familiar.fullmatch(said)))


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    """Spans that may be persons; of two that begin at one place the better one comes first."""
    lexicon = _lexicon()
    for match in lexicon.titled.finditer(text):
        if not ends_a_word(text, match.start()) and not text.startswith(lexicon.not_names, match.start()):
            yield match.span()
    for match in lexicon.familiar.finditer(text):
        if _is_familiar(text, match, lexicon):
            yield match.span()
    for match in lexicon.surname.finditer(text):
        end = name_end(text, match.start(), match.end())
        if end:
            yield match.start(), end


def _is_familiar(text: str, match: re.Match[str], lexicon: _Lexicon) -> bool:
    """Whether 小武 or the like is a person: 小龙 is one only where the words around say so."""
    if match[0][1:] in lexicon.ambiguous and not may_end(text, match.end()):
        return False
    said_of_oneself = _ONESELF.search(text, 0, match.start()) and may_end(text, match.end())
    expected = said_of_oneself or is_announced(text, match.start())
    return expected or not text.startswith(lexicon.not_familiar, match.start())
