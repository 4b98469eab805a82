"""Tells from the manner of a question, whatever its subject, if it is one that rules answer and if it wants units."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from nlu.policy.neighbours import Neighbours
from nlu.policy.terms import grams

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from numpy.typing import NDArray

    from nlu.policy.reading import Reading


class Manners:
    """Learned from questions that a document answers and others that it does not.

    What it learned holds for other documents too: how high a fine is, a rule says; how high a subsidy is or what the
    telephone number is, hardly ever.
    """

    def __init__(
        self,
        readings: Sequence[Reading],
        for_units: NDArray[np.bool_],
        known: Container[str],
        coefficients: NDArray[np.float64] | None = None,
    ) -> None:
        """The first of `readings` are answered, by what names the units responsible where `for_units` says so.

        `known` holds the pairs of characters of their document.
        """
        self._count = len(readings)
        targets = np.full((len(readings), 2), -1.0)
        targets[: len(for_units), 0] = 1.0
        targets[: len(for_units), 1] = np.where(for_units, 1.0, -1.0)
        # Of what is not answered nobody knows where it would have stood.
        targets[len(for_units) :, 1] = 0.0
        terms = [_terms(reading, known) for reading in readings]
        self._neighbours = Neighbours(terms, _meanings(readings), targets, coefficients)

    @property
    def coefficients(self) -> NDArray[np.float64]:
        """What was costly to learn."""
        return self._neighbours.coefficients

    def of(self, readings: Sequence[Reading], known: Container[str]) -> NDArray[np.float64]:
        """How much each is asked like what is answered (positive) or is not, and like what wants units (two columns).

        `known` is of the document asked.
        """
        scores, _ = self._neighbours.predict([_terms(reading, known) for reading in readings], _meanings(readings))
        return scores

    def held_out(self) -> NDArray[np.float64]:
        """The same for the questions learned from, each as if it did not exist itself."""
        scores, _ = self._neighbours.held_out(self._count)
        return scores


def _terms(reading: Reading, known: Container[str]) -> dict[str, float]:
    """A question's words, and apart from them its frame: what it shares with the document replaced by a blank."""
    text = reading.text
    hidden = [False] * len(text)
    for index in range(len(text) - 1):
        if text[index : index + 2] in known and text[index : index + 2] in reading.content:
            hidden[index] = hidden[index + 1] = True
    blanked = "".join("□" if blank else character for blank, character in zip(hidden, text, strict=True))
    flags = [*reading.kinds, *(["who"] if reading.who else []), *(["unit"] if reading.units else [])]
    return {
        **grams(text),
        **{f"frame {term}": count for term, count in grams(re.sub("□+", "□", blanked)).items()},
        **dict.fromkeys(flags, 2.0),
    }


def _meanings(readings: Sequence[Reading]) -> NDArray[np.float32]:
    return np.array([reading.meaning for reading in readings])
