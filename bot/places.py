"""Plants the places of a grid as data lists them: estates, streets and landmarks, and what lies in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storage.areas import AreaKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.areas import Area
    from storage.unit_of_work import UnitOfWork


def plant(work: UnitOfWork, parent: Area, places: Iterable[str | dict[str, Any]]) -> None:
    """Add `places` below `parent`: each a name, or a mapping with `name` and perhaps `aliases` and `places`.

    A name may be a range: 1-6栋, 学府路1-99号.
    """
    for place in places:
        data = {"name": place} if isinstance(place, str) else place
        area = work.areas.add(AreaKind.BUILDING, data["name"], parent, aliases=data.get("aliases", ()))
        plant(work, area, data.get("places", ()))
