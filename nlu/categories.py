"""The categories of a case, and which of them a text is about, as far as it is about any."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nlu import category_model
from nlu.category_words import matching_words
from nlu.tables import read_table
from nlu.wording import as_written, normalise

if TYPE_CHECKING:
    from nlu.category_words import WordMatch
    from nlu.understanding import Danger

_EMERGENCIES = frozenset({"emergency"})
_EVERY_KIND = _EMERGENCIES | {"dispute", "incident"}
_SURE = 0.0
"""A text without a word of any category has one from this margin on: no more of those that have none reach it than
name a category by chance."""

_SURE_OF_A_REPORT = -0.5
"""A text that is known to be a report has a category from this margin on; below, it hardly says anything yet."""

_DANGER_OF_NO_KIND = "safety_hazard"

_JOINT = re.compile(r"[^,。.!?;]{0,4}(?:、|和|跟|与|及|还有|以及|又|也|,还|,又|,也)[^,。.!?;]{0,4}")
# Whoever speaks of a case that is known already names it with one short word: 狗那个, 树的事.
_ABOUT_A_CASE = re.compile(
    "那个|那件|那棵|那条|的事|那家|结案|结单|办结|撤|单子|我报|报的|接单|我接|受理|转给|转到|转交|派|扶正|锯|纠纷|调解|补充|处理|[0-9]{3}号"
)


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
class _Reading:
    """One category that a text may be about, and its most telling word if there is one."""

    kind: str
    slug: str
    word: WordMatch | None


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


def category(slug: str, kind: str | None = None) -> Category:
    """The category of that slug; of one that is of several kinds (medical) that of `kind`, or else the ordinary one.

    Raises KeyError for an unknown slug.
    """
    of_slug = _by_slug()[slug]
    return next((each for each in of_slug if each.kind == kind), of_slug[0])


@cache
def _by_slug() -> dict[str, list[Category]]:
    found: dict[str, list[Category]] = defaultdict(list)
    for each in sorted(load_categories(), key=lambda each: each.kind in _EMERGENCIES):
        found[each.slug].append(each)
    return dict(found)


def category_of(text: str, kinds: frozenset[str] | None = None) -> str | None:
    """The slug of the category that `text` is about, or None.

    `kinds` says that it is a report, and of which kinds it may be: `dispute`, `incident`, `emergency`.
    """
    readings = _readings(text, normalise(text), kinds or _EVERY_KIND, is_report=kinds is not None)
    return readings[0].slug if readings else None


def category_named(text: str, kinds: frozenset[str]) -> str | None:
    """The slug of the category that a word of `text` names, whatever a model makes of the rest; or None."""
    word = _most_telling(matching_words(normalise(text), kinds))
    return word.slug if word is not None else None


def category_of_emergency(text: str, danger: Danger | None) -> str:
    """The slug of the category of an emergency: that of the danger in its words, or else the likeliest.

    Where the text is sure of none, it is danger to life of no kind of its own.
    """
    return danger.kind if danger is not None else category_of(text, _EMERGENCIES) or _DANGER_OF_NO_KIND


def category_mentions(
    text: str, kinds: frozenset[str] | None = None, danger: Danger | None = None
) -> tuple[CategoryMention, ...]:
    """The category of `text` with the words that say so; two where the text joins words of two of them (和, 、, 又).

    `kinds` are as for `category_of`; an emergency has one category, as `category_of_emergency` says for `danger`.
    """
    plain = normalise(text)
    if kinds == _EMERGENCIES:
        slug = category_of_emergency(text, danger)
        named = [word for word in matching_words(plain, _EMERGENCIES) if word.slug == slug]
        return (_of_word(text, named[0]) if named else _of_text(text, category(slug, "emergency").kind, slug),)
    is_report = kinds is not None or _ABOUT_A_CASE.search(plain) is not None
    readings = _readings(text, plain, kinds or _EVERY_KIND, is_report=is_report)
    if not readings:
        return ()
    joined = next((other for other in readings[1:] if _are_joined(plain, readings[0], other)), None)
    if joined and joined.word and readings[0].word:
        mentions = [_of_word(text, readings[0].word), _of_word(text, joined.word)]
        return tuple(sorted(mentions, key=lambda mention: mention.start))
    return (_of_text(text, readings[0].kind, readings[0].slug),)


def naming_word(text: str, slug: str) -> str | None:
    """The word of `text`, as it was written, that names the category `slug` best; None where no single word does."""
    words = [word for word in matching_words(normalise(text), _EVERY_KIND, with_hints=True) if word.slug == slug]
    best = _most_telling(words)
    return text[slice(*as_written(text, best.start, best.end))] if best else None


def _readings(text: str, plain: str, kinds: frozenset[str], *, is_report: bool) -> list[_Reading]:
    """The categories that `text` may be about, the likeliest first; none where too little speaks for any."""
    words: dict[tuple[str, str], list[WordMatch]] = defaultdict(list)
    for match in matching_words(plain, kinds, with_hints=is_report):
        words[match.kind, match.slug].append(match)
    margins = {label: margin for label, margin in category_model.load().margins(text).items() if label[0] in kinds}
    best = max(margins, key=margins.__getitem__)
    if not words and margins[best] <= (_SURE_OF_A_REPORT if is_report else _SURE):
        return []
    likely = sorted({best, *words}, key=lambda label: (-margins[label], label))
    return [_Reading(*label, _most_telling(words.get(label, []))) for label in likely]


def _most_telling(matches: list[WordMatch]) -> WordMatch | None:
    return max(matches, key=lambda match: (match.weight, -match.start), default=None)


def _are_joined(plain: str, one: _Reading, other: _Reading) -> bool:
    if one.word is None or other.word is None:
        return False
    first, second = sorted((one.word, other.word), key=lambda match: match.start)
    return _JOINT.fullmatch(plain, first.end, second.start) is not None


def _of_word(text: str, match: WordMatch) -> CategoryMention:
    return CategoryMention(match.slug, *as_written(text, match.start, match.end))


def _of_text(text: str, kind: str, slug: str) -> CategoryMention:
    return CategoryMention(slug, *category_model.load().most_telling(text, (kind, slug)))
