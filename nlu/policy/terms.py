"""Brings a question to the words of documents: one spelling, no fillers, the document's words for the people's."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu.policy.numbering import number_of
from nlu.tables import read_yaml

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

DATA = Path(__file__).parent.parent / "data" / "policy"

_FIGURE = re.compile(
    r"百分之(?P<percent>[一二三四五六七八九十百]+)"
    r"|(?P<number>[二两三四五六七八九]?[一二三四五六七八九十百千]+)(?P<measure>个(?!一)|户|年|人|平方米|日|天|元|名|次|倍)"
)
_NOT_WORDS = re.compile(r"[^\w%+]+|_+")


def _alternatives(words: Iterable[str]) -> re.Pattern[str]:
    """Matches any of `words`, the longest first."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))))


@dataclass(frozen=True, slots=True)
class Synonym:
    """Words of the people that mean words of the documents."""

    people: tuple[str, ...]
    document: tuple[str, ...]


class Thesaurus:
    """The word lists of `thesaurus.yml`, ready for use."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        """`content` has the keys that the head of the file describes. ValueError names those that are missing."""
        keys = ("wording", "synonyms", "contrasts", "fillers", "abbreviations", "places")
        if missing := [key for key in keys if not content.get(key)]:
            raise ValueError(f"thesaurus: missing {', '.join(missing)}")
        self.fingerprint = hashlib.sha256(repr(content).encode()).hexdigest()
        self.synonyms = tuple(
            Synonym(tuple(map(plain, entry["people"])), tuple(map(plain, entry["document"])))
            for entry in content["synonyms"]
        )
        self.abbreviations: Mapping[str, str] = content["abbreviations"]
        self.places: tuple[str, ...] = tuple(content["places"])
        self.contrasts = tuple(tuple(tuple(words) for words in group) for group in content["contrasts"])
        self._wording = {plain(str(word)): str(standard) for word, standard in content["wording"].items()}
        self._wording_words = _alternatives(self._wording)
        self._people_words = _alternatives(word for entry in self.synonyms for word in entry.people)
        self._by_word: dict[str, list[Synonym]] = {}
        for entry in self.synonyms:
            for word in entry.people:
                self._by_word.setdefault(word, []).append(entry)
        self._fillers = frozenset(content["fillers"])
        self.common_characters = frozenset("".join([*self._fillers, *self._wording, *self._wording.values()]))
        self._filler_words = _alternatives(word for word in self._fillers if len(word) > 1)

    def standard(self, text: str) -> str:
        """`text` in one spelling: half width, lower case, no punctuation, standard words for dialect and slips."""
        return plain(self._wording_words.sub(lambda match: self._wording[match.group()], plain(text)))

    def said(self, text: str) -> tuple[Synonym, ...]:
        """What of `text` (in standard spelling) the documents say in other words."""
        found: dict[str, tuple[str, ...]] = {}
        for start in range(len(text)):
            if match := self._people_words.match(text, start):
                found[match.group()] = tuple(word for entry in self._by_word[match.group()] for word in entry.document)
        found |= {match.group(): (_in_digits(match),) for match in _FIGURE.finditer(text)}
        return tuple(Synonym((word,), words) for word, words in found.items())

    def content(self, text: str, known: Container[str]) -> str:
        """`text` without its fillers, spaces in their place.

        A filler of one character stays where it makes a pair of `known` with a neighbour: 会 is a filler in 会不会, and
        is none in 议事会.
        """

        def blank(match: re.Match[str]) -> str:
            # 主要 is a filler, and is none in 业主要.
            joined = len(match.group()) == 2 and match.string[max(match.start() - 1, 0) : match.start() + 1] in known
            return match.group() if joined and match.start() else " " * len(match.group())

        text = self._filler_words.sub(blank, text)
        kept = [
            " "
            if character in self._fillers
            and text[max(index - 1, 0) : index + 1] not in known
            and text[index : index + 2] not in known
            else character
            for index, character in enumerate(text)
        ]
        return " ".join("".join(kept).split())


def _in_digits(match: re.Match[str]) -> str:
    """三百户 as 300户, 百分之十三 as 13%."""
    if match.group("percent"):
        return f"{number_of(match.group('percent'))}%"
    return f"{number_of(match.group('number'))}{match.group('measure')}"


def plain(text: str) -> str:
    """`text` in half width and lower case, punctuation and spaces as one space each."""
    return " ".join(_NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", text).lower()).split())


def grams(text: str, longest: int = 3) -> Counter[str]:
    """The runs of 1 to `longest` characters within each word of `text` (already plain), with their counts."""
    return Counter(
        [
            word[start : start + length]
            for word in text.split()
            for length in range(1, longest + 1)
            for start in range(len(word) - length + 1)
        ]
    )


def bigrams(text: str) -> list[str]:
    """The pairs of neighbouring characters of `text`; a word of one character stands for itself."""
    return [
        pair
        for word in text.split()
        for pair in ([word] if len(word) == 1 else [word[start : start + 2] for start in range(len(word) - 1)])
    ]


@lru_cache(maxsize=1)
def shipped_thesaurus() -> Thesaurus:
    """The thesaurus that comes with the program."""
    return Thesaurus(read_yaml(DATA / "thesaurus.yml"))
