"""What residents say about the policy documents, by clause, for those who draft them: listed, or as a spreadsheet."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table
from xlsxwriter import Workbook

from bot.schema import at_head
from nlu.policy.document import parse
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from bot.settings import Settings
    from nlu.policy.clauses import Document
    from storage.opinions import Opinion

WHOLE = "整个文件"
COLUMNS = (
    ("条款", 10),
    ("标题", 24),
    ("条款原文", 60),
    ("意见编号", 10),
    ("意见", 60),
    ("日期", 12),
    ("社区", 16),
    ("署名", 12),
)
"""The columns of a sheet, with their widths in characters."""

_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula, full width as Chinese programs do."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One opinion as drafters read it; without a clause it is about the whole document."""

    document: str
    version: int
    clause: str | None
    heading: str
    clause_text: str
    number: int
    text: str
    day: date
    area: str
    signature: str | None


def listing(settings: Settings) -> list[Remark]:
    """Every opinion that stands, in the order of the documents and of their clauses, the whole document first."""
    with at_head(settings.database) as work:
        opinions = sorted(work.opinions.all(), key=lambda opinion: opinion.document_id)
        remarks: list[Remark] = []
        for _, of_version in groupby(opinions, key=lambda opinion: opinion.document_id):
            remarks += _in_order(list(of_version))
    return remarks


def table(remarks: Sequence[Remark]) -> Table:
    """Opinions for a terminal."""
    shown = Table(title=f"{len(remarks)} opinions")
    for column in ("document", "clause", "number", "opinion", "day", "area", "signed"):
        shown.add_column(column, overflow="fold")
    for remark in remarks:
        where = f"{remark.clause} {remark.heading}".strip() if remark.clause else WHOLE
        cells = (remark.document, where, str(remark.number), remark.text, f"{remark.day}", remark.area)
        shown.add_row(*map(escape, (*cells, remark.signature or "")))
    return shown


def line(remark: Remark) -> str:
    """An opinion as one line of JSON."""
    return json.dumps(
        {
            "document": remark.document,
            "clause": remark.clause,
            "heading": remark.heading,
            "number": remark.number,
            "text": remark.text,
            "day": remark.day.isoformat(),
            "area": remark.area,
            "signature": remark.signature,
        },
        ensure_ascii=False,
    )


def export(settings: Settings, file: Path) -> int:
    """Write the opinions as a spreadsheet, a sheet for each version of a document; how many they are.

    Without any, no file is made. Raises FileExistsError where the file is there already, and leaves it as it is.
    """
    remarks = listing(settings)
    if not remarks:
        return 0
    with file.open("xb") as written, Workbook(written, {"in_memory": True}) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for number, (_, of_version) in enumerate(groupby(remarks, key=lambda remark: remark.version), 1):
            rows = list(of_version)
            _fill(book.add_worksheet(_sheet_name(number, rows[0].document)), rows, bold, wrapped)
    return len(remarks)


def _in_order(opinions: Sequence[Opinion]) -> list[Remark]:
    """The opinions on one version of a document, by its clauses as they are printed."""
    document = parse(opinions[0].document.text)
    places = {clause.id: place for place, clause in enumerate(document.clauses)}
    in_order = sorted(opinions, key=lambda opinion: (places.get(opinion.clause_id or "", -1), opinion.id))
    return [_remark(opinion, document) for opinion in in_order]


def _remark(opinion: Opinion, document: Document) -> Remark:
    clause = document.clause(opinion.clause_id) if opinion.clause_id is not None else None
    return Remark(
        document=document.title,
        version=opinion.document_id,
        clause=opinion.clause_id,
        heading=clause.heading if clause is not None else "",
        clause_text=clause.text if clause is not None else "",
        number=opinion.id,
        text=opinion.text,
        day=opinion.given_at.astimezone(SHANGHAI).date(),
        area=opinion.area.name,
        signature=opinion.signature,
    )


def _fill(sheet: Worksheet, remarks: Sequence[Remark], bold: Format, wrapped: Format) -> None:
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width, wrapped)
        sheet.write_string(0, column, name, bold)
    for row, remark in enumerate(remarks, 1):
        cells = (
            remark.clause or WHOLE,
            remark.heading,
            remark.clause_text,
            str(remark.number),
            remark.text,
            remark.day.isoformat(),
            remark.area,
            remark.signature or "",
        )
        for column, text in enumerate(cells):
            sheet.write_string(row, column, _harmless(text))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(remarks), len(COLUMNS) - 1)


def _harmless(text: str) -> str:
    """A cell that no program takes for a formula, not even after it was saved as CSV."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _sheet_name(number: int, title: str) -> str:
    """Names of sheets are short, unique and without some characters."""
    return f"{number} {_NOT_IN_SHEET_NAMES.sub(' ', title)}"[:_LONGEST_SHEET_NAME].strip()
