"""The tagger of places: it learns from marked sentences, and its likelihood has the slope that it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu.place_tagger import load
from nlu.training.places import SPARED, Lesson, Likelihood, fit, labels_of, lessons_of, train
from nlu.training_data import Example, parse_markup
from nlu.understanding import Intent

MARKED = [
    "[石盘子](place)的路灯坏了",
    "[老鹰嘴](place)的井盖烂了",
    "[麻柳沟](place)的水管爆了",
    "[石盘子三组](place)有人烧秸秆",
    "我住[老鹰嘴3栋](place)",
    "我住[石盘子9栋](place)",
]
PLAIN = ["楼上太吵了", "谢谢你", "我要报名", "哪天开会", "路灯坏了"]


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    parsed = [parse_markup(sentence) for sentence in (*MARKED, *(each for each in PLAIN for _ in range(SPARED)))]
    return [Example(text, Intent.REPORT_INCIDENT, marks, Path("some.yml"), 1) for text, marks in parsed]


@pytest.mark.parametrize(("text", "place"), [("麻柳沟的路灯坏了", "麻柳沟"), ("我住麻柳沟3栋", "麻柳沟3栋")])
def test_it_tells_where_a_place_begins_and_ends(examples: list[Example], text: str, place: str, tmp_path: Path) -> None:
    tagger = train(examples)
    tagger.write(tmp_path / "places.npz")
    for each in (tagger, load(tmp_path / "places.npz")):
        assert [text[start:end] for start, end in each.spans(text)] == [place]
        assert each.spans("谢谢你") == ()


def test_other_names_stand_where_places_stood(examples: list[Example]) -> None:
    lessons = lessons_of(examples)
    assert all(0 <= start < end <= len(lesson.text) for lesson in lessons for start, end in lesson.spans)
    named = {lesson.text[start:end] for lesson in lessons for start, end in lesson.spans}
    assert named > {"石盘子", "老鹰嘴", "麻柳沟", "石盘子三组"}


def test_labels() -> None:
    assert list(labels_of(Lesson("我住三组河边沟", ((2, 4), (4, 6), (6, 7))))) == [0, 0, 1, 3, 1, 3, 4]


def test_the_slope_of_the_likelihood_is_true() -> None:
    lessons = [Lesson("三组", ((0, 2),)), Lesson("在沟的", ((1, 2),)), Lesson("好", ()), Lesson("去沟里", ((1, 2),))]
    likelihood = Likelihood(lessons, {"3三": 0, "3沟": 1, "2在": 2})
    flat = np.random.default_rng(0).normal(size=likelihood.size)
    _, gradient = likelihood(flat)
    for place in range(likelihood.size):
        step = np.zeros(likelihood.size)
        step[place] = 1e-3
        slope = (likelihood(flat + step)[0] - likelihood(flat - step)[0]) / 2e-3
        assert slope == pytest.approx(gradient[place], abs=5e-3)


def test_a_tagger_of_no_feature_known_marks_nothing() -> None:
    assert fit([Lesson("三组", ()), Lesson("好", ())]).spans("文林路") == ()
