"""The code of the minute, marks and commands: what holds for every moment, distance and sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from handlers.phrases import repeats
from handlers.volunteers import codes, rules
from handlers.volunteers.organising import on_weekday
from handlers.volunteers.settings import marks, settings
from nlu.activity_commands import asks_figures, read_command, read_for_others, read_residents, reason_in, wants_code
from nlu.times import SHANGHAI
from nlu.volunteer_skills import read_offer
from storage.volunteers import Activity

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)
MOMENTS = st.integers(0, 10**8).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


def with_secret() -> Activity:
    return Activity(secret=codes.new_secret())


@given(MOMENTS, st.floats(0, 200))
def test_a_code_is_good_from_its_first_second_until_shortly_after_the_next_is_shown(
    moment: datetime, later: float
) -> None:
    activity = with_secret()
    shown = codes.shown_at(activity, moment)
    assert shown is not None
    assert moment < shown.until <= moment + timedelta(seconds=settings().code_seconds)
    when = moment + timedelta(seconds=later)
    good_until = shown.until + settings().code_grace
    if when < good_until:
        assert codes.is_right(activity, shown.digits, when)
    elif codes.is_right(activity, shown.digits, when):
        # One in a million codes comes again by chance.
        current = codes.shown_at(activity, when)
        assert current is not None


def test_codes_of_many_minutes_are_many_and_an_old_one_is_not_taken() -> None:
    activity = with_secret()
    seen = []
    for minute in range(300):
        shown = codes.shown_at(activity, NOW + timedelta(minutes=minute))
        assert shown is not None
        seen.append(shown.digits)
    assert len(set(seen)) > 290
    taken = sum(codes.is_right(activity, digits, NOW + timedelta(minutes=400)) for digits in seen)
    assert taken <= 1


def test_an_activity_with_a_paper_code_alone_shows_none() -> None:
    activity = Activity(code="8812")
    assert codes.shown_at(activity, NOW) is None
    assert not codes.is_right(activity, "8812", NOW)


@given(st.floats(0, 500_000), st.integers(0, 86_400), st.floats(1, 300))
def test_a_journey_is_too_fast_exactly_above_the_speed(metres: float, seconds: int, kmh: float) -> None:
    too_fast = rules.is_too_fast(metres, timedelta(seconds=seconds), kmh)
    assert too_fast == (metres * 3600 > kmh * 1000 * seconds) or abs(metres * 3600 - kmh * 1000 * seconds) < 1


def test_every_mark_has_a_sentence_whose_blanks_are_filled() -> None:
    filled = {
        "no_check_out": set(),
        "far_code": {"minutes", "radius"},
        "burst": {"others", "seconds"},
        "device": {"people"},
        "journey": {"title", "km", "minutes"},
    }
    assert set(marks()) == set(filled)
    for kind, mark in marks().items():
        blanks = {name for _, name, _, _ in Formatter().parse(str(mark["says"])) if name}
        assert blanks <= filled[kind], kind


@pytest.mark.parametrize(
    ("rrule", "said"),
    [
        ("FREQ=WEEKLY;BYDAY=SA", "每周六"),
        ("FREQ=WEEKLY;BYDAY=SA,SU", "每周六、日"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "隔周的周一"),
        ("FREQ=DAILY", "每天"),
        ("FREQ=DAILY;COUNT=2", "每天，共2次"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "每月15日"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "每月最后一个周五"),
        (None, ""),
    ],
)
def test_rules_are_said_in_words(rrule: str | None, said: str) -> None:
    assert repeats(rrule) == said


@given(st.integers(0, 6), MOMENTS)
def test_a_rule_of_one_weekday_is_on_the_day_of_its_start(day: int, start: datetime) -> None:
    names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    rule = on_weekday(f"FREQ=WEEKLY;BYDAY={names[day]}", start)
    assert rule == f"FREQ=WEEKLY;BYDAY={names[start.astimezone(SHANGHAI).weekday()]}"
    assert on_weekday("FREQ=WEEKLY;BYDAY=MO,FR", start) == "FREQ=WEEKLY;BYDAY=MO,FR"


TABLE = yaml.safe_load((Path(__file__).parent / "activity_commands.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", TABLE["commands"], ids=lambda row: row["text"])
def test_what_organisers_say_is_read(row: dict[str, object]) -> None:
    command = read_command(str(row["text"]), NOW)
    expected = {key: value for key, value in row.items() if key != "text"}
    if not expected:
        assert command is None, command
        return
    assert command is not None
    found: dict[str, object] = {
        key: value
        for key in ("cancels", "for_good", "to", "place", "capacity", "more", "unlimited", "points")
        if (value := getattr(command, key))
    }
    if command.by is not None:
        found["minutes"] = command.by / timedelta(minutes=1)
    assert found == expected


@pytest.mark.parametrize(("text", "reason"), TABLE["reasons"].items())
def test_reasons_are_kept_in_words(text: str, reason: str) -> None:
    assert reason_in(text, "河道清洁", NOW) == reason


@pytest.mark.parametrize(("text", "title"), TABLE["codes"].items())
def test_the_code_is_wanted(text: str, title: str | None) -> None:
    assert wants_code(text) == title


@pytest.mark.parametrize("row", TABLE["for_others"], ids=lambda row: row["text"])
def test_others_are_checked_in_by_name(row: dict[str, object]) -> None:
    found = read_for_others(str(row["text"]))
    if "names" not in row:
        assert found is None
        return
    assert found is not None
    assert (list(found.names), found.out) == (row["names"], row.get("out", False))


@pytest.mark.parametrize(("text", "said"), TABLE["residents"].items())
def test_residents_are_told(text: str, said: list[object] | None) -> None:
    found = read_residents(text)
    assert (list(found) if found else None) == said


@pytest.mark.parametrize(("text", "asked"), TABLE["figures"].items())
def test_figures_are_asked_for_and_the_document_is_not(text: str, asked: bool) -> None:
    assert asks_figures(text) is asked


@pytest.mark.parametrize("row", TABLE["offers"], ids=lambda row: row["text"])
def test_skills_and_times_are_read(row: dict[str, object]) -> None:
    offer = read_offer(str(row["text"]))
    assert (list(offer.skills), list(offer.times)) == (row["skills"], row["times"])
