"""Present danger: sentences of each side, sentence by sentence and in sum, and what holds for any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.categories import load_categories
from nlu.emergencies import emergency_kind
from nlu.training_data import load_examples
from nlu.understanding import Intent
from tests.nlu.tables import read

TABLES = read("emergencies")
DANGER = [(say, kind) for kind, says in TABLES["danger"].items() for say in says]
CALM = TABLES["calm"]
CHARACTERS = st.text(
    st.sampled_from("着火了煤气漏人掉河里拿刀砍昨天如果没有房子要垮救命快来，。电打老演练a "), max_size=40
)


@pytest.mark.parametrize(("say", "kind"), DANGER)
def test_present_danger_is_found(say: str, kind: str) -> None:
    assert emergency_kind(say) == kind


@pytest.mark.parametrize("say", CALM)
def test_what_is_no_danger_is_none(say: str) -> None:
    assert emergency_kind(say) is None


@pytest.mark.parametrize(
    ("talk", "alarm"),
    [
        ("昨天楼下着火了", "楼下着火了"),
        ("昨天有人落水了", "昨天有人落水了，到现在还没捞起来"),
        ("如果煤气漏了咋办", "煤气漏了咋办"),
        ("没有着火", "着火了，没有水"),
        ("他说要打架，已经调解了", "他们打起来了，快来调解"),
        ("007号那个打架的", "007号那家人正在打架，快来"),
        ("防止有人触电", "有人触电"),
        ("刚才着火了，已经扑灭了", "刚才着火了，扑不灭"),
        ("气死我了", "气都出不来了，快救人"),
    ],
)
def test_the_same_danger_as_talk_and_as_an_alarm(talk: str, alarm: str) -> None:
    assert emergency_kind(talk) is None
    assert emergency_kind(alarm) is not None


def test_every_kind_is_a_category() -> None:
    slugs = {category.slug for category in load_categories() if category.kind == "emergency"}
    assert {kind for _, kind in DANGER} == slugs


def test_the_training_sentences_keep_the_rates() -> None:
    real = [example.text for example in load_examples() if example.intent is Intent.REPORT_EMERGENCY]
    other = [example.text for example in load_examples() if example.intent is not Intent.REPORT_EMERGENCY]
    assert sum(emergency_kind(text) is not None for text in real) >= 0.98 * len(real)
    assert sum(emergency_kind(text) is not None for text in other) <= 0.01 * len(other)


@given(st.one_of(st.text(max_size=60), CHARACTERS))
def test_any_text_is_read_and_in_any_width(text: str) -> None:
    wide = text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert emergency_kind(text) == emergency_kind(wide)


@pytest.mark.parametrize("piece", ["人掉河", "刀人", "火", "着火了，", "没有", "电线", "墙倒压人"])
def test_a_very_long_text_is_read_in_time(piece: str) -> None:
    begun = time.perf_counter()
    emergency_kind((piece * 20_000)[:20_000])
    assert time.perf_counter() - begun < 5
