"""The classifier of categories: it learns from marked sentences, and the one that is shipped is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.categories import load_categories
from nlu.category_model import load
from nlu.training.categories import train
from nlu.training_data import Example, MarkedEntity
from nlu.understanding import EntityKind, Intent

SENTENCES = {
    "noise": ["楼上半夜吵得睡不着", "隔壁音响吵死人", "吵得娃儿睡不成"],
    "street_light": ["路灯不亮了", "巷子里路灯坏了", "路灯坏了好几天"],
    "medical": ["医院开错药不认账", "医院误诊", "医院推来推去"],
}


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """Some marked sentences, among them emergencies that share their slug with a quarrel, and one of no category."""
    told = [(text, slug, Intent.REPORT_DISPUTE) for slug, texts in SENTENCES.items() for text in texts]
    told += [
        ("有人昏倒了快来", "medical", Intent.REPORT_EMERGENCY),
        ("昏倒在地上了", "medical", Intent.REPORT_EMERGENCY),
    ]
    marked = [
        Example(text, intent, (MarkedEntity(EntityKind.CATEGORY, 0, 2, slug),), Path("some.yml"), line)
        for line, (text, slug, intent) in enumerate(told)
    ]
    return [*marked, Example("你好", Intent.GREET, (), Path("some.yml"), 99)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("路灯又坏了", ("incident", "street_light")),
        ("半夜还在吵", ("dispute", "noise")),
        ("医院不认账", ("dispute", "medical")),
        ("昏倒了", ("emergency", "medical")),
    ],
)
def test_it_tells_what_it_has_learnt(
    examples: list[Example], text: str, label: tuple[str, str], tmp_path: Path
) -> None:
    model = train(examples)
    model.write(tmp_path / "categories.npz")
    for each in (model, load(tmp_path / "categories.npz")):
        margins = each.margins(text)
        assert max(margins, key=margins.__getitem__) == label


def test_the_words_of_a_category_are_learnt_beside_the_sentences(examples: list[Example]) -> None:
    margins = train(examples).margins("坝坝舞")
    assert max(margins, key=margins.__getitem__) == ("dispute", "noise")
    assert set(margins) == {(each.kind, each.slug) for each in load_categories()}


def test_what_is_kept_differs_little(examples: list[Example], tmp_path: Path) -> None:
    model = train(examples)
    model.write(tmp_path / "categories.npz")
    kept = load(tmp_path / "categories.npz").margins("楼上的路灯")
    assert kept == pytest.approx(model.margins("楼上的路灯"), abs=0.02)


def test_a_text_of_unknown_characters_has_margins_too() -> None:
    assert len(load().margins("ѫѭ")) == len(load().labels)


def test_the_shipped_model_knows_every_category() -> None:
    assert set(load().labels) == {(each.kind, each.slug) for each in load_categories()}
