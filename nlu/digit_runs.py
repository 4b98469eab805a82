"""Reads long numbers however they are written: full-width, spaced, broken by commas or words, in Chinese numerals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPOKEN = {
    **dict(zip("零〇○一二三四五六七八九", "000123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", "123456789", strict=True)),
    **dict(zip("①②③④⑤⑥⑦⑧⑨⓪", "1234567890", strict=True)),
    **dict(zip("幺洞拐勾", "1079", strict=True)),
}
_HAN_DIGIT = "".join(_SPOKEN)
# The letter O stands for a zero only between digits.
_UNIT = rf"[0-9]+(?:[oO]+[0-9]+)*|[{_HAN_DIGIT}]+"
_FILLER = (
    "前面是?|中间是?|最后是?|然后是?|再是?|接着是?|接下来|后面是?|完了是?|空格|空一?格|短?横?杠|减号|短横"
    "|嗯+|呃+|啊+|哦+|那个"
)
_GAP = rf"(?:[ \t\u00a0\u2000-\u200f\u2060\ufeff\ufe0f\u20e3\-‐‑–—―－_.·•,，、。…~()'’/|]|{_FILLER}){{1,6}}?"
_RUN = re.compile(rf"(?:{_UNIT})(?:(?:{_GAP})?(?:{_UNIT}))*")
_PIECE = re.compile(_UNIT)
_LONGEST_NUMBER = 24


@dataclass(frozen=True, slots=True)
class Digits:
    """A number made of whole pieces of a run: its digits, its place in the text, and how it is grouped."""

    start: int
    end: int
    digits: str
    groups: tuple[int, ...]
    """Lengths of the groups that a gap parts."""


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    digits: str


def digit_runs(text: str, shortest: int) -> Iterator[tuple[Digits, ...]]:
    """For each place where a number may begin, the numbers of `shortest` digits or more that begin there.

    `text` has half-width digits. The longest reading comes first. Gaps are blanks, dashes, dots, commas and words such
    as 然后; what is glued together in one script is never cut, but for a 一 at the end of spoken digits (一直, 一下).
    """
    for run in _RUN.finditer(text):
        if run.end() - run.start() >= shortest:
            pieces = [_Piece(*piece.span(), _in_digits(piece[0])) for piece in _PIECE.finditer(text, *run.span())]
            for index in range(len(pieces)):
                readings = tuple(_readings(pieces, index, shortest, text))
                if readings:
                    yield readings[::-1]


def _readings(pieces: list[_Piece], first: int, shortest: int, text: str) -> Iterator[Digits]:
    digits = ""
    groups: list[int] = []
    for index in range(first, len(pieces)):
        piece = pieces[index]
        if index > first and piece.start == pieces[index - 1].end:
            groups[-1] += len(piece.digits)
        else:
            groups.append(len(piece.digits))
        digits += piece.digits
        if len(digits) > _LONGEST_NUMBER:
            return
        if len(digits) > shortest and text[piece.end - 1] == "一":
            trimmed = (*groups[:-1], groups[-1] - 1) if groups[-1] > 1 else tuple(groups[:-1])
            yield Digits(pieces[first].start, piece.end - 1, digits[:-1], trimmed)
        if len(digits) >= shortest:
            yield Digits(pieces[first].start, piece.end, digits, tuple(groups))


def _in_digits(piece: str) -> str:
    return "".join(_SPOKEN.get(character, character) for character in piece).replace("o", "0").replace("O", "0")
