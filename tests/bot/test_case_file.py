"""`gridbot case export`: both files are read back, and hold what they must and nothing that they must not."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pdfplumber
import pytest
from alembic import command
from docx import Document
from typer.testing import CliRunner

from bot import paper_docx, paper_pdf, schema
from bot.__main__ import app
from bot.schema import SetUpError
from handlers.cases.papers import Heading, Paper, Paragraph, Table
from storage.cases import By, Case, CaseEvent, CaseKind, CaseState
from storage.mediations import (
    Agreement,
    AgreementAnswer,
    Mediation,
    MediationSession,
    MediationState,
    Party,
    Side,
    Visit,
    VisitResult,
)
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, case, plant

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from storage.database import Database

DAY = timedelta(days=1)
SAID_BY_ONE, SAID_BY_OTHER = "他家小孩天天跑跳", "半夜两点还在打麻将"
OBJECTION = "十点太早了"


@pytest.fixture
def town(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database that the settings name, with a mediated case, one of an anonymous reporter, an ordinary one."""
    with database.engine.connect() as connection:
        # The tables of the tests are made from the models, not by migrations.
        command.stamp(schema.alembic_config(connection), "head")
        connection.commit()
    monkeypatch.setenv("GRIDBOT_DATABASE_URL", database.url.render_as_string(hide_password=False))
    with UnitOfWork(database) as work:
        tree = plant(work)
        li = work.people.add(tree.grid, NOW, name="李秀芬", phone="13900000001")
        zhou = work.people.add(tree.grid, NOW, name="周建国", phone="13900000022")
        zhao = work.people.add(tree.community, NOW, name="赵文清")
        work.people.grant(zhao, Role.MEDIATOR, tree.community, NOW)
        li.home = "桂花苑3栋2单元501"
        for number, anonymous in (("20260415-007", False), ("20260415-008", True)):
            report = case(tree.grid, tree.community, number, reporter=li, assignee=zhao, anonymous=anonymous)
            report.text = "我是李秀芬，身份证51102519620317482X，楼上天天半夜打麻将，我电话13900000001"
            report.history = [CaseEvent.first(By(li, NOW, "test"))]
            work.cases.add(report)
            _mediate(work, report, {"li": li, "zhou": zhou, "zhao": zhao})
        ordinary = case(tree.grid, tree.community, "20260415-009", kind=CaseKind.INCIDENT, category="street_light")
        ordinary.history = [CaseEvent.first(By(None, NOW, "test"))]
        work.cases.add(ordinary)
        work.cases.add(case(tree.other_grid, tree.other_community, "20260415-007"))
        work.commit()
    return database


def _mediate(work: UnitOfWork, report: Case, people: dict[str, Any]) -> None:
    li, zhou, zhao = people["li"], people["zhou"], people["zhao"]
    mediation = work.mediations.add(
        Mediation(
            case=report,
            mediator=zhao,
            state=MediationState.AGREED,
            started_at=NOW,
            due_at=NOW + 30 * DAY,
            agreed_at=NOW + 3 * DAY,
            parties=[
                Party(side=Side.APPLICANT, person=li, consent=True, consent_at=NOW),
                Party(side=Side.RESPONDENT, person=zhou, name="周建国", home="桂花苑4栋", consent=True, consent_at=NOW),
            ],
            sessions=[
                MediationSession(start=NOW + DAY, place="社区调解室", came=["applicant", "respondent"], note="谈得好")
            ],
        )
    )
    applicant, respondent = mediation.parties
    work.mediations.tell(applicant, SAID_BY_OTHER, NOW)
    work.mediations.tell(respondent, SAID_BY_ONE, NOW)
    text = "一、周建国晚上十点以后不打麻将；\n二、李秀芬管好小孩。"
    first = Agreement(version=1, text="一、晚上九点以后不打麻将。", written_at=NOW + 2 * DAY)
    second = Agreement(version=2, text=text, written_at=NOW + 3 * DAY)
    mediation.agreements = [first, second]
    work.session.flush()
    first.answers = [AgreementAnswer(party_id=respondent.id, agreed=False, words=OBJECTION, at=NOW + 2 * DAY)]
    second.answers = [
        AgreementAnswer(party_id=party.id, agreed=True, words="同意", at=NOW + 3 * DAY) for party in mediation.parties
    ]
    mediation.visits = [
        Visit(due_at=NOW + 18 * DAY, visited_at=NOW + 18 * DAY, result=VisitResult.KEPT, note="问过双方，都做到了")
    ]
    report.move(CaseState.RESOLVED, By(zhou, NOW + 3 * DAY, "test"), "resolve", "调解成功，双方同意调解协议（第2版）")
    report.outcome = "调解成功"


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["case", "export", *arguments])


