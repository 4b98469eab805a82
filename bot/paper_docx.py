"""Prints a paper as a Word document."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from handlers.cases.papers import Heading, NewPage, Paragraph, Table

if TYPE_CHECKING:
    from handlers.cases.papers import Paper

FONT, HEADING_FONT = "宋体", "黑体"
WIDTH = Cm(16)
MARGIN = Cm(2.5)


def printed(paper: Paper) -> bytes:
    """The bytes of a docx file, A4, with page numbers at the foot."""
    document: Any = Document()
    document.core_properties.title, document.core_properties.author = paper.title, ""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    _set_fonts(document)
    _number_pages(section.footer.paragraphs[0])
    for block in paper.blocks:
        match block:
            case Heading(text, level):
                heading = document.add_heading(text, level)
                heading.alignment = WD_ALIGN_PARAGRAPH.CENTER if level < 2 else WD_ALIGN_PARAGRAPH.LEFT
            case Paragraph(text):
                document.add_paragraph(text)
            case Table():
                _add_table(document, block)
            case NewPage():
                document.add_page_break()
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_fonts(document: Any) -> None:
    for name, font, size in (
        ("Normal", FONT, 11),
        ("Title", HEADING_FONT, 28),
        ("Heading 1", HEADING_FONT, 18),
        ("Heading 2", HEADING_FONT, 13),
    ):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = font, Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:eastAsia"):
            fonts.set(qn(kind), font)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme"):
            # A theme's font would win over the one that is named.
            fonts.attrib.pop(qn(theme), None)


def _add_table(document: Any, block: Table) -> None:
    table = document.add_table(rows=len(block.rows), cols=len(block.widths), style="Table Grid")
    table.autofit = False
    for row, values in zip(table.rows, block.rows, strict=True):
        for cell, text, share in zip(row.cells, values, block.widths, strict=True):
            cell.width = int(WIDTH * share / sum(block.widths))
            cell.text = text
    if block.header:
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
        # The head is repeated where a table goes on to the next page.
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
    document.add_paragraph()


def _number_pages(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for before, field, after in (("第 ", "PAGE", " 页"), ("　共 ", "NUMPAGES", " 页")):
        paragraph.add_run(before)
        element = OxmlElement("w:fldSimple")
        element.set(qn("w:instr"), field)
        run, text = OxmlElement("w:r"), OxmlElement("w:t")
        text.text = "1"
        run.append(text)
        element.append(run)
        paragraph._p.append(element)
        paragraph.add_run(after)
