"""A real Rasa, which `make rasa-check` sets up: it takes our data, learns from it, and ranks for the bot."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nlu.rasa_project import write_project
from nlu.training_data import load_examples
from nlu.understanding import EntityKind, Intent

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.rasa

ROOT = Path(__file__).parents[2]
RASA = ROOT / ".venv-rasa" / "bin" / "rasa"
SENTENCES = 40
"""Of each intent, for the model that is trained here: enough for plain sentences, and learnt in a minute or two."""

START = 300.0
"""Seconds that a server may take until it answers."""

PLAIN = {
    "谢谢你": Intent.THANKS,
    "我有多少积分": Intent.CHECK_POINTS,
    "积分排名": Intent.POINTS_RANKING,
    "转人工": Intent.TALK_TO_HUMAN,
    "我要报名当志愿者": Intent.REGISTER_VOLUNTEER,
    "最近有什么活动": Intent.LIST_ACTIVITIES,
    "最近有什么通知": Intent.LIST_NOTICES,
    "我的任务": Intent.MY_TASKS,
    "删除我的个人信息": Intent.DELETE_MY_DATA,
    "三单元着火了": Intent.REPORT_EMERGENCY,
}
MAY_MISS = 2
"""Of the plain sentences, by a model that knows little, and other sentences whenever the data changes."""

READ = """
import json, sys
from rasa.shared.nlu.training_data.loading import load_data
keys = "start", "end", "entity", "role"
examples = load_data(sys.argv[1]).intent_examples
marks = [[[mark.get(key) for key in keys] for mark in example.get("entities", [])] for example in examples]
print(json.dumps([[one.get("text"), one.get("intent"), found] for one, found in zip(examples, marks)]))
"""


def run(*command: str | Path, folder: Path) -> str:
    """What a command of Rasa writes; its old libraries warn of each other, and only Rasa's own warnings matter."""
    environment = os.environ | {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2"}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def warnings(output: str) -> list[str]:
    return [line for line in output.splitlines() if f"rasa{os.sep}shared{os.sep}" in line and "UserWarning: " in line]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rasa")
    write_project(folder, load_examples())
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Rasa server with a small model."""
    folder = tmp_path_factory.mktemp("small")
    write_project(folder, load_examples(), most=SENTENCES)
    run(RASA, "train", "nlu", folder=folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "log"
    with log.open("w") as output:
        environment = os.environ | {"RASA_TELEMETRY_ENABLED": "false"}
        serving = subprocess.Popen(
            [RASA, "run", "--enable-api", "--interface", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START
        while not answers(url):
            assert serving.poll() is None, log.read_text()[-4000:]
            assert time.monotonic() < deadline, log.read_text()[-4000:]
            time.sleep(0.5)
        yield url
    finally:
        serving.terminate()
        serving.wait(30)


def answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{url}/status", timeout=5):
        return True
    return False


def understand(*texts: str, **settings: str) -> tuple[list[dict[str, Any]], str]:
    """What `gridbot understand` writes for each text with these settings, and what it tells the operator."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRIDBOT_")}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "understand"],
        cwd=ROOT,
        env=environment | {f"GRIDBOT_{name.upper()}": value for name, value in settings.items()},
        input="".join(json.dumps({"text": text, "now": "2026-04-15T10:20:00+08:00"}) + "\n" for text in texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def without_categories(understood: dict[str, Any]) -> list[dict[str, Any]]:
    """The entities that do not depend on the intent, and so not on the model."""
    return [entity for entity in understood["entities"] if entity["entity"] != EntityKind.CATEGORY]


def test_the_data_is_valid(project: Path) -> None:
    """Rasa warns only that nothing is a story, since the talks are ours."""
    output = run(RASA, "data", "validate", folder=project)
    assert "No story structure conflicts found" in output
    assert [line for line in warnings(output) if not line.endswith("is not used in any story or rule.")] == []


def test_rasa_reads_every_sentence_as_it_is_marked(project: Path) -> None:
    output = run(RASA.with_name("python"), "-W", "ignore", "-c", READ, project / "data", folder=project)
    ours = [
        [
            example.text.replace("][", "] ["),
            str(example.intent),
            [[mark.start, mark.end, str(mark.kind), mark.value] for mark in example.entities],
        ]
        for example in load_examples()
    ]
    assert sorted(json.loads(output.splitlines()[-1])) == sorted(ours)


def test_both_models_give_the_same_shape(server: str, tmp_path: Path) -> None:
    texts = ("明天下午三点到3栋找张三说漏水的事", "？", "😀", "我住3栋2单元501", "哈" * 500)
    ours, _ = understand(*texts, data_dir=str(tmp_path))
    rasas, told = understand(*texts, data_dir=str(tmp_path), nlu="rasa", rasa_url=server, rasa_timeout="30")
    assert "rasa fails" not in told
    for one, other in zip(ours, rasas, strict=True):
        assert one.keys() == other.keys()
        assert one["text"] == other["text"]
        assert without_categories(one) == without_categories(other)
        for understood in (one, other):
            ranking = understood["intent_ranking"]
            assert {ranked["name"] for ranked in ranking} == set(Intent)
            assert sorted((ranked["confidence"] for ranked in ranking), reverse=True) == [
                ranked["confidence"] for ranked in ranking
            ]
            assert understood["intent"].keys() == ranking[0].keys()


def test_both_models_agree_on_plain_sentences(server: str, tmp_path: Path) -> None:
    ours, _ = understand(*PLAIN, data_dir=str(tmp_path))
    rasas, told = understand(*PLAIN, data_dir=str(tmp_path), nlu="rasa", rasa_url=server, rasa_timeout="30")
    assert "rasa fails" not in told
    assert dict(zip(PLAIN, (one["intent"]["name"] for one in ours), strict=True)) == PLAIN
    missed = {one["text"]: one["intent"] for one in rasas if one["intent"]["name"] != PLAIN[one["text"]]}
    assert len(missed) <= MAY_MISS, missed
