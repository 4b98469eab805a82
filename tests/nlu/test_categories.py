"""Categories: the list itself, the table of reports, and what holds for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.categories import (
    category,
    category_mentions,
    category_of,
    category_of_emergency,
    load_categories,
    naming_word,
)
from nlu.emergencies import find_danger
from tests.nlu.tables import read

TABLES = read("categories")
REPORTS = [(say, kind, slug) for kind in ("dispute", "incident") for slug, says in TABLES[kind].items() for say in says]
CHARACTERS = st.text(st.sampled_from("楼上漏水噪音和停车位路灯井盖没得了啥子屋头狗叫垃圾，着火了a "), max_size=40)


def test_the_list_is_whole() -> None:
    kinds = [each.kind for each in load_categories()]
    assert (kinds.count("dispute"), kinds.count("incident"), kinds.count("emergency")) == (16, 14, 8)
    assert len({each.slug for each in load_categories()}) == 38 - 1  # medical is a dispute and an emergency


def test_emergencies_are_due_now_and_all_else_within_days() -> None:
    for each in load_categories():
        assert (each.deadline_days == 0) == (each.kind == "emergency")
        assert each.name


def test_every_category_has_words() -> None:
    assert [each.slug for each in load_categories() if len(each.words) < 8] == []


@pytest.mark.parametrize(("say", "kind", "slug"), REPORTS)
def test_a_report_is_of_its_category(say: str, kind: str, slug: str) -> None:
    assert category_of(say, frozenset({kind})) == slug


@pytest.mark.parametrize(("say", "slugs"), TABLES["joined"].items())
def test_two_categories_that_are_joined(say: str, slugs: list[str]) -> None:
    assert [mention.slug for mention in category_mentions(say)] == slugs


@pytest.mark.parametrize("say", TABLES["none"])
def test_small_talk_has_no_category(say: str) -> None:
    assert category_mentions(say) == ()
    assert category_of(say) is None


def test_a_kind_restricts() -> None:
    assert category_of("楼上着火了", frozenset({"emergency"})) == "fire"
    assert category_of("狗在楼道乱叫", frozenset({"incident"})) == "stray_animals"


@pytest.mark.parametrize(
    ("say", "slug"),
    [
        ("楼道堆的杂物着火了", "fire"),
        ("电梯里头关到人了", "safety_hazard"),
        ("昨天触电的那个又说手麻", "electric"),
        ("他那个病又犯了", "medical"),
        ("那边不对头得很", "safety_hazard"),
        ("派出所电话打不通", "safety_hazard"),
    ],
)
def test_an_emergency_is_of_its_danger_or_of_the_likeliest_kind(say: str, slug: str) -> None:
    danger = find_danger(say)
    assert category_of_emergency(say, danger) == slug
    assert [mention.slug for mention in category_mentions(say, frozenset({"emergency"}), danger)] == [slug]


@pytest.mark.parametrize("say", ["派出所电话", "电话打不通", "电视看不成", "有活动没得"])
def test_a_hint_that_is_a_piece_of_another_word_tells_nothing(say: str) -> None:
    assert category_of(say, frozenset({"emergency"})) is None


@pytest.mark.parametrize(
    ("say", "slug", "words"),
    [
        ("社区的同志你好哦，我想问一哈，楼顶 漏 水 三回了，这个事情哪个来管一下嘛", "water_leak", "漏 水"),
        ("我屋头老汉今年八十三了，想请你们来看一哈，楼上半夜三更还在唱卡拉OK", "noise", "唱卡拉OK"),
        ("老师你好，我是三组的，路 灯 又不亮了，麻烦你们尽快安排人来看一哈嘛", "street_light", "路 灯"),
    ],
)
def test_a_mention_is_the_piece_that_says_so_as_it_was_written(say: str, slug: str, words: str) -> None:
    (mention,) = category_mentions(say)
    piece = say[mention.start : mention.end]
    assert mention.slug == slug
    assert words in piece
    assert len(piece) < len(say) * 2 / 3
    assert (piece[0] + piece[-1]).isalnum()


def test_the_word_that_names_a_category() -> None:
    assert naming_word("桂花苑3栋 漏 水 的事", "water_leak") == "漏 水"
    assert naming_word("桂花苑3栋漏水的事", "noise") is None


def test_a_category_by_its_slug() -> None:
    assert category("manhole").name == "井盖"
    with pytest.raises(KeyError):
        category("unknown")


@given(st.one_of(st.text(max_size=60), CHARACTERS))
def test_offsets_lie_in_the_text(text: str) -> None:
    for mention in category_mentions(text):
        assert 0 <= mention.start < mention.end <= len(text)
        assert category(mention.slug)


def test_a_slug_of_two_kinds_is_two_categories() -> None:
    assert (category("medical").kind, category("medical").deadline_days) == ("dispute", 15)
    assert category("medical", "emergency").deadline_days == 0
    assert category("safety_hazard", "emergency").kind == "incident"
