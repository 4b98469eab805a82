"""The language of signs: order, distance, any order, absence, figures and negators."""

from __future__ import annotations

import pytest

from nlu.signs import Found, Signs

GROUPS = {
    "water": ["河", "池塘"],
    "falls": ["掉进", "掉到"],
    "person": ["人", "孩子"],
    "toy": ["玩具"],
    "negator": ["没", "没有"],
    "figure": ["河粉", "别人"],
    "breathless": ["没呼吸", "呼吸"],
}

MISSPELT = {"掉进": ["调进"], "鸭子": ["押子"]}


def holds(rule: str, sentence: str) -> bool:
    signs = Signs({"kind": [rule]}, GROUPS, MISSPELT)
    return bool(list(signs.found_in(signs.read(sentence))))


@pytest.mark.parametrize(
    ("rule", "sentence", "found"),
    [
        ("falls > water", "孩子掉进河里了", True),
        ("falls > water", "河里有水，孩子掉进坑了", False),
        ("falls > water", "掉进了那个很深很深很深的河", False),
        ("falls > water", "掉到了,河边", False),
        ("falls >> water", "掉到了,河边", True),
        ("falls >> water > person", "掉进去了,河边有人", True),
        ("water & falls", "池塘边有人掉进去", True),
        ("water & person & !toy", "河里有人", True),
        ("water & person & !toy", "河里有玩具人", False),
        ("person & !toy > falls", "人在河边,玩具掉进去了", False),
        ("person & !toy > falls", "玩具在这里,人跑过来以后慢慢慢慢掉进去了", True),
        ("鸭子|water > falls", "鸭子掉进去了", True),
        ("water & person", "人吃河粉", False),
        ("person & water", "别人在河边", False),
        ("person & water", "没人在河边", False),
        ("person & water", "没有个人在河边", False),
        ("person & water", "没,人在河边", True),
        ("falls > water", "孩子调进河里", True),
        ("鸭子 & water", "押子在河边", True),
        ("breathless", "没呼吸了", True),
    ],
)
def test_a_rule_and_a_sentence(rule: str, sentence: str, found: bool) -> None:
    assert holds(rule, sentence) is found


def test_signs_come_in_the_order_of_their_kinds_with_where_they_begin_and_last() -> None:
    signs = Signs({"one": ["falls"], "two": ["person & water"]}, GROUPS, MISSPELT)
    assert list(signs.found_in(signs.read("人在河边掉进去"))) == [Found(0, "one", 4, 4), Found(1, "two", 0, 2)]


def test_a_chain_lasts_until_its_last_link_begins() -> None:
    signs = Signs({"kind": ["person > falls > water"]}, GROUPS, MISSPELT)
    assert list(signs.found_in(signs.read("有人掉进河里"))) == [Found(0, "kind", 1, 4)]


def test_an_unknown_group_is_refused() -> None:
    with pytest.raises(ValueError, match="sky"):
        Signs({"kind": ["sky > water"]}, GROUPS, MISSPELT)
