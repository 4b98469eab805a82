"""A county full of cases on PostgreSQL: its areas, its people, and as many old cases as one wants, copied in bulk."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers.cases.clocks import RESPONSE_HOURS
from nlu.categories import category_of
from nlu.times import SHANGHAI
from nlu.training_data import load_examples
from nlu.understanding import Intent
from storage.areas import Area, AreaKind
from storage.people import Identity, Person, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.database import Database
    from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)
TOWNS, COMMUNITIES, GRIDS = 20, 10, 10
"""Towns of a county, communities of a town, grids of a community: about those of a large county."""

RESIDENTS = 10
"""Those of a grid who report; a real grid holds more who never do."""

BATCH = 10_000
OPEN_SHARE = 50
"""One old case in so many is still open."""

_CASE = (
    *("id", "number", "community_id", "area_id", "kind", "category", "place", "text", "anonymous", "reporter_id"),
    *("assignee_id", "state", "outcome", "rating", "alarms", "photos", "created_at", "respond_by", "due_at"),
    *("resolved_at", "next_check_at"),
)
_EVENT = ("case_id", "at", "actor_id", "action", "from_state", "to_state", "note", "source")


@dataclass(frozen=True, slots=True)
class Corner:
    """One grid of the county: who reports there, who handles it."""

    grid: Area
    community: Area
    member: Person
    residents: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a resident once wrote (a training sentence), with its kind and category."""

    text: str
    kind: str
    category: str


def settle(work: UnitOfWork) -> list[Corner]:
    """Add the county, an admin above all, and people in every grid."""
    county = work.areas.add(AreaKind.COUNTY, "仁和县")
    work.people.grant(work.people.add(county, NOW, name="县里的人"), Role.COUNTY_ADMIN, county, NOW)
    corners: list[Corner] = []
    for town_number, number in itertools.product(range(TOWNS), range(COMMUNITIES)):
        if number == 0:
            town = work.areas.add(AreaKind.TOWN, f"{town_number}镇", county)
        community = work.areas.add(AreaKind.COMMUNITY, f"{town_number}镇{number}社区", town)
        corners += [_corner(work, community, str(code)) for code in range(1, GRIDS + 1)]
    return corners


def _corner(work: UnitOfWork, community: Area, code: str) -> Corner:
    grid = work.areas.add(AreaKind.GRID, f"{code}网格", community, code)
    people = [_person(grid, f"网格员{grid.id}"), *(_person(grid, f"居民{grid.id}之{n}") for n in range(RESIDENTS))]
    work.session.add_all(people)
    work.people.grant(people[0], Role.GRID_MEMBER, grid, NOW)
    return Corner(grid, community, people[0], tuple(people[1:]))


def _person(grid: Area, name: str) -> Person:
    account = Identity(channel="bench", account="bench", sender=name, private_chat=name, seen_at=NOW)
    return Person(name=name, area_id=grid.id, area=grid, created_at=NOW, grants=[], identities=[account])


def reports() -> list[Report]:
    """Every report among the training sentences, so that words are as frequent and as rare as people's are."""
    kinds = {Intent.REPORT_DISPUTE: ("dispute", "neighbour"), Intent.REPORT_INCIDENT: ("incident", "other")}
    found: list[Report] = []
    for example in load_examples():
        if example.intent in kinds:
            kind, otherwise = kinds[example.intent]
            found.append(Report(example.text, kind, category_of(example.text, frozenset({kind})) or otherwise))
    return found


def fill(
    database: Database, corners: list[Corner], told: list[Report], begin: int, end: int, advance: Callable[[], None]
) -> None:
    """Copy the old cases number `begin` up to `end` with their histories into the database; one `advance` a batch.

    Indices and foreign keys are taken away before and made again after, which takes a fraction of the time.
    """
    taken = _take_away(database)
    for start in range(begin, end, BATCH):
        with database.engine.begin() as connection:
            # The driver's own: COPY is ten times as fast as INSERT.
            cursor = connection.connection.cursor()
            first = cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM cases").fetchone()[0]
            numbers = range(start, min(start + BATCH, end))
            rows = [(first + number - start, *_row(corners, told, number)) for number in numbers]
            with cursor.copy(f"COPY cases ({', '.join(_CASE)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            with cursor.copy(f"COPY case_events ({', '.join(_EVENT)}) FROM STDIN") as copy:
                for event in itertools.chain.from_iterable(map(_history, rows)):
                    copy.write_row(event)
            cursor.execute("SELECT setval('cases_id_seq', %s)", (rows[-1][0],))
        advance()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
        for statement in taken:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("VACUUM ANALYZE")


def _take_away(database: Database) -> list[str]:
    """Drop the indices and foreign keys of cases and their histories; the statements that make them again."""
    tables = "('cases'::regclass, 'case_events'::regclass)"
    with database.engine.begin() as connection:
        indices = connection.exec_driver_sql(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            f" WHERE indrelid IN {tables} AND NOT indisunique"
        ).all()
        keys = connection.exec_driver_sql(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            f" WHERE conrelid IN {tables} AND contype = 'f'"
        ).all()
        for name, _ in indices:
            connection.exec_driver_sql(f"DROP INDEX {name}")
        for table, name, _ in keys:
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    made_by = [definition for _, definition in indices]
    return made_by + [f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in keys]


def _row(corners: list[Corner], told: list[Report], number: int) -> tuple[object, ...]:
    """One old case: of each grid in turn, from a while ago, nearly always finished."""
    corner, report = corners[number % len(corners)], told[number * 7919 % len(told)]
    turn = number // len(corners)
    # Never the same short number for a grid, nor all that is open in a few of them.
    made, short = NOW - timedelta(days=2 + turn, minutes=number % 600), (number + turn) % GRIDS + 1
    respond_by, due_at = made + RESPONSE_HOURS, made + timedelta(days=3)
    is_open = (number + turn) % OPEN_SHARE == 0
    return (
        f"{made:%Y%m%d}-{short:03d}",
        corner.community.id,
        corner.grid.id,
        report.kind,
        report.category,
        f"桂花苑{number % 37 + 1}栋{number % 4 + 1}单元",
        report.text,
        number % 20 == 0,
        corner.residents[turn % len(corner.residents)].id,
        corner.member.id,
        "open" if is_open else "closed",
        None if is_open else "已经处理好",
        None if is_open else number % 5 + 1,
        0,
        "[]",
        made,
        respond_by,
        due_at,
        None if is_open else made + timedelta(days=1),
        NOW + timedelta(days=1, minutes=number % 600) if is_open else None,
    )


def _history(row: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    case = dict(zip(_CASE, row, strict=True))
    reporter, handler = case["reporter_id"], case["assignee_id"]
    steps: list[tuple[str, str | None, str, object]] = [("report", None, "open", reporter)]
    if case["state"] == "closed":
        steps += [
            ("accept", "open", "accepted", handler),
            ("resolve", "accepted", "resolved", handler),
            ("confirm", "resolved", "closed", reporter),
        ]
    for action, before, after, actor in steps:
        yield case["id"], case["created_at"], actor, action, before, after, "", "bench"
