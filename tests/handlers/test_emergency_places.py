"""What is taken for the place of an emergency when the bot asks for it, as a table."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.cases.emergency import DETAILS
from handlers.forms import Said
from nlu.times import SHANGHAI
from nlu.understanding import Intent, Understanding

PLACE = DETAILS.slots[0]
NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "is_place"),
    [
        ("桂花苑4栋3单元6楼", True),
        ("老王家后头", True),
        ("文昌宫那边", True),
        ("在我屋头", True),
        ("幺店子", True),
        ("莫家沟", True),
        ("打铜街", True),
        ("隔壁", True),
        ("哦看错了是隔壁在炒菜", False),
        ("打了", False),
        ("还没打", False),
        ("没得人在里头", False),
        ("还有两个人", False),
        ("火越来越大了", False),
        ("我妈腿伤到了", False),
        ("你们好久来嘛，快点", False),
        ("不晓得", False),
        ("对", False),
    ],
)
def test_what_names_a_place(text: str, is_place: bool) -> None:
    said = Said(text, Understanding(text, Intent.OUT_OF_SCOPE, 0.0), (), NOW)
    taken = PLACE.read(said) or PLACE.accept(said)
    assert taken == (text if is_place else None)
