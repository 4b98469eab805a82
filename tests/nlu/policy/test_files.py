"""Files are read by what is in them, and refused with a sentence that helps."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from nlu.policy.document import DocumentError, parse
from nlu.policy.files import FileText, read_bytes, read_file
from nlu.policy.search import shipped_document
from nlu.policy.terms import DATA
from tests.nlu.policy.documents import REGULATION

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph


def saved(document: WordDocument) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_the_usual_encodings(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "办法.txt"
    path.write_bytes(REGULATION.replace("\n", "\r\n").encode(encoding))
    assert parse(read_file(path).text).clauses == parse(REGULATION).clauses


def test_the_draft_as_word_document_with_its_table() -> None:
    draft = shipped_document()
    lines = (DATA / "renshou-draft.txt").read_text(encoding="utf-8").split("\n")
    word = docx.Document()
    annex = next(index for index, line in enumerate(lines) if line.strip() == "附件")
    for line in lines[: annex + 2]:
        word.add_paragraph(line)
    table = word.add_table(rows=1, cols=3)
    for cell, name in zip(table.rows[0].cells, ["序号", "工作任务", "责任单位"], strict=True):
        cell.text = name
    for clause in draft.clauses:
        if clause.id.startswith("A"):
            number, task, units = table.add_row().cells
            number.text, task.text, units.text = clause.id[1:], clause.text, "、".join(clause.departments)
    read = parse(read_bytes(saved(word)).text)
    assert read.clauses == draft.clauses
    assert (read.title, read.status) == (draft.title, draft.status)


def test_merged_cells_of_a_word_table_stand_for_each_row_that_they_cover() -> None:
    word = docx.Document()
    for line in ("关于整治的通知", "一、时间", "从三月到五月。", "二、内容", "按附件分工办理。", "附件", "分工表"):
        word.add_paragraph(line)
    rows = [
        ("序号", "类别", "工作任务", "责任单位"),
        ("1", "组织建设", "建立议事会", "镇党建办"),
        ("2", "", "选好网格员", ""),
        ("二、环境整治", "", "", ""),
        ("3", "清洁", "清理河道", "镇水利站\n各村委会"),
        ("", "", "", "镇环卫所"),
        ("4", "清洁", "拆除圈舍", "镇农业办"),
        ("三", "长效管理", "", ""),
        ("5", "", "制定制度", ""),
    ]
    table = word.add_table(rows=len(rows), cols=4)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for first, last in (
        ((1, 1), (2, 1)),
        ((1, 3), (2, 3)),
        ((3, 0), (3, 3)),
        *(((4, n), (5, n)) for n in range(3)),
        ((7, 1), (7, 3)),
    ):
        table.cell(*first).merge(table.cell(*last))
    found = {clause.id: clause for clause in parse(read_bytes(saved(word)).text).clauses if clause.id[0] == "A"}
    assert {clause_id: (clause.path[1:], clause.text, clause.departments) for clause_id, clause in found.items()} == {
        "A1": (("组织建设",), "建立议事会", ("镇党建办",)),
        "A2": (("组织建设",), "选好网格员", ("镇党建办",)),
        "A3": (("二、环境整治", "清洁"), "清理河道", ("镇水利站", "各村委会", "镇环卫所")),
        "A4": (("二、环境整治", "清洁"), "拆除圈舍", ("镇农业办",)),
        "A5": (("长效管理",), "制定制度", ()),
    }


def test_a_table_inside_a_cell_is_part_of_its_text() -> None:
    word = docx.Document()
    word.add_paragraph("关于整治的通知")
    outer = word.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "外"
    outer.cell(0, 1).add_table(rows=1, cols=1).cell(0, 0).text = "内"
    assert read_bytes(saved(word)).text.split("\n")[1:] == ["外\t内"]


def number_automatically(paragraph: Paragraph, level: int) -> None:
    """Gives a paragraph the number that Word draws by itself, list 1."""
    properties = paragraph._p.get_or_add_pPr()
    number = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", str(level)), ("w:numId", "77")):
        element = OxmlElement(tag)
        element.set(qn("w:val"), value)
        number.append(element)
    properties.append(number)


def define_list(word: WordDocument) -> None:
    """A list whose first level is drawn 一、 and whose second level （一）."""
    numbering = word.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    for level, text in enumerate(["%1、", "（%2）"]):
        element = OxmlElement("w:lvl")
        element.set(qn("w:ilvl"), str(level))
        for tag, value in (("w:start", "1"), ("w:numFmt", "chineseCounting"), ("w:lvlText", text)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            element.append(child)
        abstract.append(element)
    numbering.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "77")
    reference = OxmlElement("w:abstractNumId")
    reference.set(qn("w:val"), "77")
    number.append(reference)
    numbering.append(number)


def test_numbers_that_word_only_draws() -> None:
    word = docx.Document()
    define_list(word)
    word.add_paragraph("关于楼道整治的通知")
    for text, level in [
        ("时间", 0),
        ("任务", 0),
        ("清理杂物。各楼栋自行清理，周五前完成。", 1),
        ("检查线路。物业逐层检查，做好登记。", 1),
    ]:
        number_automatically(word.add_paragraph(text), level)
        if text == "时间":
            word.add_paragraph("整治从3月1日开始，到3月31日结束。")
    document = parse(read_bytes(saved(word)).text)
    assert [clause.id for clause in document.clauses] == ["1", "2.1", "2.2"]
    assert document.clauses[2].heading == "检查线路"


def test_deleted_text_of_tracked_changes_is_not_read() -> None:
    word = docx.Document()
    word.add_paragraph("关于收费的通知")
    word.add_paragraph("一、标准")
    paragraph = word.add_paragraph("每户每月")
    for tag, text_tag, text in (("w:del", "w:delText", "十元。"), ("w:ins", "w:t", "五元，按季度收取。")):
        change, run, content = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        content.text = text
        run.append(content)
        change.append(run)
        paragraph._p.append(change)
    word.add_paragraph("二、时间")
    word.add_paragraph("每季度第一个月的十日以前。")
    assert parse(read_bytes(saved(word)).text).clauses[0].text == "每户每月五元，按季度收取。"


def wrapped(text: str, width: int, *, indent: str = "　　") -> str:
    """A text as a terminal or an old mail program would break it."""
    lines = []
    for line in text.split("\n"):
        rest = indent + line.strip() if line.strip() else ""
        while len(rest) > width:
            lines.append(rest[:width])
            rest = rest[width:]
        lines.append(rest)
    return "\n".join(lines)


@pytest.mark.parametrize("indent", ["　　", ""])
def test_a_text_that_is_broken_at_a_margin_is_joined(indent: str) -> None:
    law = REGULATION.replace("第三条 ", f"第三条 {'县住房和城乡建设主管部门应当会同有关部门，做好服务，' * 9}", 1)
    read = read_bytes(wrapped(law, 24, indent=indent).encode())
    assert parse(read.text).clauses == parse(law).clauses
    assert "已按段落接上" in read.uncertain[0]


def test_a_text_with_a_paragraph_a_line_is_left_as_it_is() -> None:
    for text in (REGULATION, (DATA / "renshou-draft.txt").read_text(encoding="utf-8")):
        assert read_bytes(text.encode()) == FileText(text)


def test_what_looks_like_a_radical_is_the_character_that_is_meant() -> None:
    text = REGULATION.replace("人", "⼈").replace("民", "⺠").replace("一", "⼀")
    assert parse(read_bytes(text.encode()).text) == parse(REGULATION)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空的"),
        (b"%PDF-1.7 ...", "PDF 打不开"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64, "另存为 .docx"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "图片"),
        (b"PK\x03\x04 broken", "可能已损坏"),
        (bytes(range(256)) * 20, "不是文字"),
        ("甲".encode() * (8 * 1024 * 1024), "太大"),
    ],
)
def test_other_files_are_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(DocumentError, match=sentence) as refusal:
        read_bytes(content)
    assert str(refusal.value).count("。") == 1


def test_a_zip_that_is_no_word_document() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt", "你好")
    with pytest.raises(DocumentError, match="不是 Word"):
        read_bytes(content.getvalue())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"打不开文件“没有\.txt”"):
        read_file(tmp_path / "没有.txt")
