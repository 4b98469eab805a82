"""Prints a paper as pdf, in a font that every reader has for Chinese, so that no font file is needed here."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, SimpleDocTemplate, Spacer
from reportlab.platypus import Paragraph as Flowing
from reportlab.platypus import Table as Ruled

from handlers.cases.papers import Heading, NewPage, Paragraph, Table

if TYPE_CHECKING:
    from handlers.cases.papers import Block, Paper

FONT = "STSong-Light"
WIDTH = 16 * cm
MARGIN = 2.5 * cm
_FOOT = 1.4 * cm
_SIZES = {0: 28, 1: 18, 2: 13}
_TEXT = ParagraphStyle("text", fontName=FONT, fontSize=11, leading=17, wordWrap="CJK", spaceAfter=6)
_CELL = ParagraphStyle("cell", parent=_TEXT, fontSize=10, leading=14, spaceAfter=0)
_HEADINGS = {
    level: ParagraphStyle(
        f"heading {level}",
        parent=_TEXT,
        fontSize=size,
        leading=size * 1.5,
        spaceBefore=5 * cm if level == 0 else 8,
        spaceAfter=2 * cm if level == 0 else 8,
        alignment=TA_CENTER if level < 2 else 0,
        keepWithNext=1,
    )
    for level, size in _SIZES.items()
}
_RULES = [
    ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), 5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
]
_SHADE = ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)


def printed(paper: Paper) -> bytes:
    """The bytes of a pdf file, A4, with page numbers at the foot."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    file = BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=paper.title,
        author="",
        lang="zh-CN",
    )
    document.build([part for block in paper.blocks for part in _parts(block)], canvasmaker=_Numbered)
    return file.getvalue()


def _parts(block: Block) -> list[Any]:
    match block:
        case Heading(text, level):
            return [_flowing(text, _HEADINGS[level])]
        case Paragraph(text):
            return [_flowing(text, _TEXT)]
        case Table(rows, widths, header):
            cells = [[_flowing(text, _CELL) for text in row] for row in rows]
            shares = [WIDTH * share / sum(widths) for share in widths]
            # A long story in one cell may be longer than a page.
            ruled = Ruled(cells, colWidths=shares, repeatRows=int(header), splitInRow=1)
            ruled.setStyle([*_RULES, *([_SHADE] if header else [])])
            return [ruled, Spacer(0, 10)]
        case NewPage():
            return [PageBreak()]


def _flowing(text: str, style: ParagraphStyle) -> Any:
    return Flowing(escape(text).replace("\n", "<br/>"), style)


class _Numbered(Canvas):  # type: ignore[misc]
    """Writes 第 1 页 共 6 页: how many there are is known when all are laid out, so they are kept until then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Keep a page instead of writing it."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write all pages, each with its number."""
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self.setFont(FONT, 9)
            self.drawCentredString(A4[0] / 2, _FOOT, f"第 {number} 页　共 {len(self._pages)} 页")
            super().showPage()
        super().save()
