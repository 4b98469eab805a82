"""What people say around an opinion is told from what they say in it."""

from __future__ import annotations

import pytest

from nlu import opinions


@pytest.mark.parametrize(
    "text",
    [
        "我来提个意见",
        "给文件提点意见",
        "对这个草案提几点看法",
        "我对征求意见稿有话说",
        "我对积分制有意见",
        "对第3.2.6条我有意见",
        "我要提意见！",
    ],
)
def test_who_only_announces_an_opinion_has_said_none(text: str) -> None:
    assert opinions.opinion_in(text) is None


@pytest.mark.parametrize(
    ("text", "opinion"),
    [
        ("我的意见：社区用房不准出租", "社区用房不准出租"),
        ("我来提个意见，积分要公开", "积分要公开"),
        ("积分制应该公开打分", "积分制应该公开打分"),
        ("对积分制我有点意见，容易搞成人情分", "对积分制我有点意见，容易搞成人情分"),
        ("支持", "支持"),
    ],
)
def test_an_opinion_is_kept_in_its_own_words(text: str, opinion: str) -> None:
    assert opinions.opinion_in(text) == opinion


@pytest.mark.parametrize(
    "text",
    ["第3.2.6条", "3.2.6", "附件第14项", "整个文件", "这条写得好", "物业那条", "不是，是物业那块", "对积分制我有意见"],
)
def test_a_place_is_named(text: str) -> None:
    assert opinions.place_in(text) == text


@pytest.mark.parametrize("text", ["积分要公开打分", "加一条养老的内容", "13%太高了", "不是这一条", "换一条"])
def test_no_place_is_named(text: str) -> None:
    assert opinions.place_in(text) is None


@pytest.mark.parametrize("text", ["不是这一条", "不是这条", "换一条", "不对，换一条"])
def test_another_clause_is_wanted(text: str) -> None:
    assert opinions.is_another(text)


@pytest.mark.parametrize("text", ["我提过哪些意见", "我提的意见有哪些", "看下我提过的意见", "我提了几条意见"])
def test_somebody_asks_for_their_own(text: str) -> None:
    assert opinions.asks_for_own(text)
    assert not opinions.takes_back(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("撤回7号意见", 7),
        ("7号我要撤回", 7),
        ("撤回我的意见", None),
        ("把我提的意见撤回", None),
        ("7号意见不要了", 7),
        ("我那条意见不要了", None),
    ],
)
def test_somebody_takes_one_back(text: str, number: int | None) -> None:
    assert opinions.takes_back(text)
    assert opinions.opinion_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "建议删积分制",
        "我建议取消一票否决",
        "13%不要写死，这是我的意见",
        "我提一点：顾问一年来不了一回",
        "牌子都撤了，我的建议是再少挂两块",
    ],
)
def test_an_opinion_is_not_taken_for_a_wish_about_opinions(text: str) -> None:
    assert not opinions.is_about_own(text)


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("署名", True),
        ("写我的名字", True),
        ("实名", True),
        ("不署名", False),
        ("不要写我的名字", False),
        ("匿名", False),
        ("积分要公开", None),
    ],
)
def test_whether_it_is_signed(text: str, signed: bool | None) -> None:
    assert opinions.wants_signature(text) is signed
