"""The Rasa project holds every sentence of ours with its marks, in files that Rasa reads."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from nlu.rasa_project import marked, write_project
from nlu.tables import read_yaml
from nlu.training_data import Example, MarkedEntity, load_examples, parse_markup
from nlu.understanding import EntityKind, Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

# As Rasa takes a sentence apart: an entity, or a word with a list of entities, which we never mean to write.
RASA_MARK = re.compile(r"\[([^\]]+?)\](?:\(([^:)]+?)\)|(\{[^}]+?\})|(\[.*?\]))")

Mark = tuple[int, int, str, str | None]


def rasa_reads(line: str) -> tuple[str, list[Mark]]:
    """The plain text of a line and its marks, by Rasa's rules."""
    text, marks, position = "", [], 0
    for match in RASA_MARK.finditer(line):
        word, kind, attributes, many = match.groups()
        assert many is None, line
        told = json.loads(attributes) if attributes else {"entity": kind}
        text += line[position : match.start()]
        marks.append((len(text), len(text) + len(word), told["entity"], told.get("role")))
        text, position = text + word, match.end()
    return text + line[position:], marks


def sentences(folder: Path) -> dict[str, list[str]]:
    content = read_yaml(folder / "data" / "nlu.yml")
    assert content["version"] == "3.1"
    return {
        block["intent"]: [line.removeprefix("- ") for line in block["examples"].splitlines()]
        for block in content["nlu"]
    }


def example(line: str, intent: Intent = Intent.GREET) -> Example:
    text, entities = parse_markup(line)
    return Example(text, intent, entities, Path("some.yml"), 1)


@pytest.fixture(scope="module")
def examples() -> Sequence[Example]:
    return load_examples()


@pytest.fixture(scope="module")
def project(examples: Sequence[Example], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rasa") / "project"
    write_project(folder, examples)
    return folder


def test_every_sentence_is_there_with_its_marks(project: Path, examples: Sequence[Example]) -> None:
    ours: dict[str, list[tuple[str, list[Mark]]]] = defaultdict(list)
    for one in examples:
        marks = [(mark.start, mark.end, str(mark.kind), mark.value) for mark in one.entities]
        ours[one.intent].append((one.text.replace("][", "] ["), marks))
    assert set(ours) == set(Intent)
    assert {intent: [rasa_reads(line) for line in lines] for intent, lines in sentences(project).items()} == ours


def test_the_domain_names_every_intent_entity_and_role(project: Path, examples: Sequence[Example]) -> None:
    domain = read_yaml(project / "domain.yml")
    assert domain["intents"] == list(Intent)
    kinds: dict[str, Any] = {}
    for entity in domain["entities"]:
        kinds |= entity if isinstance(entity, dict) else {entity: {}}
    assert set(kinds) == set(EntityKind)
    told = {mark.value for one in examples for mark in one.entities if mark.kind is EntityKind.CATEGORY}
    assert set(kinds["category"]["roles"]) == told


def test_rasa_is_told_to_rank_every_intent(project: Path) -> None:
    """Rasa ranks ten of its own accord, and an emergency that is left out counts as none."""
    pipeline = read_yaml(project / "config.yml")["pipeline"]
    assert [step["ranking_length"] for step in pipeline if step["name"] == "DIETClassifier"] == [0]


def test_a_small_project_takes_sentences_from_everywhere(tmp_path: Path) -> None:
    few = [example(f"第{place}句") for place in range(10)]
    write_project(tmp_path, [*few, example("再见", Intent.GOODBYE)], most=3)
    assert sentences(tmp_path) == {"greet": ["第0句", "第3句", "第6句"], "goodbye": ["再见"]}


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("[3栋](place)有人找[张三](person)", "[3栋](place)有人找[张三](person)"),
        ('[漏水]{"entity": "category", "value": "water_leak"}', '[漏水]{"entity": "category", "role": "water_leak"}'),
        ("[捂脸][流泪]", "[捂脸] [流泪]"),
        ("[捂脸][3栋](place)", "[捂脸] [3栋](place)"),
        ("[3栋](place)[捂脸]", "[3栋](place)[捂脸]"),
    ],
)
def test_marks_are_written_as_rasa_reads_them(line: str, written: str) -> None:
    assert marked(example(line)) == written


def test_a_mark_at_each_end_keeps_what_is_between() -> None:
    marks = (MarkedEntity(EntityKind.PLACE, 0, 2), MarkedEntity(EntityKind.TIME, 3, 5))
    sentence = marked(Example("3栋，今天", Intent.GREET, marks, Path("some.yml"), 1))
    assert rasa_reads(sentence) == ("3栋，今天", [(0, 2, "place", None), (3, 5, "time", None)])


def test_the_command_writes_a_project(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["rasa-project", str(tmp_path / "new"), "--sentences", "2"])
    assert result.exit_code == 0
    written = {path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*.yml")}
    assert written == {"config.yml", "domain.yml", "data/nlu.yml"}
    assert set(Counter(map(len, sentences(tmp_path / "new").values()))) == {2}


def test_the_command_says_why_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(app, ["rasa-project", str(tmp_path / "file")])
    assert result.exit_code != 0
    assert str(result.exception).startswith(str(tmp_path / "file"))
