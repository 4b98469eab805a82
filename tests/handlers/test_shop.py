"""The counter of the shop: a code is handed out once, by somebody else, in one's own area."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from storage.cases import By

if TYPE_CHECKING:
    from tests.town import Town


@pytest.fixture
def code(town: Town) -> str:
    """李秀芬 redeems washing powder."""
    with town.work() as work:
        li = work.people.identity("test", "test", "李秀芬")
        assert li is not None
        work.points.credit(li.person, 30, "期初", "given", By(None, town.now, "test"))
        work.shop.put(work.areas.community_of(li.person.area), "洗衣粉", 10, 3)
        work.commit()
    town.say("李秀芬", "我想拿积分换袋洗衣粉")
    found = re.search(r"取货码 ([0-9]{6})", town.say("李秀芬", "对的"))
    assert found is not None
    return found[1]


def test_a_code_is_handed_out_once_and_its_owner_hears_of_it(town: Town, code: str) -> None:
    assert "核销了：洗衣粉" in town.say("王春梅", f"核销 {code}")
    assert "洗衣粉已经领走了" in town.heard("李秀芬")
    assert "没有这个取货码" in town.say("杨晓兰", f"核销{code}")
    assert "没有等着领的东西" in town.say("李秀芬", "洗衣粉不要了，把积分退给我")


def test_a_grid_member_of_another_grid_and_a_resident_hand_out_nothing(town: Town, code: str) -> None:
    assert "没有这个取货码" in town.say("刘志强", f"核销 {code}")
    assert "核销了" not in town.say("张建国", f"核销 {code}")
    assert "核销了：洗衣粉" in town.say("王春梅", f"取货码：{code}")
