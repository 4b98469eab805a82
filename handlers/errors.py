"""The failures that are answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Choice


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """Something that the bot will not do; `str(refusal)` is what the person is told, and nothing is written.

    A `final` one also ends the form that led to it, because no other answer would help. `choices` are what may be
    pressed instead.
    """

    def __init__(self, text: str, *, final: bool = False, choices: Sequence[Choice] = ()) -> None:
        super().__init__(text)
        self.final = final
        self.choices = tuple(choices)
