"""Tells where a name ends that begins with a surname: by its characters and by the words before and behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Collection

_PAUSE = re.compile(r"[^\u4e00-\u9fff]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST_CUE = 6
_LONGEST_GIVEN = 2


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The word lists of `data/persons.yml` and `data/ordinary_words.yml`, compiled."""

    common: frozenset[str]
    ambiguous: frozenset[str]
    likely: frozenset[str]
    possible: frozenset[str]
    impossible: re.Pattern[str]
    anybody: frozenset[str]
    announcing: tuple[str, ...]
    naming: tuple[str, ...]
    introducing: tuple[str, ...]
    following: tuple[str, ...]
    following_words: tuple[str, ...]
    not_names: tuple[str, ...]
    word_ends: tuple[str, ...]
    ordinary: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    table: dict[str, Any] = read_table("persons")
    function_characters = read_table("places")["stop_characters"] + table["no_given_characters"]
    return _Lexicon(
        common=frozenset(table["common_surnames"]),
        ambiguous=frozenset(table["ambiguous_surnames"]),
        likely=frozenset(table["given_characters"]) - {" "},
        possible=frozenset(table["given_characters"] + table["rarer_given_characters"]) - {" "},
        impossible=re.compile(f"[^\u4e00-\u9fff]|[{function_characters}]"),
        anybody=frozenset(table["anybody"]),
        announcing=tuple(table["announcing"]),
        naming=tuple(table["naming"]),
        introducing=tuple(table["introducing"]),
        following=tuple(table["following"]),
        following_words=tuple(word for word in table["following"] if len(word) > 1),
        not_names=tuple(table["not_names"]),
        word_ends=tuple(table["not_before_titles"]),
        ordinary=frozenset(read_table("ordinary_words")["words"]),
    )


@dataclass(frozen=True, slots=True)
class _Start:
    """A surname at `start:given` of a text; a sure one is common and begins few other words."""

    text: str
    start: int
    given: int
    sure: bool

    def followed(self, ends: Collection[int]) -> list[int]:
        """Those of `ends` behind which stands a pause or such a word as stands behind names."""
        return [end for end in ends if may_end(self.text, end)]

    def consists_of(self, characters: frozenset[str], end: int) -> bool:
        """Whether the name to `end` has such a given name; 李家 is a family and no name."""
        name = self.text[self.given : end]
        return name != "家" and all(character in characters for character in name)


def name_end(text: str, start: int, given: int) -> int | None:
    """Where the name with the surname `start:given` ends, or None if it is no name; after 姓 the surname is one."""
    lexicon = _lexicon()
    before = text[max(0, start - _LONGEST_CUE) : start]
    if before.endswith("姓") and not before.endswith(("同姓", "百姓")):
        return given
    characters = _HAN.match(text, given, given + _LONGEST_GIVEN)
    if not characters or text.startswith(lexicon.not_names, start) or ends_a_word(text, start):
        return None
    ends = [end for end in (given + 2, given + 1) if end <= characters.end()]
    if anybody := [end for end in ends if text[start:end] in lexicon.anybody]:
        return anybody[0]
    surname = text[start:given]
    name = _Start(text, start, given, surname in lexicon.common and surname not in lexicon.ambiguous)
    if before.endswith(lexicon.announcing):
        return _announced(name, ends)
    likely = [end for end in ends if name.consists_of(lexicon.likely, end)]
    if given + 2 in likely and name.sure and text[given : given + 2] not in lexicon.ordinary:
        return _best(name, likely)
    if not before or _PAUSE.match(before[-1]) or before.endswith(lexicon.introducing):
        return _introduced(name, ends)
    return None


def ends_a_word(text: str, start: int) -> bool:
    """Whether the surname at `start` is but the last character of another word: 任 in 主任医生."""
    return text[max(0, start - _LONGEST_CUE) : start + 1].endswith(_lexicon().word_ends)


def may_end(text: str, end: int, *, whole_words: bool = False) -> bool:
    """Whether a name may end at `end`: a pause or a word follows, and no single character if `whole_words`."""
    if _pauses(text, end):
        return True
    lexicon = _lexicon()
    return text.startswith(lexicon.following_words if whole_words else lexicon.following, end)


def is_announced(text: str, start: int) -> bool:
    """Whether a word stands before `start` that announces a name (我叫, 通知, 转给)."""
    return text.endswith(_lexicon().announcing, 0, start)


def _pauses(text: str, end: int) -> bool:
    return end == len(text) or _PAUSE.match(text, end) is not None


def _announced(name: _Start, ends: list[int]) -> int | None:
    """The end of a name that is announced; its characters may be any where all around says that it is a name."""
    lexicon = _lexicon()
    possible = _possible(name, ends)
    followed = name.followed(possible)
    if name.sure:
        anything = [end for end in name.followed(ends) if name.text[name.given : end] not in lexicon.ordinary]
        return _best(name, followed or anything or possible)
    # 「我叫成弋阳，」: whoever says what they are called says nothing else before the pause.
    said = name.text.endswith(lexicon.naming, 0, name.start)
    return _best(name, followed or [end for end in ends if said and _pauses(name.text, end)])


def _introduced(name: _Start, ends: list[int]) -> int | None:
    """The end of a name between such words as stand before and behind names."""
    lexicon = _lexicon()
    # A short name with an unsure surname needs a whole word behind it.
    followed = [
        end
        for end in _possible(name, ends)
        if may_end(name.text, end, whole_words=not name.sure and end == name.given + 1)
    ]
    whole = name.text[name.given : name.given + _LONGEST_GIVEN]
    odd = (
        len(whole) < _LONGEST_GIVEN
        or lexicon.impossible.search(whole)
        or whole in lexicon.ordinary
        or name.text.startswith(lexicon.following, name.given + 1)
    )
    if name.sure and not followed and not odd:
        followed = name.followed([name.given + _LONGEST_GIVEN])
    return _best(name, followed)


def _possible(name: _Start, ends: list[int]) -> list[int]:
    """Those of `ends` to which the characters are of names, and no piece of them is an ordinary word."""
    lexicon = _lexicon()
    if not name.sure:
        return [end for end in ends if name.consists_of(lexicon.likely, end)]
    return [end for end in ends if name.consists_of(lexicon.possible, end) and not _holds_a_word(name, end)]


def _holds_a_word(name: _Start, end: int) -> bool:
    text = name.text
    pieces = {text[name.start : name.given + 1], text[name.given : end], text[end - 1 : end + 1]}
    return bool(pieces & _lexicon().ordinary) and not may_end(text, end, whole_words=True)


def _best(name: _Start, ends: list[int]) -> int | None:
    """The longer one of `ends`, unless its last character rather begins what follows a name (吴斌 + 才打卡)."""
    if len(ends) < 2:
        return ends[0] if ends else None
    shorter = name.text.startswith(_lexicon().following, name.given + 1) and not may_end(name.text, name.given + 2)
    return name.given + 1 if shorter else name.given + 2
