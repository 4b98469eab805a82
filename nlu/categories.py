"""The categories of a case, and which of them a text is about."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nlu.emergencies import emergency_kind
from nlu.tables import read_table
from nlu.wording import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ORDINARY = frozenset({"dispute", "incident"})
_EMERGENCIES = frozenset({"emergency"})
_GAP = "…"
# Stands for a gap while a word is normalised, which would take the dots of … for punctuation.
_MARK = "|"
_GAP_COST = 0.5
_ANYTHING = "[^。.!?;]{0,6}?"
# What a character of a hint, of a word and of a key weighs.
_HINT, _WORD, _KEY = 0.6, 1.0, 1.5
_JOINT = re.compile(r"[^,。.!?;]{0,4}(?:、|和|跟|与|及|还有|以及|又|也|,还|,又|,也)[^,。.!?;]{0,4}")
# Whoever speaks of a case that is known already names it with one short word: 狗那个, 树的事.
_ABOUT_A_CASE = re.compile(
    "那个|那件|那棵|那条|的事|那家|结案|结单|办结|撤|单子|我报|报的|接单|我接|受理|转给|转到|转交|派|扶正|锯|纠纷|调解|补充|处理|[0-9]{3}号"
)
_LONGEST_MAPPED = 400


@dataclass(frozen=True, slots=True)
class Category:
    """One category of a case.

    `deadline_days` is in working days, 0 for emergencies. `keys` name it, `words` point to it wherever they stand
    (`…` is a gap of a few characters); `hints` are weaker and count only where the kind of case is known already.
    """

    kind: str
    slug: str
    name: str
    deadline_days: int
    keys: tuple[str, ...]
    words: tuple[str, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryMention:
    """Where a text names a category: `start` and `end` are offsets in the text as it was written."""

    slug: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Word:
    head: str
    tail: re.Pattern[str] | None
    weight: float
    slug: str
    kind: str
    is_hint: bool


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    weight: float
    slug: str


@cache
def load_categories() -> tuple[Category, ...]:
    """All categories of `data/categories.yml`, in the order of the file."""
    return tuple(
        Category(
            each["kind"],
            each["slug"],
            each["name"],
            each["deadline_days"],
            tuple(each["keys"]),
            tuple(each["words"]),
            tuple(each["hints"]),
        )
        for each in read_table("categories")["categories"]
    )


def category(slug: str) -> Category:
    """The category of that slug; raises KeyError for an unknown one."""
    return _by_slug()[slug]


@cache
def _by_slug() -> dict[str, Category]:
    return {each.slug: each for each in load_categories()}


def category_of(text: str, kinds: frozenset[str] | None = None) -> str | None:
    """The slug of the category that `text` is about, or None.

    `kinds` restricts to `dispute`, `incident`, `emergency`; with it, the weaker hints count as well. Without it an
    emergency is named only where no other category is.
    """
    plain = normalise(text)
    if kinds is not None:
        ranking = _ranking(_matches(plain, kinds, with_hints=True))
    else:
        ranking = _ranking(_matches(plain, _ORDINARY)) or _ranking(_matches(plain, _EMERGENCIES))
    return ranking[0].slug if ranking else None


def category_mentions(text: str) -> tuple[CategoryMention, ...]:
    """The category of `text` with the words that name it; two where the text joins two of them clearly (和, 、, 又).

    A text that reports present danger has the category of the danger.
    """
    plain = normalise(text)
    danger = emergency_kind(text)
    if danger:
        named = [match for match in _ranking(_matches(plain, _EMERGENCIES)) if match.slug == danger]
        return (_mention(text, plain, named[0]) if named else CategoryMention(danger, 0, len(text)),)
    ranking = _ranking(_matches(plain, _ORDINARY)) or _ranking(_matches(plain, _EMERGENCIES))
    if not ranking and _ABOUT_A_CASE.search(plain):
        ranking = _ranking(_matches(plain, _ORDINARY, with_hints=True))
    chosen = ranking[:1] + [match for match in ranking[1:2] if _are_joined(plain, ranking[0], match)]
    return tuple(_mention(text, plain, match) for match in sorted(chosen, key=lambda match: match.start))


def _are_joined(plain: str, one: _Match, other: _Match) -> bool:
    first, second = sorted((one, other), key=lambda match: match.start)
    return _JOINT.fullmatch(plain, first.end, second.start) is not None


def _ranking(matches: Sequence[_Match]) -> list[_Match]:
    """The best match of each category; the category with the greatest sum of weights first, then the first named."""
    by_slug: dict[str, list[_Match]] = defaultdict(list)
    for match in matches:
        by_slug[match.slug].append(match)
    best = [max(group, key=lambda match: (match.weight, -match.start)) for group in by_slug.values()]
    return sorted(best, key=lambda match: (-sum(each.weight for each in by_slug[match.slug]), match.start))


def _matches(plain: str, kinds: frozenset[str], *, with_hints: bool = False) -> list[_Match]:
    """The words of `kinds` in `plain`; a word that stands inside a longer one does not count."""
    kept: list[_Match] = []
    taken = bytearray(len(plain))
    found = _all_matches(plain, kinds, with_hints)
    for match in sorted(found, key=lambda match: (-match.weight, match.end - match.start, match.start)):
        if not any(taken[match.start : match.end]):
            taken[match.start : match.end] = b"\1" * (match.end - match.start)
            kept.append(match)
    return kept


def _all_matches(plain: str, kinds: frozenset[str], with_hints: bool) -> Iterator[_Match]:
    index = _index()
    for start, character in enumerate(plain):
        for word in index.get(character, ()):
            wanted = word.kind in kinds and (with_hints or not word.is_hint)
            if wanted and plain.startswith(word.head, start):
                end = start + len(word.head)
                tail = word.tail.match(plain, end) if word.tail else None
                if tail or not word.tail:
                    yield _Match(start, tail.end() if tail else end, word.weight, word.slug)


@cache
def _index() -> dict[str, tuple[_Word, ...]]:
    """The words and hints of all categories by their first character."""
    index: dict[str, list[_Word]] = defaultdict(list)
    for category in load_categories():
        factors = dict.fromkeys(category.hints, _HINT) | dict.fromkeys(category.words, _WORD)
        factors |= dict.fromkeys(category.keys, _KEY)
        for word, factor in factors.items():
            head, *rest = normalise(word.replace(_GAP, _MARK)).split(_MARK)
            tail = re.compile("".join(_ANYTHING + re.escape(piece) for piece in rest)) if rest else None
            weight = (sum(map(len, (head, *rest))) - _GAP_COST * len(rest)) * factor
            index[head[0]].append(_Word(head, tail, weight, category.slug, category.kind, factor == _HINT))
    return {character: tuple(words) for character, words in index.items()}


def _mention(text: str, plain: str, match: _Match) -> CategoryMention:
    """`match`, which lies in the normalised text, at the offsets that it has in the text as written."""
    if plain == text:
        return CategoryMention(match.slug, match.start, match.end)
    if len(text) > _LONGEST_MAPPED:
        return CategoryMention(match.slug, 0, len(text))
    offsets = range(len(text) + 1)
    start = bisect_left(offsets, match.start + 1, key=lambda offset: len(normalise(text[:offset]))) - 1
    end = bisect_left(offsets, match.end, key=lambda offset: len(normalise(text[:offset])))
    return CategoryMention(match.slug, max(start, 0), min(max(end, start + 1), len(text)))
