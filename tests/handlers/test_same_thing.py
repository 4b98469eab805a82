"""Ten people who report one thing at once make one case; and when two reports are about one thing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from handlers.cases.sameness import Thing
from handlers.cases.sameness import _is_same as is_same
from handlers.distances import metres
from storage.cases import Case, CaseKind
from storage.unit_of_work import UnitOfWork
from tests.together import at_once

if TYPE_CHECKING:
    from tests.town import Town

HERE, NEAR_BY, FAR = [30.0, 104.1], [30.001, 104.101], [30.003, 104.101]
TOGETHER = 10


def incident(category: str, place: str, text: str, location: list[float] | None = None) -> Thing:
    return Thing(CaseKind.INCIDENT, category, place, text, location)


def dispute(place: str, text: str) -> Thing:
    return Thing(CaseKind.DISPUTE, "noise", place, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (incident("public_facility", "3栋", "3栋电梯坏了"), incident("public_facility", "3栋", "电梯又停了 3栋")),
        (incident("public_facility", "桂花苑3栋", "电梯坏了"), incident("public_facility", "3栋", "电梯又停了")),
        (incident("street_light", "文林路23号", "路灯坏了"), incident("street_light", "文林路23号门口", "灯不亮")),
        (incident("manhole", "见定位", "井盖没了", HERE), incident("manhole", "路口", "井盖烂了", NEAR_BY)),
        (dispute("3栋2单元501", "楼上打麻将"), dispute("3栋2单元501", "楼上又在打麻将")),
        (dispute("3栋", "3栋底楼烧烤店半夜吵"), dispute("3栋", "烧烤店吵得睡不着，3栋")),
    ],
)  # fmt: skip
def test_one_thing(one: Thing, other: Thing) -> None:
    assert is_same(one, other)
    assert is_same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (incident("public_facility", "3栋", "3栋电梯坏了"), incident("public_facility", "3栋", "3栋门禁坏了")),
        (incident("public_facility", "13栋", "电梯坏了"), incident("public_facility", "3栋", "电梯又停了")),
        (incident("street_light", "文林路23号", "路灯坏了"), incident("street_light", "文林路58号", "路灯坏了")),
        (incident("manhole", "见定位", "井盖没了", HERE), incident("manhole", "见定位", "井盖烂了", FAR)),
        (dispute("3栋", "3栋楼上打麻将"), dispute("3栋", "3栋楼下打麻将")),
        (dispute("3栋", "楼上打麻将"), dispute("3栋", "楼上打麻将")),
        (dispute("3栋501", "打麻将太吵"), dispute("3栋302", "打麻将太吵")),
    ],
)
def test_two_things(one: Thing, other: Thing) -> None:
    assert not is_same(one, other)
    assert not is_same(other, one)


def test_metres() -> None:
    assert metres(HERE, HERE) == 0
    assert metres(HERE, NEAR_BY) == pytest.approx(147, abs=2)
    assert metres([30.0, 104.0], [31.0, 104.0]) == pytest.approx(111_195, abs=10)


def test_ten_who_report_at_once_make_one_case(town: Town) -> None:
    who = [f"居民{number}" for number in range(TOGETHER)]
    for name in who:
        assert "对不对" in town.say(name, "文林路23号门口的电梯坏了")
    confirmations = [town.message(name, "对的") for name in who]
    for message in confirmations:
        town.inbox.receive(message)
    at_once(TOGETHER, lambda number: town.router.work_off(confirmations[number].talk))
    with UnitOfWork(town.database, read_only=True) as work:
        [case] = work.session.scalars(select(Case)).all()
        followers = {follower.person_id for follower in case.followers}
        assert len(followers | {case.reporter_id}) == TOGETHER
        assert len(followers) == TOGETHER - 1
        assert all(follower.text for follower in case.followers)
