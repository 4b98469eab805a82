"""`gridbot opinions`: what residents say is listed by clause and exported for the drafters, harmless and nameless."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from alembic import command
from typer.testing import CliRunner

from bot import schema
from bot.__main__ import app
from nlu.policy.document import parse
from nlu.policy.library import shipped_text
from storage.opinions import Opinion
from storage.unit_of_work import UnitOfWork
from tests.nlu.policy.documents import REGULATION
from tests.storage.rows import NOW, plant

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from storage.database import Database

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHIPPED, OTHER = parse(shipped_text()), parse(REGULATION)
GIVEN = (
    (SHIPPED, "A14", "=HYPERLINK(1)", False),
    (SHIPPED, "3.2.6", "积分要公开 [捂脸]", True),
    (OTHER, OTHER.clauses[0].id, "＋1", False),
    (SHIPPED, None, "太长了", False),
    (SHIPPED, "3.2.6", "-5分太多", False),
)


@pytest.fixture
def opinions(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database that the settings name, with the opinions of GIVEN, a day apart."""
    with database.engine.connect() as connection:
        # The tables of the tests are made from the models, not by migrations.
        command.stamp(schema.alembic_config(connection), "head")
        connection.commit()
    monkeypatch.setenv("GRIDBOT_DATABASE_URL", database.url.render_as_string(hide_password=False))
    with UnitOfWork(database) as work:
        community = plant(work).community
        person = work.people.add(community, NOW, name="李秀芬")
        rows = {
            document.title: work.policy.add(document.title, document.status, text, NOW)
            for document, text in ((SHIPPED, shipped_text()), (OTHER, REGULATION))
        }
        for day, (document, clause, text, signed) in enumerate(GIVEN):
            opinion = Opinion(
                person_id=person.id,
                area_id=community.id,
                document_id=rows[document.title].id,
                clause_id=clause,
                text=text,
                signed=signed,
                given_at=NOW + timedelta(days=day),
            )
            work.opinions.add(opinion)
        work.commit()
    return database


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["opinions", *map(str, arguments)], env={"COLUMNS": "240"})


def listed() -> list[dict[str, Any]]:
    result = run("list", "--json")
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def sheets(file: Path) -> dict[str, list[list[str]]]:
    """The texts of every sheet, row by row; a formula anywhere fails."""
    with ZipFile(file) as book:
        strings = [
            "".join(text.text or "" for text in item.iter(f"{MAIN}t"))
            for item in ET.fromstring(book.read("xl/sharedStrings.xml")).iter(f"{MAIN}si")
        ]
        names = [sheet.attrib["name"] for sheet in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")]
        found = {}
        for number, name in enumerate(names, 1):
            sheet = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(sheet.iter(f"{MAIN}f"))
            rows = ([strings[int(cell.findtext(f"{MAIN}v", ""))] for cell in row] for row in sheet.iter(f"{MAIN}row"))
            found[name] = list(rows)
    return found


@pytest.mark.usefixtures("opinions")
def test_opinions_are_listed_by_document_and_clause_as_printed() -> None:
    found = [(row["document"], row["clause"], row["text"]) for row in listed()]
    assert found == [
        (SHIPPED.title, None, "太长了"),
        (SHIPPED.title, "3.2.6", "积分要公开 [捂脸]"),
        (SHIPPED.title, "3.2.6", "-5分太多"),
        (SHIPPED.title, "A14", "=HYPERLINK(1)"),
        (OTHER.title, OTHER.clauses[0].id, "＋1"),
    ]
    assert listed()[1] == {
        "document": SHIPPED.title,
        "clause": "3.2.6",
        "heading": "提高社区居民参与能力",
        "number": 2,
        "text": "积分要公开 [捂脸]",
        "day": "2026-04-16",
        "area": "桂花社区",
        "signature": "李秀芬",
    }
    assert [row["signature"] for row in listed()].count(None) == 4


@pytest.mark.usefixtures("opinions")
def test_the_table_shows_what_was_said_as_it_was() -> None:
    shown = run("list").stdout
    assert "5 opinions" in shown
    assert "积分要公开 [捂脸]" in shown
    assert shown.index("整个文件") < shown.index("3.2.6")


@pytest.mark.usefixtures("opinions")
def test_a_spreadsheet_has_a_sheet_for_each_document(tmp_path: Path) -> None:
    file = tmp_path / "opinions.xlsx"
    result = run("export", file)
    assert result.exit_code == 0
    assert "5 opinions" in result.stderr
    (first, rows), (second, _) = sheets(file).items()
    assert first.startswith("1 ") and second.startswith("2 ")
    assert rows[0] == ["条款", "标题", "条款原文", "意见编号", "意见", "日期", "社区", "署名"]
    assert [row[0] for row in rows[1:]] == ["整个文件", "3.2.6", "3.2.6", "A14"]
    clause = SHIPPED.clause("3.2.6")
    assert clause is not None
    signed = [clause.id, clause.heading, clause.text, "2", "积分要公开 [捂脸]", "2026-04-16", "桂花社区", "李秀芬"]
    assert rows[2] == signed


@pytest.mark.usefixtures("opinions")
def test_nothing_in_a_spreadsheet_is_a_formula_or_becomes_one(tmp_path: Path) -> None:
    run("export", tmp_path / "opinions.xlsx")
    said = [row[4] for rows in sheets(tmp_path / "opinions.xlsx").values() for row in rows[1:]]
    assert said == ["太长了", "积分要公开 [捂脸]", "'-5分太多", "'=HYPERLINK(1)", "'＋1"]


@pytest.mark.usefixtures("opinions")
def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "opinions.xlsx"
    file.write_text("mine")
    result = run("export", file)
    assert result.exit_code == 1
    assert "is there already" in result.stderr
    assert file.read_text() == "mine"
    assert run("export", tmp_path / "nowhere" / "opinions.xlsx").exit_code == 1


def test_without_opinions_there_is_nothing_to_list_or_write(opinions: Database, tmp_path: Path) -> None:
    with UnitOfWork(opinions) as work:
        for opinion in work.opinions.all():
            opinion.withdraw(NOW)
        work.commit()
    assert listed() == []
    assert "Nobody has given an opinion." in run("list").stdout
    assert "Nobody has given an opinion." in run("export", tmp_path / "opinions.xlsx").stderr
    assert not (tmp_path / "opinions.xlsx").exists()
