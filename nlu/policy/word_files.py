"""Reads the text of a docx: paragraphs, the numbers that Word only draws in front of them, and tables row by row."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from nlu.policy.clauses import DocumentError
from nlu.policy.numbering import numeral_of
from nlu.policy.printed_lines import IN_CELL_BREAK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_MAX_UNPACKED = 200 * 1024 * 1024

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def qn(tag: str) -> str:
    """The full name of a tag of Word: that of w:del."""
    return _WORD + tag.removeprefix("w:")


_SKIPPED = {qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}


def text_of_docx(data: bytes) -> str:
    """The text of a docx file's content; a row of a table is a line with tabs. DocumentError if broken."""
    # Only whoever reads such a file needs the library, its lxml and their 7 MB.
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
                raise DocumentError("文件解开后太大，请只发政策正文。")
            if "word/document.xml" not in archive.namelist():
                raise DocumentError("这不是 Word 文档，请发 .docx 或 txt 文件。")
        document = docx.Document(io.BytesIO(data))
    except DocumentError:
        raise
    # python-docx lets many kinds of error through for a damaged package (zip, XML, missing parts).
    except Exception as error:
        raise DocumentError("这份 Word 文件打不开，可能已损坏，请重新保存后再发。") from error
    return "\n".join(_lines(document.element.body, _Numbers(document)))


def _lines(parent: Any, numbers: _Numbers) -> Iterator[str]:
    for element in parent.iterchildren():
        if element.tag == qn("w:p"):
            yield numbers.before(element) + _text(element)
        elif element.tag == qn("w:tbl"):
            yield from ("\t".join(row) for row in _rows(element, numbers))
        elif element.tag == qn("w:sdt"):
            for content in element.iterchildren(qn("w:sdtContent")):
                yield from _lines(content, numbers)


def _rows(table: Any, numbers: _Numbers) -> Iterator[list[str]]:
    """The rows of a table with the texts of all their places; a merged cell stands in each place that it covers."""
    above: list[str] = []
    for row in _inside(table, "w:tr"):
        places: list[str] = []
        for cell in _inside(row, "w:tc"):
            properties = cell.find(qn("w:tcPr"))
            merged = None if properties is None else properties.find(qn("w:vMerge"))
            goes_on = merged is not None and merged.get(qn("w:val"), "continue") == "continue"
            text = above[len(places)] if goes_on and len(places) < len(above) else _cell(cell, numbers)
            places += [text] * (1 if properties is None else int(_value(properties, "w:gridSpan", "1")))
        above = places
        yield places


def _inside(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, those in content controls too, but not those of tables inside."""
    for child in parent.iterchildren():
        if child.tag == qn(tag):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent")):
            yield from _inside(child, tag)


def _cell(cell: Any, numbers: _Numbers) -> str:
    """A cell on one line: a line feed would end the row, a tab the cell."""
    texts = [numbers.before(paragraph) + _text(paragraph) for paragraph in cell.iter(qn("w:p"))]
    lines = [line.strip() for text in texts for line in text.replace("\t", " ").split("\n")]
    return IN_CELL_BREAK.join(filter(None, lines))


def _text(element: Any) -> str:
    """The characters of a paragraph as they stand after all tracked changes."""
    parts = []
    for child in element.iterchildren():
        if child.tag in _SKIPPED:
            continue
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag == qn("w:tab"):
            parts.append("\t" if element.tag == qn("w:r") else "")
        elif child.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
        else:
            parts.append(_text(child))
    return "".join(parts)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "chineseCounting": numeral_of,
    "chineseCountingThousand": numeral_of,
    "taiwaneseCountingThousand": numeral_of,
    "japaneseCounting": numeral_of,
    "decimalEnclosedCircle": lambda number: chr(ord("①") + number - 1) if number <= 20 else f"({number})",
    "decimalEnclosedCircleChinese": lambda number: chr(ord("①") + number - 1) if number <= 20 else f"({number})",
    "lowerLetter": lambda number: chr(ord("a") + (number - 1) % 26),
    "upperLetter": lambda number: chr(ord("A") + (number - 1) % 26),
}


class _Numbers:
    """Counts the automatic numbers of a document's lists in reading order, as Word does when it draws them."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._style_lists: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        numbering = next(
            (part for part in document.part.package.iter_parts() if part.partname.endswith("/numbering.xml")), None
        )
        if numbering is not None:
            self._read_definitions(numbering.element)
        for style in document.styles.element.iter(qn("w:style")):
            if found := self._list_of(style.find(qn("w:pPr"))):
                self._style_lists[style.get(qn("w:styleId"))] = found

    def _read_definitions(self, numbering: Any) -> None:
        for abstract in numbering.iterchildren(qn("w:abstractNum")):
            self._levels[abstract.get(qn("w:abstractNumId"))] = {
                int(level.get(qn("w:ilvl"))): (
                    _value(level, "w:numFmt", "decimal"),
                    _value(level, "w:lvlText", ""),
                    int(_value(level, "w:start", "1")),
                )
                for level in abstract.iterchildren(qn("w:lvl"))
            }
        for number in numbering.iterchildren(qn("w:num")):
            self._abstract[number.get(qn("w:numId"))] = _value(number, "w:abstractNumId", "")

    @staticmethod
    def _list_of(properties: Any) -> tuple[str, int] | None:
        number = None if properties is None else properties.find(qn("w:numPr"))
        if number is None or number.find(qn("w:numId")) is None:
            return None
        return _value(number, "w:numId", "0"), int(_value(number, "w:ilvl", "0"))

    def before(self, paragraph: Any) -> str:
        """The number that Word draws before `paragraph`, empty if none; counts it."""
        properties = paragraph.find(qn("w:pPr"))
        style = "" if properties is None else _value(properties, "w:pStyle", "")
        found = self._list_of(properties) or self._style_lists.get(style)
        abstract = self._abstract.get(found[0]) if found else None
        if found is None or abstract is None or found[1] not in self._levels.get(abstract, {}):
            return ""
        return self._drawn(abstract, found[1])

    def _drawn(self, abstract: str, level: int) -> str:
        levels, counts = self._levels[abstract], self._counts[abstract]
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        drawn = levels[level][1]
        for index in range(level + 1):
            number_format, _, start = levels.get(index, ("decimal", "", 1))
            drawn = drawn.replace(f"%{index + 1}", _FORMATS.get(number_format, str)(counts.get(index, start)))
        return "" if levels[level][0] in ("bullet", "none") else drawn


def _value(parent: Any, name: str, default: str) -> str:
    child = parent.find(qn(name))
    return default if child is None else child.get(qn("w:val"), default)
