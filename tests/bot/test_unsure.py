"""`gridbot unsure`: what the bot was unsure of is listed masked, labelled, dropped and taken to the training data."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from typer.testing import CliRunner

from bot import schema
from bot.__main__ import app
from handlers.people import retention
from handlers.turn import Desk
from nlu.training_data import load_examples
from nlu.understanding import Intent
from storage.unit_of_work import UnitOfWork
from tests.bot.fakes import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from storage.database import Database

TEXTS = ("漏水那个，电话139****1111", "[捂脸] 办了没\n嘛", "搞啥子名堂")
RANKING = (("check_case", 0.41), ("add_to_case", 0.34))


@pytest.fixture
def messages(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of three unsure messages in the database that the settings name."""
    with UnitOfWork(database) as work:
        ids = [work.unsure.add(text, RANKING, NOW + timedelta(minutes=n)).id for n, text in enumerate(TEXTS)]
        chosen = work.unsure.get(ids[1])
        assert chosen is not None
        chosen.chosen = "check_case"
        work.commit()
    with database.engine.connect() as connection:
        # The tables of the tests are made from the models, not by migrations.
        command.stamp(schema.alembic_config(connection), "head")
        connection.commit()
    monkeypatch.setenv("GRIDBOT_DATABASE_URL", database.url.render_as_string(hide_password=False))
    return ids


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["unsure", *map(str, arguments)], env={"COLUMNS": "200"})


def listed() -> list[dict[str, Any]]:
    result = run("--json")
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_what_waits_is_listed_as_json(messages: list[int]) -> None:
    first, second, third = listed()
    assert first == {
        "id": messages[0],
        "heard_at": "2026-04-15T10:20:00+08:00",
        "text": TEXTS[0],
        "ranking": [{"name": "check_case", "confidence": 0.41}, {"name": "add_to_case", "confidence": 0.34}],
        "chosen": None,
        "label": None,
        "state": "waiting",
    }
    assert (second["chosen"], third["text"]) == ("check_case", TEXTS[2])


@pytest.mark.usefixtures("messages")
def test_what_waits_is_listed_as_a_table() -> None:
    shown = run().stdout
    assert "3 unsure messages" in shown
    assert "漏水那个，电话139****1111" in shown
    assert "[捂脸]" in shown
    assert "check_case 0.41" in shown
    assert "2026-04-15 10:20" in shown


def test_a_message_is_labelled_and_labelled_anew(messages: list[int]) -> None:
    assert run("label", messages[0], "rate_case").exit_code == 0
    assert run("label", messages[0], "check_case").exit_code == 0
    first, *others = listed()
    assert (first["label"], first["state"]) == ("check_case", "labelled")
    assert {other["state"] for other in others} == {"waiting"}


def test_what_is_dropped_is_listed_no_more_and_cannot_be_labelled(messages: list[int]) -> None:
    assert run("drop", messages[0]).exit_code == 0
    assert [message["id"] for message in listed()] == messages[1:]
    assert run("label", messages[0], "check_case").exit_code == 1


@pytest.mark.usefixtures("messages")
@pytest.mark.parametrize("arguments", [("label", 999, "check_case"), ("drop", 999)])
def test_what_is_not_there_is_one_sentence(arguments: tuple[object, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.stderr.strip() == "There is no unsure message 999."


def test_an_unknown_intent_is_refused(messages: list[int]) -> None:
    assert run("label", messages[0], "make_tea").exit_code == 2
    assert {message["state"] for message in listed()} == {"waiting"}


def test_the_labelled_ones_become_training_sentences(messages: list[int], tmp_path: Path) -> None:
    file = tmp_path / "unsure.yml"
    assert "Nothing is labelled" in run("export", file).stderr
    assert not file.exists()
    run("label", messages[0], "check_case")
    run("label", messages[1], "check_case")
    result = run("export", file)
    assert result.exit_code == 0
    assert "Wrote 2 sentences" in result.stderr
    examples = load_examples(tmp_path)
    assert [(example.text, example.intent) for example in examples] == [
        ("漏水那个，电话139****1111", Intent.CHECK_CASE),
        ("［捂脸］ 办了没 嘛", Intent.CHECK_CASE),
    ]


@pytest.mark.usefixtures("messages")
def test_what_still_names_somebody_becomes_no_training_sentence(database: Database, tmp_path: Path) -> None:
    with UnitOfWork(database) as work:
        named = work.unsure.add("转给王春梅去看哈", RANKING, NOW).id
        work.commit()
    run("label", named, "transfer_case")
    assert "Nothing is labelled" in run("export", tmp_path / "unsure.yml").stderr


def test_a_file_that_is_there_is_left_alone(messages: list[int], tmp_path: Path) -> None:
    file = tmp_path / "talk.yml"
    file.write_text("mine")
    run("label", messages[0], "check_case")
    result = run("export", file)
    assert result.exit_code == 1
    assert "is there already" in result.stderr
    assert file.read_text() == "mine"
    assert run("export", tmp_path / "nowhere" / "unsure.yml").exit_code == 1


def test_what_is_old_is_forgotten_by_retention(messages: list[int], database: Database) -> None:
    with UnitOfWork(database) as work:
        retention.apply(Desk(work, NOW + timedelta(days=180, seconds=30), "test"))
        work.commit()
    assert [message["id"] for message in listed()] == messages[1:]
