"""`gridbot policy`: documents come in as files, have versions and a status, and answers name the one they are from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from rich.console import Console
from typer.testing import CliRunner

from bot import policy, schema
from bot.__main__ import app
from bot.policy import store
from bot.set_up import prepare
from bot.settings import Settings
from nlu.policy.clauses import Status
from storage.areas import AreaKind
from storage.unit_of_work import UnitOfWork
from tests.nlu.policy.documents import NOTICE, OUTLINE_PLAN, REGULATION, VERSES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from typer.testing import Result

    from storage.database import Database
    from storage.policy import PolicyDocument
    from tests.town import Town

TITLE = "清溪县社区菜园管理办法"
DRAFT = REGULATION.replace(TITLE, f"{TITLE}（征求意见稿）", 1).replace("十平方米", "八平方米")


@pytest.fixture
def settings(database: Database, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings that name the database of the test."""
    with database.engine.connect() as connection:
        # The tables of the tests are made from the models, not by migrations.
        command.stamp(schema.alembic_config(connection), "head")
        connection.commit()
    monkeypatch.setenv("GRIDBOT_DATABASE_URL", database.url.render_as_string(hide_password=False))
    return Settings()


def run(*arguments: object, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, ["policy", *map(str, arguments)], input=answer, env={"COLUMNS": "200"})


def add(folder: Path, text: str, *, answer: str | None = None) -> Result:
    file = folder / "文件.txt"
    file.write_text(text, encoding="utf-8")
    return run("add", file, answer=answer)


def versions(database: Database) -> Sequence[PolicyDocument]:
    with UnitOfWork(database, read_only=True) as work:
        return work.policy.all()


@pytest.mark.usefixtures("settings")
def test_a_document_comes_in_with_what_it_says_of_itself(database: Database, tmp_path: Path) -> None:
    result = add(tmp_path, NOTICE)
    assert result.exit_code == 0
    assert "[2.1] 管住火源（镇林业站、各村委会）" in result.stderr
    assert "文号：青府办〔2024〕7号" in result.stderr
    (added,) = versions(database)
    assert (added.title, added.version) == ("青石镇人民政府办公室关于开展春季森林防火工作的通知", 1)
    assert (added.issuer, added.number) == ("青石镇人民政府办公室", "青府办〔2024〕7号")
    assert (f"{added.published_on}", added.effective_on, added.status) == ("2024-01-02", None, "现行")


@pytest.mark.usefixtures("settings")
def test_what_was_unsure_is_printed_for_whoever_brings_it_in(tmp_path: Path) -> None:
    assert "请核对：没有读到条、章" in add(tmp_path, VERSES).stderr


@pytest.mark.usefixtures("settings")
def test_the_final_version_takes_the_place_of_the_draft_when_that_is_confirmed(
    database: Database, tmp_path: Path
) -> None:
    add(tmp_path, DRAFT)
    refused = add(tmp_path, REGULATION, answer="n\n")
    assert refused.exit_code == 1
    assert "Replace version 1" in refused.stderr
    assert "(征求意见稿) by this one (现行)" in refused.stderr
    assert "Nothing was changed." in refused.stderr
    assert [each.version for each in versions(database)] == [1]
    assert add(tmp_path, REGULATION, answer="y\n").exit_code == 0
    draft, final = versions(database)
    assert (draft.title, draft.version, draft.status, draft.superseded_at is None) == (TITLE, 1, "征求意见稿", False)
    assert (final.title, final.version, final.status, final.superseded_at is None) == (TITLE, 2, "现行", True)
    assert "there already" in add(tmp_path, REGULATION).stderr
    assert len(versions(database)) == 2


@pytest.mark.usefixtures("settings")
def test_a_draft_that_would_hide_what_is_in_force_is_asked_about_in_so_many_words(tmp_path: Path) -> None:
    add(tmp_path, REGULATION)
    assert "in force would no longer be quoted" in add(tmp_path, DRAFT, answer="n\n").stderr


