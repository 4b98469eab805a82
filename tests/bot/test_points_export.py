"""Points for the social credit record: with consent alone, and a file that shows every change."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.points_export import checksum, export, verify_file
from bot.schema import SetUpError, open_at_head
from bot.settings import Settings
from storage.cases import By
from storage.consents import Purpose
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A bot on SQLite, in which 李秀芬 has earned and spent in April and agreed, and 张建国 has earned."""
    monkeypatch.setenv("GRIDBOT_DATA_DIR", str(tmp_path))
    settings = Settings(data_dir=tmp_path)
    database = open_at_head(settings.database)
    with UnitOfWork(database) as work:
        tree = plant(work)
        li, zhang = (work.people.add(tree.grid, NOW, name=name) for name in ("李秀芬", "张建国"))
        for number, person in enumerate((li, zhang, li)):
            work.points.credit(person, 5, "=志愿活动：河道清洁", f"participation:{number}", By(zhang, NOW, "test"))
        work.points.spend(li, 4, "兑换洗衣粉", "redemption:1", By(li, NOW, "test"))
        work.points.credit(li, 9, "五月的", "participation:9", By(None, NOW + timedelta(days=30), "test"))
        consent(work, li.id, given=True)
        work.commit()
    database.close()
    return settings


def consent(work: UnitOfWork, person_id: int, *, given: bool) -> None:
    person = work.people.get(person_id)
    work.consents.record(person, Purpose.CREDIT_RECORD, NOW, given=given, source="web", version="1")


def written(settings: Settings, folder: Path) -> tuple[Path, dict[str, Any]]:
    later = NOW + timedelta(days=60)
    file, sheet = export(settings, "李秀芬", "2026-04", "2026-04", folder / "out", later)
    assert zipfile.is_zipfile(sheet)
    return file, json.loads(file.read_text(encoding="utf-8"))


def test_what_is_exported_is_ones_own_and_of_its_time(settings: Settings, tmp_path: Path) -> None:
    file, data = written(settings, tmp_path)
    assert [entry["counts"] for entry in data["entries"]] == [5, 5, -4]
    assert data["total"] == 6
    assert [head["position"] for head in data["heads"]] == [5]
    assert "张建国" not in file.read_text(encoding="utf-8")
    assert verify_file(settings, file) == []
    assert CliRunner().invoke(app, ["points", "verify", "--export", str(file)]).exit_code == 0


def test_nobody_is_exported_who_has_not_agreed_or_agrees_no_longer(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match="has not agreed"):
        export(settings, "张建国", "2026-04", "2026-04", tmp_path / "out", NOW)
    database = open_at_head(settings.database)
    with UnitOfWork(database) as work:
        consent(work, 1, given=False)
        work.commit()
    database.close()
    with pytest.raises(SetUpError, match="has not agreed"):
        written(settings, tmp_path)
    assert not (tmp_path / "out").exists()


def _without_the_last(data: dict[str, Any]) -> None:
    data["entries"].pop()
    data["total"] = sum(entry["counts"] for entry in data["entries"])


def _more(data: dict[str, Any]) -> None:
    data["entries"][0]["amount"] = data["entries"][0]["counts"] = 500
    data["total"] = sum(entry["counts"] for entry in data["entries"])


def _another_head(data: dict[str, Any]) -> None:
    data["heads"][0]["hash"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "found"),
    [(_without_the_last, "does not hold"), (_more, "does not bear its hash"), (_another_head, "another entry")],
)
def test_a_changed_file_is_found_out_though_it_is_signed_again(
    settings: Settings, tmp_path: Path, change: Any, found: str
) -> None:
    file, data = written(settings, tmp_path)
    change(data)
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert (
        verify_file(settings, file) == ["The file was changed after it was written."]
        or len(verify_file(settings, file)) > 1
    )
    data["checksum"] = checksum(data)
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert any(found in wrong for wrong in verify_file(settings, file))


def test_what_was_taken_back_since_is_said(settings: Settings, tmp_path: Path) -> None:
    file, _ = written(settings, tmp_path)
    database = open_at_head(settings.database)
    with UnitOfWork(database) as work:
        work.points.reverse(work.points.entry(1), "核实后撤销", By(None, NOW + timedelta(days=61), "test"))
        work.commit()
    database.close()
    assert ["taken back" in wrong for wrong in verify_file(settings, file)] == [True]


@pytest.mark.usefixtures("settings")
def test_the_heads_are_a_page_to_be_printed(tmp_path: Path) -> None:
    page = tmp_path / "heads.html"
    assert CliRunner().invoke(app, ["points", "heads", "--month", "2026-04", "--page", str(page)]).exit_code == 0
    text = page.read_text(encoding="utf-8")
    head = CliRunner().invoke(app, ["points", "heads", "--month", "2026-04"]).stdout.split()[-1]
    assert "桂花社区：最后一笔是第 4 笔" in text
    assert "截至 2026-04-30" in text
    assert head in text.replace(" ", "")


def test_something_else_is_no_export(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("[]")
    assert "is no export" in verify_file(settings, file)[0]
