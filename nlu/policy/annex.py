"""Reads the annex table of a document, task by task with the units responsible, as Word or a PDF hands it over."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nlu.policy.clauses import Clause
from nlu.policy.numbering import label_of
from nlu.policy.printed_lines import IN_CELL_BREAK

if TYPE_CHECKING:
    from collections.abc import Sequence

_ANNEX_LINE = re.compile(r"附\s*[件表录]\s*(?:[\d一二三四五六七八九十]{1,2})?\s*[:：]?$")
_UNIT_COLUMN = re.compile(
    r"(?:责任|牵头|承办|主办|负责|主管|实施|落实|协办|配合|参与|参加).{0,4}(?:单位|部门)|^(?:单位|部门)$"
)
_TASK_COLUMN = re.compile(r"任务|事项|内容|项目|措施|工作")
_ROW_NUMBER_COLUMN = re.compile(r"序\s*号|编\s*号")
_ROW_NUMBER = re.compile(r"[（(]?(\d{1,3})[）).．、]?")
_SPLIT_UNITS = re.compile(r"[、，,；;\n\t\x0b]+")
_SPACE = re.compile(r"\s")
_CLOSED = re.compile(r"[。；！]$")
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
    table = _Table(letter, title, columns)
    if len(_cells(lines[header])) > 1:
        table.read_rows([line.split("\t") for line in lines[first_row:] if line.strip()])
    else:
        table.read_cells([cell for line in lines[first_row:] for cell in _cells(line)])
    return table.clauses, table.remarks


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t") if cell.strip()]


def _names(line: str) -> list[str]:
    """The cells of a header: 责 任 单 位, spread over its cell or broken in it, is 责任单位."""
    return [_SPACE.sub("", cell) for cell in _cells(line)]


def _is_header(lines: Sequence[str], index: int) -> bool:
    """A header begins where a row-number column is named, or a task column with its neighbours on the same line."""
    own = _names(lines[index])
    if not own or len(own[0]) > 8:
        return False
    if len(own) == 1 and not _ROW_NUMBER_COLUMN.fullmatch(own[0]):
        return False
    cells = [cell for line in lines[index : index + 8] for cell in _names(line)][:6]
    has_units = any(len(cell) <= 8 and _UNIT_COLUMN.search(cell) for cell in cells[1:])
    return has_units and (
        len(own) == 1
        or bool(_ROW_NUMBER_COLUMN.search(own[0]))
        or any(len(cell) <= 8 and _TASK_COLUMN.search(cell) for cell in own)
    )


def _columns(lines: Sequence[str], header: int) -> tuple[list[str], int]:
    """The names of the columns and the index of the first line after them."""
    if len(_cells(lines[header])) > 1:
        columns, below = (
            [_SPACE.sub("", cell) for cell in line.split("\t")] for line in (*lines, "")[header : header + 2]
        )
        # A header of two lines: 责任单位 above 牵头单位 and 配合单位, beside names that stand in both or in the first.
        is_aligned = len(below) == len(columns) and below[0] in ("", columns[0])
        has_second = is_aligned and max(map(len, below)) <= 8 and any(map(_UNIT_COLUMN.search, below))
        if has_second:
            columns = [second or first for first, second in zip(columns, below, strict=True)]
        last = max(index for index, name in enumerate(columns, 1) if name)
        return columns[:last], header + 1 + has_second
    columns = []
    index = header
    while index < len(lines) and all(len(cell) <= 8 and not cell.isdecimal() for cell in _names(lines[index])):
        columns += _names(lines[index])
        index += 1
    return columns, index


class _Table:
    """Reads the rows below a header into clauses, by what each column is about."""

    def __init__(self, letter: str, title: str, columns: Sequence[str]) -> None:
        self.clauses: list[Clause] = []
        self.remarks: list[str] = []
        self._letter = letter
        self._columns = columns
        self._is_numbered = bool(_ROW_NUMBER_COLUMN.search(columns[0]))
        self._path = (title,) if title else ()
        self._section: tuple[str, ...] = ()
        self._units = [index for index, name in enumerate(columns) if _UNIT_COLUMN.search(name)]
        tasks = [index for index, name in enumerate(columns) if _TASK_COLUMN.search(name) and index not in self._units]
        before = [index for index in tasks if index < self._units[0]]
        others = [index for index in range(self._is_numbered, len(columns)) if index not in self._units]
        self._task = (before[-1:] or tasks[:1] or others[:1] or [0])[0]

    def read_cells(self, cells: Sequence[str]) -> None:
        """Cells without rows: a row begins at the cell that is the next number, and ends with its units."""
        row: list[str] = []
        number = 0
        for cell in cells:
            if cell == str(number + 1):
                self._add_loose(number, row)
                number, row = number + 1, []
            else:
                row.append(cell)
        self._add_loose(number, row)

    def read_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Rows with their cells in place; what merged cells say stands in each of their places."""
        gathered: list[list[str]] = []
        for cells in ([cell.strip() for cell in row[: len(self._columns)]] for row in rows):
            # A header that is printed again on each page.
            if _SPACE.sub("", cells[0]) == self._columns[0]:
                continue
            if gathered and self._runs_on(gathered[-1], cells):
                gathered[-1] = [*gathered[-1][:-1], gathered[-1][-1] + IN_CELL_BREAK + cells[0], *cells[1:]]
            elif gathered and self._is_torn(gathered[-1], cells):
                self.remarks.append(f"附件“{gathered[-1][self._task][:12]}”一行分在两处，已接上，请核对。")
                gathered[-1] = [before + after for before, after in zip(gathered[-1], cells, strict=True)]
            else:
                gathered.append(cells)
        number = 0
        for cells in gathered:
            if heading := self._section_heading(cells):
                self._section, number = (heading,), 0 if self._is_numbered else number
                continue
            printed = _row_number(cells[0]) if self._is_numbered else None
            number = number + 1 if printed is None else printed
            if len(cells) == len(self._columns):
                self._add(number, cells)
            else:
                self._add_loose(number, [cell for cell in cells[self._is_numbered :] if cell])

    def _section_heading(self, cells: Sequence[str]) -> str:
        """What a row says that is no task but a heading over those below it: one cell across all, or a number's."""
        places = cells[self._is_numbered and _row_number(cells[0]) is None :]
        texts = set(filter(None, cells))
        if len(places) > 1 and len(set(places)) == 1:
            heading = places[0]
        elif len(texts) == 1 and (label := label_of(*texts)) and label.rank <= 2:
            heading = texts.pop()
        else:
            return ""
        return "" if _CLOSED.search(heading) else _SPACE.sub("", heading)

    def _runs_on(self, row: Sequence[str], cells: Sequence[str]) -> bool:
        """Whether a line goes on with the last cell of a row that lacks some: its cells came on lines of their own."""
        return self._is_numbered and 1 < len(row) < len(self._columns) and _row_number(cells[0]) is None

    def _is_torn(self, row: Sequence[str], cells: Sequence[str]) -> bool:
        """Whether a row without a number is the rest of the row before it, torn apart where a page ends."""
        if not self._is_numbered or cells[0] or not len(row) == len(cells) == len(self._columns):
            return False
        task, has_units = cells[self._task], any(cells[index] for index in self._units)
        return not task or not has_units or not _CLOSED.search(row[self._task])

    def _add(self, number: int, cells: Sequence[str]) -> None:
        """A row all of whose cells are there: groups stand above it, further columns (a time limit) below its task."""
        named = {self._task, *self._units, *([0] if self._is_numbered else [])}
        groups = tuple(dict.fromkeys(cells[index] for index in range(self._task) if index not in named))
        further = [cells[index] for index in range(self._task + 1, len(cells)) if index not in named]
        departments = tuple(dict.fromkeys(unit for index in self._units for unit in split_units(cells[index])))
        text = _lines_of([cells[self._task], *dict.fromkeys(cell for cell in further if cell != cells[self._task])])
        self._append(number, (*self._section, *(_SPACE.sub("", group) for group in groups if group)), text, departments)

    def _add_loose(self, number: int, cells: Sequence[str]) -> None:
        """A row whose cells are known in order only: the last ones are those of the unit column and after it."""
        if not number:
            return
        trailing = self._columns[self._units[0] :]
        if len(cells) <= len(trailing):
            self.remarks.append(f"附件第{number}项的单元格不全，没有读到责任单位。")
            self._append(number, self._section, _lines_of(["".join(cells)]), ())
            return
        tail = list(zip(trailing, cells[-len(trailing) :], strict=True))
        departments = tuple(unit for name, cell in tail if _UNIT_COLUMN.search(name) for unit in split_units(cell))
        further = [cell for name, cell in tail if not _UNIT_COLUMN.search(name)]
        self._append(number, self._section, _lines_of(["".join(cells[: -len(trailing)]), *further]), departments)

    def _append(self, number: int, groups: tuple[str, ...], text: str, departments: tuple[str, ...]) -> None:
        clause_id = f"{self._letter}{number}"
        before = self.clauses[-1] if self.clauses else None
        if before and (before.id, before.text) == (clause_id, text):
            # A task whose cell is merged over the rows of its units.
            units = tuple(dict.fromkeys((*before.departments, *departments)))
            self.clauses[-1] = replace(before, departments=units)
            return
        # A row has no heading of its own; the phrase it opens with is the shortest printed name of the task.
        heading = re.split(r"[，。；\n]", text, maxsplit=1)[0]
        self.clauses.append(Clause(clause_id, heading, (*self._path, *groups), text, departments))


def _row_number(cell: str) -> int | None:
    """The number in a cell of the first column: 3, 3. or （3）."""
    match = _ROW_NUMBER.fullmatch(cell)
    return int(match.group(1)) if match else None


def _lines_of(cells: Sequence[str]) -> str:
    return "\n".join(filter(None, cells)).replace(IN_CELL_BREAK, "\n")


def _paragraphs(lines: Sequence[str], letter: str) -> tuple[list[Clause], list[str]]:
    texts = [line.strip() for line in lines if line.strip()]
    title = texts.pop(0) if len(texts) > 1 and len(texts[0]) <= 30 and texts[0][-1] not in "。；：" else ""
    path = (title,) if title else ()
    clauses = [Clause(f"{letter}{number}", "", path, text) for number, text in enumerate(texts, 1)]
    return clauses, ["附件里没有读到任务分工表，按自然段收录。"] if clauses else []
