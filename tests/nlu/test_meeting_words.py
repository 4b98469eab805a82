"""What is said of a meeting that is called, and what only sounds like it."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlu import meeting_words as words
from nlu.times import SHANGHAI

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "cancels", "to", "place", "reason"),
    [
        ("会议改到周五", False, "周五", "", ""),
        ("会议改到周日，主任周五要出差", False, "周日,主任周五要出差", "", "主任周五要出差"),
        ("2号会议改到周日下午四点", False, "周日下午四点", "", ""),
        ("议事会取消，因为停电", True, "", "", "停电"),
        ("议事会改到二楼会议室", False, "", "二楼会议室", ""),
        ("议事会改到周六上午9点，地点换到居委会", False, "周六上午9点,", "居委会", ""),
    ],
)
def test_changes(text: str, cancels: bool, to: str, place: str, reason: str) -> None:
    change = words.read_change(text, NOW)
    assert change is not None
    assert (change.cancels, change.to, change.place) == (cancels, to, place)
    assert words.reason_in(text, "停车位议事会", NOW) == reason


@pytest.mark.parametrize(
    "text",
    [
        "会改到周几了？",
        "会取消了吗",
        "周五下午三点在社区会议室开议事会，议停车位",
        "能不能把会议改到周五",
        "发通知：会议改到周五",
    ],
)
def test_what_changes_nothing(text: str) -> None:
    assert words.read_change(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("改到周六", True),
        ("取消", True),
        ("那就取消了吧", True),
        ("河道清洁取消了", False),
        ("打麻将的事改到周六", False),
    ],
)
def test_a_change_that_names_no_meeting(text: str, alone: bool) -> None:
    change = words.read_change(text, NOW)
    assert change is not None
    assert words.says_only(text, change) is alone


@pytest.mark.parametrize(
    ("text", "guests"),
    [
        ("我来，带两个人", 2),
        ("我们家来三个人", 2),
        ("我和老伴一起来", 1),
        ("我来，我和我老伴两个人", 1),
        ("不带人了", 0),
        ("我要来", None),
    ],
)
def test_whom_somebody_brings(text: str, guests: int | None) -> None:
    assert words.guests_in(text) == guests


def test_what_is_asked() -> None:
    assert all(map(words.asks_who_comes, ["周五的会谁来", "哪些人要来", "谁要来开会", "参会名单"]))
    assert not any(map(words.asks_who_comes, ["谁来修路灯", "哪个来管一下", "我要来"]))
    assert words.only_brings("改成带一个人")
    assert not words.only_brings("我们3个人被物业拦了")
