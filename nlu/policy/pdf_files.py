"""Reads the text of a pdf: paragraphs put together from printed lines, and ruled tables row by row."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.text import chars_to_textmap

from nlu.policy.clauses import DocumentError
from nlu.policy.printed_lines import IN_CELL_BREAK, PrintedLine, joined, paragraphs
from nlu.policy.radicals import without_radicals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdfplumber.page import Page
    from pdfplumber.table import Table

    _Box = tuple[float, float, float, float]

# It warns of what fonts lack, once for each glyph; what could not be read shows in the text.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

_MAX_PAGES = 500
_FEW_CHARACTERS = 20
# A full line of a cell leaves less than a character and the cell's padding; of a wide one a tenth, as paragraphs do.
_CELL_SLACK = 1.4
_CELL_SLACK_SHARE = 0.1
# What a font without a table of characters gives for each glyph.
_UNKNOWN_GLYPH = re.compile(r"\(cid:\d+\)")


def read_pdf(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a pdf file's content, and remarks on what could not be read. DocumentError if nothing could be.

    A row of a table is a line with tabs; a cell that is merged over several places stands in each of them.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > _MAX_PAGES:
                raise DocumentError(f"这份 PDF 超过{_MAX_PAGES}页，请只发政策正文。")
            # Bold type is often printed twice, a hair apart.
            pages = [page.dedupe_chars() for page in pdf.pages]
            scanned = [page.page_number for page in pages if page.images and len(page.chars) < _FEW_CHARACTERS]
            if len(scanned) == len(pages) or not any(page.chars for page in pages):
                raise DocumentError(
                    "这份 PDF 是扫描的图片，里面没有文字，读不了，请发 Word、txt 或者能选中文字的 PDF。"
                )
            text = _text(pages)
    except DocumentError:
        raise
    # The library lets many kinds of error through for a damaged file.
    except Exception as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            raise DocumentError("这份 PDF 加了密码，请去掉密码再发。") from error
        raise DocumentError("这份 PDF 打不开，可能已损坏，请重新导出后再发。") from error
    if len(_UNKNOWN_GLYPH.findall(text)) > 0.05 * len(text):
        raise DocumentError("这份 PDF 的字体不带文字编码，读出来是乱码，请发 Word（.docx）或 txt 文件。")
    return text, tuple(f"第{number}页是图片，没有读到文字，请核对。" for number in scanned)


def _text(pages: Sequence[Page]) -> str:
    """Paragraphs and rows of tables, from top to bottom, measured by the size that most of the text has."""
    size = Counter(round(char["size"], 1) for page in pages for char in page.chars).most_common(1)[0][0]
    lines = [[line for _, line in sorted(_placed_lines(page, size), key=lambda placed: placed[0])] for page in pages]
    return "\n".join(paragraphs(lines, pages[0].width / size))


def _placed_lines(page: Page, size: float) -> Iterator[tuple[float, PrintedLine]]:
    """The lines of a page, each with its distance from the top."""
    tables = [table for table in page.find_tables() if len(table.columns) > 1]
    inside = {id(char) for table in tables for char in page.chars if _holds(table.bbox, char)}
    yield from _text_lines([char for char in page.chars if id(char) not in inside], size)
    for table in tables:
        for top, cells in _rows(table, page.chars):
            yield top, PrintedLine("\t".join(cells), is_row=True)


def _text_lines(chars: list[dict[str, Any]], size: float) -> Iterator[tuple[float, PrintedLine]]:
    if not chars:
        return
    # Justified text is spread by less than half a character; a wider gap was meant.
    text_map = chars_to_textmap(chars, x_tolerance=size / 2, y_tolerance=size / 4)
    for line in text_map.extract_text_lines(strip=True, return_chars=False):
        if text := without_radicals(line["text"]).strip():
            yield line["top"], PrintedLine(text, line["x0"] / size, line["x1"] / size)


def _rows(table: Table, chars: Sequence[dict[str, Any]]) -> Iterator[tuple[float, list[str]]]:
    """The rows of a table with the texts of all their places."""
    texts = {cell: _cell_text(cell, [char for char in chars if _holds(cell, char)]) for cell in table.cells}
    edges = sorted({edge for left, _, right, _ in table.cells for edge in (left, right)})
    middles = [(left + right) / 2 for left, right in pairwise(edges)]
    for row in table.rows:
        _, top, _, bottom = row.bbox
        at = (top + bottom) / 2
        found = [next((cell for cell in table.cells if _covers(cell, x, at)), None) for x in middles]
        cells = [texts[cell] if cell else "" for cell in found]
        if any(cells):
            yield top, cells


def _cell_text(box: _Box, chars: list[dict[str, Any]]) -> str:
    """The paragraphs of a cell, whose lines end at its side; they may be centred, so where they begin tells nothing."""
    if not chars:
        return ""
    size = float(chars[0]["size"])
    lines = [line for _, line in _text_lines(chars, size)]
    slack = max(_CELL_SLACK, _CELL_SLACK_SHARE * (box[2] - box[0]) / size)
    return IN_CELL_BREAK.join(joined(lines, inf, box[2] / size, slack))


def _holds(box: _Box, char: dict[str, Any]) -> bool:
    return _covers(box, (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2)


def _covers(box: _Box, x: float, y: float) -> bool:
    left, top, right, bottom = box
    return left <= x <= right and top <= y <= bottom
