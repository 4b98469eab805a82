"""The duties of the clocks on both engines: reminders, levels of the tree, pauses, alarms, a calendar that learns."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from handlers.cases import clocks, working_time
from handlers.cases.escalating import REMIND_AFTER
from storage.cases import By, Case, CaseKind, CaseState
from storage.escalations import Escalation, Reminder
from storage.people import RoleGrant
from storage.unit_of_work import UnitOfWork
from tests.bot.clockwork import ADMIN, COUNTY_ADMIN, MEMBER, REPORTER, TOWN_ADMIN, Clockwork, at
from tests.bot.fakes import log_lines
from tests.together import at_once

if TYPE_CHECKING:
    from storage.database import Database

MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
EVERYBODY = (MEMBER, ADMIN, TOWN_ADMIN, COUNTY_ADMIN)
ALARM = "cases.alarm_again"


def test_a_handler_is_reminded_at_half_and_at_four_fifths_once_each(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    house.file("20260415-001", at("04-15 08:30"))
    house.let_pass(at("04-15 08:30"), at("04-15 14:30"), 5 * MINUTE)
    # Due at 14:30: half is 10:30, four fifths are 11:42.
    assert house.told_at() == [(at("04-15 10:30"), MEMBER), (at("04-15 11:45"), MEMBER)]
    assert all("001号" in told and "14:30前要回应" in told for _, told in house.told())


def test_who_is_reminded_late_is_reminded_once(database: Database) -> None:
    """The bot was away from before the half until after four fifths."""
    house = Clockwork(database, *EVERYBODY)
    house.file("20260415-001", at("04-15 08:30"))
    house.look(at("04-15 11:50"))
    house.look(at("04-15 11:51"))
    assert [who for who, _ in house.told()] == [MEMBER]


def test_a_case_that_nobody_accepts_goes_up_once_a_level(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = house.file("20260415-001", at("04-15 08:30"))
    house.let_pass(at("04-15 08:30"), at("04-17 12:00"), QUARTER)
    assert house.levels(case_id) == [
        ("respond", "桂花社区", False),
        ("respond", "清溪镇", False),
        ("respond", "仁和县", False),
    ]
    times = {who: moment for moment, who in house.told_at() if who not in (MEMBER, REPORTER)}
    # A quarter of four hours is one, so each level has four hours of working time.
    assert times[ADMIN] == at("04-15 14:45")
    assert times[TOWN_ADMIN] == at("04-16 09:30")
    assert times[COUNTY_ADMIN] == at("04-16 15:45")
    told = house.told()
    to_admin = [words for who, words in told if who == ADMIN]
    assert len(to_admin) == 1
    assert all(part in to_admin[0] for part in ("【超期】", "回应期限", "还没有人接单", "楼上天天吵", "李秀芬"))
    assert any(who == REPORTER and "上一级（桂花社区）" in words for who, words in told)
    assert any(who == MEMBER and "还是由您负责" in words for who, words in told)
    assert house.case(case_id).assignee_id == house.id_of(MEMBER)


def test_reminders_and_levels_wait_for_working_hours(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    house.file("20260415-001", at("04-15 17:00"))
    house.let_pass(at("04-15 17:00"), at("04-20 12:00"), QUARTER)
    assert all(working_time.is_open(moment) for moment, _ in house.told_at())


@pytest.mark.parametrize(
    ("reported", "before", "goes_up"),
    [
        # Two days of working time, over the National Day week and the Saturday of 10 October that is worked.
        ("09-30 14:00", "10-09 12:00", "10-09 14:15"),
        ("10-09 14:00", "10-12 12:00", "10-12 14:15"),
        # The Saturday of 9 May is worked, the first days of May are not.
        ("04-30 08:30", "05-06 18:00", "05-07 08:30"),
        ("05-08 08:30", "05-09 18:00", "05-11 08:30"),
    ],
)
def test_a_deadline_over_holidays_and_swapped_days(
    database: Database, reported: str, before: str, goes_up: str
) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = house.file("20260415-001", at(reported), "falling_objects")
    house.move(case_id, CaseState.ACCEPTED, at(reported), "accept")
    house.let_pass(at(reported), at(before), HOUR)
    assert house.levels(case_id) == []
    house.let_pass(at(before), at(goes_up), QUARTER)
    assert house.levels(case_id) == [("resolve", "桂花社区", False)]


def test_where_the_grid_is_vacant_it_goes_from_the_community_to_the_town(database: Database) -> None:
    house = Clockwork(database, ADMIN, TOWN_ADMIN)
    case_id = house.file("20260415-001", at("04-15 08:30"), to=ADMIN)
    house.let_pass(at("04-15 08:30"), at("04-15 15:00"), QUARTER)
    assert house.levels(case_id) == [("respond", "清溪镇", False)]


def test_a_vacant_post_is_passed_over_and_noted(database: Database) -> None:
    house = Clockwork(database, MEMBER, COUNTY_ADMIN)
    case_id = house.file("20260415-001", at("04-15 08:30"))
    house.let_pass(at("04-15 08:30"), at("04-15 15:00"), QUARTER)
    assert house.levels(case_id) == [
        ("respond", "桂花社区", True),
        ("respond", "清溪镇", True),
        ("respond", "仁和县", False),
    ]
    notes = [event.note for event in house.case(case_id).history if event.action == "go_up"]
    assert notes[0] == "超过回应期限，桂花社区没有人在岗，再往上报"
    assert notes[2] == "超过回应期限，报到仁和县"


def test_where_nobody_is_above_any_staff_is_told_and_the_operator(database: Database) -> None:
    house = Clockwork(database, MEMBER)
    case_id = house.file("20260415-001", at("04-15 08:30"), to=None)
    with log_lines() as lines:
        house.let_pass(at("04-15 08:30"), at("04-17 18:00"), QUARTER)
    assert [line for line in lines if "level=error" in line and "late case found nobody above" in line]
    assert len([line for line in lines if "level=error" in line]) == 1
    told = [words for who, words in house.told() if who == MEMBER]
    assert len(told) == 1
    assert "往上没有人在岗" in told[0]
    assert all(vacant for _, _, vacant in house.levels(case_id))


def test_whoever_has_it_at_the_top_is_not_told_of_themselves(database: Database) -> None:
    house = Clockwork(database, COUNTY_ADMIN)
    case_id = house.file("20260415-001", at("04-15 08:30"), to=COUNTY_ADMIN)
    with log_lines() as lines:
        house.let_pass(at("04-15 08:30"), at("04-16 18:00"), QUARTER)
    assert house.levels(case_id) == [("respond", "仁和县", True)]
    assert len([line for line in lines if "late case found nobody above" in line]) == 1


def test_a_handler_who_is_gone_holds_nothing_up(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = house.file("20260415-001", at("04-15 08:30"))
    with UnitOfWork(database) as work:
        wanted = select(RoleGrant).where(RoleGrant.person_id == house.id_of(MEMBER))
        for grant in work.session.scalars(wanted):
            work.session.delete(grant)
        work.commit()
    house.look(at("04-15 14:31"))
    assert house.levels(case_id) == [("respond", "桂花社区", False)]


def test_sixty_cases_are_one_message(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    for number in range(60):
        house.file(f"20260415-{number + 1:03d}", at("04-15 08:30") + number * MINUTE)
    house.let_pass(at("04-15 08:30"), at("04-15 12:00"), MINUTE)
    to_member = [moment for moment, who in house.told_at() if who == MEMBER]
    assert len(to_member) <= 3
    assert all(later - earlier >= REMIND_AFTER for earlier, later in pairwise(to_member))
    assert max(words.count("号 ") for _, words in house.told()) >= 58


def test_many_late_cases_are_one_list_to_whoever_is_above(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    for number in range(20):
        house.file(f"20260415-{number + 1:03d}", at("04-15 08:30"))
    house.look(at("04-15 15:00"))
    told = house.told()
    assert [who for who, _ in told].count(ADMIN) == 1
    assert [who for who, _ in told].count(MEMBER) == 1
    assert next(words for who, words in told if who == ADMIN).startswith("【超期】20件")


def test_what_is_answered_or_resolved_goes_no_further(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = house.file("20260415-001", at("04-15 08:30"))
    house.look(at("04-15 14:31"))
    house.move(case_id, CaseState.ACCEPTED, at("04-15 14:40"), "accept")
    house.let_pass(at("04-15 14:45"), at("04-16 18:00"), QUARTER)
    assert house.levels(case_id) == [("respond", "桂花社区", False)]
    house.move(case_id, CaseState.RESOLVED, at("04-17 08:40"), "resolve")
    house.let_pass(at("04-17 08:45"), at("04-27 18:00"), HOUR)
    assert house.levels(case_id) == [("respond", "桂花社区", False)]
    assert house.case(case_id).next_check_at is None


def test_a_late_resolution_goes_up_after_a_quarter_of_the_deadline(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = house.file("20260413-001", at("04-13 08:30"))
    house.move(case_id, CaseState.ACCEPTED, at("04-13 09:00"), "accept")
    house.let_pass(at("04-13 09:00"), at("04-20 18:00"), QUARTER)
    assert [(clock, area) for clock, area, _ in house.levels(case_id)] == [
        ("resolve", "桂花社区"),
        ("resolve", "清溪镇"),
        ("resolve", "仁和县"),
    ]
    first, second, _ = house.case(case_id).escalations
    # Three days until 15 April at 18:00, which is said in the morning; then a quarter of three days, 5:37 hours.
    assert first.at == at("04-16 08:30")
    assert second.at == at("04-16 16:15")


def test_a_clock_that_jumps_forward_takes_a_case_one_level_up(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = house.file("20260415-001", at("04-15 08:30"))
    for minutes in range(5):
        house.look(at("05-20 10:00") + minutes * MINUTE)
    assert sorted(house.levels(case_id)) == [("resolve", "桂花社区", False), ("respond", "桂花社区", False)]
    # The clock is put right; what was said is not said again.
    house.told()
    house.let_pass(at("04-15 09:00"), at("04-20 18:00"), HOUR)
    assert house.told() == []
    assert len(house.levels(case_id)) == 2


def test_several_processes_do_it_once(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    for number in range(8):
        house.file(f"20260415-{number + 1:03d}", at("04-15 08:30"))
    at_once(4, lambda _number: house.look(at("04-15 10:31")))
    at_once(4, lambda number: house.look(at("04-15 14:31") + timedelta(seconds=number)))
    with UnitOfWork(database, read_only=True) as work:
        ups = work.session.scalars(select(Escalation)).all()
        reminders = work.session.scalars(select(Reminder)).all()
    assert sorted(each.case_id for each in ups) == list(range(1, 9))
    assert len(reminders) == 8
    listed = [line for who, words in house.told() if who == ADMIN for line in words.splitlines()]
    for number in range(1, 9):
        assert sum(f"{number:03d}号" in line for line in listed) == 1


def test_a_duty_reads_the_index_of_what_runs(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    house.file("20260415-001", at("04-15 08:30"))
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        question = text(
            f"{explain} SELECT * FROM cases WHERE next_check_at <= :now ORDER BY next_check_at, id LIMIT 500"
        )
        plan = " ".join(str(row) for row in connection.execute(question, {"now": "2026-04-15 10:00:00"}))
    assert "ix_cases_next_check_at" in plan


def wait_for_reporter(house: Clockwork, case_id: int, now: datetime) -> None:
    with UnitOfWork(house.database) as work:
        case = work.session.get_one(Case, case_id)
        clocks.stop(case, now)
        case.note(By(None, now, "test"), "wait")
        work.commit()


def test_a_case_that_waits_for_its_reporter_stands_still_for_five_days_at_most(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = house.file("20260415-001", at("04-15 08:30"))
    house.move(case_id, CaseState.ACCEPTED, at("04-15 09:00"), "accept")
    wait_for_reporter(house, case_id, at("04-15 10:00"))
    house.let_pass(at("04-15 10:00"), at("04-22 09:45"), QUARTER)
    assert house.told() == []
    house.let_pass(at("04-22 10:00"), at("04-22 10:15"), QUARTER)
    told = house.told()
    assert [who for who, _ in told] == [MEMBER, REPORTER]
    assert "等了5个工作日" in told[0][1]
    case = house.case(case_id)
    assert case.waiting_since is None
    # It was due on the evening of the 17th; five working days later is the evening of the 24th.
    assert case.due_at == at("04-24 18:00")
    house.let_pass(at("04-22 10:15"), at("04-24 18:00"), QUARTER)
    assert house.levels(case_id) == []
    house.look(at("04-27 08:30"))
    assert house.levels(case_id) == [("resolve", "桂花社区", False)]


def test_opened_again_a_case_has_what_was_left_when_it_was_resolved(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = house.file("20260415-001", at("04-15 08:30"))
    house.move(case_id, CaseState.ACCEPTED, at("04-15 09:00"), "accept")
    house.move(case_id, CaseState.RESOLVED, at("04-16 08:30"), "resolve")
    house.move(case_id, CaseState.IN_PROGRESS, at("04-20 08:30"), "reopen", REPORTER)
    with UnitOfWork(database) as work:
        case = work.session.get_one(Case, case_id)
        clocks.go_on(case, at("04-16 08:30"), at("04-20 08:30"))
        assert case.due_at == at("04-21 18:00")
        # Counted from the history it is the same.
        assert not clocks.count_anew(case, at("04-20 08:30"))


def test_what_is_handed_on_is_to_be_answered_anew(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = house.file("20260415-001", at("04-15 08:30"))
    house.move(case_id, CaseState.ACCEPTED, at("04-15 09:00"), "accept")
    house.move(case_id, CaseState.OPEN, at("04-16 08:30"), "transfer")
    house.let_pass(at("04-16 08:30"), at("04-16 14:30"), QUARTER)
    assert house.levels(case_id) == []
    assert {who for _, who in house.told_at()} == {MEMBER}
    house.look(at("04-16 14:31"))
    assert house.levels(case_id) == [("respond", "桂花社区", False)]


def test_a_calendar_that_learns_moves_what_is_open(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    with UnitOfWork(database) as work:
        work.clocks.learn_calendar("holidays 0.1", at("04-01 09:00"))
        work.commit()
    moved = house.file("20260415-001", at("04-15 08:30"))
    same = house.file("20260415-002", at("04-15 08:30"))
    with UnitOfWork(database) as work:
        # What an older calendar made of it.
        work.session.get_one(Case, moved).due_at = at("04-24 18:00")
        work.commit()
    house.look(at("04-15 09:00"), "cases.count_anew")
    assert house.case(moved).due_at == at("04-17 18:00")
    assert [event.action for event in house.case(moved).history] == ["report", "count_anew"]
    assert [event.action for event in house.case(same).history] == ["report"]
    house.look(at("04-15 10:00"), "cases.count_anew")
    assert len(house.case(moved).history) == 2


def alarm(house: Clockwork, reported: datetime) -> int:
    return house.file("20260415-001", reported, "fire", CaseKind.EMERGENCY)


def test_an_alarm_goes_on_at_night_until_somebody_confirms(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = alarm(house, at("04-15 02:00"))
    house.let_pass(at("04-15 02:00"), at("04-15 02:10"), MINUTE, ALARM)
    assert [who for who, _ in house.told()] == [MEMBER, ADMIN, TOWN_ADMIN, COUNTY_ADMIN] * 3
    house.move(case_id, CaseState.ACCEPTED, at("04-15 02:11"), "accept")
    house.let_pass(at("04-15 02:11"), at("04-15 03:00"), MINUTE, ALARM)
    assert house.told() == []


def test_after_the_last_repetition_the_county_is_told(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = alarm(house, at("04-15 02:00"))
    house.let_pass(at("04-15 02:00"), at("04-15 06:00"), MINUTE, ALARM)
    told = house.told()
    assert [who for who, _ in told].count(MEMBER) == clocks.ALARMS_AT_MOST
    assert told[-1][0] == COUNTY_ADMIN
    assert "没有人确认" in told[-1][1]
    assert house.levels(case_id) == [("alarm", "仁和县", False)]


def test_where_the_county_is_vacant_whoever_is_nearest_to_it_is_told(database: Database) -> None:
    house = Clockwork(database, MEMBER, ADMIN)
    case_id = alarm(house, at("04-15 02:00"))
    house.let_pass(at("04-15 02:00"), at("04-15 03:00"), MINUTE, ALARM)
    assert house.levels(case_id) == [("alarm", "仁和县", True), ("alarm", "清溪镇", True), ("alarm", "桂花社区", False)]


def test_a_restart_or_a_clock_that_jumps_sends_one_alarm(database: Database) -> None:
    house = Clockwork(database, MEMBER)
    alarm(house, at("04-15 02:00"))
    house.look(at("04-15 05:00"), ALARM)
    house.look(at("04-15 05:01"), ALARM)
    assert len(house.told()) == 1
    # Set back by an hour, it waits no hour.
    house.look(at("04-15 04:00"), ALARM)
    house.look(at("04-15 04:01"), ALARM)
    assert len(house.told()) == 1
    house.look(at("04-15 04:03"), ALARM)
    assert len(house.told()) == 1


def test_several_processes_give_an_alarm_once(database: Database) -> None:
    house = Clockwork(database, MEMBER)
    alarm(house, at("04-15 02:00"))
    at_once(4, lambda _number: house.look(at("04-15 02:03"), ALARM))
    assert len(house.told()) == 1


def test_whoever_went_to_an_emergency_is_asked_how_it_stands(database: Database) -> None:
    house = Clockwork(database, *EVERYBODY)
    case_id = alarm(house, at("04-15 22:00"))
    house.move(case_id, CaseState.ACCEPTED, at("04-15 22:05"), "accept")
    house.let_pass(at("04-15 22:05"), at("04-16 02:00"), 5 * MINUTE)
    assert [who for who, _ in house.told()] == [MEMBER, MEMBER]
    house.let_pass(at("04-16 02:05"), at("04-16 02:15"), 5 * MINUTE)
    assert house.levels(case_id) == [("resolve", "桂花社区", False)]
