"""Areas: the tree county, town, community, grid, building, in which everything has its place."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.util import identity_key

from storage.database import Base, BigId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class AreaKind(StrEnum):
    """The levels of the tree, from the root down."""

    COUNTY = "county"
    TOWN = "town"
    COMMUNITY = "community"
    GRID = "grid"
    BUILDING = "building"


class Area(Base):
    """One node of the tree.

    `path` is the ids from the root to the node between slashes (`/1/4/9/`), so that a subtree is a prefix.
    `code` is what people call it in short: "1" for 1网格. `aliases` are the other names that people have for it, or
    None where nobody told any.
    """

    __tablename__ = "areas"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    kind: Mapped[AreaKind]
    name: Mapped[str] = mapped_column(String(100))
    code: Mapped[str] = mapped_column(String(32), default="")
    aliases: Mapped[list[Any] | None]
    path: Mapped[str] = mapped_column(String(200), index=True, default="")
    residents: Mapped[int] = mapped_column(default=0)

    def contains(self, other: Area) -> bool:
        """Whether `other` is this area or lies below it."""
        return other.path.startswith(self.path)

    @property
    def ancestor_ids(self) -> list[int]:
        """The ids on the way up, from this area itself to the root."""
        return [int(part) for part in reversed(self.path.strip("/").split("/"))]


_WITH_IDS = select(Area).where(Area.id.in_(bindparam("area_ids", expanding=True)))


class AreaStore:
    """Areas by id, by name and by place in the tree."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ways: dict[int, list[Area]] = {}

    def add(
        self,
        kind: AreaKind,
        name: str,
        parent: Area | None = None,
        code: str = "",
        residents: int = 0,
        aliases: Sequence[str] = (),
    ) -> Area:
        """Add an area below `parent`; a county has none."""
        area = Area(
            kind=kind,
            name=name,
            code=code,
            aliases=list(aliases) or None,
            parent_id=parent.id if parent else None,
            residents=residents,
        )
        self._session.add(area)
        self._session.flush()
        area.path = f"{parent.path if parent else '/'}{area.id}/"
        self._session.flush()
        return area

    def get(self, area_id: int) -> Area:
        """The area with this id; raises NoResultFound if there is none."""
        return self._session.get_one(Area, area_id)

    def way_up(self, area: Area) -> list[Area]:
        """`area` and what it lies in, up to the root."""
        way = self._ways.get(area.id)
        if way is None:
            known = map(self._session.identity_map.get, (identity_key(Area, each) for each in area.ancestor_ids))
            found: list[Area] = [each for each in known if each is not None]
            if len(found) < len(area.ancestor_ids):
                read = {each.id: each for each in self._session.scalars(_WITH_IDS, {"area_ids": area.ancestor_ids})}
                found = [read[area_id] for area_id in area.ancestor_ids]
            way = self._ways[area.id] = found
        return way

    def named(self, name: str) -> Sequence[Area]:
        """All areas of this name, wherever they lie."""
        return self._session.scalars(select(Area).where(Area.name == name).order_by(Area.id)).all()

    def roots(self) -> Sequence[Area]:
        """The areas that lie in no other, in the order they were made."""
        return self._session.scalars(select(Area).where(Area.parent_id.is_(None)).order_by(Area.id)).all()

    def communities(self) -> Sequence[Area]:
        """All communities, in the order they were made."""
        return self._session.scalars(select(Area).where(Area.kind == AreaKind.COMMUNITY).order_by(Area.id)).all()

    def community_of(self, area: Area) -> Area:
        """The community that holds `area`, or `area` itself where it lies above all communities."""
        return next((each for each in self.way_up(area) if each.kind is AreaKind.COMMUNITY), area)

    def grids(self, area: Area) -> Sequence[Area]:
        """The grids at or below `area`."""
        wanted = select(Area).where(Area.path.startswith(area.path), Area.kind == AreaKind.GRID).order_by(Area.id)
        return self._session.scalars(wanted).all()

    def below(self, area: Area) -> Sequence[Area]:
        """Everything below `area`, what is wide before what lies in it."""
        wanted = select(Area).where(Area.path.startswith(area.path), Area.id != area.id)
        return sorted(self._session.scalars(wanted), key=lambda found: (found.path.count("/"), found.id))

    def grid_of(self, area: Area) -> Area:
        """The grid that holds `area`, or `area` itself where it lies in none."""
        return next((each for each in self.way_up(area) if each.kind is AreaKind.GRID), area)

    def grid(self, community: Area, code: str) -> Area | None:
        """The grid of `community` that people call by `code` ("1"), or None where there is none or more than one."""
        found = [grid for grid in self.grids(community) if grid.code == code]
        return found[0] if len(found) == 1 else None
