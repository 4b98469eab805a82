"""The evaluation sets keep their shape: known names, marks that occur in their text, no duplicates, enough of each."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlu.policy.document import parse
from nlu.understanding import EntityKind, Intent

HERE = Path(__file__).parent
Items = list[dict[str, Any]]

LARGE_INTENTS = {
    Intent.REPORT_EMERGENCY,
    Intent.REPORT_DISPUTE,
    Intent.REPORT_INCIDENT,
    Intent.ASK_POLICY,
    Intent.OUT_OF_SCOPE,
}
SOUNDS_LIKE_EMERGENCY = re.compile(
    "火|烧|炸|燃|煤气|天然气|触电|漏电|救|死|命|杀|打架|砸|垮|塌|滚下来|溺水|掉下去|车祸|中毒|轻生|想不开|危机|急|摔"
)
CATEGORIES = set(
    re.findall(
        r"\w+",
        """
        noise water_leak parking property_management land_boundary debt wages tenancy family pets clutter
        falling_objects illegal_building consumer medical neighbour
        manhole street_light litter road sewage tree public_facility open_burning electrical_hazard fire_hazard
        stray_animals traffic safety_hazard other
        fire gas electric drowning violence collapse self_harm
        """,
    )
)
CLAUSES = {
    *("0", "1", "2"),
    *(f"3.{part}.{n}" for part, last in ((1, 4), (2, 6), (3, 4)) for n in range(1, last + 1)),
    *(f"4.{n}" for n in range(1, 4)),
    *(f"A{n}" for n in range(1, 29)),
}
PERSONAL_DATA_KINDS = {"phone", "id_card", "bank_card", "plate", "email", "wechat_id", "address_room"}


def load(name: str) -> Items:
    items: Items = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return items


INTENTS, POLICY, LAWS, PERSONAL_DATA = map(load, ("intents.yml", "policy.yml", "laws.yml", "personal_data.yml"))
LAW_FILES = sorted((HERE / "laws").glob("*.txt"))


def spoken(item: dict[str, Any]) -> str:
    """What is said in `item`, so that spacing, width and case make no difference."""
    text = item.get("text") or item.get("q") or "\n".join(item["turns"])
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


@pytest.mark.parametrize(
    "items", [INTENTS, POLICY, LAWS, PERSONAL_DATA], ids=["intents", "policy", "laws", "personal_data"]
)
def test_nothing_is_there_twice(items: Items) -> None:
    # Full-width and plain digits are two cases for masking, so there the exact text counts.
    said = Counter(item["text"] if items is PERSONAL_DATA else spoken(item) for item in items)
    assert [text for text, times in said.items() if times > 1] == []


def test_messages_are_well_formed() -> None:
    for item in INTENTS:
        assert item.keys() <= {"text", "intent", "accept", "entities"}, item
        assert item["text"] == item["text"].strip() != "", item
        named = [Intent(name) for name in (item["intent"], *item.get("accept", []))]
        assert len(named) == len(set(named)), item
        for entity in item.get("entities", []):
            assert entity["text"] in item["text"] and is_well_formed(entity), item


def is_well_formed(entity: dict[str, Any]) -> bool:
    """Whether the value of `entity` is of the type and form that its kind asks for."""
    kind, value = EntityKind(entity["entity"]), entity.get("value")
    if kind is EntityKind.TIME:
        return entity.keys() == {"entity", "text"}
    if kind is EntityKind.COUNT:
        return type(value) is int and value >= 0
    if kind is EntityKind.CATEGORY:
        return value in CATEGORIES
    if kind is EntityKind.CASE_NUMBER:
        return re.fullmatch(r"(\d{8}-)?\d{3}", str(value)) is not None
    if kind is EntityKind.PERSON:
        return bool(value == entity["text"])
    return bool(value) and not re.search(r"[一二三四五六七八九十]+(栋|单元|组|网格)|号楼", str(value))


def test_there_are_enough_messages_of_each_intent() -> None:
    counts = Counter(Intent(item["intent"]) for item in INTENTS)
    assert {intent: n for intent in Intent if (n := counts[intent]) < (40 if intent in LARGE_INTENTS else 12)} == {}
    assert len(INTENTS) >= 1000


def test_there_are_enough_messages_that_only_sound_like_an_emergency() -> None:
    harmless = [item for item in INTENTS if Intent.REPORT_EMERGENCY not in (item["intent"], *item.get("accept", []))]
    assert sum(bool(SOUNDS_LIKE_EMERGENCY.search(item["text"])) for item in harmless) >= 60


def test_every_entity_kind_is_measured() -> None:
    counts = Counter(entity["entity"] for item in INTENTS for entity in item.get("entities", []))
    assert {kind: counts[kind] for kind in EntityKind if counts[kind] < 30} == {}


def test_questions_are_well_formed() -> None:
    for item in POLICY:
        if "answered" in item:
            assert item.keys() == {"q", "answered"} and item["answered"] is False, item
            continue
        assert item.keys() - {"departments"} in ({"q", "clauses"}, {"turns", "clauses"}), item
        assert "q" in item or len(item["turns"]) >= 2, item
        assert item["clauses"] and set(item["clauses"]) <= CLAUSES, item
        assert len(item["clauses"]) == len(set(item["clauses"])), item


def test_the_units_of_an_annex_row_are_always_the_same() -> None:
    rows: dict[str, list[str]] = {}
    for item in POLICY:
        if "departments" in item:
            (row,) = item["clauses"]
            assert row.startswith("A") and all(re.fullmatch("县.+|文林镇", unit) for unit in item["departments"])
            assert rows.setdefault(row, item["departments"]) == item["departments"]
    assert rows.keys() == {clause for clause in CLAUSES if clause.startswith("A")}


def test_every_clause_is_asked_about_and_there_are_enough_questions() -> None:
    assert {clause for item in POLICY for clause in item.get("clauses", [])} == CLAUSES
    assert sum("q" in item and "clauses" in item for item in POLICY) >= 150
    assert sum("turns" in item for item in POLICY) >= 25
    assert sum("answered" in item for item in POLICY) >= 60


@pytest.mark.parametrize("file", LAW_FILES, ids=lambda file: file.stem)
def test_the_questions_on_each_law_are_well_formed_and_enough(file: Path) -> None:
    asked = [item for item in LAWS if item["document"] == f"laws/{file.name}"]
    articles = {clause.id for clause in parse(file.read_text(encoding="utf-8")).clauses}
    for item in asked:
        if "answered" in item:
            assert item.keys() == {"document", "q", "answered"} and item["answered"] is False, item
        else:
            assert item.keys() == {"document", "q", "clauses"}, item
            assert item["clauses"] and set(item["clauses"]) <= articles, item
    assert sum("clauses" in item for item in asked) >= 24
    assert sum("answered" in item for item in asked) >= 12


def test_every_law_that_is_asked_about_is_there() -> None:
    assert {item["document"] for item in LAWS} == {f"laws/{file.name}" for file in LAW_FILES}


def test_spans_to_mask_occur_in_order() -> None:
    for item in PERSONAL_DATA:
        assert item.keys() == {"text", "found"}, item
        rest = item["text"]
        for span in item["found"]:
            assert span.keys() == {"kind", "text"} and span["kind"] in PERSONAL_DATA_KINDS, item
            _, found, rest = rest.partition(span["text"])
            assert found, item


def test_there_are_enough_spans_and_look_alikes() -> None:
    assert sum(bool(item["found"]) for item in PERSONAL_DATA) >= 120
    assert sum(not item["found"] for item in PERSONAL_DATA) >= 60
    counts = Counter(span["kind"] for item in PERSONAL_DATA for span in item["found"])
    assert {kind: counts[kind] for kind in PERSONAL_DATA_KINDS if counts[kind] < 12} == {}
