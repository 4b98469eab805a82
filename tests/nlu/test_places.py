"""Places: the table of sentences, the one spelling of a building, and what holds for any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.places import find_places, grid_of
from tests.nlu.tables import read

TABLES = read("places")
CHARACTERS = st.text(
    st.sampled_from("桂花苑白马村组3三栋号楼单元501五零一-文林路门口河边第二个桥那儿的，网格小区a "), max_size=40
)


@pytest.mark.parametrize(("say", "places"), [(row["say"], row["places"]) for row in TABLES["table"]])
def test_places_are_found_whole_and_in_one_spelling(say: str, places: list[dict[str, str]]) -> None:
    expected = [(place["text"], place.get("value", place["text"])) for place in places]
    assert [(place.text, place.value) for place in find_places(say)] == expected


@pytest.mark.parametrize("say", TABLES["no_places"])
def test_what_is_no_place_is_left(say: str) -> None:
    assert find_places(say) == ()


@pytest.mark.parametrize("number", range(1, 40))
def test_a_building_has_one_value_however_it_is_written(number: int) -> None:
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    spoken = ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")
    written = [f"{numeral}{unit}" for numeral in (str(number), spoken) for unit in ("栋", "幢", "号楼")]
    assert {place.value for text in written for place in find_places(f"我在{text}")} == {f"{number}栋"}


@pytest.mark.parametrize(("say", "grid"), TABLES["grids"].items())
def test_the_number_of_a_grid(say: str, grid: str) -> None:
    assert grid_of(say) == grid


@pytest.mark.parametrize("say", TABLES["no_grids"])
def test_a_text_without_a_grid(say: str) -> None:
    assert grid_of(say) is None


@given(st.one_of(st.text(max_size=60), CHARACTERS))
def test_offsets_are_true_and_in_order(text: str) -> None:
    end = 0
    for place in find_places(text):
        assert text[place.start : place.end] == place.text != ""
        assert place.value
        assert place.start >= end
        end = place.end


@pytest.mark.parametrize("piece", ["3栋", "路", "王家", "3-2-501，", "河边", "第二个桥", "白马村3组"])
def test_a_very_long_text_is_read_in_time(piece: str) -> None:
    begun = time.process_time()
    find_places((piece * 20_000)[:20_000])
    assert time.process_time() - begun < 5
