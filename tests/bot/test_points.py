"""`gridbot points` and the nightly look through the ledger: what is sound and what is not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from sqlalchemy import text
from structlog.testing import capture_logs
from typer.testing import CliRunner

from bot import points
from bot.__main__ import app
from bot.schema import SetUpError, open_at_head
from bot.settings import Settings
from bot.timetable import run_duty
from handlers.features import DUTIES
from nlu.times import SHANGHAI
from storage.cases import By
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.database import Database

[VERIFY] = [duty for duty in DUTIES if duty.name == "points.verify_at_night"]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A bot on SQLite with three entries in the ledger."""
    monkeypatch.setenv("GRIDBOT_DATA_DIR", str(tmp_path))
    settings = Settings(data_dir=tmp_path)
    database = open_at_head(settings.database)
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.grid, NOW)
        for number in range(3):
            work.points.credit(person, 5, "河道清洁", f"participation:{number}", By(None, NOW, "test"))
        work.commit()
    database.close()
    return settings


def tamper(settings: Settings) -> None:
    database = open_at_head(settings.database)
    with database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER points_entries_keep_update"))
        connection.execute(text("UPDATE points_entries SET amount = 500 WHERE position = 2"))
    database.close()


def test_a_sound_ledger(settings: Settings) -> None:
    assert points.verify(settings, Console(quiet=True)) == []
    assert CliRunner().invoke(app, ["points", "verify"]).exit_code == 0


def test_a_broken_ledger_is_named_and_fails(settings: Settings) -> None:
    tamper(settings)
    [wrong] = points.verify(settings, Console(quiet=True))
    assert "number 2 in the chain of 桂花社区" in wrong
    assert CliRunner().invoke(app, ["points", "verify"]).exit_code == 1


def test_the_heads_of_a_month(settings: Settings) -> None:
    [(community, head)] = points.heads(settings, None)
    assert (community.name, head.position) == ("桂花社区", 3)
    assert points.heads(settings, "2026-04") != []
    assert points.heads(settings, "2026-03") == []
    printed = CliRunner().invoke(app, ["points", "heads", "--month", "2026-12"]).stdout
    assert printed == f"桂花社区 3 2026-04-15 {head.hash}\n"
    with pytest.raises(SetUpError, match="no month"):
        points.heads(settings, "April")


def at(hour: int) -> Callable[[], datetime]:
    return lambda: datetime(2026, 4, 16, hour, 30, tzinfo=SHANGHAI)


def test_the_nightly_look_finds_it_and_the_daily_one_does_not_look(settings: Settings) -> None:
    tamper(settings)
    database: Database = open_at_head(settings.database)
    with capture_logs() as by_day:
        run_duty(database, VERIFY, at(11))
    with capture_logs() as at_night:
        run_duty(database, VERIFY, at(3))
    database.close()
    assert by_day == []
    assert [(line["log_level"], line["position"]) for line in at_night] == [("error", 2)]


def test_the_shop_is_filled_and_listed(settings: Settings) -> None:
    assert CliRunner().invoke(app, ["shop", "put", "桂花社区", "洗衣粉", "10", "3"]).exit_code == 0
    assert CliRunner().invoke(app, ["shop", "put", "桂花社区", "洗衣粉", "12", "5"]).exit_code == 0
    assert points.offered(settings) == [("桂花社区", "洗衣粉", 12, 5)]
    assert CliRunner().invoke(app, ["shop", "list"]).stdout == "桂花社区 洗衣粉 12 5\n"
    with pytest.raises(SetUpError, match="桃花社区"):
        points.put(settings, "桃花社区", "洗衣粉", 10, 3)
