"""One question as one document would put it: its subject, its words in the document's words, and what it asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nlu.policy.terms import grams

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nlu.policy.asked import Asked
    from nlu.policy.terms import Synonym

# A single character says little, a synonym less than what was said; measured flat between half and double of these.
_CHARACTER = 0.3
_SYNONYM = 0.6


@dataclass(frozen=True, slots=True)
class Reading:
    """One question in the words of one document.

    `question` is as it was asked, `text` in standard spelling, `content` its subject without fillers, units and the
    asking, `said` the document's words for what it says in others. `who` tells that it asks for the units responsible,
    `units` are those it names. `meaning` is its vector.
    """

    question: str
    text: str
    content: str
    said: tuple[Synonym, ...]
    who: bool
    units: tuple[str, ...]
    kinds: frozenset[Asked]
    measures: frozenset[int]
    years: frozenset[str]
    meaning: NDArray[np.float32] = field(compare=False, repr=False)

    @property
    def synonyms(self) -> tuple[str, ...]:
        """The documents' words that the question does not hold itself."""
        return tuple(dict.fromkeys(word for entry in self.said for word in entry.document if word not in self.text))

    def weights(self) -> dict[str, float]:
        """The weighted terms of the question and of its synonyms."""
        return self.synonym_weights() | self.own_weights()

    def own_weights(self) -> dict[str, float]:
        """The weighted terms of the question itself."""
        return _weighted(self.content, 1.0)

    def synonym_weights(self) -> dict[str, float]:
        """The weighted terms of its synonyms: however many mean one word, together they weigh a little less than it."""
        weights: dict[str, float] = {}
        for entry in self.said:
            replaced = sum(_weighted(" ".join(entry.people), _SYNONYM).values())
            terms = _weighted(" ".join(entry.document), 1.0)
            share = replaced / max(sum(terms.values()), 1e-9)
            for term, weight in terms.items():
                weights[term] = max(weights.get(term, 0.0), share * weight)
        return weights


def _weighted(text: str, weight: float) -> dict[str, float]:
    return {term: weight * count * (_CHARACTER if len(term) == 1 else 1.0) for term, count in grams(text).items()}
