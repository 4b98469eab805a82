"""What is kept without its speaker names nobody and no place."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlu.entities import find_entities
from nlu.nameless import nameless
from nlu.times import SHANGHAI

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("桂花苑3栋的王春梅喊我把钱交了", "某处的某人喊我把钱交了"),
        ("低保找李主任办，电话13900001111", "低保找某人办，电话139****1111"),
        ("低保标准是多少", "低保标准是多少"),
    ],
)
def test_persons_and_places_are_unnamed_and_numbers_masked(said: str, kept: str) -> None:
    assert nameless(said, find_entities(said, NOW)) == kept


def test_no_name_is_left_beside_masked_numbers() -> None:
    said = "桂花苑3栋的王春梅喊我把钱打到6222020200012345678，找李主任说"
    kept = nameless(said, find_entities(said, NOW))
    assert kept.startswith("某处的某人喊我把钱打到")
    assert not any(name in kept for name in ("桂花苑", "春梅", "6222", "李主任"))
