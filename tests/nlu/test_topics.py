"""What residents propose for consultation and say about it; sentences that no pattern was made from."""

from __future__ import annotations

import pytest

from nlu import topics
from nlu.topics import About, Said


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("建议议一下停车位", "停车位"),
        ("建议下次议一下停车位的事", "停车位"),
        ("能不能把儿童滑梯的问题放到坝坝会上讨论", "儿童滑梯"),
        ("我提个议题：门卫室装空调", "门卫室装空调"),
        ("想跟大家商量一下晾衣杆统一安哪里嘛", "晾衣杆统一安哪里"),
        ("关于二楼平台的漏水", "二楼平台的漏水"),
        ("我们1网格的路灯太暗了，能不能喊大家坐下来议哈嘛", "1网格的路灯太暗"),
        ("我有个话题想上会", None),
        ("想给议事会提个议题", None),
        ("跳舞九点收场合不合适", "跳舞九点收场合不合适"),
    ],
)
def test_what_a_topic_is(text: str, topic: str | None) -> None:
    assert topics.topic_in(text) == topic


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("附议", About(Said.SECOND)),
        ("附议12号", About(Said.SECOND, 12)),
        ("大家提了些啥子议题哦", About(Said.LIST)),
        ("路灯那个安排上会嘛，下周二晚上七点", About(Said.TAKE_UP)),
        ("我也支持议停车位", About(Said.SECOND)),
        ("有哪些议题", About(Said.LIST)),
        ("议题3号上会，周五下午三点在社区会议室", About(Said.TAKE_UP, 3)),
        ("议题3不议，因为已经在建停车场了", About(Said.DECLINE, 3, "已经在建停车场了")),
        ("停车位那个这次不议：没有地方", About(Said.DECLINE, None, "没有地方")),
        ("撤回议题2号", About(Said.WITHDRAW, 2)),
        ("我举双手赞成路灯这个", About(Said.SECOND)),
        ("希望议事会讨论一下停车位怎么分", None),
        ("建议议一下停车位", None),
        ("周五下午三点开议事会", None),
    ],
)
def test_what_is_said_of_topics(text: str, about: About | None) -> None:
    assert topics.about_in(text) == about


def test_a_number_of_a_topic_is_no_day() -> None:
    assert topics.number_in("议题3号咋样了") == 3
    assert topics.number_in("3号开会") is None
    assert topics.without_number("议题3号上会，5号下午三点") == "，上会，5号下午三点"


@pytest.mark.parametrize(
    ("text", "does"),
    [("停车位那个议题咋样了", True), ("我提的事有没有下文", True), ("建议议一下路灯怎么装", False)],
)
def test_what_asks_how_far_it_is(text: str, *, does: bool) -> None:
    assert topics.asks_what_became(text) is does
