"""The training sentences are well formed, enough, and apart from the evaluation, and the loader reads them strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.data_checks import Sentence, compare, development, leaks, learnt, missing, spoken
from nlu.training_data import Example, load_examples, parse_markup, write_examples
from nlu.understanding import EntityKind, Intent
from nlu.yaml_nodes import TrainingDataError

EVALUATION = Path(__file__).parent.parent / "evaluation"
# fmt: off
SLUGS = {
    "noise", "water_leak", "parking", "property_management", "land_boundary", "debt", "wages", "tenancy", "family",
    "pets", "clutter", "falling_objects", "illegal_building", "consumer", "medical", "neighbour",
    "manhole", "street_light", "litter", "road", "sewage", "tree", "public_facility", "open_burning",
    "electrical_hazard", "fire_hazard", "stray_animals", "traffic", "safety_hazard", "other",
    "fire", "gas", "electric", "drowning", "violence", "collapse", "self_harm",
}
# fmt: on


@pytest.fixture(scope="module")
def examples() -> tuple[Example, ...]:
    return load_examples()


@pytest.fixture(scope="module")
def sentences() -> list[Sentence]:
    return learnt()


def write(folder: Path, sentences: str, name: str = "some.yml", intent: str = "greet") -> None:
    content = f'version: "3.1"\nnlu:\n- intent: {intent}\n  examples: |\n'
    lines = "".join(f"    {line}\n" for line in sentences.splitlines())
    (folder / name).write_text(content + lines, encoding="utf-8")


def test_every_intent_has_sentences_enough(sentences: list[Sentence]) -> None:
    assert missing(sentences) == {}


def test_no_sentence_stands_twice_or_contradicts_another(sentences: list[Sentence]) -> None:
    findings = compare([sentence for sentence in sentences if sentence.intent])
    assert [str(finding) for finding in findings if finding.fails] == []


def test_nothing_that_is_held_back_is_learnt(sentences: list[Sentence]) -> None:
    chosen_by, evaluation = development(), spoken(sorted(EVALUATION.glob("*.yml")))
    assert len(chosen_by) > 500 and len(evaluation) > 1500
    findings = leaks(sentences, chosen_by + evaluation) + leaks(chosen_by, evaluation)
    assert [str(finding) for finding in findings] == []


def test_categories_are_known_slugs(examples: tuple[Example, ...]) -> None:
    unknown = [
        f"{example.source.name}:{example.line} {entity.value}"
        for example in examples
        for entity in example.entities
        if entity.kind is EntityKind.CATEGORY and entity.value not in SLUGS
    ]
    assert unknown == []


def test_entities_have_tight_ends(examples: tuple[Example, ...]) -> None:
    for example in examples:
        for entity in example.entities:
            marked = example.text[entity.start : entity.end]
            assert marked == marked.strip("，。！？、 "), f"{example.source.name}:{example.line} {marked!r}"


def test_markup_gives_plain_text_and_offsets() -> None:
    marked = '[3栋](place)[漏水]{"entity": "category", "value": "water_leak"}，找[张三](person)[捂脸]'
    text, entities = parse_markup(marked)
    assert text == "3栋漏水，找张三[捂脸]"
    found = [(entity.kind, text[entity.start : entity.end], entity.value) for entity in entities]
    assert found == [
        (EntityKind.PLACE, "3栋", None),
        (EntityKind.CATEGORY, "漏水", "water_leak"),
        (EntityKind.PERSON, "张三", None),
    ]


@pytest.mark.parametrize(
    ("marked", "problem"),
    [
        ("[张三](persona)", "unknown entity 'persona'"),
        ("[张三]（person）", "is no entity"),
        ("[张三] (person)", "is no entity"),
        ("张三](person)", "is no entity"),
        ("[漏水](category)", "a category needs a value"),
        ('[漏水]{"entity": "category", value: 1}', "is not JSON"),
        ('[漏水]{"entity": "category", "slug": "water_leak"}', "expected the texts entity and value"),
    ],
)
def test_broken_markup_is_refused(marked: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_markup(marked)


def test_files_are_read_by_name_and_others_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "- 再见", name="b.yml", intent="goodbye")
    write(tmp_path, "- 你好\n\n- 早", name="a.yml")
    (tmp_path / "wording.yml").write_text("words: {啥子: 什么}\n", encoding="utf-8")
    (tmp_path / "list.yml").write_text("- nlu\n- version\n", encoding="utf-8")
    (tmp_path / "policy").mkdir()
    write(tmp_path / "policy", "- 不该读到")
    read = [(example.text, example.intent, example.source.name, example.line) for example in load_examples(tmp_path)]
    assert read == [
        ("你好", Intent.GREET, "a.yml", 5),
        ("早", Intent.GREET, "a.yml", 7),
        ("再见", Intent.GOODBYE, "b.yml", 5),
    ]


@pytest.mark.parametrize(
    ("sentences", "intent", "line"),
    [
        ("- 你好\n早", "greet", 6),
        ("- 你好\n- ", "greet", 6),
        ("- 你好\n- 早\n- [张三](name)", "greet", 7),
        ("- 你好", "greetings", 3),
    ],
)
def test_an_error_names_file_and_line(tmp_path: Path, sentences: str, intent: str, line: int) -> None:
    write(tmp_path, sentences, intent=intent)
    with pytest.raises(TrainingDataError, match=rf"some\.yml:{line}: "):
        load_examples(tmp_path)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('version: "3.0"\nnlu: []\n', 1),
        ('version: "3.1"\nnlu: {}\n', 2),
        ('version: "3.1"\nnlu:\n- lookup: cities\n  examples: |\n    - 仁寿\n', 3),
        ('version: "3.1"\nnlu:\n- intent: greet\n  intent: help\n  examples: |\n    - 你好\n', 4),
        ('version: "3.1"\nnlu:\n- intent: greet\n  examples:\n  - 你好\n', 5),
        ('version: "3.1"\nnlu:\n- intent: greet\n  examples: "- 你好"\n', 4),
        ('version: "3.1"\nnlu:\n- intent: [greet\n', 4),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: str, line: int) -> None:
    (tmp_path / "some.yml").write_text(content, encoding="utf-8")
    with pytest.raises(TrainingDataError, match=rf"some\.yml:{line}: "):
        load_examples(tmp_path)


def test_written_sentences_are_read_again(tmp_path: Path) -> None:
    sentences = [
        ("漏水那个", Intent.CHECK_CASE),
        ("- 007号: [照片]\n发了", Intent.ADD_TO_CASE),
        ("漏水那个", Intent.CHECK_CASE),
        ("“咋样”\x00了 #急", Intent.CHECK_CASE),
    ]
    write_examples(tmp_path / "written.yml", sentences)
    assert [(example.text, example.intent, example.entities) for example in load_examples(tmp_path)] == [
        ("- 007号: ［照片］ 发了", Intent.ADD_TO_CASE, ()),
        ("漏水那个", Intent.CHECK_CASE, ()),
        ("“咋样”了 #急", Intent.CHECK_CASE, ()),
    ]
    with pytest.raises(FileExistsError):
        write_examples(tmp_path / "written.yml", sentences)
