"""`gridbot questions`: what was really refused is kept without whoever asked, and counted where it is asked alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from typer.testing import CliRunner

from bot import schema
from bot.__main__ import app

if TYPE_CHECKING:
    from tests.town import Town

LI, ZHANG = "李秀芬", "张建国"


@pytest.fixture
def asked(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town in the database that the settings name, whose people have asked this and that."""
    with town.database.engine.connect() as connection:
        # The tables of the tests are made from the models, not by migrations.
        command.stamp(schema.alembic_config(connection), "head")
        connection.commit()
    monkeypatch.setenv("GRIDBOT_DATABASE_URL", town.database.url.render_as_string(hide_password=False))
    town.say(LI, "文件里低保标准是多少")
    town.say(LI, "注册志愿者要达到多少比例")
    town.later(days=1)
    town.say(ZHANG, "请问文件里低保标准写的是好多钱")
    town.say(ZHANG, "物业费一个平方该收好多，有规定没得")
    return town


def listed() -> list[dict[str, Any]]:
    result = CliRunner().invoke(app, ["questions", "--json"])
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.usefixtures("asked")
def test_what_was_refused_is_counted_and_what_was_answered_is_not() -> None:
    most, other = listed()
    assert (most["count"], most["examples"]) == (2, ["文件里低保标准是多少", "请问文件里低保标准写的是好多钱"])
    assert most["first_asked"].startswith("2026-04-15")
    assert most["last_asked"].startswith("2026-04-16")
    assert (other["count"], other["examples"]) == (1, ["物业费一个平方该收好多，有规定没得"])


@pytest.mark.usefixtures("asked")
def test_a_table_for_the_terminal() -> None:
    shown = CliRunner().invoke(app, ["questions"], env={"COLUMNS": "160"}).stdout
    assert "3 unanswered questions" in shown
    assert "2026-04-15 to 2026-04-16" in shown
    assert shown.index("低保标准") < shown.index("物业费")


def test_nobody_is_named_in_what_is_kept(asked: Town) -> None:
    asked.say(LI, "桂花苑3栋王春梅的低保文件里咋规定的，我电话13900001111")
    kept = json.dumps(listed(), ensure_ascii=False)
    assert "某处某人的低保" in kept
    assert not any(word in kept for word in ("王春梅", "桂花苑", "13900001111"))


def test_a_follow_up_is_kept_as_the_whole_question(asked: Town) -> None:
    asked.later(days=1)
    asked.say(LI, "物业费收费标准文件里有规定没得")
    asked.say(LI, "那停车费呢")
    examples = [example for alike in listed() for example in alike["examples"]]
    assert any("物业费" in example and "停车费" in example for example in examples)


def test_what_is_old_is_forgotten_by_a_duty(asked: Town) -> None:
    asked.later(days=179, hours=17)
    assert [(alike["count"], alike["examples"]) for alike in listed()] == [
        (1, ["物业费一个平方该收好多，有规定没得"]),
        (1, ["请问文件里低保标准写的是好多钱"]),
    ]
    asked.later(days=1)
    assert listed() == []
    assert "No question is unanswered." in CliRunner().invoke(app, ["questions"]).stdout
