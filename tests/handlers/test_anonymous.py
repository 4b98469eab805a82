"""Nothing that staff are sent holds what an anonymous reporter is, whatever they say of themselves and when."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from handlers.cases.report import place_by_sent_location
from storage.cases import Case
from storage.messages import OutboxMessage
from storage.people import STAFF, Person

if TYPE_CHECKING:
    from tests.town import Town

INTRODUCTIONS = (
    "我是{home}的{name}，",
    "我叫{name}，住{home}，",
    "我{name}，电话{phone}，",
    "{name}，{phone}，",
    "我是{home}的住户{name}，",
    "我家在{home}，",
    "本人{name}，家住{home}，",
    "我姓{surname}，我家{room}，",
    "联系人{name} {phone}，",
    "",
)
WISHES = ("莫说是我报的", "不要让他晓得是我", "匿名", "别把我说出去", "帮我保密")
STORIES = (
    "楼上天天漏水，上个月开始的",
    "楼上半夜打麻将，好几天了",
    "隔壁在楼道堆了好多纸箱子，有一阵了",
    "楼上乱甩垃圾下来，昨天开始的",
)
ADDITIONS = (
    "补充一下，我{name}屋头{room}的墙都湿了",
    "补充：打{phone}找我",
    "补充一下，我是{home}的，昨晚又是这样",
    "再补充一句，我家{room}没法住了",
)
ROOMS = ("501", "602", "703", "801")
NAMES = ("李秀芬", "张建国", "何桂英", "邓小琴")


@pytest.mark.parametrize("seed", range(6))
def test_staff_read_nothing_of_who_it_was(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    who = "李秀芬"
    own = {
        "name": chance.choice(NAMES),
        "phone": f"139{chance.randrange(10**8):08d}",
        "home": f"桂花苑{chance.randrange(1, 9)}栋{chance.randrange(1, 4)}单元{chance.choice(ROOMS)}",
    }
    own |= {"surname": own["name"][0], "room": own["home"][-3:]}
    with town.work() as work:
        identity = work.people.identity("test", "test", who)
        assert identity is not None
        identity.person.name, identity.person.phone, identity.person.home = own["name"], own["phone"], own["home"]
        work.commit()
    parts = [chance.choice(STORIES), chance.choice(WISHES), chance.choice(INTRODUCTIONS).strip("，")]
    heard = town.say(who, "，".join(parts).format(**own))
    for _ in range(5):
        heard = town.say(who, "是我家那里" if "在哪里" in heard else "对的") if "编号" not in heard else heard
    for addition in chance.sample(ADDITIONS, 2):
        town.say(who, addition.format(**own))
    town.say("王春梅", "我的任务")
    town.say("王春梅", "接单001")
    town.say("王春梅", "001是哪个报的")
    town.say("王春梅", "001号上门看过了，结案")
    town.say(who, "没解决，我{name}家{room}还是那样".format(**own))
    town.say(who, "催一下")
    town.later(days=9)
    with town.work() as work:
        case = work.session.scalars(select(Case)).one()
        assert case.anonymous
        assert case.reporter is not None
        people = work.session.scalars(select(Person)).all()
        staff = {person.id for person in people if person.roles & STAFF}
        told = [row.text for row in work.session.scalars(select(OutboxMessage)) if row.person_id in staff]
        history = [event.note for event in case.history]
    assert len(told) > 5
    for text in (*told, *history):
        for secret in (own["name"], own["phone"], own["home"], own["home"].removeprefix("桂花苑"), own["room"]):
            assert secret not in text, (seed, secret, text)


HERE = [30.0, 104.1]
USED = {"sent_location": HERE, "location": HERE, "place": "见定位", "place_of_location": "见定位"}


@pytest.mark.parametrize(
    ("values", "location", "place"),
    [
        ({"sent_location": HERE}, HERE, "见定位"),
        ({"sent_location": HERE, "near": "楼道"}, HERE, "楼道"),
        ({"sent_location": HERE, "place": "滨河花园1栋"}, None, "滨河花园1栋"),
        ({"sent_location": HERE, "anonymous": True}, None, None),
        (USED, HERE, "见定位"),
        (USED | {"anonymous": True}, None, None),
        (USED | {"place": "滨河花园1栋"}, None, "滨河花园1栋"),
        ({"location": HERE, "place": "见定位", "anonymous": True}, HERE, "见定位"),
    ],
)
def test_where_one_was_before_is_told_of_no_other_place_and_of_nobody_unnamed(
    values: dict[str, Any], location: list[float] | None, place: str | None
) -> None:
    values = dict(values)
    place_by_sent_location(values)
    assert (values.get("location"), values.get("place")) == (location, place)
