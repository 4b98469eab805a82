"""Prints documents as pdf files the way offices do: indented, justified, with a running head and page numbers.

The font is one that every reader of Chinese pdf files brings along, so that none has to be installed or embedded.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from reportlab.lib import colors, pagesizes
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Image, PageBreak, Paragraph, SimpleDocTemplate, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

FONT = "STSong-Light"
RUNNING_HEAD = "青石镇政策文件汇编"

pdfmetrics.registerFont(UnicodeCIDFont(FONT))
_BODY = ParagraphStyle("body", fontName=FONT, fontSize=16, leading=29, firstLineIndent=32, wordWrap="CJK", alignment=4)
_TITLE = ParagraphStyle("title", _BODY, fontSize=22, firstLineIndent=0, alignment=1)
_RIGHT = ParagraphStyle("right", _BODY, firstLineIndent=0, alignment=2)
_CELL = ParagraphStyle("cell", fontName=FONT, fontSize=11, leading=15, wordWrap="CJK")
_MIDDLE = ParagraphStyle("middle", _CELL, alignment=1)


def title(text: str) -> Flowable:
    return Paragraph(text, _TITLE)


def paragraphs(lines: Sequence[str]) -> list[Flowable]:
    return [Paragraph(line.strip(), _BODY) for line in lines if line.strip()]


def signature(*lines: str) -> list[Flowable]:
    return [Paragraph(line, _RIGHT) for line in lines]


def table(
    rows: Sequence[Sequence[str]], widths: Sequence[float], *spans: tuple[tuple[int, int], tuple[int, int]]
) -> Table:
    """A ruled table whose first row is printed again on each page; `spans` are the corners of merged cells."""
    cells = [[Paragraph(cell, _MIDDLE if not index else _CELL) for index, cell in enumerate(row)] for row in rows]
    style: list[Any] = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    return Table(cells, widths, repeatRows=1, style=[*style, *(("SPAN", *corners) for corners in spans)])


def picture() -> Image:
    """What a scanner makes of a page: an image without a character in it."""
    # A bitmap in the plainest of formats, eight grey squares.
    data = b"P5 8 8 255 " + bytes(range(0, 256, 4))
    return Image(io.BytesIO(data), width=400, height=600)


def new_page() -> Flowable:
    return PageBreak()


def printed(flow: Sequence[Flowable], *, furniture: bool = True, password: str | None = None) -> bytes:
    """The pdf of these parts, with a running head and page numbers unless `furniture` is off."""

    def decorate(canvas: Any, document: Any) -> None:
        if furniture:
            canvas.setFont(FONT, 10)
            canvas.drawString(80, 800, RUNNING_HEAD)
            canvas.drawCentredString(297, 40, f"— {document.page} —")

    content = io.BytesIO()
    document = SimpleDocTemplate(
        content, pagesize=pagesizes.A4, leftMargin=80, rightMargin=74, topMargin=100, bottomMargin=90, encrypt=password
    )
    document.build(list(flow), onFirstPage=decorate, onLaterPages=decorate)
    return content.getvalue()
