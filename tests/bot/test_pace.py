"""The pace of a lane: whatever happens, no span of time has more than its limit."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from bot.pace import KEPT, Pace
from handlers.sending.limits import Limits, Rate
from tests.bot.fakes import NOW

LIMITS = Limits(account=(Rate(30, 1, 5),), chat=(Rate(4, 1, 3),), group=(Rate(20, 60, 5),))


def seconds(count: float) -> datetime:
    return NOW + timedelta(seconds=count)


def test_a_lane_begins_with_nothing_and_saves_up_a_burst() -> None:
    pace = Pace(LIMITS, NOW)
    assert [pace.room(seconds(passed)) for passed in (0, 0.04, 0.2, 60)] == [0, 1, 5, 5]
    assert pace.until(2, NOW) == pytest.approx(0.08)
    assert pace.until(50, NOW) == pytest.approx(0.2)
    assert [pace.room_in("p:li", seconds(passed), is_group=False) for passed in (0, 1, 60)] == [0, 1, 3]
    assert [pace.room_in("all", seconds(passed), is_group=True) for passed in (3, 4, 60)] == [0, 1, 5]
    free = Pace(Limits(), NOW)
    assert (free.room(NOW), free.room_in("p:li", NOW, is_group=False), free.stride()) == (None, None, 1)


def test_chats_that_had_enough_are_named_until_they_may_have_more() -> None:
    pace = Pace(LIMITS, NOW)
    for _ in range(3):
        pace.take("p:li", seconds(60), is_group=False)
    pace.take("p:zhang", seconds(60), is_group=False)
    assert pace.exhausted(seconds(60)) == ["p:li"]
    assert pace.exhausted(seconds(61)) == []


@pytest.mark.parametrize("seed", range(4))
def test_no_span_has_more_than_its_limit_however_often_the_sender_is_born_anew(seed: int) -> None:
    chance, now, sent = random.Random(seed), NOW, list[tuple[datetime, str]]()
    pace = Pace(LIMITS, now)
    for _ in range(4 * KEPT):
        now += timedelta(seconds=chance.choice((0, 0, 0.01, 0.03, 0.1, 1)))
        chat = f"p:{chance.randrange(3 if chance.random() < 0.5 else 5_000)}"
        if chance.random() < 0.02:
            pace = Pace(LIMITS, now)
        if pace.room(now) and pace.room_in(chat, now, is_group=False):
            pace.take(chat, now, is_group=False)
            sent.append((now, chat))
    assert len(sent) > KEPT
    first = 0
    for last, (moment, _) in enumerate(sent):
        while sent[first][0] <= moment - timedelta(seconds=1):
            first += 1
        assert last - first + 1 <= 30
        assert max(Counter(chat for _, chat in sent[first : last + 1]).values()) <= 4
