"""The classifier over n-grams that intents and categories share, and where the words it goes by stand in a text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.ngrams import NgramClassifier, learn, ngrams, spell
from nlu.wording import as_written, normalise

TEXTS = ["路灯坏了", "路灯不亮", "楼上漏水", "天天漏水"]
LABELS = ["light", "light", "leak", "leak", "dogs", "dogs"]


@pytest.fixture(scope="module")
def taught() -> tuple[tuple[str, ...], NgramClassifier]:
    """A classifier of three classes."""
    return learn([*TEXTS, "狗在叫", "狗咬人"], LABELS)


def test_numbers_count_by_their_length() -> None:
    assert ngrams("3栋") == [" ", "0", "栋", " ", " 0", "0栋", "栋 ", " 0栋", "0栋 "]
    assert spell("电话13800000000") == spell("电话0000")


def test_the_class_of_a_text_has_the_greatest_margin(taught: tuple[tuple[str, ...], NgramClassifier]) -> None:
    classes, classifier = taught
    assert classes == ("dogs", "leak", "light")
    for text, label in zip(TEXTS, LABELS, strict=False):
        assert classes[int(classifier.margins(text).argmax())] == label


def test_the_characters_that_tell_have_the_evidence(taught: tuple[tuple[str, ...], NgramClassifier]) -> None:
    classes, classifier = taught
    evidence = classifier.evidence("这里漏水哦", classes.index("leak"))
    assert len(evidence) == 5
    assert evidence[2:4].min() > max(evidence[0], evidence[1], evidence[4])


def test_a_text_that_counts_for_more_is_believed() -> None:
    texts, labels = ["灯坏", "灯坏", "灯坏", "狗叫", "狗叫", "水漏", "水漏"], ["a", "a", "b", "c", "c", "d", "d"]
    for counts, believed in (([1, 1, 0.1, 1, 1, 1, 1], "a"), ([0.1, 0.1, 9, 1, 1, 1, 1], "b")):
        classes, classifier = learn(texts, labels, counts)
        assert classes[int(classifier.margins("灯坏").argmax())] == believed


def test_it_comes_back_from_its_arrays(taught: tuple[tuple[str, ...], NgramClassifier]) -> None:
    _, classifier = taught
    again = NgramClassifier.from_arrays(classifier.arrays())
    assert again.vocabulary == classifier.vocabulary
    np.testing.assert_array_equal(again.margins("路灯漏水"), classifier.margins("路灯漏水"))


@pytest.mark.parametrize(
    ("text", "spelt", "written"),
    [
        ("我屋头漏 水哦", "漏水", "漏 水"),
        ("漏水！！！漏水", "!漏水", "！！！漏水"),
        ("ＡＢ漏水", "b漏", "Ｂ漏"),
        ("漏水", "漏水", "漏水"),
    ],
)
def test_where_spelt_words_stand_as_they_were_written(text: str, spelt: str, written: str) -> None:
    start = normalise(text).index(spelt)
    first, last = as_written(text, start, start + len(spelt))
    assert text[first:last] == written


@given(st.text(min_size=1, max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_what_was_written_lies_in_the_text(text: str, start: int, length: int) -> None:
    first, last = as_written(text, start, start + length, spell)
    assert 0 <= first < last <= len(text)