def _docx(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _pdf(path: Path) -> list[str]:
    with pdfplumber.open(path) as pdf:
        # Where a line breaks depends on its width alone.
        cells = [cell or "" for page in pdf.pages for table in page.extract_tables() for row in table for cell in row]
        return [text.replace("\n", "") for text in [*((page.extract_text() or "") for page in pdf.pages), *cells]]


def _both(folder: Path, number: str) -> dict[str, str]:
    docx, pdf = folder / f"{number}.docx", folder / f"{number}.pdf"
    return {"docx": _docx(docx).replace("\n", ""), "pdf": "".join(_pdf(pdf))}


@pytest.mark.usefixtures("town")
def test_the_file_of_a_mediated_case_holds_all_of_it(tmp_path: Path) -> None:
    result = _run("007", "--community", "桂花", "--out", str(tmp_path / "new"))
    assert result.exit_code == 0, result.output
    for kind, text in _both(tmp_path / "new", "20260415-007").items():
        for part in (
            "人民调解卷宗",
            "调解申请登记表",
            "桂花社区",
            "李秀芬",
            "周建国",
            "赵文清",
            "社区调解室",
            "申请人、被申请人",
            SAID_BY_ONE,
            SAID_BY_OTHER,
            OBJECTION,
            "人民调解协议书",
            "晚上十点以后不打麻将",
            "签名、盖章或按指印",
            "回访：已履行",
            "办理经过",
        ):
            assert part in text, f"{kind} lacks {part}"
        assert "51102519620317482X" not in text, kind
        assert "482X" in text, kind
    for path in (tmp_path / "new").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.usefixtures("town")
def test_without_statements_nothing_told_to_the_mediator_is_in_it(tmp_path: Path) -> None:
    result = _run("20260415-007", "--community", "桂花社区", "--out", str(tmp_path), "--without-statements")
    assert result.exit_code == 0, result.output
    for kind, text in _both(tmp_path, "20260415-007").items():
        assert "人民调解协议书" in text, kind
        for part in (SAID_BY_ONE, SAID_BY_OTHER, OBJECTION, "当事人陈述"):
            assert part not in text, f"{kind} has {part}"


@pytest.mark.usefixtures("town")
def test_an_anonymous_reporter_is_named_nowhere(tmp_path: Path) -> None:
    assert _run("008", "--out", str(tmp_path)).exit_code == 0
    for kind, text in _both(tmp_path, "20260415-008").items():
        assert "匿名" in text, kind
        for part in ("李秀芬", "13900000001", "桂花苑3栋2单元501", "51102519620317482X"):
            assert part not in text, f"{kind} has {part}"
        assert "周建国" in text, kind


@pytest.mark.usefixtures("town")
def test_an_ordinary_case_has_no_part_of_mediation(tmp_path: Path) -> None:
    assert _run("009", "--out", str(tmp_path)).exit_code == 0
    for kind, text in _both(tmp_path, "20260415-009").items():
        assert "事项卷宗" in text, kind
        assert "20260415-009" in text, kind
        assert "协议书" not in text, kind
        assert "调解申请" not in text, kind


def test_that_it_was_printed_stands_in_the_history(town: Database, tmp_path: Path) -> None:
    assert _run("009", "--out", str(tmp_path)).exit_code == 0
    with UnitOfWork(town, read_only=True) as work:
        event = work.cases.numbered("009")[0].history[-1]
        assert (event.action, event.source, event.actor_id) == ("export", "command", None)


@pytest.mark.usefixtures("town")
def test_what_cannot_be_exported_is_one_sentence(tmp_path: Path) -> None:
    out = tmp_path / "out"
    several = _run("007", "--out", str(out))
    absent = _run("555", "--out", str(out))
    assert isinstance(several.exception, SetUpError)
    assert "20260415-007 (柳林社区)" in str(several.exception)
    assert isinstance(absent.exception, SetUpError)
    assert not out.exists()
    assert _run("009", "--out", str(out)).exit_code == 0
    before = (out / "20260415-009.pdf").read_bytes()
    (out / "20260415-009.docx").unlink()
    assert _run("009", "--out", str(out)).exit_code == 1
    assert [path.name for path in out.iterdir()] == ["20260415-009.pdf"]
    assert (out / "20260415-009.pdf").read_bytes() == before


LONG = Paper(
    "长",
    (
        Heading('卷宗 <&> "引号"', 0),
        Paragraph("第一行\n第二行 <b>不是标签</b> & 😀"),
        Table(
            (("时间", "内容"), *((f"第{number}条", "很长的一段话" * 60) for number in range(30))), (1, 4), header=True
        ),
        Table((("一", "一格里放不下的话" * 700),), (1, 4)),
    ),
)


def test_long_tables_go_on_over_pages_with_their_head_and_page_numbers() -> None:
    with pdfplumber.open(BytesIO(paper_pdf.printed(LONG))) as pdf:
        texts = [page.extract_text() or "" for page in pdf.pages]
    assert len(texts) > 4
    for number, text in enumerate(texts, 1):
        assert f"第 {number} 页" in text
        assert f"共 {len(texts)} 页" in text
    assert sum("时间" in text for text in texts) > 3
    assert "<b>不是标签</b> &" in texts[0]
    assert "".join(texts).count("第29条") == 1


def test_a_word_file_numbers_its_pages_and_names_its_fonts() -> None:
    document = Document(BytesIO(paper_docx.printed(LONG)))
    assert document.core_properties.title == "长"
    foot = document.sections[0].footer._element.xml
    assert "NUMPAGES" in foot
    assert ">PAGE<" in foot or '"PAGE"' in foot
    assert "宋体" in document.styles["Normal"].element.xml
    assert "tblHeader" in document.tables[0].rows[0]._tr.xml
    assert document.paragraphs[0].text == '卷宗 <&> "引号"'
