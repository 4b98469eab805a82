"""What somebody wants with the data held on them: what is unclear is asked about, what is named alone is meant."""

from __future__ import annotations

import pytest

from nlu import own_data
from nlu.own_data import DataWish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("你们存了我些啥", DataWish.SEE),
        ("我要看我的资料", DataWish.SEE),
        ("你晓得我些啥子", DataWish.SEE),
        ("导出我的数据", DataWish.TAKE),
        ("我要带走我的数据", DataWish.TAKE),
        ("给我一份我的个人信息副本", DataWish.TAKE),
        ("删除我的信息", DataWish.ERASE),
        ("注销账号", DataWish.ERASE),
        ("我不授权了，数据清掉", DataWish.ERASE),
        ("别留我的名字", DataWish.ERASE),
        ("🗑️我的数据", DataWish.ERASE),
        ("撤回我的同意", DataWish.TAKE_BACK),
        ("我不同意了", DataWish.TAKE_BACK),
        ("取消隐私授权", DataWish.TAKE_BACK),
        ("我授权过什么，看一下", DataWish.CONSENTS),
        ("我同意过哪些", DataWish.CONSENTS),
    ],
)
def test_the_wish(text: str, wish: DataWish) -> None:
    assert own_data.wish_in(text) is wish


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("把我电话号码删了", {"phone"}),
        ("只删电话，名字留到", {"phone"}),
        ("只把住址去掉可以吗", {"home"}),
        ("聊天记录删了", {"messages"}),
        ("我的定位记录删掉", {"locations"}),
        ("删我发的照片", {"photos"}),
        ("除了名字，其他个人信息都给我删掉", {"phone", "home"}),
        ("删除我的信息", set()),
        ("姓名电话住址都给我抹掉", set()),
        ("账号和电话全部删了", set()),
        ("我的位置信息不要存", {"locations"}),
    ],
)
def test_the_parts(text: str, parts: set[str]) -> None:
    assert own_data.parts_in(text) == parts


@pytest.mark.parametrize(
    ("text", "first"), [("先把我的资料发给我看，再给我全部删了", True), ("删除我的信息", False), ("删了给我看", False)]
)
def test_seeing_first(text: str, first: bool) -> None:
    assert own_data.wants_to_see_first(text) is first


@pytest.mark.parametrize(
    ("text", "others"),
    [("把我老公的电话从我名下删了", True), ("老人过世了，账号要咋个注销", True), ("把我的电话删了", False)],
)
def test_the_data_of_others(text: str, others: bool) -> None:
    assert own_data.is_about_others(text) is others


@pytest.mark.parametrize(
    ("text", "plainly"),
    [
        ("我不同意了", True),
        ("收回同意", True),
        ("收回同意：收通知", True),
        ("不同意了，我要投诉他们乱收费还不给发票", False),
        ("我不同意楼上的说法", False),
    ],
)
def test_a_consent_taken_back_in_so_many_words(text: str, plainly: bool) -> None:
    assert own_data.takes_consent_back(text) is plainly
