"""A pdf is read as what was printed: whole paragraphs, tables row by row, nothing of what only the page needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nlu.policy.document import DocumentError, parse
from nlu.policy.files import FileText, read_bytes
from nlu.policy.search import shipped_document
from nlu.policy.terms import DATA
from tests.nlu.policy.documents import NOTICE, REGULATION
from tests.nlu.policy.printing import (
    RUNNING_HEAD,
    new_page,
    paragraphs,
    picture,
    printed,
    signature,
    table,
    title,
)

DRAFT = (DATA / "renshou-draft.txt").read_text(encoding="utf-8").split("\n")


def read(*parts: object, **how: object) -> FileText:
    return read_bytes(printed(parts, **how))  # type: ignore[arg-type]


def test_a_regulation_over_several_pages() -> None:
    heading, *lines = REGULATION.split("\n")
    text = read(title(heading), *paragraphs(lines)).text
    assert RUNNING_HEAD not in text
    assert "—" not in text
    document, original = parse(text), parse(REGULATION)
    assert document.clauses == original.clauses
    assert (document.title, document.date, document.effective) == (original.title, original.date, original.effective)
    assert document.uncertain == ()


def test_a_notice_keeps_its_header_and_its_signature_apart_from_the_text() -> None:
    lines = NOTICE.split("附件")[0].replace("前后\n十天", "前后十天").split("\n")
    parts = [*map(title, lines[:3]), *paragraphs(lines[3:]), *signature("青石镇人民政府办公室", "2024年1月2日")]
    document = parse(read(*parts).text)
    original = parse(NOTICE)
    assert (document.title, document.number, document.issuer) == (original.title, original.number, original.issuer)
    assert document.date == original.date
    assert [clause.id for clause in document.clauses] == [clause.id for clause in original.clauses]
    assert document.clause("1") == original.clause("1")


def test_the_whole_draft_with_its_annex_over_several_pages() -> None:
    draft = shipped_document()
    annex = next(index for index, line in enumerate(DRAFT) if line.strip() == "附件")
    rows = [
        [clause.id[1:], clause.text, "、".join(clause.departments)]
        for clause in draft.clauses
        if clause.id.startswith("A")
    ]
    body = "\n".join(clause for clause in DRAFT[:annex])
    for before in ("建档立卡贫困人口、", "开展智慧社区建设，"):
        head, rest = body.split(before)
        body = head + before + rest.lstrip()
    parts = [
        *map(title, DRAFT[:2]),
        *paragraphs(body.split("\n")[2:]),
        new_page(),
        *paragraphs(DRAFT[annex : annex + 2]),
    ]
    document = parse(read(*parts, table([["序号", "工作任务", "责任单位"], *rows], (40, 260, 140))).text)
    assert document.title == draft.title
    assert [clause for clause in document.clauses if clause not in draft.clauses] == []
    assert len(document.clauses) == 48


def test_merged_cells_stand_for_each_row_that_they_cover() -> None:
    rows = [
        ["序号", "类别", "工作任务", "责任单位"],
        ["1", "组织建设", "建立议事会，每季度开一次会，听取群众的意见和建议", "镇党建办<br/>各村委会"],
        ["2", "", "选好网格员", "镇综治办"],
        ["二、环境整治", "", "", ""],
        ["3", "清洁", "清理河道", "镇水利站"],
        ["4", "清洁", "拆除废弃圈舍", ""],
    ]
    spans = (((1, 1), (1, 2)), ((0, 3), (3, 3)), ((3, 4), (3, 5)))
    text = read(
        title("关于整治的通知"),
        *paragraphs(["一、时间", "从三月到五月。", "二、内容", "按附件分工办理。", "附件", "分工表"]),
        table(rows, (40, 70, 180, 110), *spans),
        furniture=False,
    ).text
    found = {clause.id: clause for clause in parse(text).clauses if clause.id.startswith("A")}
    assert list(found) == ["A1", "A2", "A3", "A4"]
    assert found["A1"].departments == ("镇党建办", "各村委会")
    assert found["A1"].text == "建立议事会，每季度开一次会，听取群众的意见和建议"
    assert found["A2"].path == ("分工表", "组织建设")
    assert found["A3"].path == ("分工表", "二、环境整治", "清洁")
    assert found["A4"].departments == ("镇水利站",)


def test_scanned_pages_are_refused_or_named() -> None:
    with pytest.raises(DocumentError, match="扫描的图片"):
        read(picture(), new_page(), picture(), furniture=False)
    with pytest.raises(DocumentError, match="扫描的图片"):
        # The scanner's program printed the page numbers.
        read(picture(), new_page(), picture())
    heading, *lines = REGULATION.split("\n")
    mixed = read(title(heading), *paragraphs(lines), new_page(), picture())
    assert parse(mixed.text).clauses == parse(REGULATION).clauses
    assert len(mixed.uncertain) == 1
    assert "是图片" in mixed.uncertain[0]


def test_what_needs_a_password_is_refused() -> None:
    with pytest.raises(DocumentError, match="加了密码"):
        read(*paragraphs(["第一条 内容保密。"]), password="secret")


def test_a_torn_file_is_refused() -> None:
    whole = printed(paragraphs(REGULATION.split("\n")))
    with pytest.raises(DocumentError, match="可能已损坏"):
        read_bytes(whole[:300])


def test_the_library_is_loaded_for_a_pdf_alone() -> None:
    code = "import sys, bot.__main__, bot.app, bot.policy; sys.exit('pdfplumber' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
