"""Of the places that a text names, the one where it happens."""

from __future__ import annotations

import pytest

from handlers.cases.scene import names_one, scene_in


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("3栋2单元501的把水漏到502，我是502的", "3栋2单元501"),
        ("501的把水漏到502，我们是3栋2单元", "3栋2单元501"),
        ("3栋602漏水漏到3栋502", "3栋602"),
        ("楼上漏水漏到3栋502", "3栋502"),
        ("我家3栋402漏水，漏到302去了", "3栋402"),
        ("我是3栋502的，被楼上602漏水淹了", "3栋602"),
        ("我住3栋2单元402，501天天半夜拖板凳", "3栋2单元501"),
        ("602的娃儿天天跑，我3栋502的睡不着", "3栋602"),
        ("我住3栋402，5栋门口井盖没得了", "5栋门口"),
        ("我住3栋402，菜市场门口那堆垃圾没人收", "菜市场门口"),
        ("我住3栋402，楼道灯不亮", "3栋楼道"),
        ("我住3栋402，楼上天天吵", "3栋402"),
        ("我在3栋502，小区门口打起来了", "小区门口"),
        ("我家3栋402着火了，在小学旁边", "3栋402"),
        ("我住3栋4楼402，501着火了", "3栋501"),
        ("3栋2单元501，借了我801块钱不还", "3栋2单元501"),
        ("文林路12号门口井盖没得了，我住文林路15号", "文林路12号门口"),
        ("501的把水漏到502", None),
    ],
)
def test_it_happens_where_it_comes_from(text: str, place: str | None) -> None:
    assert scene_in(text) == place


@pytest.mark.parametrize(
    ("text", "one"), [("就在3栋2单元楼下", True), ("3栋2单元501的漏到502", False), ("楼上", False)]
)
def test_whether_a_text_names_one_place_alone(text: str, one: bool) -> None:
    assert names_one(text) is one
