"""Whether a person wants to be named, in the many ways in which that is said."""

from __future__ import annotations

import pytest

from nlu.anonymity import wants_no_name


@pytest.mark.parametrize(
    "text",
    [
        "匿名", "不留名", "我不想留名", "不要实名", "莫说是我", "不要让他晓得是我", "莫说是我报的", "别把我说出去",
        "不想让人知道", "帮我保密哈", "不要跟他讲是哪个举报的", "能不能不留名字", "不要说是我们家报的",
        "不要提我名字", "莫跟楼上的提我", "别跟楼上说是谁反映的", "不方便露面", "名字就不要写了嘛",
    ],
)  # fmt: skip
def test_who_will_not_be_named(text: str) -> None:
    assert wants_no_name(text) is True


@pytest.mark.parametrize(
    "text", ["留名", "可以留名", "不用匿名", "不匿名", "可以，就说是我", "晓得是我也没关系", "实名"]
)
def test_who_may_be_named(text: str) -> None:
    assert wants_no_name(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "楼上漏水", "我去说了好多回了", "不要让他把车停我家门口", "不用说我家的地址", "他不要说我没提醒",
        "你们会保密吗", "这个要保密不", "我跟他说莫把我家的门堵了", "他不准我说出去", "不愿意",
    ],
)  # fmt: skip
def test_what_says_nothing_of_names(text: str) -> None:
    assert wants_no_name(text) is None
