"""What is said with notices, as a table: to whom one goes, and what is to become of one that was given out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nlu import notice_commands
from nlu.notice_commands import Command, Whom

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("notice_commands.yml").read_text(encoding="utf-8"))


def whom(row: dict[str, Any]) -> Whom:
    return Whom(
        grids=tuple(row["grids"]) if "grids" in row else None,
        places=tuple(row.get("places", ())),
        roles=tuple(row["roles"]) if "roles" in row else None,
        groups=tuple(row.get("groups", ())),
    )


@pytest.mark.parametrize("row", TABLE["heads"], ids=lambda row: row["text"])
def test_to_whom_a_notice_goes_and_what_it_says(row: dict[str, Any]) -> None:
    head = notice_commands.read_head(row["text"])
    assert head is not None
    assert (notice_commands.read_whom(head.to_whom), row["text"][head.end :]) == (whom(row), row["words"])


def test_other_texts_give_out_no_notice() -> None:
    assert [text for text in TABLE["others"] if notice_commands.read_head(text) is not None] == []


@pytest.mark.parametrize("row", TABLE["corrections"], ids=lambda row: row["text"])
def test_an_audience_is_put_right(row: dict[str, Any]) -> None:
    assert notice_commands.read_correction(row["text"]) == whom(row)
    assert notice_commands.adds(row["text"]) is row.get("adds", False)


def test_other_texts_put_no_audience_right() -> None:
    assert [text for text in TABLE["no_corrections"] if notice_commands.read_correction(text) is not None] == []


@pytest.mark.parametrize("row", TABLE["commands"], ids=lambda row: row["text"])
def test_what_is_wanted_of_a_notice(row: dict[str, Any]) -> None:
    expected = Command(row["act"], row.get("which", ""), row.get("to", ""), for_good=row.get("for_good", False))
    assert notice_commands.read_command(row["text"]) == expected


def test_other_texts_want_nothing_of_a_notice() -> None:
    assert [text for text in TABLE["no_commands"] if notice_commands.read_command(text) is not None] == []


def test_kinds_that_are_wanted_and_not() -> None:
    assert {text: notice_commands.unwanted_kind(text) for text in TABLE["unwanted"]} == TABLE["unwanted"]
    assert {text: notice_commands.wanted_kind(text) for text in TABLE["wanted"]} == TABLE["wanted"]


def test_confirming_and_looking_for_notices() -> None:
    assert [text for text in TABLE["confirms"] if not notice_commands.is_acknowledgement(text)] == []
    assert [text for text in TABLE["confirms_nothing"] if notice_commands.is_acknowledgement(text)] == []
    assert {text: notice_commands.words_sought(text) for text in TABLE["sought"]} == TABLE["sought"]


def test_a_notice_says_how_it_is_to_be_sent() -> None:
    assert notice_commands.urgency("发紧急通知给1网格：漏气") == "紧急通知"
    assert notice_commands.urgency("马上发，不管几点，因为漏气") == "不管几点：漏气"
    assert notice_commands.urgency("发通知：遇紧急情况打119") is None
    assert notice_commands.without_orders("说一下明天停电，马上发，不管几点") == "明天停电"
    assert notice_commands.asks_confirmation("收到请回复") is True
    assert notice_commands.asks_confirmation("不用回复收到") is False
