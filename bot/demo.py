"""The invented demo community, for newcomers and for looking at the bot with every role."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import places
from nlu.tables import read_yaml
from storage.areas import AreaKind
from storage.people import Role

if TYPE_CHECKING:
    from datetime import datetime

    from storage.areas import Area
    from storage.unit_of_work import UnitOfWork

DATA = Path(__file__).with_name("demo.yml")


def fill(work: UnitOfWork, now: datetime) -> bool:
    """Add the demo community; False, and nothing is added, when the database has a community already."""
    if work.areas.communities():
        return False
    data = read_yaml(DATA)
    county = work.areas.add(AreaKind.COUNTY, data["county"])
    town = work.areas.add(AreaKind.TOWN, data["town"], county)
    community = work.areas.add(AreaKind.COMMUNITY, data["community"], town, residents=data["residents"])
    grids = {grid["code"]: _grid(work, community, grid) for grid in data["grids"]}
    for person in data["people"]:
        _person(work, community, grids, person, now)
    for item in data["shop"]:
        work.shop.put(community, item["name"], item["cost"], item["stock"])
    return True


def abouts() -> dict[str, str]:
    """One line on each of the invented people, by the name of their account."""
    data = read_yaml(DATA)
    return {f"demo-{person['id']}": person["about"] for person in data["people"]}


def _grid(work: UnitOfWork, community: Area, data: dict[str, Any]) -> Area:
    grid = work.areas.add(AreaKind.GRID, data["name"], community, data["code"], data["residents"])
    places.plant(work, grid, data["places"])
    return grid


def _person(work: UnitOfWork, community: Area, grids: dict[str, Area], data: dict[str, Any], now: datetime) -> None:
    person = work.people.add(grids[data["grid"]], now, name=data["name"], phone=data["phone"])
    person.home, person.confirmed_at = data["home"], now
    sender = f"demo-{data['id']}"
    work.people.add_identity(person, "web", "web", sender, now, private_chat=f"p:{sender}")
    for role in data.get("roles", []):
        work.people.grant(person, Role(role), grids[data["at"]] if "at" in data else community, now)
