"""Fixed words: codes, roles and names are heard whole, and nothing else is taken for them."""

from __future__ import annotations

import pytest

from nlu import fixed_words
from nlu.fixed_words import RoleWish


@pytest.mark.parametrize(
    "text", ["给我一个绑定码", "绑定码", "我要绑定另一个账号", "怎么把我的两个账号合到一起", "换手机了怎么转过来"]
)
def test_a_binding_code_is_wanted(text: str) -> None:
    assert fixed_words.wants_binding_code(text)


@pytest.mark.parametrize("text", ["绑定房号", "绑定码是啥子", "我要绑定身份", "绑定一下我的房子", "绑定 ABCD2345"])
def test_no_binding_code_is_wanted(text: str) -> None:
    assert not fixed_words.wants_binding_code(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("绑定 ABCD2345", "ABCD2345"),
        ("绑定abcd2345。", "ABCD2345"),
        ("绑定码：ＡＢＣＤ２３４５", "ABCD2345"),
        ("我要绑定 ABCD2345", "ABCD2345"),
        ("绑定 ABCD234", None),
        ("绑定 13900000000", None),
        ("绑定房号12345678栋", None),
        ("ABCD2345", None),
    ],
)
def test_a_binding_code_is_said(text: str, code: str | None) -> None:
    assert fixed_words.binding_code(text) == code


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("给5栋做个邀请码", "5栋"),
        ("给桂花苑5栋生成一个二维码", "桂花苑5栋"),
        ("做一个3网格的邀请码", "3网格"),
        ("邀请码怎么用", None),
    ],
)
def test_an_invitation_is_wanted(text: str, area: str | None) -> None:
    assert fixed_words.invitation_area(text) == area


def test_an_invitation_is_said() -> None:
    assert fixed_words.invitation_code("邀请码 abcd2345") == "ABCD2345"
    assert fixed_words.invitation_code("邀请他来开会") is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("属实", True),
        ("属实。", True),
        ("不是这里的人", False),
        ("不属实", False),
        ("属实的话就麻烦了", None),
        ("他不是这里的人", None),
    ],
)
def test_a_word_of_confirmation(text: str, word: bool | None) -> None:
    assert fixed_words.confirmation(text) is word


@pytest.mark.parametrize("text", ["不同意", "我不同意", "不愿意登记", "不同意登记哈"])
def test_a_consent_is_refused(text: str) -> None:
    assert fixed_words.refuses_consent(text)


@pytest.mark.parametrize("text", ["不对", "不同意的话会怎样", "楼上不同意修", "同意"])
def test_no_consent_is_refused(text: str) -> None:
    assert not fixed_words.refuses_consent(text)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("让王芳当3网格的网格员", RoleWish(True, "王芳", "grid_member", "3网格")),
        ("请让王芳做调解员。", RoleWish(True, "王芳", "mediator", "")),
        ("任命刘志强为社区管理员", RoleWish(True, "刘志强", "community_admin", "")),
        ("撤了王芳的网格员", RoleWish(False, "王芳", "grid_member", "")),
        ("撤了王芳网格员", RoleWish(False, "王芳", "grid_member", "")),
        ("把王芳的网格员撤了", RoleWish(False, "王芳", "grid_member", "")),
        ("免去王芳3网格网格员职务，因为搬走了", RoleWish(False, "王芳", "grid_member", "3网格", "搬走了")),
        ("让王芳（居民12）当3网格的网格员", RoleWish(True, "王芳（居民12）", "grid_member", "3网格")),
    ],
)
def test_a_role_is_given_or_taken(text: str, wish: RoleWish) -> None:
    assert fixed_words.role_wish(text) == wish


@pytest.mark.parametrize(
    "text",
    [
        "我觉得应该让王芳当网格员",
        "让他来修",
        "撤了王芳",
        "网格员王芳来过",
        "网格员要怎么当",
        "让王芳当3网格的网格员好不好嘛大家说",
    ],
)
def test_talk_about_roles_changes_none(text: str) -> None:
    assert fixed_words.role_wish(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("李秀芬", "李秀芬"),
        ("我叫张三", "张三"),
        ("王婆婆", "王婆婆"),
        ("我姓何", "何"),
        ("卓玛拉姆", "卓玛拉姆"),
        ("阿依木呷", "阿依木呷"),
        ("欧阳娜娜", "欧阳娜娜"),
        ("John Smith", "John Smith"),
        ("名字是江小白。", "江小白"),
        ("买买提·艾山", "买买提·艾山"),
    ],
)
def test_a_name_is_an_answer(text: str, name: str) -> None:
    assert fixed_words.name_in_answer(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "算了",
        "我有多少任务",
        "转人工",
        "没得",
        "有啥活动",
        "等一下",
        "你好",
        "谢谢",
        "查进展",
        "签到",
        "桂花苑",
        "不晓得",
        "报纠纷",
        "12345",
        "",
        "对的",
        "随便",
        "高兴",
    ],
)
def test_other_words_are_no_name(text: str) -> None:
    assert fixed_words.name_in_answer(text) is None


@pytest.mark.parametrize("text", ["桂花苑3栋", "3栋", "老街院子6号", "文林巷", "5-2-804", "红石村3组", "我住桂花苑"])
def test_a_home_is_an_answer(text: str) -> None:
    assert fixed_words.home_in_answer(text) == text


@pytest.mark.parametrize(
    "text", ["我有多少任务", "算了", "有啥活动", "转人工", "物业归哪个管", "桂花苑好久停水？", "", "对的"]
)
def test_other_words_are_no_home(text: str) -> None:
    assert fixed_words.home_in_answer(text) is None
