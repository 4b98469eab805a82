"""Entities: tables for persons, counts and case numbers, all kinds together, and what holds for any text."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.case_numbers import find_case_numbers
from nlu.counts import find_counts
from nlu.entities import find_entities
from nlu.persons import find_persons
from nlu.understanding import EntityKind
from tests.nlu.tables import read

TABLES = read("entities")
NOW = datetime(2026, 4, 15, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
CHARACTERS = st.text(
    st.sampled_from("我叫张三李建国王婆婆老周通知007号20260412-明天下午点两个人分给五星3栋漏水的，a "), max_size=40
)


@pytest.mark.parametrize(("say", "texts"), [(row["say"], row["texts"]) for row in TABLES["persons"]])
def test_persons(say: str, texts: list[str]) -> None:
    assert [person.text for person in find_persons(say)] == texts


@pytest.mark.parametrize(("say", "counts"), [(row["say"], row["counts"]) for row in TABLES["counts"]])
def test_counts(say: str, counts: dict[str, str]) -> None:
    found = {say[count.start : count.end]: count.value for count in find_counts(say)}
    assert found == {text: int(value) for text, value in counts.items()}


@pytest.mark.parametrize(("say", "numbers"), [(row["say"], row["numbers"]) for row in TABLES["case_numbers"]])
def test_case_numbers(say: str, numbers: dict[str, str]) -> None:
    assert {say[number.start : number.end]: number.value for number in find_case_numbers(say)} == numbers


@pytest.mark.parametrize(("say", "entities"), [(row["say"], row["entities"]) for row in TABLES["together"]])
def test_all_kinds_together(say: str, entities: list[dict[str, str]]) -> None:
    found = [(entity.kind, entity.text) for entity in find_entities(say, NOW)]
    assert sorted(found) == sorted((entity["kind"], entity["text"]) for entity in entities)
    values = {entity.text: str(entity.value) for entity in find_entities(say, NOW) if entity.kind != EntityKind.TIME}
    assert values == {entity["text"]: entity["value"] for entity in entities if "value" in entity}


@given(st.one_of(st.text(max_size=60), CHARACTERS))
def test_offsets_are_true_and_only_categories_overlap(text: str) -> None:
    end = 0
    for entity in find_entities(text, NOW):
        assert text[entity.start : entity.end] == entity.text
        if entity.kind is not EntityKind.CATEGORY:
            assert entity.start >= end
            end = entity.end


@given(st.one_of(st.text(max_size=60), CHARACTERS))
def test_case_numbers_are_whole_or_of_three_digits(text: str) -> None:
    for number in find_case_numbers(text):
        assert len(number.value.rpartition("-")[2]) in (3, 4)
        assert number.value.replace("-", "").isdecimal()


@pytest.mark.parametrize("piece", ["王", "张三", "007号", "20人", "一", "路灯", "漏水，", "7号那个事"])
def test_a_very_long_text_is_read_in_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    begun = time.process_time()
    find_persons(text), find_counts(text), find_case_numbers(text)
    assert time.process_time() - begun < 5
