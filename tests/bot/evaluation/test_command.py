"""`gridbot evaluate` and `gridbot check-data`, from the command line to the page."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.__main__ import app
from bot.evaluation.page import page
from bot.evaluation.sets import FOLDER, read_set
from bot.evaluation.tables import tables
from bot.schema import SetUpError
from handlers.talk import rules
from nlu.understanding import Intent
from tests.bot.evaluation.samples import report_on, write_set
from tests.conftest import MODELS
from tests.nlu.fake_rasa import FakeRasa, ranked, rasa_says
from tests.nlu.fake_server import serving

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 4, 15, 12, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def gridbot(*words: str | Path, status: int = 0) -> str:
    """What the command writes to standard output; raises what stops it."""
    runner = CliRunner(env={"GRIDBOT_DATA_DIR": str(MODELS.parent)})
    result = runner.invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path)


def test_one_model_is_shown_with_everything_that_was_measured(folder: Path) -> None:
    shown = gridbot("evaluate", "--model", "linear", "--set", folder)
    for title in ("Summary", "Intents", "Worst confusions", "Calibration", "Written times", "Personal data"):
        assert title in shown
    assert re.search(r"emergencies found +│ +\d of 2 ", shown)
    assert re.search(r"greet +│ +3 │", shown)


def test_several_models_are_put_side_by_side(folder: Path) -> None:
    console = Console(width=120, record=True, file=StringIO())
    console.print(*tables(report_on(folder, "known", "second")))
    shown = console.export_text()
    assert re.search(r"figure +┃ +known ┃ +second ┃ +target", shown)
    assert re.search(r"intents right +│ +5 of 9 +55.6 % │ +5 of 9 +55.6 % │ +≥ 93 %", shown)
    assert "Worst confusions" not in shown


def test_a_rasa_server_is_measured_by_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(FakeRasa()) as rasa:
        rasa.body = rasa_says(ranked(Intent.GREET))
        monkeypatch.setenv("GRIDBOT_RASA_URL", rasa.url)
        (model,) = json.loads(gridbot("evaluate", "--model", "rasa", "--json", "--set", folder))["models"]
        assert model["right"]["hits"] < model["right"]["of"] <= len(rasa.heard)
    with pytest.raises(SetUpError, match=rf"The Rasa server at {rasa.url}/ fails: .*refused"):
        gridbot("evaluate", "--model", "rasa", "--set", folder)


def test_json_holds_the_same(folder: Path) -> None:
    report: dict[str, Any] = json.loads(gridbot("evaluate", "--model", "linear", "--json", "--set", folder))
    (model,) = report["models"]
    figures = {figure["name"]: figure for figure in model["figures"]}
    assert model["name"] == "linear"
    assert model["right"]["of"] == 9
    assert figures["intents right"]["measured"] == model["right"]
    assert figures["intents right"]["value"] == model["right"]["hits"] / 9
    assert figures["intents right"]["holds"] is (model["right"]["hits"] / 9 >= 0.93)
    assert report["figures"][0] | {"name": ""} == {
        "name": "",
        "measured": {"hits": 3, "of": 4},
        "at_least": 0.95,
        "at_most": None,
        "value": 0.75,
        "holds": False,
    }


def test_the_page_is_written_where_it_was_asked_for(folder: Path) -> None:
    gridbot("evaluate", "--model", "linear", "--set", folder, "--html", folder / "page.html")
    written = (folder / "page.html").read_text(encoding="utf-8")
    assert written.startswith("<!DOCTYPE html>")
    assert 'id="linear"' in written


def test_the_page_holds_figures_and_sentences(folder: Path) -> None:
    shown = page(report_on(folder, "known", "second"), "a small set", NOON)
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", shown))
    assert "9 messages of a small set" in text
    assert "intents right 5 of 9 55.6 % 5 of 9 55.6 % ≥ 93 %" in text
    assert "written times read exactly 3 of 4 75.0 %" in text
    assert "acknowledge_notice → affirm 收到 1" in text
    assert "Emergencies missed (1) 三栋出大事了" in text
    assert "3个人 = 4" in text
    assert "&lt;打个招呼&gt;" in shown and "<打个招呼>" not in shown


def test_the_page_needs_nothing_else(folder: Path) -> None:
    shown = page(report_on(folder), "a small set", NOON)
    assert not re.search(r"(src|href)=[\"'](?!#)|@import|url\(|<script", shown)


def test_the_matrix_has_a_titled_cell_for_each_pair(folder: Path) -> None:
    shown = page(report_on(folder), "a small set", NOON)
    (picture,) = re.findall(r'<svg class="matrix".*?</svg>', shown, re.DOTALL)
    cells = [
        cell
        for cell in ET.fromstring(picture.replace("<svg", f'<svg xmlns="{SVG[1:-1]}"', 1)).iter(f"{SVG}g")
        if cell.get("class") == "cell"
    ]
    titles = {cell.findtext(f"{SVG}title"): cell.findtext(f"{SVG}text") for cell in cells}
    assert titles == {
        "greet: 2 of 3 right": "2",
        "out_of_scope: 1 of 2 right": "1",
        "report_incident: 1 of 1 right": "1",
        "report_emergency: 1 of 2 right": "1",
        "1 of 3 greet taken for help\n· <打个招呼>": "1",
        "1 of 1 acknowledge_notice taken for affirm\n· 收到": "1",
        "1 of 2 out_of_scope taken for report_emergency\n· 火锅店好火": "1",
        "1 of 2 report_emergency taken for report_incident\n· 三栋出大事了": "1",
    }


def test_times_and_personal_data_may_be_left_out(folder: Path) -> None:
    for name in ("times.yml", "personal_data.yml"):
        (folder / name).unlink()
    report = report_on(folder)
    assert (report.times, report.masking) == ((), None)
    assert "Without a model" not in page(report, "a small set", NOON)
    assert "Personal data" not in gridbot("evaluate", "--model", "linear", "--set", folder)


def test_what_is_learnt_of_the_set_is_named_with_both_places(folder: Path) -> None:
    found = gridbot("check-data", "--set", folder, status=1)
    place = re.escape(f"{folder}/intents.yml:2: 你好")
    assert re.search(rf"^\S*nlu/data/talk\.yml:\d+: held back: 你好 \(greet\) \| {place}$", found, re.MULTILINE)


def test_without_a_set_one_sentence_says_where_it_was_looked_for(tmp_path: Path) -> None:
    for command in (["evaluate"], ["evaluate", "policy"], ["check-data"]):
        with pytest.raises(SetUpError, match=f"no evaluation set at {tmp_path}: .*--set"):
            gridbot(*command, "--set", tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("intents", "[]", "holds no messages"),
        ("intents", "- {text: 你好, intent: greetings}", r"0\.intent: "),
        ("intents", "- {text: 你好, intent: greet, note: x}", r"0\.note: "),
        ("intents", "- {text: 你好, intent: greet, entities: [{entity: place, text: 3栋}]}", "3栋 does not occur"),
        ("intents", "- {text: 你好", "expected ',' or '}'"),
        ("personal_data", "- {text: 电话1, found: [{kind: phone, text: '2'}]}", "2 does not occur"),
        ("times", "table: [{now: today, subject: x, sentences: []}]", r"table\.0\.now: "),
    ],
)
def test_a_broken_set_is_refused(folder: Path, name: str, content: str, problem: str) -> None:
    (folder / f"{name}.yml").write_text(content, encoding="utf-8")
    with pytest.raises(SetUpError, match=rf"{name}\.yml.*{problem}"):
        read_set(folder)


def test_thresholds_are_shown_with_what_each_costs_and_saves(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.evaluation.command.held_back", lambda: read_set(folder).messages[:3])
    shown = gridbot("evaluate", "thresholds", "--set", folder)
    assert "Asking back" in shown
    assert shown.count("in force") == 1
    rows = json.loads(gridbot("evaluate", "thresholds", "--set", folder, "--json"))
    assert set(rows) == {"held back", folder.name}
    (in_force,) = [row for row in rows[folder.name] if row["in_force"]]
    assert (in_force["below"], in_force["margin"]) == (rules.UNSURE_BELOW, rules.MARGIN)
    assert in_force["bothered"]["of"] + in_force["caught"]["of"] == len(read_set(folder).messages)


def test_thresholds_are_not_chosen_on_the_evaluation_set() -> None:
    with pytest.raises(SetUpError, match="not chosen on tests/evaluation"):
        gridbot("evaluate", "thresholds", "--set", FOLDER)
