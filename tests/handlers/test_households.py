"""Households without a telephone, and those of them who do have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from handlers.households import may_be_same_home
from storage.messages import InboxMessage, OutboxMessage
from storage.talks import Talk

if TYPE_CHECKING:
    from tests.town import Town

CODE = "ABCD2345"


@pytest.fixture
def town(town: Town) -> Town:
    """The town, with a household where 李秀芬 lives, who has an account."""
    with town.work() as work:
        identity = work.people.identity("test", "test", "李秀芬")
        assert identity is not None
        building = next(area for area in work.areas.below(identity.person.area) if area.name == "桂花苑")
        work.households.add(building, "3栋2单元501", town.now).code = CODE
        work.commit()
    return town


def test_staff_speak_for_nobody_who_has_an_account_that_cannot_be_written_to(town: Town) -> None:
    with town.work() as work:
        identity = work.people.identity("test", "test", "李秀芬")
        assert identity is not None
        identity.unreachable_since = town.now
        work.commit()
    assert "自己有账号" in town.say("王春梅", f"家庭码 {CODE} 删掉李秀芬的登记")
    assert "自己有账号" in town.say("王春梅", "登记李秀芬当志愿者，她没得手机")


def test_nobody_stands_for_somebody_else_of_another_name(town: Town) -> None:
    for words in ("删掉王五的登记", "删掉李秀兰的登记"):
        assert "是哪一位" in town.say("王春梅", f"家庭码 {CODE} {words}")
    for words in ("删掉登记", "删掉李嬢嬢的登记"):
        assert "李秀芬自己有账号" in town.say("王春梅", f"家庭码 {CODE} {words}")


def test_whoever_is_known_is_not_made_a_second_time(town: Town) -> None:
    assert "自己有账号" in town.say("王春梅", "登记李秀芬当志愿者，住3-2-501，她没得手机")
    assert "张建国自己有账号：要是同一个人" in town.say("王春梅", f"家庭码 {CODE} 登记 张建国")


@pytest.mark.parametrize(
    ("short", "may_be"),
    [("桂花苑", True), ("3栋", True), ("2单元501", True), ("3-2-501", True), ("13栋", False), ("2单元", False),
     ("文林巷", False), ("文林巷3栋", False), ("3栋501", False)],
)  # fmt: skip
def test_an_address_in_short(short: str, may_be: bool) -> None:
    assert may_be_same_home(short, "桂花苑3栋2单元501") is may_be
    assert may_be_same_home("桂花苑3栋2单元501", short) is may_be


@pytest.mark.parametrize("end", ["没同意", "算了"])
def test_whoever_does_not_agree_is_not_kept_in_the_messages_either(town: Town, end: str) -> None:
    assert "赵素珍" in town.say("王春梅", f"家庭码 {CODE} 登记 赵素珍，电话13900139002")
    assert "名字没有存" in town.say("王春梅", end)
    with town.work() as work:
        texts = [*work.session.scalars(select(InboxMessage.text)), *work.session.scalars(select(OutboxMessage.text))]
        topics = work.session.scalars(select(Talk.topic)).all()
    assert not any("赵素珍" in text or "13900139002" in text for text in (*texts, str(topics)))


def test_whoever_refuses_at_once_is_not_kept_either(town: Town) -> None:
    assert "名字没有存" in town.say("王春梅", f"家庭码 {CODE} 登记 赵素珍，她不同意")
    with town.work() as work:
        assert not any("赵素珍" in text for text in work.session.scalars(select(InboxMessage.text)))