def test_the_bot_goes_on_writing_while_somebody_thinks_about_the_answer(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    def think(_question: str) -> bool:
        with UnitOfWork(database) as work:
            work.areas.add(AreaKind.COUNTY, "仁和县")
            work.commit()
        return True

    add(tmp_path, DRAFT)
    (tmp_path / "文件.txt").write_text(REGULATION, encoding="utf-8")
    assert policy.add(settings, tmp_path / "文件.txt", Console(quiet=True), think)
    assert policy.remove(settings, TITLE, think) is not None


@pytest.mark.usefixtures("settings")
def test_the_list_has_every_version(tmp_path: Path) -> None:
    assert "There is no policy document." in run("list").stdout
    add(tmp_path, DRAFT)
    add(tmp_path, REGULATION, answer="y\n")
    add(tmp_path, NOTICE)
    lines = [line for line in run("list").stdout.splitlines() if "│" in line]
    assert [("征求意见稿" in line, "2023-05-01" in line, " 8 " in line) for line in lines[:2]] == [
        (True, True, True),
        (False, True, True),
    ]
    assert "青府办〔2024〕7号" in lines[2]


@pytest.mark.usefixtures("settings")
def test_a_document_is_shown_whole_or_by_the_clause(tmp_path: Path) -> None:
    add(tmp_path, DRAFT)
    add(tmp_path, REGULATION, answer="y\n")
    shown = run("show", "菜园").stdout
    assert "第1版：征求意见稿" in shown
    assert "第2版：现行" in shown
    assert "[5] 第五条" in shown
    clause = "每户申请的地块不得超过十平方米，使用期限为一年，期满可以续期一次。"
    for name in ("5", "第五条", "第5条"):
        assert run("show", f"《{TITLE}（征求意见稿）》", name).stdout.splitlines() == [
            "[5] 第二章 申请和使用 · 第五条",
            clause,
        ]
    missing = run("show", "菜园", "99")
    assert (missing.exit_code, str(missing.exception)) == (1, f"There is no clause 99 in 《{TITLE}》.")


@pytest.mark.usefixtures("settings")
def test_a_title_that_names_none_or_several_is_refused(tmp_path: Path) -> None:
    add(tmp_path, REGULATION)
    add(tmp_path, OUTLINE_PLAN)
    assert "no document 《停车》" in str(run("show", "停车").exception)
    assert "Several documents" in str(run("status", "社区", "现行").exception)


@pytest.mark.usefixtures("settings")
def test_an_admin_says_that_a_draft_is_in_force_now(database: Database, tmp_path: Path) -> None:
    add(tmp_path, DRAFT)
    assert "is 现行 now (it was 征求意见稿)" in run("status", "菜园", "现行").stderr
    assert [each.status for each in versions(database)] == ["现行"]
    assert f"{TITLE}（现行）" in run("show", "菜园").stdout
    assert run("status", "菜园", "生效").exit_code == 2


def test_what_is_taken_out_is_kept_and_does_not_come_back_by_itself(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    add(tmp_path, REGULATION)
    assert "Nothing was changed." in run("remove", "菜园", answer="n\n").stderr
    taken = run("remove", "菜园", "--yes")
    assert "version 1, is superseded" in taken.stderr
    assert "Its text is kept." in taken.stderr
    with UnitOfWork(database, read_only=True) as work:
        assert work.policy.current() == []
    assert "was taken out on" in str(run("remove", "菜园", "--yes").exception)
    prepare(settings, Console(quiet=True))
    assert [each.superseded_at is None for each in versions(database)] == [False]
    assert add(tmp_path, REGULATION).exit_code == 0
    assert [each.version for each in versions(database)] == [1, 2]


@pytest.mark.usefixtures("settings")
def test_what_is_no_document_is_refused_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "照片.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe0" + bytes(64))
    assert "照片.jpg: 这是一张图片" in str(run("add", file).exception)


def test_an_answer_names_its_document_among_several(town: Town) -> None:
    with town.work() as work:
        store(work, REGULATION, town.now)
        store(work, NOTICE, town.now)
        work.commit()
    garden = town.say("li", "社区菜园每户的地块最多多大")
    assert "不得超过十平方米" in garden
    assert f"——《{TITLE}》" in garden
    fire = town.say("li", "申请临时护林员要交哪些材料")
    assert "体检证明" in fire
    assert "——《青石镇人民政府办公室关于开展春季森林防火工作的通知》" in fire
    volunteers = town.say("li", "注册志愿者要达到多少比例")
    assert "——《关于进一步加强和完善城乡社区治理的实施意见》" in volunteers


def test_answers_come_from_the_current_version_with_the_status_it_has_by_now(town: Town) -> None:
    with town.work() as work:
        store(work, DRAFT, town.now)
        work.commit()
    question = "社区菜园每户的地块最多多大"
    assert "还没有正式施行" in town.say("li", question)
    with town.work() as work:
        current = work.policy.current_of(TITLE)
        assert current is not None
        current.status = Status.IN_FORCE
        work.commit()
    in_force = town.say("li", question)
    assert "八平方米" in in_force
    assert "还没有正式施行" not in in_force
    with town.work() as work:
        store(work, REGULATION, town.now)
        work.commit()
    final = town.say("li", question)
    assert "十平方米" in final
    assert "八平方米" not in final
