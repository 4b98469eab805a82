"""What people say of themselves is taken out of their words; what they say of others stays."""

from __future__ import annotations

import pytest

from nlu.oneself import Known, building_of, without_oneself

LI = Known("李秀芬", "13900000001", "桂花苑3栋2单元501")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我是3栋502的张三，楼上天天漏水", "我是3栋的住户，楼上天天漏水"),
        ("我是桂花苑3栋2单元的住户张三", "我是桂花苑3栋的住户某某"),
        ("我叫李秀芬，电话13900000001", "我叫某某，电话（号码不显示）"),
        ("我姓张，住文林巷8号", "我姓某某，住文林巷"),
        ("我家501漏水", "我家***漏水"),
        ("我李秀芬屋头501都长霉了", "我某某屋头***都长霉了"),
        ("楼上张三天天骂人", "楼上张三天天骂人"),
        ("我是楼上张三的邻居", "我是楼上张三的邻居"),
        ("我妈王秀英今年80了", "我妈某某今年80了"),
        ("打139-0000-0001找我", "打（号码不显示）找我"),
        ("垃圾堆了501天", "垃圾堆了501天"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    known = LI if "李秀芬" in text or "501" not in text else Known()
    assert without_oneself(text, known) == left


@pytest.mark.parametrize(
    ("address", "building"),
    [
        ("桂花苑3栋2单元501", "桂花苑3栋"),
        ("3栋502", "3栋"),
        ("文林巷8号", "文林巷"),
        ("12-3-402", "12栋"),
        ("3号楼", "3号楼"),
    ],
)
def test_the_building_of_an_address(address: str, building: str) -> None:
    assert building_of(address) == building
