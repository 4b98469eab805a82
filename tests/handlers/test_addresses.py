"""Addresses that are put right or completed in part."""

from __future__ import annotations

import pytest

from handlers.addresses import amend, part_alone


@pytest.mark.parametrize(
    ("old", "new", "joined"),
    [
        ("5栋2单元", "6栋", "6栋2单元"),
        ("3栋502", "4单元", "3栋4单元502"),
        ("桂花苑3栋2单元501", "5栋", "桂花苑5栋2单元501"),
        ("3栋", "2单元501", "3栋2单元501"),
        ("2单元501", "3栋", "3栋2单元501"),
        ("3栋2单元501", "601", "3栋2单元601"),
        ("3号楼502", "4单元", "3号楼4单元502"),
        ("3栋502楼上", "4单元", "3栋4单元502楼上"),
        ("文林巷12号", "8号", "文林巷8号"),
        ("文林路23号", "5栋", "5栋"),
        ("楼上4单元", "3栋602", "3栋4单元602"),
        ("文林路502", "3栋", "3栋"),
        ("桂花苑3栋", "滨河花园2栋", "滨河花园2栋"),
    ],
)
def test_a_part_is_put_right_or_added(old: str, new: str, joined: str) -> None:
    assert amend(old, new) == joined


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("4单元", "4单元"),
        ("是4单元的", "4单元"),
        ("对了，4单元", "4单元"),
        ("2单元501", "2单元501"),
        ("三楼", "三楼"),
        ("502", None),
        ("1", None),
        ("我家楼上", None),
        ("10点", None),
        ("桂花苑4单元", None),
    ],
)
def test_what_is_nothing_but_a_part(text: str, part: str | None) -> None:
    assert part_alone(text) == part
