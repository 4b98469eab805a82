"""Rows with ordinary values that the tests of storage begin with; everybody and every place is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from storage.areas import Area, AreaKind
from storage.cases import Case, CaseKind
from storage.messages import OutboxMessage, Priority, TalkKey

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
TALK = TalkKey("test", "bot", "p:李秀芬", "李秀芬")


@dataclass(frozen=True, slots=True)
class Tree:
    """One county with one town, two communities, and two grids in the first of them, one with a building."""

    county: Area
    town: Area
    community: Area
    other_community: Area
    grid: Area
    other_grid: Area
    building: Area


def plant(work: UnitOfWork) -> Tree:
    """Add the tree."""
    county = work.areas.add(AreaKind.COUNTY, "仁和县")
    town = work.areas.add(AreaKind.TOWN, "清溪镇", county)
    community = work.areas.add(AreaKind.COMMUNITY, "桂花社区", town)
    other_community = work.areas.add(AreaKind.COMMUNITY, "柳林社区", town)
    grid = work.areas.add(AreaKind.GRID, "1网格", community, "1")
    other_grid = work.areas.add(AreaKind.GRID, "2网格", community, "2")
    building = work.areas.add(AreaKind.BUILDING, "桂花苑", grid)
    return Tree(county, town, community, other_community, grid, other_grid, building)


def arriving(message_id: str, **changes: Any) -> dict[str, Any]:
    """The values of a message that arrives."""
    return {
        **TALK._asdict(),
        "message_id": message_id,
        "text": "楼上天天漏水",
        "attachments": [],
        "payload": None,
        "private_chat": None,
        "in_group": False,
        "addressed": True,
        "edited": False,
        "sent_at": NOW,
        "received_at": NOW,
        "state": "stored",
        "attempts": 0,
        **changes,
    }


def outgoing(key: str, **changes: Any) -> OutboxMessage:
    """A message that is due."""
    values = {
        "channel": TALK.channel,
        "account": TALK.account,
        "chat": TALK.chat,
        "text": "报上去了",
        "choices": [],
        "priority": Priority.REPLY,
        "due_at": NOW,
        **changes,
    }
    return OutboxMessage(key=key, **values)


def case(area: Area, community: Area, number: str, **changes: Any) -> Case:
    """A dispute that was just reported by nobody known."""
    values = {
        "kind": CaseKind.DISPUTE,
        "category": "neighbour",
        "place": "桂花苑3栋",
        "text": "楼上天天漏水",
        "anonymous": False,
        "photos": [],
        "created_at": NOW,
        "respond_by": NOW + timedelta(hours=4),
        "due_at": NOW + timedelta(days=7),
        **changes,
    }
    return Case(number=number, area_id=area.id, area=area, community_id=community.id, **values)
