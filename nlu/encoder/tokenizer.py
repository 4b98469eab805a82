"""Cuts a text into the pieces that the encoder knows: the likeliest way by a unigram model (SentencePiece)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BOUNDARY = "\u2581"
"""Stands for a blank, and at the beginning of every text."""

UNKNOWN_COST = 10.0
"""How much less likely an unknown character is than the rarest piece, in nats; SentencePiece's constant."""


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """The pieces with their log-probabilities; a piece's id is its place. Ids 0 to 3 are special and never cut out."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    spelling: dict[int, str]
    """Code points that stand for something else (full width, old forms), as the encoder's authors folded them."""
    begin: int
    end: int
    unknown: int
    _ids: dict[str, int] = field(init=False, repr=False)
    _longest: int = field(init=False, repr=False)
    _unknown_score: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        special = {self.begin, self.end, self.unknown}
        ids = {piece: place for place, piece in enumerate(self.pieces) if place not in special}
        object.__setattr__(self, "_ids", ids)
        object.__setattr__(self, "_longest", max(map(len, ids)))
        object.__setattr__(self, "_unknown_score", min(self.scores) - UNKNOWN_COST)

    def encode(self, text: str, longest: int) -> list[int]:
        """The ids of the pieces of `text` between the marks of begin and end, at most `longest` in all."""
        pieces = self._cut(BOUNDARY + BOUNDARY.join(text.translate(self.spelling).split()))
        return [self.begin, *pieces[: longest - 2], self.end]

    def _cut(self, text: str) -> list[int]:
        """Viterbi: the best way to reach each position, from every position that a piece leads there from."""
        best = [0.0] + [float("-inf")] * len(text)
        arrived = [(0, self.unknown)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                piece = self._ids.get(text[start:end])
                if piece is None and end > start + 1:
                    continue
                score = best[start] + (self._unknown_score if piece is None else self.scores[piece])
                if score > best[end]:
                    best[end] = score
                    arrived[end] = (start, self.unknown if piece is None else piece)
        cut, position = [], len(text)
        while position:
            position, piece = arrived[position]
            cut.append(piece)
        return cut[::-1]

    def write(self, path: Path) -> None:
        """Store it as JSON; `read` gives the same tokenizer back."""
        stored = {
            "pieces": self.pieces,
            "scores": [round(score, 4) for score in self.scores],
            "spelling": {str(code): standard for code, standard in self.spelling.items()},
            "begin": self.begin,
            "end": self.end,
            "unknown": self.unknown,
        }
        path.write_text(json.dumps(stored, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


@lru_cache(maxsize=1)
def read(path: Path) -> Tokenizer:
    """The tokenizer that was written to `path`; encoders that read the same one share it."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Tokenizer(
        pieces=tuple(stored["pieces"]),
        scores=tuple(stored["scores"]),
        spelling={int(code): standard for code, standard in stored["spelling"].items()},
        begin=stored["begin"],
        end=stored["end"],
        unknown=stored["unknown"],
    )
