"""Minutes: which decisions a text holds, who is to do each until when, and how they are put right."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from nlu import minutes
from nlu.minutes import Decided
from nlu.times import SHANGHAI

NOW = datetime(2026, 4, 18, 10, 20, tzinfo=SHANGHAI)
KNOWN = [Decided("张建国负责收集意见", "张建国", date(2026, 4, 24)), Decided("消防通道不准停车")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "大家说了很多。会议决定：1. 由物业王经理4月30日前划出20个新车位；2. 消防通道不准停车。下次会议5月再开。",
            [("物业王经理", date(2026, 4, 30)), ("", None)],
        ),
        (
            "决定如下：\n一、清理楼道堆物，责任人：周德明，5月1日前完成\n二、每月第一个周六大扫除",
            [("周德明", date(2026, 5, 1)), ("", None)],
        ),
        (
            "一致同意加装电梯。由李秀芬联系电梯公司，月底前报价。大家还说了卫生的事。",
            [("", None), ("李秀芬", date(2026, 4, 30))],
        ),
        ("会上决定路灯换成LED，网格员王春梅牵头，5月10日前完成", [("网格员王春梅", date(2026, 5, 10))]),
        ("大家吵了一晚上，没有定下来，下次再议", []),
        ("散会", []),
    ],
)
def test_decisions(text: str, found: list[tuple[str, date | None]]) -> None:
    assert [(each.who, each.due) for each in minutes.decisions_in(text, NOW)] == found


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("第1条改成由李秀芬负责", [Decided("李秀芬负责收集意见", "李秀芬", date(2026, 4, 24)), KNOWN[1]]),
        ("第二条5月1日前完成", [KNOWN[0], Decided("消防通道不准停车", "", date(2026, 5, 1))]),
        ("删掉第1条", [KNOWN[1]]),
        ("第2条不要了", [KNOWN[0]]),
        ("加一条：每月通报一次", [*KNOWN, Decided("每月通报一次")]),
        ("第2条改成消防通道划黄线", [KNOWN[0], Decided("消防通道划黄线")]),
        ("第9条不要", None),
    ],
)
def test_edits(text: str, result: list[Decided] | None) -> None:
    edit = minutes.edit_in(text)
    assert edit is not None
    assert minutes.edited(KNOWN, edit, NOW) == result


def test_what_is_said_around_them() -> None:
    assert minutes.edit_in("对的") is None
    assert minutes.done_in("2号会议第1条办好了，车位划好了") == (1, "车位划好了")
    assert minutes.done_in("第1条改好了") is None
    assert minutes.attendees_in("到会：张三、李四，王五和赵六") == ["张三", "李四", "王五", "赵六"]
    assert minutes.attendees_in("到会：12人") is None
    assert minutes.minutes_in("发布停车位议事会纪要") == ("停车位议事会", "")


def test_a_question_is_no_report() -> None:
    assert minutes.done_in("2号会议第1条办好了没有") is None
