"""Whole messages: how much of what a handler needs is found in them, kind by kind, and how little besides."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nlu.categories import category_mentions, load_categories
from nlu.entities import find_entities
from tests.nlu.tables import read

MESSAGES = read("messages")
NOW = datetime(2026, 4, 15, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
BATCHES = sorted(MESSAGES)
KINDS: dict[str, set[str]] = {}
for each in load_categories():
    KINDS.setdefault(each.slug, set()).add(each.kind)


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
    assert right.total() >= 0.92 * wanted.total(), f"not found: {wanted - right}"
    assert right.total() >= 0.92 * found.total(), f"found beside: {found - right}"


def kinds_of(slug: str) -> frozenset[str]:
    """The kinds that a report may be of when its intent is understood right: an emergency, or none."""
    return frozenset({"emergency"} if KINDS[slug] == {"emergency"} else KINDS[slug] | {"dispute", "incident"})


def test_a_report_has_its_category() -> None:
    reports = {row["say"]: row["category"] for rows in MESSAGES.values() for row in rows if "category" in row}
    told = {
        say: [mention.slug for mention in category_mentions(say, kinds_of(slug))]
        for say, slug in reports.items()
        if slug != "null"
    }
    wrong = {say: (slugs, reports[say]) for say, slugs in told.items() if reports[say] not in slugs}
    assert len(wrong) <= 0.09 * len(told), wrong


def test_what_is_no_report_has_no_category() -> None:
    says = [row["say"] for rows in MESSAGES.values() for row in rows if row.get("category") == "null"]
    assert len(says) > 10
    assert [say for say in says if category_mentions(say)] == []
