"""What was said in a group goes on in private once its speaker comes, also where the bot cannot write first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.town import GROUP

if TYPE_CHECKING:
    from tests.town import Town


def say_as_stranger(town: Town, text: str, *, group: bool) -> str:
    """Say something as somebody whose private chat the bot learns only when they write to it."""
    message = replace(town.message("新来的", text, group=group), private_chat=None)
    town.inbox.receive(message)
    town.router.work_off(message.talk)
    town.deliver()
    return town.heard(GROUP if group else "新来的")


def test_a_dispute_told_in_a_group_waits_for_its_speaker(town: Town) -> None:
    neutral = say_as_stranger(town, "我家楼上天天漏水又不肯修，去说还骂人", group=True)
    assert "私下" in neutral
    assert "漏水" not in neutral
    told = say_as_stranger(town, "你好", group=False)
    assert "在群里说的那件事" in told
    assert "在哪里" in told
    assert "什么时候" in say_as_stranger(town, "桂花苑3栋2单元501", group=False)


def test_it_waits_no_longer_than_a_day(town: Town) -> None:
    say_as_stranger(town, "我家楼上天天漏水又不肯修，去说还骂人", group=True)
    town.later(hours=25)
    assert "在群里" not in say_as_stranger(town, "你好", group=False)


def test_whoever_tells_it_again_is_not_asked_twice(town: Town) -> None:
    say_as_stranger(town, "我家楼上天天漏水又不肯修，去说还骂人", group=True)
    told = say_as_stranger(town, "楼上天天漏水又不肯修", group=False)
    assert "在哪里" in told
    assert "在群里" not in told
    say_as_stranger(town, "算了不填了", group=False)
    assert "在群里" not in say_as_stranger(town, "你好", group=False)
