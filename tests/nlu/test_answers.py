"""Short answers: that it is all, to go on, which of a menu, and what tells of others."""

from __future__ import annotations

import pytest

from nlu import answers


@pytest.mark.parametrize("text", ["就这些", "就这些了嘛", "没得了", "说完了。", "没别的了"])
def test_that_is_all(text: str) -> None:
    assert answers.is_done(text)


@pytest.mark.parametrize("text", ["就这些人天天来闹", "没得", "没有", "对的", "就这样漏了三年"])
def test_what_is_not_all(text: str) -> None:
    assert not answers.is_done(text)


@pytest.mark.parametrize(
    "text",
    [
        "继续",
        "继续填嘛",
        "接着填。",
        "还是报嘛",
        "刚才那个接着报",
        "我还是报一下嘛",
        "那我接着填哈",
        "还是登记一下吧",
        "刚才没填完的接着填",
    ],
)
def test_going_on(text: str) -> None:
    assert answers.is_resume(text)


@pytest.mark.parametrize(
    "text", ["他们继续吵", "不继续了", "接着他就打人了", "我还是报一下楼上漏水", "那个接着漏", "还是他说了算"]
)
def test_what_does_not_ask_to_go_on(text: str) -> None:
    assert not answers.is_resume(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1), ("２", 2), ("选3", 3), ("第二个", 2), ("第二个嘛", 2), ("就第一个吧", 1), ("我选2", 2),
        ("5号", 5), ("第一种", 1), ("15栋", None), ("第二个单元", None), ("两天了", None), ("五六个人", None),
    ],
)  # fmt: skip
def test_the_number_of_a_menu(text: str, number: int | None) -> None:
    assert answers.read_number(text) == number


@pytest.mark.parametrize("text", ["他后头又喊我算了，我咋可能算嘛", "物业喊我取消", "老板劝我不要报了"])
def test_what_others_say(text: str) -> None:
    assert answers.speaks_of_others(text)


@pytest.mark.parametrize("text", ["这个太麻烦了我不想弄了", "其他的我不填了", "问得太多了不搞了"])
def test_what_one_says_oneself(text: str) -> None:
    assert not answers.speaks_of_others(text)


@pytest.mark.parametrize("text", ["等一下", "等会儿哈", "稍等我看一下", "你等等", "莫忙"])
def test_a_moment_please(text: str) -> None:
    assert answers.is_wait(text)


@pytest.mark.parametrize("text", ["等了一天了", "等他来", "对的", "等一下他又来砸门", "不用等"])
def test_what_asks_for_no_moment(text: str) -> None:
    assert not answers.is_wait(text)


@pytest.mark.parametrize("text", ["我不晓得好久开始的", "记不清好久开始的了", "不知道门牌号", "我也不晓得"])
def test_not_known_in_words(text: str) -> None:
    assert answers.is_skip(text)


@pytest.mark.parametrize("text", ["算了我自己找人", "算了，我们自己解决", "不麻烦你们了"])
def test_stopping_in_words(text: str) -> None:
    assert answers.is_cancel(text)


@pytest.mark.parametrize("text", ["他说算了我自己找人", "物业说不麻烦你们了", "算了一下，有三千块"])
def test_what_stops_nothing(text: str) -> None:
    assert not answers.is_cancel(text)


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("不，是4栋", "4栋", ""),
        ("是5栋不是3栋", "5栋", "3栋"),
        ("打错了，不是5栋是6栋", "6栋", "5栋"),
        ("不是路灯 是井盖", "井盖", "路灯"),
        ("单元不对，改成2单元", "2单元", ""),
    ],
)
def test_what_is_put_right(text: str, right: str, wrong: str) -> None:
    assert answers.read_correction(text) == answers.Correction(right, wrong)
