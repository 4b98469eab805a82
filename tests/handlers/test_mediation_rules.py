"""Decisions about mediations: when, where and whom the words of a mediator mean, and which steps are due."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.cases.mediation import rules
from nlu.times import SHANGHAI
from storage.people import Person


def _at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


NOW = _at(2026, 4, 15, 10, 20)


@pytest.mark.parametrize(
    ("started", "due"),
    [
        (_at(2026, 4, 15, 10, 20), _at(2026, 5, 15, 10, 20)),
        (_at(2026, 1, 31, 9, 0), _at(2026, 2, 28, 9, 0)),
        (_at(2027, 12, 31, 9, 0), _at(2028, 1, 31, 9, 0)),
    ],
)
def test_a_mediation_takes_a_calendar_month(started: datetime, due: datetime) -> None:
    assert rules.due(started) == due


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("延期", _at(2026, 6, 15, 10, 20)),
        ("再给半个月，延到6月1日", _at(2026, 6, 1)),
        ("延期，明天再说", _at(2026, 6, 15, 10, 20)),
    ],
)
def test_more_time_is_what_is_named_or_another_month(words: str, until: datetime) -> None:
    assert rules.extended(words, rules.due(NOW), NOW) == until


@pytest.mark.parametrize(
    ("words", "start", "place"),
    [
        ("周五下午3点在社区调解室调解", _at(2026, 4, 17, 15), "社区调解室"),
        ("定于4月18号上午九点，地点社区二楼会议室，请双方准时参加调解", _at(2026, 4, 18, 9), "社区二楼会议室"),
        ("明天上午九点半到居委会调解室，双方都要来", _at(2026, 4, 16, 9, 30), "居委会调解室"),
        ("请双方周五下午3点到居委会调解", _at(2026, 4, 17, 15), "居委会"),
        ("调解时间改到后天下午2点", _at(2026, 4, 17, 14), None),
    ],
)
def test_when_and_where_to_meet(words: str, start: datetime, place: str | None) -> None:
    assert rules.session_in(words, NOW) == (start, True)
    assert rules.place_in(words, NOW) == place


@pytest.mark.parametrize("words", ["昨天下午3点调解过了", "明天上门看看", "已经调解过一次", "周五下午3点停水"])
def test_what_sets_no_meeting(words: str) -> None:
    assert rules.session_in(words, NOW) is None


def test_a_day_without_an_hour_is_asked_for() -> None:
    meeting = rules.session_in("约了周五调解", NOW)
    assert meeting is not None
    assert meeting[1] is False


@pytest.mark.parametrize(
    ("words", "came"),
    [
        ("双方都到了，谈得好", ["applicant", "respondent"]),
        ("申请人来了，对方没来", ["applicant"]),
        ("只有被申请人到场", ["respondent"]),
        ("双方都没来", []),
    ],
)
def test_who_came(words: str, came: list[str]) -> None:
    assert rules.who_came(words) == came


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("请对方参加，对方是4栋的周建国，电话13900000022", ("周建国", "13900000022", "4栋")),
        ("对方叫周建国", ("周建国", None, None)),
        ("请对方参加，电话 139 0000 0022", (None, "13900000022", None)),
        ("请对方参加", (None, None, None)),
    ],
)
def test_whom_to_invite(words: str, expected: tuple[str | None, str | None, str | None]) -> None:
    assert rules.invited(words) == expected


ZHOU = Person(id=1, name="周建国", phone="13900000022", home="桂花苑4栋1单元302")
NAMESAKE = Person(id=2, name="周建国", phone="13900000077", home="滨河花园1栋")
NO_PHONE = Person(id=3, name="何大明", phone=None, home=None)


@pytest.mark.parametrize(
    ("people", "said", "found"),
    [
        ([ZHOU], ("周建国", "13900000022", "4栋"), ZHOU),
        ([ZHOU, NAMESAKE], ("周建国", "13900000022", None), ZHOU),
        ([ZHOU, NAMESAKE], ("周建国", None, None), None),
        ([ZHOU], ("周建国", None, "4栋"), ZHOU),
        ([ZHOU], ("周建国", None, "5栋"), None),
        ([ZHOU], ("周建国", "13900000099", None), None),
        ([ZHOU], ("李大爷", "13900000022", None), None),
        ([ZHOU], ("周婆婆", "13900000022", None), ZHOU),
        ([NO_PHONE], ("何大明", "13900000099", "4栋"), NO_PHONE),
        ([], ("周建国", None, None), None),
    ],
)
def test_an_invitation_reaches_no_namesake(
    people: list[Person], said: tuple[str | None, str | None, str | None], found: Person | None
) -> None:
    assert rules.account_of(people, *said) is found


def test_a_yes_with_a_condition_is_none() -> None:
    assert rules.is_reserved("同意，但是要分两次付")
    assert rules.is_reserved("第一条改成十一点我就同意")
    assert not rules.is_reserved("同意协议")
    assert rules.version_in("20260415-007 同意协议第2版") == 2
    assert rules.version_in("同意协议") is None
    assert rules.without_button("有异议第1版，钱太多") == "钱太多"
