"""Clocks in talks: what an area allows is what people are told, and each level above may work on what went up to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from nlu.times import SHANGHAI
from storage.people import Role

if TYPE_CHECKING:
    from storage.areas import Area
    from storage.unit_of_work import UnitOfWork
    from tests.town import Town

TOWN_ADMIN = "何镇平"


def area(work: UnitOfWork, name: str) -> Area:
    return work.areas.named(name)[0]


def report(town: Town) -> str:
    town.say("李秀芬", "桂花苑3栋2单元501楼上天天漏水，从上周三开始，可以留名")
    return town.say("李秀芬", "对的")


def pass_until(town: Town, moment: str) -> None:
    until = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    while town.now < until:
        town.later(minutes=min(30.0, (until - town.now) / timedelta(minutes=1)))


def test_what_an_area_allows_is_what_people_are_told(town: Town) -> None:
    with town.work() as work:
        work.clocks.set_deadline(area(work, "清溪镇"), "water_leak", 5)
        work.clocks.set_deadline(area(work, "1网格"), "water_leak", 1)
        work.commit()
    assert "4月16日（周四）10:20前办结" in report(town)
    assert "4月16日（周四）10:20前要办结" in town.heard("王春梅")


def test_each_level_may_work_on_what_went_up_to_it_and_no_other(town: Town) -> None:
    with town.work() as work:
        person = work.people.add(area(work, "3网格"), town.now, name=TOWN_ADMIN)
        work.people.add_identity(person, "test", "test", TOWN_ADMIN, town.now, private_chat=f"p:{TOWN_ADMIN}")
        work.people.grant(person, Role.TOWN_ADMIN, area(work, "清溪镇"), town.now)
        work.commit()
    report(town)
    town.say("王春梅", "接单001")
    pass_until(town, "2026-04-20T11:00")
    assert "【超期】001号" in town.heard("杨晓兰")
    assert town.heard(TOWN_ADMIN) == ""
    assert "没有要办的" in town.say(TOWN_ADMIN, "我的任务")
    assert "别人在办" in town.say(TOWN_ADMIN, "001号已上门看过了")
    assert "没有找到" in town.say("刘志强", "001号已上门看过了")
    assert "记到001号" in town.say("杨晓兰", "001号我去看了，楼上答应修")
    assert "杨晓兰也在办001号" in town.heard("王春梅")
    # Somebody worked, yet it is not done: it goes further up.
    pass_until(town, "2026-04-21T11:00")
    told = town.heard(TOWN_ADMIN)
    assert "【超期】001号" in told
    assert "上报（超过办结期限，报到桂花社区）" in told
    assert "楼上答应修" in told
    assert "王春梅在办" in told
    assert "上一级（清溪镇）" in town.heard("李秀芬")
    assert "正在请报告人确认" in town.say(TOWN_ADMIN, "001号楼上修好了，结案")
    pass_until(town, "2026-04-24T18:00")
    assert "【超期】" not in town.heard("王春梅") + town.heard("杨晓兰") + town.heard(TOWN_ADMIN)


def test_a_bot_that_was_away_says_everything_once(town: Town) -> None:
    report(town)
    town.heard("王春梅")
    town.later(days=2)
    assert town.heard("杨晓兰").count("【超期】") == 1
    assert town.heard("李秀芬").count("上一级") == 1
    for _ in range(5):
        town.later(minutes=1)
    assert town.heard("杨晓兰") == ""
    assert town.heard("李秀芬") == ""


def test_followers_and_other_peoples_words_let_no_clock_run(town: Town) -> None:
    report(town)
    town.say("王春梅", "接单001")
    town.say("王春梅", "001号等住户回话")
    town.heard("李秀芬")
    assert "补充到" not in town.say("张建国", "我晚上七点以后在家")
    assert "已暂停，等您回话" in town.say("李秀芬", "001号咋样了")
    assert "补充到001号" in town.say("李秀芬", "我晚上七点以后在家")
    assert "已暂停" not in town.say("李秀芬", "001号咋样了")
