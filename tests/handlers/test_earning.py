"""What earns points: the rules by their days, the limits, and the spans of a ranking."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from handlers import earning
from handlers.earning import Rules
from handlers.points import rules
from handlers.turn import Inbound, Turn
from nlu.times import SHANGHAI
from nlu.understanding import Intent, Understanding
from storage.cases import By

if TYPE_CHECKING:
    from tests.town import Town

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)


def version(name: str, begins: date, day: int = 9, month: int = 20) -> Rules:
    return Rules(name, begins, day, month, (), ())


def test_the_rules_of_a_day_are_the_last_that_have_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    three = tuple(version(str(month), date(2026, month, 1)) for month in (1, 4, 6))
    monkeypatch.setattr(earning, "versions", lambda: three)
    days = (date(2025, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2027, 1, 1))
    assert [earning.on(day).version for day in days] == ["1", "1", "4", "6"]


def test_the_shipped_rules_can_be_read() -> None:
    holding = earning.on(NOW.date())
    assert holding.earns
    assert all(kind.says for kind in holding.earns)
    assert 0 < holding.day <= holding.month


def test_nobody_earns_more_than_the_limits_of_the_day_and_the_month(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earning, "versions", lambda: (version("1", date(2026, 1, 1)),))
    given = []
    with town.work() as work:
        identity = work.people.identity("test", "test", "李秀芬")
        assert identity is not None
        person = identity.person
        work.points.credit(person, 5, "上个月的", "s:0", By(None, NOW - timedelta(days=40), "test"))
        message = Inbound("test", "test", "1", "p:李秀芬", "李秀芬", "", NOW)
        for number, days in enumerate((0, 0, 0, 1, 2, 3, 30)):
            turn = Turn(
                work,
                NOW + timedelta(days=days),
                "test",
                message=message,
                person=person,
                talk=work.talks.find(message.talk, person, NOW, in_group=False),
                understanding=Understanding("", Intent.APPROVE_CHECK_IN, 1.0),
                library=None,  # type: ignore[arg-type]
            )
            given.append(earning.credit(turn, person, 6, "河道清洁", f"s:{number + 1}"))
        assert given == [6, 3, 0, 6, 5, 0, 6]
        assert work.points.balance(person) == 31


@pytest.mark.parametrize(
    ("text", "name", "since", "until"),
    [
        ("积分排行榜", "4月", "2026-04-01", "2026-05-01"),
        ("上个月哪个第一", "3月", "2026-03-01", "2026-04-01"),
        ("今年积分榜前二十", "2026年", "2026-01-01", "2027-01-01"),
        ("累计积分哪个最多", "累计", "2000-01-01", "2026-04-16"),
    ],
)
def test_the_span_of_a_ranking(text: str, name: str, since: str, until: str) -> None:
    span = rules.span_of(text, NOW)
    assert (span.name, f"{span.since:%Y-%m-%d}", f"{span.until:%Y-%m-%d}") == (name, since, until)


def test_the_last_month_of_january_and_the_next_of_december() -> None:
    january, december = datetime(2026, 1, 31, 9, tzinfo=SHANGHAI), datetime(2026, 12, 31, 9, tzinfo=SHANGHAI)
    assert f"{rules.span_of('上月排名', january).since:%Y-%m-%d}" == "2025-12-01"
    assert f"{rules.span_of('排名', december).until:%Y-%m-%d}" == "2027-01-01"
