"""Which area the words of a place mean: a table over an invented community with two estates of the same buildings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.area_names import matches
from storage.areas import Area, AreaKind

TREE = {
    "1网格": {
        "桂花苑": {"1-6栋": {}},
        "学府路1-49号": {},
        "老街": {},
        "龙滩村三组": {},
    },
    "2网格": {
        "滨河花园": {"1栋": {}, "2栋": {}, "3栋": {}, "4号楼": {}},
        "学府路50-99号": {},
        "河滨步道": {},
        "桂花苑东区": {},
    },
    "12网格": {"龙滩村三组河坝": {}, "五组": {}},
}
ALIASES = {"河滨步道": ["河边第二个桥", "二号桥"], "滨河花园": ["滨河小区"], "老街": ["老街坊"]}


def community() -> tuple[Area, list[Area]]:
    """The community and everything below it."""
    root = Area(id=1, kind=AreaKind.COMMUNITY, name="桂花社区", code="", path="/1/")
    areas: list[Area] = []

    def add(names: dict[str, dict[str, object]], parent: Area) -> None:
        for name, below in names.items():
            number = len(areas) + 2
            kind = AreaKind.GRID if parent is root else AreaKind.BUILDING
            code = name.removesuffix("网格") if parent is root else ""
            path = f"{parent.path}{number}/"
            area = Area(id=number, kind=kind, name=name, code=code, path=path, aliases=ALIASES.get(name))
            areas.append(area)
            add(below, area)  # type: ignore[arg-type]

    add(TREE, root)  # type: ignore[arg-type]
    return root, areas


ROOT, AREAS = community()
NAMES = {area.id: area.name for area in AREAS}


def found(place: str) -> set[str]:
    """The names on the way from the grid down to each area that `place` may mean."""
    return {
        "/".join(NAMES[area_id] for area_id in reversed(match.area.ancestor_ids) if area_id in NAMES)
        for match in matches(place, AREAS, ROOT)
    }


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("桂花苑3栋2单元501", {"1网格/桂花苑/1-6栋"}),
        ("桂花苑三号楼", {"1网格/桂花苑/1-6栋"}),
        ("滨河花园三幢", {"2网格/滨河花园/3栋"}),
        ("滨河小区四栋门口", {"2网格/滨河花园/4号楼"}),
        ("三号楼2单元", {"1网格/桂花苑/1-6栋", "2网格/滨河花园/3栋"}),
        ("5栋", {"1网格/桂花苑/1-6栋"}),
        ("桂花苑9栋", {"1网格/桂花苑"}),
        ("13栋", set()),
        ("阳光城3栋", set()),
        ("桂花社区滨河花园", {"2网格/滨河花园"}),
        ("桂花苑东区3栋", {"2网格/桂花苑东区"}),
        ("学府路12号", {"1网格/学府路1-49号"}),
        ("学府路六十号门口", {"2网格/学府路50-99号"}),
        ("学府路120号", set()),
        ("学府路", {"1网格/学府路1-49号", "2网格/学府路50-99号"}),
        ("龙滩村3组", {"1网格/龙滩村三组"}),
        ("龙滩村三组河坝那边", {"12网格/龙滩村三组河坝"}),
        ("石桥村五组", set()),
        ("五组那边", {"12网格/五组"}),
        ("第二网格", {"2网格"}),
        ("12网格的路口", {"12网格"}),
        ("2网格3栋", {"2网格/滨河花园/3栋"}),
        ("河边第二个桥那儿", {"2网格/河滨步道"}),
        ("桂花苑和滨河花园中间", {"1网格/桂花苑", "2网格/滨河花园"}),
        ("桂花苑对面的滨河花园2栋", {"1网格/桂花苑", "2网格/滨河花园/2栋"}),
        ("竹园小区", set()),
        ("河边", set()),
        ("", set()),
    ],
)
def test_a_place_means_its_area(place: str, expected: set[str]) -> None:
    assert found(place) == expected


@pytest.mark.parametrize("place", ["三号楼", "滨河花园3栋2单元"])
def test_a_match_is_called_by_its_estate(place: str) -> None:
    labels = {match.label for match in matches(place, AREAS, ROOT)}
    assert labels <= {"桂花苑3栋", "滨河花园3栋"}
    assert "滨河花园3栋" in labels


def test_a_road_in_several_grids_is_called_by_its_parts() -> None:
    assert {match.label for match in matches("学府路上", AREAS, ROOT)} == {"学府路1-49号", "学府路50-99号"}


@given(st.text(st.sampled_from("桂花苑滨河三3栋号楼组网格学府路12五0-的和，龙滩村 "), max_size=30))
def test_no_area_is_meant_twice_nor_with_one_that_holds_it(place: str) -> None:
    areas = [match.area for match in matches(place, AREAS, ROOT)]
    assert not any(one is not other and one.contains(other) for one in areas for other in areas)
