"""`gridbot areas deadline` and `gridbot calendar`: what areas set holds below them, and what the calendar knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from typer.testing import CliRunner

from bot import schema
from bot.__main__ import app
from bot.schema import SetUpError
from handlers.cases import clocks
from storage.cases import Case
from storage.unit_of_work import UnitOfWork
from tests.bot.clockwork import MEMBER, Clockwork, at

if TYPE_CHECKING:
    from typer.testing import Result

    from storage.database import Database


@pytest.fixture
def house(database: Database, monkeypatch: pytest.MonkeyPatch) -> Clockwork:
    """A tree in the database that the settings name."""
    with database.engine.connect() as connection:
        command.stamp(schema.alembic_config(connection), "head")
        connection.commit()
    monkeypatch.setenv("GRIDBOT_DATABASE_URL", database.url.render_as_string(hide_password=False))
    return Clockwork(database, MEMBER)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)], env={"COLUMNS": "200"})


def allowed(house: Clockwork, area: str, slug: str = "noise") -> int | None:
    with UnitOfWork(house.database, read_only=True) as work:
        return work.clocks.deadline(house.area(work, area), slug)


def test_the_nearest_area_holds(house: Clockwork) -> None:
    assert allowed(house, "1网格") is None
    assert run("areas", "deadline", "仁和县", "noise", 10).exit_code == 0
    assert run("areas", "deadline", "桂花社区", "噪音扰民", 2).exit_code == 0
    assert allowed(house, "1网格") == 2
    assert allowed(house, "清溪镇") == 10
    assert allowed(house, "1网格", "parking") is None
    assert run("areas", "deadline", "桂花社区/1网格", "noise", 1).exit_code == 0
    assert allowed(house, "1网格") == 1
    listed = run("areas", "deadlines").stdout
    assert "仁和县/清溪镇/桂花社区/1网格" in listed
    assert "噪音扰民" in listed


def test_a_setting_is_changed_and_taken_back(house: Clockwork) -> None:
    for days in (2, 4):
        run("areas", "deadline", "桂花社区", "noise", days)
        assert allowed(house, "1网格") == days
    run("areas", "deadline", "桂花社区", "noise")
    assert allowed(house, "1网格") is None
    assert "No area has set" in run("areas", "deadlines").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("月亮社区", "noise", 2), "There is no area"),
        (("桂花社区", "singing", 2), "There is no category"),
        (("桂花社区", "fire", 2), "always due at once"),
        (("桂花社区", "noise", 0), "from 1 to"),
        (("柳林社区/1网格", "noise", 2), "There is no area"),
    ],
)
def test_what_is_not_there_is_refused(house: Clockwork, arguments: tuple[object, ...], says: str) -> None:
    result = run("areas", "deadline", *arguments)
    assert isinstance(result.exception, SetUpError)
    assert says in str(result.exception)
    assert allowed(house, "1网格") is None


def test_a_deadline_in_a_year_that_is_not_announced_is_counted(house: Clockwork) -> None:
    assert "2026" in run("calendar").stdout
    case_id = house.file("20260415-001", at("04-15 08:30"))
    assert run("calendar").stdout.strip().endswith("later: 0.")
    with UnitOfWork(house.database) as work:
        case = work.session.get_one(Case, case_id)
        case.due_at = case.due_at.replace(year=2099)
        work.commit()
    assert run("calendar").stdout.strip().endswith("later: 1.")


def test_a_case_keeps_the_days_that_its_area_allowed(house: Clockwork) -> None:
    case_id = house.file("20260415-001", at("04-15 08:30"))
    with UnitOfWork(house.database) as work:
        case = work.session.get_one(Case, case_id)
        assert clocks.days_allowed(case) == 3
        case.deadline_days = 1
        clocks.count_anew(case, at("04-15 09:00"))
        assert case.due_at == at("04-15 18:00")
