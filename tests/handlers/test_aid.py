"""Mutual aid beyond what rehearsals play: limits of points, who approves, and what is kept from whom."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from handlers.aid import rules
from handlers.people import retention
from handlers.turn import Desk
from nlu.times import SHANGHAI
from storage.aid import AidMatch, AidOffer, AidRequest, AidState, PointsState
from storage.messages import InboxMessage, OutboxMessage
from tests.town import WEDNESDAY_MORNING

if TYPE_CHECKING:
    from storage.people import Person
    from tests.town import Town


def person_of(town: Town, who: str) -> Person:
    with town.work() as work:
        identity = work.people.identity("test", "test", who)
        assert identity is not None
        return identity.person


def helped(town: Town, number: int, helper: str = "陈小雨", what: str = "哪个能帮我扛袋米上楼，今天") -> str:
    """李秀芬 asks, somebody helps, she says so; what she hears then."""
    town.say("李秀芬", what)
    town.say("李秀芬", "对的")
    town.say(helper, f"我来帮{number}号")
    town.say(helper, "13900139002")
    town.say("李秀芬", f"互助{number}号同意")
    town.say("李秀芬", "13800138001")
    return town.say("李秀芬", f"互助{number}号帮上了")


def test_points_come_with_approval_by_somebody_else_and_once(town: Town) -> None:
    assert "记一点积分" in helped(town, 1)
    assert "记2分吗" in town.heard("王春梅")
    assert "没有等您审核的积分" in town.say("李秀芬", "互助1号通过")
    assert "没有等您审核的积分" in town.say("陈小雨", "互助1号通过")
    assert "没找到" in town.say("刘志强", "互助1号通过")
    assert "记了2分" in town.say("王春梅", "互助1号通过")
    assert "没有等您审核的积分" in town.say("杨晓兰", "互助1号通过")
    chen_id = person_of(town, "陈小雨").id
    with town.work() as work:
        assert work.points.balance(work.people.get(chen_id)) == 2


def test_whoever_waited_for_a_request_reads_its_points_as_they_are_then(town: Town) -> None:
    helped(town, 1)
    with town.work() as work:
        match = work.aid.get(1).matches[0]
        before = match.points
        # As another transaction leaves them behind the back of this one.
        work.session.execute(text("UPDATE aid_matches SET points = 'rejected'"))
        work.aid.lock(match.request)
        assert (before, match.points) == (PointsState.ASKED, PointsState.REJECTED)


def test_the_same_two_earn_no_more_than_so_often_a_month(town: Town) -> None:
    asked = [helped(town, number, what=f"哪个能帮我扛{number}袋米上楼，今天") for number in (1, 2, 3)]
    assert ["积分" in reply for reply in asked] == [True, True, False]


def test_a_household_earns_nothing_by_helping_itself(town: Town) -> None:
    li_id, chen_id = (person_of(town, who).id for who in ("李秀芬", "陈小雨"))
    with town.work() as work:
        work.people.get(chen_id).home = work.people.get(li_id).home
        work.commit()
    assert "积分" not in helped(town, 1)
    assert "记2分吗" not in town.heard("王春梅")


def test_a_grid_member_who_helped_does_not_approve(town: Town) -> None:
    helped(town, 1, helper="王春梅")
    assert "记2分吗" not in town.heard("王春梅")
    assert "记2分吗" in town.heard("杨晓兰")
    assert "没有等您审核的积分" in town.say("王春梅", "互助1号通过")
    assert "记了2分" in town.say("杨晓兰", "互助1号通过")


def test_telephones_are_forgotten_some_days_after(town: Town) -> None:
    helped(town, 1)
    with town.work() as work:
        told = work.session.scalars(select(OutboxMessage.text)).all()
        assert any("13900139002" in each for each in told)
        # What was typed is masked at once, not when the message itself is forgotten.
        typed = work.session.scalars(select(InboxMessage.text)).all()
        assert not any("13900139002" in each or "13800138001" in each for each in typed)
        now = WEDNESDAY_MORNING.astimezone(SHANGHAI) + timedelta(days=9)
        retention.apply(Desk(work, now, "test"))
        match = work.session.scalars(select(AidMatch)).one()
        assert (match.helper_phone, match.requester_phone) == (None, None)
        texts = work.session.scalars(select(OutboxMessage.text)).all()
        assert not any("13900139002" in each or "13800138001" in each for each in texts)


def test_whoever_asks_by_a_number_of_others_learns_nothing(town: Town) -> None:
    town.say("李秀芬", "哪个能帮我扛袋米上楼，今天")
    town.say("李秀芬", "对的")
    for words in ("互助1号同意", "互助1号撤了", "互助1号帮上了"):
        assert "没找到" in town.say("张建国", words)
    assert "还没有对接到人" in town.say("张建国", "互助1号反映他骂人")


def test_taking_a_consent_back_takes_offers_and_telephones_back(town: Town) -> None:
    town.say("陈小雨", "我会修水管，随时都可以帮邻居")
    town.say("陈小雨", "对的")
    helped(town, 1)
    town.say("陈小雨", "收回同意：邻里互助换电话")
    with town.work() as work:
        assert work.session.scalars(select(AidMatch.helper_phone)).one() is None
        assert work.session.scalars(select(AidOffer.withdrawn_at)).one() is not None


def test_the_night_waits_for_the_morning(town: Town) -> None:
    town.say("陈小雨", "我可以帮忙买药，随时都行")
    town.say("陈小雨", "对的")
    town.now = town.now.replace(hour=23)
    town.say("李秀芬", "明天上午哪个能帮我买盒降压药")
    assert "登记好了" in town.say("李秀芬", "对的")
    assert "要帮忙" not in town.heard("陈小雨")
    town.later(hours=9)
    assert "买药拿药" in town.heard("陈小雨")


def test_what_is_wanted_twice_is_registered_once(town: Town) -> None:
    town.say("李秀芬", "哪个能帮我扛袋米上楼，今天")
    town.say("李秀芬", "对的")
    town.say("李秀芬", "哪个能帮我扛袋米上楼，今天")
    assert "登记过了" in town.say("李秀芬", "对的")
    with town.work() as work:
        assert len(work.session.scalars(select(AidRequest)).unique().all()) == 1


@pytest.mark.parametrize(
    ("start", "end", "part", "hours"),
    [(None, None, None, 99), ("15", None, "下午", 19), ("15", None, None, 24), ("15T18:00", None, None, 20)],
)
def test_when_a_request_is_over(start: str | None, end: str | None, part: str | None, hours: int) -> None:
    midnight = WEDNESDAY_MORNING.replace(hour=0, minute=0)
    begins = None if start is None else (midnight + timedelta(hours=18) if "T" in start else midnight)
    over = rules.over_at(begins, None if end is None else begins, part, midnight + timedelta(hours=99))
    assert over == midnight + timedelta(hours=hours)


def test_an_open_request_ends_with_a_word_to_both(town: Town) -> None:
    town.say("李秀芬", "哪个能帮我扛袋米上楼，今天下午")
    town.say("李秀芬", "对的")
    town.say("陈小雨", "我来帮1号")
    town.say("陈小雨", "13900139002")
    town.heard("李秀芬")
    town.later(hours=9)
    assert "时间到了" in town.heard("李秀芬")
    assert "不用去了" in town.heard("陈小雨")
    with town.work() as work:
        request = work.session.scalars(select(AidRequest)).unique().one()
        assert (request.state, request.matches[0].helper_phone) == (AidState.EXPIRED, None)
