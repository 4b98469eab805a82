"""Puts the lines of printed pages together again: page numbers and running heads go, broken paragraphs are joined."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlu.policy.numbering import article_of, chapter_of, label_of

if TYPE_CHECKING:
    from collections.abc import Sequence

IN_CELL_BREAK = "\x0b"
"""Parts the paragraphs inside a table's cell, whose row is one line; word processors write the same character."""

_DASHES = r"[-‐—–－―─·•]+"
_PAGE_NUMBER = re.compile(
    rf"{_DASHES}\s*\d{{1,4}}\s*{_DASHES}|第\s*\d{{1,4}}\s*页(?:\s*[/／,，、]?\s*共\s*\d{{1,4}}\s*页)?"
)
_BARE_NUMBER = re.compile(r"\d{1,4}(?:\s*[/／]\s*\d{1,4})?")
_EDGE = 2
# In widths of a full character. An indent is two of them; justified lines end within one of the margin, and a mark that
# may not begin a line takes the character before it along. What ends so hardly ever, or is longer, tells no margin.
_INDENT = 1.0
_RAGGED = 2.0
_FULL_LINES = 3
_LONGER_SHARE = 0.1
_PARTS = re.compile(r"[!-~]+|.")
# A text whose lines mostly end at one margin was broken by whatever wrote it.
_WRAPPED_LINES = 8
_WRAPPED_SHARE = 0.35
_WRAPPED_WIDTH = range(18, 61)


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line and where it begins and ends, in widths of a full character; the row of a table joins nothing."""

    text: str
    left: float = 0.0
    right: float = 0.0
    is_row: bool = False


def is_page_number(line: str) -> bool:
    """Whether a line can only be a page number, wherever it stands: — 3 —, 第3页 共10页."""
    return bool(_PAGE_NUMBER.fullmatch(line.strip()))


def paragraphs(pages: Sequence[Sequence[PrintedLine]], width: float = 0.0) -> list[str]:
    """The paragraphs and table rows of `pages`, each `width` wide, in order."""
    lines = [line for page in _without_furniture(pages) for line in page]
    printed = [line for line in lines if not line.is_row]
    return joined(lines, *_margins(printed, width)) if printed else [line.text for line in lines]


def joined(lines: Sequence[PrintedLine], left: float, right: float, slack: float = _RAGGED) -> list[str]:
    """The paragraphs of lines that stand between two margins.

    A line goes on with the paragraph of the line before it if that one reached the right margin (but for `slack`) and
    it is not indented itself. Where nothing is indented, a number at its beginning tells that it opens a part.
    """
    are_indented = any(left + _INDENT < line.left < left + 3 * _INDENT for line in lines if not line.is_row)
    texts: list[str] = []
    before: PrintedLine | None = None
    for line in lines:
        opens = line.left > left + _INDENT or (not are_indented and _is_numbered(line.text))
        # What cannot be parted (a number, a word) may have been too long for the end of the line before.
        begins = _width(_PARTS.findall(line.text)[0])
        runs_on = before is not None and not before.is_row and before.right + begins > right - slack + 1
        if runs_on and not line.is_row and not opens:
            texts[-1] = _run_on(texts[-1], line.text)
        else:
            texts.append(line.text)
        before = line
    return texts


def unwrapped(text: str) -> str | None:
    """`text` with its paragraphs on one line each, or None where its lines are not broken at a margin."""
    pages = [[_measured(line) for line in page.splitlines() if line.strip()] for page in text.split("\f")]
    widths = Counter(round(line.right) for page in pages for line in page)
    widest = max(widths, default=0)
    full = sum(count for width, count in widths.items() if width >= widest - _RAGGED)
    is_broken = (
        widest in _WRAPPED_WIDTH
        and sum(widths.values()) >= _WRAPPED_LINES
        and full >= _WRAPPED_SHARE * sum(widths.values())
    )
    return "\n".join(paragraphs(pages)) if is_broken else None


def _measured(line: str) -> PrintedLine:
    bare = line.strip()
    left = _width(line[: len(line) - len(line.lstrip())])
    return PrintedLine(bare, left, left + _width(bare), "\t" in bare)


def _width(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5 for character in text)


def _without_furniture(pages: Sequence[Sequence[PrintedLine]]) -> list[list[PrintedLine]]:
    """The pages without page numbers, and without the lines that several pages begin or end with."""
    edges = Counter(text for page in pages for text in {line.text for line in _edges(page)})
    heads = {text for text, count in edges.items() if count >= max(2, len(pages) / 3) and not _is_numbered(text)}
    kept = []
    for page in pages:
        dropped = {line for line in _edges(page) if line.text in heads or _BARE_NUMBER.fullmatch(line.text)}
        kept.append([line for line in page if line not in dropped and not is_page_number(line.text)])
    return kept


def _edges(page: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The lines at the top and at the bottom of a page, where heads and numbers stand."""
    return [line for line in (*page[:_EDGE], *page[_EDGE:][-_EDGE:]) if not line.is_row]


def _margins(lines: Sequence[PrintedLine], width: float) -> tuple[float, float]:
    """The left and right margin: the outermost places where more than one line begins or ends.

    Where hardly any line is full, the right margin of a page that is `width` wide is taken to equal the left one.
    """
    left = min(_shared([line.left for line in lines]))
    right = max(_shared([line.right for line in lines]))
    full = sum(right - _RAGGED <= line.right <= right + 1 for line in lines)
    longer = [line.right for line in lines if line.right > right + 1]
    if full >= _FULL_LINES and len(longer) <= _LONGER_SHARE * len(lines):
        return left, right
    return left, max(right, width - left, *longer)


def _shared(places: Sequence[float]) -> list[float]:
    """The places that another one is near to; all of them where each stands alone."""
    counts = Counter(round(place) for place in places)
    return [place for place in places if counts[round(place)] > 1] or list(places)


def _is_numbered(text: str) -> bool:
    return bool(label_of(text) or article_of(text) or chapter_of(text))


def _run_on(before: str, after: str) -> str:
    """Two lines as one; words of Latin letters keep the gap that the line's end was."""
    gap = " " if before[-1:].isascii() and before[-1:].isalnum() and after[:1].isascii() and after[:1].isalpha() else ""
    return before + gap + after
