"""Targets: every one quotes its clause word for word."""

from __future__ import annotations

from handlers.statistics.targets import targets
from nlu.policy.document import parse
from nlu.policy.library import shipped_text


def test_every_target_quotes_its_clause() -> None:
    clauses = {clause.id: clause.text for clause in parse(shipped_text()).clauses}
    assert [name for name, target in targets().items() if target.quote not in clauses[target.clause]] == []
    assert [
        name for name, target in targets().items() if target.per_cent and f"{target.per_cent}%" not in target.quote
    ] == []
