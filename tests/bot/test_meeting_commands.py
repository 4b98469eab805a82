"""`gridbot meeting`: minutes out of a file are published to those invited, and votes are counted again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import select
from typer.testing import CliRunner

from bot import schema
from bot.__main__ import app
from bot.clock import system_clock
from bot.schema import SetUpError
from storage.meetings import Meeting, MeetingState
from storage.messages import OutboxMessage
from storage.unit_of_work import UnitOfWork
from storage.votes import Ballot, VotesBy
from tests.storage.rows import plant

if TYPE_CHECKING:
    from pathlib import Path

    from storage.database import Database


@pytest.fixture
def hall(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database that the settings name, with a meeting that was held and a ballot that is closed."""
    with database.engine.connect() as connection:
        command.stamp(schema.alembic_config(connection), "head")
        connection.commit()
    monkeypatch.setenv("GRIDBOT_DATABASE_URL", database.url.render_as_string(hide_password=False))
    now = system_clock()
    with UnitOfWork(database) as work:
        tree = plant(work)
        li = work.people.add(tree.grid, now, name="李秀芬")
        work.people.add_identity(li, "test", "test", "li", now, "p:li")
        meeting = work.meetings.add(
            Meeting(
                area_id=tree.grid.id,
                area=tree.grid,
                kind="议事会",
                title="停车位议事会",
                start=now - timedelta(hours=3),
                place="社区会议室",
                topics=["停车位"],
                state=MeetingState.HELD,
                created_at=now,
                sequence=0,
                invitations=[],
            )
        )
        work.meetings.invite(meeting, [li])
        ballot = work.votes.add(
            Ballot(
                area_id=tree.grid.id,
                area=tree.grid,
                question="同意吗",
                options=["同意", "不同意"],
                per=VotesBy.PERSON,
                secret=True,
                opens_at=now,
                closes_at=now,
                electorate=1,
            )
        )
        work.votes.cast(ballot, li, 1)
        work.votes.close(ballot, now)
        work.commit()
    return database


def test_minutes_are_published_and_votes_counted_again(hall: Database, tmp_path: Path) -> None:
    file = tmp_path / "minutes.txt"
    file.write_text("会议决定：1. 由李秀芬收集意见，电话13900001234；2. 消防通道不准停车。", encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(app, ["meeting", "minutes", "1", str(file)], input="n\n").exit_code == 1
    published = runner.invoke(app, ["meeting", "minutes", "1", str(file), "--yes"])
    assert published.exit_code == 0, published.output
    assert "2 decisions" in published.output
    with UnitOfWork(hall) as work:
        (told,) = work.session.scalars(select(OutboxMessage)).all()
        assert "李秀芬负责" in told.text
        assert "13900001234" not in told.text
        assert work.session.get_one(Meeting, 1).state is MeetingState.MINUTED
    counted = runner.invoke(app, ["meeting", "recount", "1"])
    assert (counted.exit_code, "不同意1票" in counted.output) == (0, True)
    missing = runner.invoke(app, ["meeting", "recount", "9"])
    assert isinstance(missing.exception, SetUpError)
