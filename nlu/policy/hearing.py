"""Puts right what was misheard or mistyped: characters, or pinyin, that sound like words of a document."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from nlu.encoder import FOLDER
from nlu.encoder.tokenizer import BOUNDARY, read
from nlu.policy.terms import DATA
from nlu.tables import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

_LENGTHS = (4, 3, 2)
_LATIN = re.compile(r"[a-z]+")
# What people of Sichuan, and those who type as they speak, do not keep apart.
_ALIKE = ((re.compile("^([zcs])h"), r"\1"), (re.compile("^l"), "n"), (re.compile("(?<=[ei])ng$"), "n"))


class Hearing:
    """Knows how the words of one document sound."""

    def __init__(self, texts: Iterable[str], words: Iterable[str], common: Iterable[str]) -> None:
        """`texts` are the document's (plain), `words` further ones that questions on it may hold.

        `common` are characters that stand as words by themselves.
        """
        printed = Counter(run for text in texts for part in text.split() for run in _runs(part))
        words = frozenset(words)
        self._common = frozenset(common)
        self._known = frozenset(printed).union(*map(_runs, words))
        self._by_sound: dict[tuple[str, ...], str] = {}
        for run in sorted(printed.keys() | words, key=lambda run: (-printed[run], run)):
            # Two characters that stand side by side by chance are not what anybody meant.
            if (len(run) > 2 or run in words or run in _ordinary_words()) and (sounds := _sounds(run)):
                self._by_sound.setdefault(sounds, run)
        self._printed = frozenset(printed)

    def put_right(self, text: str) -> str:
        """`text` with the document's words for those that only sound like them."""
        text = _LATIN.sub(lambda match: self._of_pinyin(match.group()), text)
        for length in _LENGTHS:
            for start in range(len(text) - length + 1):
                if meant := self._meant(text, start, length):
                    text = text[:start] + meant + text[start + length :]
        return text

    def _meant(self, text: str, start: int, length: int) -> str | None:
        said = text[start : start + length]
        meant = None if said in self._known else self._by_sound.get(_sounds(said))
        if meant is None or (length == 2 and meant not in self._printed):
            return None
        wrong = [place for place in range(length) if said[place] != meant[place]]
        # One of two characters is mistyped, seldom both; and what belongs to a word, or is one, is meant.
        if len(wrong) == length or any(self._is_meant(text, start + place, length) for place in wrong):
            return None
        beside = {0: said[1:], length - 1: said[:-1][::-1]}
        return None if any(_opens_with_word(beside.get(place, ""), place > 0) for place in wrong) else meant

    def _is_meant(self, text: str, place: int, length: int) -> bool:
        if length == 2 and text[place] in self._common:
            return True
        spans = ((first, first + size) for size in _LENGTHS for first in range(max(place - size + 1, 0), place + 1))
        around = (text[first:last] for first, last in spans)
        return any(word in self._known or word in _ordinary_words() for word in around)

    def _of_pinyin(self, latin: str) -> str:
        return self._by_sound.get(tuple(map(_blurred, _syllables(latin))), latin)


def _opens_with_word(rest: str, backwards: bool) -> bool:
    """Whether a character stands beside a whole word: 块 in 块社区 begins no 快社区."""
    heads = (rest[:size] for size in (2, 3) if len(rest) >= size)
    return any((head[::-1] if backwards else head) in _ordinary_words() for head in heads)


def _runs(text: str) -> Iterable[str]:
    return (text[i : i + length] for length in _LENGTHS for i in range(len(text) - length + 1))


def _sounds(text: str) -> tuple[str, ...]:
    """How `text` sounds, syllable by syllable; empty where a character is none that sounds."""
    table = _table()
    return tuple(table[character] for character in text) if all(character in table for character in text) else ()


@lru_cache(maxsize=1)
def _spelled() -> dict[str, str]:
    """The characters of each syllable."""
    return dict(read_yaml(DATA / "syllables.yml"))


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    return {character: _blurred(syllable) for syllable, characters in _spelled().items() for character in characters}


@lru_cache(maxsize=1024)
def _blurred(syllable: str) -> str:
    for pattern, plain in _ALIKE:
        syllable = pattern.sub(plain, syllable)
    return syllable


@lru_cache(maxsize=1)
def _ordinary_words() -> frozenset[str]:
    """The words that the encoder knows: they are meant as they stand."""
    return frozenset(
        word for piece in read(FOLDER / "tokenizer.json").pieces if len(word := piece.lstrip(BOUNDARY)) > 1
    )


def _syllables(latin: str) -> list[str]:
    """`latin` cut into syllables, the longest first; empty where it is no pinyin."""
    known = _spelled()
    found, rest = [], latin
    while rest:
        syllable = next((rest[:end] for end in range(min(6, len(rest)), 0, -1) if rest[:end] in known), None)
        if syllable is None:
            return []
        found.append(syllable)
        rest = rest[len(syllable) :]
    return found
