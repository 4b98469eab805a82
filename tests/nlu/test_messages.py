"""Whole messages: how much of what a handler needs is found in them, kind by kind, and how little besides."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nlu.categories import category_mentions
from nlu.entities import find_entities
from tests.nlu.tables import read

MESSAGES = read("messages")
NOW = datetime(2026, 4, 15, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
BATCHES = sorted(MESSAGES)


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("kind", ["place", "person", "case_number", "count"])
def test_what_is_named_is_found_and_little_else(kind: str, batch: str) -> None:
    wanted, found, right = Counter[str](), Counter[str](), Counter[str]()
    for row in MESSAGES[batch]:
        here = Counter(str(entity.value) for entity in find_entities(row["say"], NOW) if entity.kind == kind)
        here -= Counter({value: here[value] for value in row.get("also", []) if value not in row.get(kind, [])})
        wanted += Counter(row.get(kind, []))
        found += here
        right += here & Counter(row.get(kind, []))
    assert right.total() >= 0.96 * wanted.total(), f"not found: {wanted - right}"
    assert right.total() >= 0.96 * found.total(), f"found beside: {found - right}"


@pytest.mark.parametrize("batch", BATCHES)
def test_a_report_has_its_category(batch: str) -> None:
    reports = {row["say"]: row["category"] for row in MESSAGES[batch] if row.get("category", "null") != "null"}
    told = {say: [mention.slug for mention in category_mentions(say, is_report=True)] for say in reports}
    wrong = {say: (told[say], slug) for say, slug in reports.items() if slug not in told[say]}
    assert len(wrong) <= 0.1 * len(reports), wrong


@pytest.mark.parametrize("batch", BATCHES)
def test_what_is_no_report_has_no_category(batch: str) -> None:
    says = [row["say"] for row in MESSAGES[batch] if row.get("category") == "null"]
    assert [say for say in says if category_mentions(say)] == []
