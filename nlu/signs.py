"""Signs: small rules over groups of words by which a sentence is recognised, as `person >> fall_in > water & !toy`.

    a > b     b begins within eight characters behind a, in the same clause
    a >> b    within twenty, also across a comma
    a & b     both stand in the sentence, in any order
    & !a      and a does not
    a|b       one of them is enough
An atom is the name of a group of words, or a word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlu.wording import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_NEAR, _FAR = 8, 20
_ARROW = re.compile(r"\s*(>>|>)\s*")
_NAME = re.compile("[a-z_]+")
_COMMA = ","
_FIGURE, _NEGATOR = "figure", "negator"


@dataclass(frozen=True, slots=True)
class _Step:
    """One link of a chain: a word of one of `groups`, beginning at most `reach` behind the link before it."""

    groups: tuple[str, ...]
    reach: int
    crosses_commas: bool


_Chain = tuple[_Step, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """A rule: all `chains` stand in a sentence and none of `absent` does."""

    chains: tuple[_Chain, ...]
    absent: tuple[_Chain, ...]

    def found_in(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
        """Where in `sentence` the first of its chains begins, and where the link does that stands last."""
        others = [next(sentence.spans_of(chain), None) for chain in self.chains[1:]]
        if None in others or any(next(sentence.spans_of(chain), None) is not None for chain in self.absent):
            return
        for start, last in sentence.spans_of(self.chains[0]):
            yield start, max([last, *(other[1] for other in others if other is not None)])


class Sentence:
    """A sentence with the words of a lexicon that stand in it, by their groups."""

    def __init__(self, text: str, found: Mapping[str, Sequence[tuple[int, int]]]) -> None:
        self.text = text
        self._found = found

    @property
    def groups(self) -> Iterable[str]:
        """The groups that have a word here."""
        return self._found

    def spans_of(self, chain: _Chain) -> Iterator[tuple[int, int]]:
        """Where `chain` begins and where its last link does, once for each word that begins it."""
        for start, end in self._words_of(chain[0]):
            last = self._last_link(chain[1:], start, end)
            if last is not None:
                yield start, last

    def _last_link(self, chain: _Chain, start: int, end: int) -> int | None:
        """Where the last link of `chain` begins behind the word at `start` to `end`; None where a link is missing."""
        if not chain:
            return start
        step = chain[0]
        for following, after in self._words_of(step, end, end + step.reach):
            if step.crosses_commas or _COMMA not in self.text[end:following]:
                last = self._last_link(chain[1:], following, after)
                if last is not None:
                    return last
        return None

    def _words_of(self, step: _Step, first: int = 0, last: int | None = None) -> Iterator[tuple[int, int]]:
        """The words of a link that begin from `first` to `last`."""
        for group in step.groups:
            words = self._found.get(group, ())
            for place in range(bisect_left(words, (first,)), len(words)):
                if last is not None and words[place][0] > last:
                    break
                yield words[place]


@dataclass(frozen=True, slots=True)
class Found:
    """A sign that stands in a sentence: its place among all signs, and its kind.

    `start` is where the chain begins that its rule names first, and `last` where the link does that stands last.
    """

    place: int
    kind: str
    start: int
    last: int


class Signs:
    """The signs of several kinds, in the order of the kinds, with the words that they speak of.

    Two groups of words have a meaning of their own: a `figure` hides the words inside it (the 火 of 火锅), and a
    `negator` right before a word, or one character before it, takes it back unless a longer word begins with it
    (the 没 of 没呼吸).
    """

    def __init__(
        self,
        rules: Mapping[str, Iterable[str]],
        groups: Mapping[str, Iterable[str]],
        misspelt: Mapping[str, Iterable[str]],
    ) -> None:
        self._signs = [(kind, _sign(rule)) for kind, each in rules.items() for rule in each]
        steps = [step for _, sign in self._signs for chain in (*sign.chains, *sign.absent) for step in chain]
        literals = {atom for step in steps for atom in step.groups if not _NAME.fullmatch(atom)}
        members = {**{word: (word,) for word in literals}, **{name: tuple(words) for name, words in groups.items()}}
        if unknown := {atom for step in steps for atom in step.groups} - set(members):
            raise ValueError(f"signs speak of groups that are missing: {', '.join(sorted(unknown))}")
        spelt = {group: [*words, *_wrong(words, misspelt)] for group, words in members.items()}
        self._words = _by_word(spelt)
        self._lengths = _lengths_by_initial(self._words)
        self._watched = self._by_rarest_step(members)

    def read(self, text: str) -> Sentence:
        """The sentence `text`, which is normalised, with its words."""
        mentions = list(self._mentions(text))
        figures = [(start, end) for start, end, groups in mentions if _FIGURE in groups]
        shown = [each for each in mentions if not any(_hides(figure, each[:2]) for figure in figures)]
        longest = {start: end for start, end, _ in sorted(shown)}
        negated = {end for start, end, groups in shown if _NEGATOR in groups and longest[start] == end}
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for start, end, groups in shown:
            if start in negated or (start - 1 in negated and text[start - 1] != _COMMA):
                continue
            for group in groups:
                found[group].append((start, end))
        return Sentence(text, dict(found))

    def found_in(self, sentence: Sentence) -> Iterator[Found]:
        """Every sign that stands in `sentence`."""
        candidates = {place for group in sentence.groups for place in self._watched.get(group, ())}
        for place in sorted(candidates):
            kind, sign = self._signs[place]
            for start, last in sign.found_in(sentence):
                yield Found(place, kind, start, last)

    def _mentions(self, text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        for start, initial in enumerate(text):
            for length in self._lengths.get(initial, ()):
                groups = self._words.get(text[start : start + length])
                if groups is not None:
                    yield start, start + length, groups

    def _by_rarest_step(self, members: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
        """Which signs to look for where a word of a group stands: those whose rarest link is of that group."""

        def commonness(step: _Step) -> tuple[int, int]:
            words = [word for group in step.groups for word in members[group]]
            return sum(len(word) == 1 for word in words), len(words)

        watched: dict[str, list[int]] = defaultdict(list)
        for place, (_, sign) in enumerate(self._signs):
            for group in min((step for chain in sign.chains for step in chain), key=commonness).groups:
                watched[group].append(place)
        return dict(watched)


def _hides(figure: tuple[int, int], word: tuple[int, int]) -> bool:
    """Whether they overlap and the word is neither the figure itself nor a longer one around it."""
    around = word[0] <= figure[0] and figure[1] <= word[1]
    return figure[0] < word[1] and word[0] < figure[1] and not around


def _wrong(words: Iterable[str], misspelt: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for word in words:
        yield from misspelt.get(word, ())


def _by_word(members: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for group, words in members.items():
        for word in words:
            groups[normalise(word)].add(group)
    return {word: tuple(sorted(names)) for word, names in groups.items()}


def _lengths_by_initial(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = defaultdict(set)
    for word in words:
        lengths[word[0]].add(len(word))
    return {initial: tuple(found) for initial, found in lengths.items()}


def _sign(rule: str) -> Sign:
    parts = [part.strip() for part in rule.split("&")]
    return Sign(
        chains=tuple(_chain(part) for part in parts if not part.startswith("!")),
        absent=tuple(_chain(part[1:]) for part in parts if part.startswith("!")),
    )


def _chain(rule: str) -> _Chain:
    atoms = _ARROW.split(rule.strip())
    arrows = [">", *atoms[1::2]]
    return tuple(
        _Step(
            groups=tuple(atom.strip().split("|")),
            reach=_FAR if arrow == ">>" else _NEAR,
            crosses_commas=arrow == ">>",
        )
        for arrow, atom in zip(arrows, atoms[::2], strict=True)
    )
