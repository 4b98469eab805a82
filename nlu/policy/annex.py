"""Reads the annex table of a document, task by task with the units responsible, as Word or a PDF hands it over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.policy.clauses import Clause

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ANNEX_LINE = re.compile(r"附\s*[件表录]\s*(?:[\d一二三四五六七八九十]{1,2})?\s*[:：]?$")
_UNIT_COLUMN = re.compile(
    r"(?:责任|牵头|承办|主办|负责|主管|实施|落实|协办|配合|参与|参加).{0,4}(?:单位|部门)|^(?:单位|部门)$"
)
_TASK_COLUMN = re.compile(r"任务|事项|内容|项目|措施|工作")
_ROW_NUMBER_COLUMN = re.compile(r"序\s*号|编\s*号")
_SPLIT_UNITS = re.compile(r"[、，,；;\n\t]+")
_ROLE_OF_UNIT = re.compile(r"^(?:责任|牵头|承办|主办|配合|协办|参与|参加)(?:单位|部门)?[:：]")
_UNITS_IN_BRACKETS = re.compile(r"[（(](?:责任|牵头|承办|主办|主管|负责)(?:单位|部门)[:：]([^（）()]+)[）)]")


def opens_annex(line: str) -> bool:
    """Whether `line` stands alone as 附件, 附件1, 附表 …"""
    return bool(_ANNEX_LINE.match(line.strip()))


def split_units(cell: str) -> tuple[str, ...]:
    """The units of a cell in printed order and spelling (「县法院、县检察院等」 keeps its 等 with the last one)."""
    parts = (_ROLE_OF_UNIT.sub("", part.strip()).strip() for part in _SPLIT_UNITS.split(cell))
    return tuple(part.rstrip("。") for part in parts if part.rstrip("。"))


def units_in_brackets(text: str) -> tuple[str, ...]:
    """The units of a 「（责任单位：…）」 that a measure closes with, empty if there is none."""
    return tuple(unit for match in _UNITS_IN_BRACKETS.finditer(text) for unit in split_units(match.group(1)))


def read_annex(lines: Sequence[str], letter: str) -> tuple[list[Clause], list[str]]:
    """The rows of an annex as clauses `A1`, `A2` … (`letter` is the A), and remarks on what was unclear.

    `lines` are those after the 附件 line. A table may come with one cell a line, with empty lines between, or with one
    row a line and tabs between. An annex without a table gives a clause for each paragraph.
    """
    header = next((index for index, line in enumerate(lines) if _is_header(lines, index)), None)
    if header is None:
        return _paragraphs(lines, letter)
    title = "".join(line.strip() for line in lines[:header])
    columns, first_row = _columns(lines, header)
    rest = lines[first_row:]
    if _ROW_NUMBER_COLUMN.search(columns[0]):
        rows = list(_numbered_rows([cell for line in rest for cell in _cells(line)]))
    else:
        rows = [(number, _cells(line)) for number, line in enumerate((line for line in rest if line.strip()), 1)]
    return _clauses(rows, columns, title, letter)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t") if cell.strip()]


def _is_header(lines: Sequence[str], index: int) -> bool:
    """A header begins where a row-number column is named, or a task column with its neighbours on the same line."""
    own = _cells(lines[index])
    if not own or len(own[0]) > 8:
        return False
    if len(own) == 1 and not _ROW_NUMBER_COLUMN.fullmatch(own[0]):
        return False
    if len(own) > 1 and not (_ROW_NUMBER_COLUMN.search(own[0]) or _TASK_COLUMN.search(own[0])):
        return False
    cells = [cell for line in lines[index : index + 8] for cell in _cells(line)][:6]
    return any(len(cell) <= 8 and _UNIT_COLUMN.search(cell) for cell in cells[1:])


def _columns(lines: Sequence[str], header: int) -> tuple[list[str], int]:
    """The names of the columns and the index of the first line after them."""
    on_one_line = _cells(lines[header])
    if len(on_one_line) > 1:
        return on_one_line, header + 1
    columns: list[str] = []
    index = header
    while index < len(lines) and all(len(cell) <= 8 and not cell.isdecimal() for cell in _cells(lines[index])):
        columns += _cells(lines[index])
        index += 1
    return columns, index


def _numbered_rows(cells: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Cells gathered into rows: a row begins at the cell that is the next number."""
    row: list[str] = []
    number = 0
    for cell in cells:
        if cell == str(number + 1):
            if number:
                yield number, row
            number, row = number + 1, []
        elif number:
            row.append(cell)
    if number:
        yield number, row


def _clauses(
    rows: Sequence[tuple[int, list[str]]], columns: Sequence[str], title: str, letter: str
) -> tuple[list[Clause], list[str]]:
    first = next(index for index, name in enumerate(columns) if _UNIT_COLUMN.search(name))
    trailing = columns[first:]
    clauses, remarks = [], []
    for number, cells in rows:
        if len(cells) <= len(trailing):
            remarks.append(f"附件第{number}项的单元格不全，没有读到责任单位。")
            clauses.append(_row(letter, number, title, "".join(cells), ()))
            continue
        tail = list(zip(trailing, cells[-len(trailing) :], strict=True))
        departments = tuple(unit for name, cell in tail if _UNIT_COLUMN.search(name) for unit in split_units(cell))
        # What stands in further columns (a time limit, a goal) belongs to the row's text, each on a line of its own.
        further = [cell for name, cell in tail if not _UNIT_COLUMN.search(name)]
        text = "\n".join(["".join(cells[: -len(trailing)]), *further])
        clauses.append(_row(letter, number, title, text, departments))
    return clauses, remarks


def _row(letter: str, number: int, title: str, text: str, departments: tuple[str, ...]) -> Clause:
    return Clause(f"{letter}{number}", _first_phrase(text), (title,) if title else (), text, departments)


def _first_phrase(text: str) -> str:
    """A row has no heading of its own; the phrase it opens with is the shortest printed name of the task."""
    return re.split(r"[，。；\n]", text, maxsplit=1)[0]


def _paragraphs(lines: Sequence[str], letter: str) -> tuple[list[Clause], list[str]]:
    texts = [line.strip() for line in lines if line.strip()]
    title = texts.pop(0) if len(texts) > 1 and len(texts[0]) <= 30 and texts[0][-1] not in "。；：" else ""
    path = (title,) if title else ()
    clauses = [Clause(f"{letter}{number}", "", path, text) for number, text in enumerate(texts, 1)]
    return clauses, ["附件里没有读到任务分工表，按自然段收录。"] if clauses else []
