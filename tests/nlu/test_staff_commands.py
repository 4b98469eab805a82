"""What those who work on cases say: which numbers it names, what it tells, and what must not be done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nlu.on_behalf import consents, find_on_behalf
from nlu.outcomes import DONE, find_outcome, load_outcomes, outcome
from nlu.policy.document import parse
from nlu.policy.library import shipped_text
from nlu.staff_commands import find_numbers, read_command
from nlu.units import find_office, find_unit

TABLE: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("staff_commands.yml").read_text("utf-8")
)


def said(kind: str) -> list[Any]:
    return [pytest.param(row["say"], row["is"], id=row["say"]) for row in TABLE[kind]]


@pytest.mark.parametrize(("text", "expected"), said("numbers"))
def test_numbers_beside_what_is_done(text: str, expected: list[str]) -> None:
    assert [number.value for number in find_numbers(text)] == expected


@pytest.mark.parametrize(("text", "expected"), said("words"))
def test_what_the_reporter_reads_has_no_command_in_it(text: str, expected: str) -> None:
    assert read_command(text).words == expected


@pytest.mark.parametrize(("text", "expected"), said("keep"))
def test_what_must_not_be_closed(text: str, *, expected: bool) -> None:
    command = read_command(text)
    assert command.keep is expected
    assert not (command.keep and command.resolve)


@pytest.mark.parametrize(("text", "expected"), said("outcomes"))
def test_what_came_of_it(text: str, expected: str | None) -> None:
    found = find_outcome(text)
    assert (found.code if found else None) == expected


@pytest.mark.parametrize(("text", "expected"), said("units"))
def test_units_outside(text: str, expected: str | None) -> None:
    assert find_unit(text) == expected


@pytest.mark.parametrize(("text", "expected"), said("on_behalf"))
def test_reports_for_somebody_else(text: str, expected: list[Any] | None) -> None:
    found = find_on_behalf(text)
    told = None if found is None else [found.name, found.place, found.story, consents(text)]
    assert told == expected


def test_every_outcome_is_heard_by_its_own_name() -> None:
    for each in load_outcomes():
        assert find_outcome(f"结果：{each.name}") == each
    assert outcome(DONE).code == DONE
    with pytest.raises(KeyError):
        outcome("nothing")


def test_every_unit_of_the_annex_is_known_by_its_printed_name() -> None:
    document = parse(shipped_text())
    printed = {unit.removesuffix("等") for clause in document.clauses for unit in clause.departments}
    vague = ("部门", "文林镇")
    assert [unit for unit in printed if not unit.endswith(vague) and find_unit(f"转给{unit}") != unit] == []


def test_an_office_is_no_unit() -> None:
    assert find_office("转给调解员") == "mediator"
    assert find_office("转给社区") == "community_admin"
    assert find_office("转给王芳") is None


def test_a_second_report_of_the_same_thing_closes_only_itself() -> None:
    command = read_command("007重复了，和006是一件事，结案")
    assert [number.value for number in command.numbers] == ["007"]
    assert command.same_as is not None
    assert command.same_as.value == "006"
