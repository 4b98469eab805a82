"""Logging: no personal number passes, from whatever side a line comes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
import structlog

from tests.bot.fakes import log_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

PHONE = "13900001111"
ID_CARD = "511421199003071235"


@pytest.fixture
def lines() -> Iterator[list[str]]:
    with log_lines() as lines:
        yield lines


class Said:
    """Something whose text holds a number."""

    def __str__(self) -> str:
        return f"打{PHONE}"


@pytest.mark.parametrize(
    "value",
    [
        f"打{PHONE}",
        f"身份证{ID_CARD}",
        [f"打{PHONE}"],
        {"phone": PHONE, "more": [{"card": ID_CARD}]},
        Said(),
        ValueError(f"打{PHONE}"),
        PHONE.encode(),
    ],
)
def test_values_are_masked_however_they_are_wrapped(lines: list[str], value: object) -> None:
    structlog.get_logger("bot.test").info("said", value=value)
    assert "event=said" in lines[0]
    assert PHONE not in lines[0]
    assert ID_CARD not in lines[0]


def test_the_event_itself_is_masked(lines: list[str]) -> None:
    structlog.get_logger("bot.test").warning(f"call {PHONE}")
    logging.getLogger("library").warning("call %s", PHONE)
    assert len(lines) == 2
    assert PHONE not in "".join(lines)
    assert "call 139" in lines[0]
    assert "call 139" in lines[1]


def raise_with_number() -> None:
    try:
        raise KeyError(f"打{PHONE}")
    except KeyError as error:
        raise LookupError(f"身份证{ID_CARD}") from error


def test_traces_are_written_and_masked(lines: list[str]) -> None:
    try:
        raise_with_number()
    except LookupError:
        structlog.get_logger("bot.test").exception("failed", row=7)
        logging.getLogger("library").exception("failed too")
    for line in lines:
        assert "LookupError" in line
        assert "KeyError" in line
        assert "raise_with_number" in line
        assert PHONE not in line
        assert ID_CARD not in line
    assert "row=7" in lines[0]
    assert len(lines) == 2


def test_a_line_is_one_line_with_its_level_and_where_it_comes_from(lines: list[str]) -> None:
    try:
        raise_with_number()
    except LookupError:
        structlog.get_logger("bot.router").exception("第一行\n第二行")
    assert "\n" not in lines[0]
    assert "level=error" in lines[0]
    assert "logger=bot.router" in lines[0]
    assert lines[0].startswith("timestamp=")


def test_numbers_that_name_rows_stay_readable(lines: list[str]) -> None:
    structlog.get_logger("bot.test").info("worked", row=4711, ok=True, seconds=0.25, nothing=None)
    assert "row=4711" in lines[0]
    assert "seconds=0.25" in lines[0]


def test_what_is_below_the_level_is_not_written(lines: list[str]) -> None:
    structlog.get_logger("bot.test").debug("details")
    logging.getLogger("library").debug("details")
    logging.getLogger("apscheduler.executors").info("ran")
    assert lines == []


def test_an_unknown_level_is_refused() -> None:
    from bot import logs

    with log_lines(), pytest.raises(ValueError, match="LOUD"):
        logs.set_up("loud")
