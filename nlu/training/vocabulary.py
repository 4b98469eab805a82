"""Which of the published pieces a Chinese chat needs: they are a tenth, and the word table is most of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.encoder import PREFIX
from nlu.encoder.tokenizer import BOUNDARY, Tokenizer

if TYPE_CHECKING:
    from nlu.training.e5 import E5

_SIGNS = (
    "\u0020-\u0040\u005b-\u0060\u007b-\u007e"  # ASCII without its letters
    "\u00a0-\u00bf\u2000-\u2bff\ufe0f"  # signs, arrows, shapes
    "\u3000-\u303f\uff00-\uffef"  # Chinese punctuation and full width
    "\U0001f000-\U0001faff"  # emoji
)
_CHINESE = "\u4e00-\u9fff\u3400-\u4dbf"
_NEEDED = re.compile(f"[{_SIGNS}{_CHINESE}]*|[A-Za-z0-9]{{1,2}}")


def prune(published: E5) -> tuple[Tokenizer, list[int]]:
    """The tokenizer of the needed pieces, and the published id of each of them in their new order."""
    special = [published.begin, published.end, published.unknown]
    whole = _tokenizer(published, range(len(published.pieces)), special)
    of_prefix = set(whole.encode(PREFIX, len(PREFIX)))
    kept = [
        place
        for place, piece in enumerate(published.pieces)
        if place in special or place in of_prefix or _NEEDED.fullmatch(piece.removeprefix(BOUNDARY))
    ]
    return _tokenizer(published, kept, [kept.index(place) for place in special]), kept


def _tokenizer(published: E5, kept: list[int] | range, special: list[int]) -> Tokenizer:
    begin, end, unknown = special
    return Tokenizer(
        pieces=tuple(published.pieces[place] for place in kept),
        scores=tuple(float(published.scores[place]) for place in kept),
        spelling=published.spelling,
        begin=begin,
        end=end,
        unknown=unknown,
    )
