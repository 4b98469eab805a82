"""What a document has near a question that it does not answer, or that names too little to be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nlu.policy.tasks import is_annex
from nlu.policy.terms import bigrams

if TYPE_CHECKING:
    from nlu.policy.clauses import Clause
    from nlu.policy.document_index import DocumentIndex, Finding
    from nlu.policy.reading import Reading

MOST_SUBJECTS = 3

_NEAR = 0.5
"""The chance that a clause must have to be offered beside a refusal."""

_SHARED = 0.4
"""How much of what the question says it must hold, rare words counting more."""

_FEW_CLAUSES = 4


def is_vague(index: DocumentIndex, reading: Reading) -> bool:
    """Whether a question names only what half of the document speaks of (社区, 治理), and asks for no certain thing."""
    if reading.kinds or reading.units or reading.years or (reading.who and reading.content):
        return False
    body = [column for column, clause in enumerate(index.document.clauses) if not is_annex(clause.id)]
    many = max(len(body) / 2, _FEW_CLAUSES)
    held = [sum(pair in index.text.clause_pairs[column] for column in body) for pair in set(bigrams(reading.content))]
    return all(count > many for count in held)


def subjects(index: DocumentIndex, finding: Finding) -> tuple[Clause, ...]:
    """The likeliest clauses with a heading, to choose from; none where there is no choice."""
    found: dict[str, Clause] = {}
    for column in np.argsort(-finding.chances):
        clause = index.document.clauses[int(column)]
        if clause.heading and not is_annex(clause.id):
            found.setdefault(clause.heading, clause)
    return tuple(found.values())[:MOST_SUBJECTS] if len(found) > 1 else ()


def nearest(index: DocumentIndex, finding: Finding) -> tuple[Clause, ...]:
    """The clause that is about the subject of a question which the document does not answer, if there is one."""
    text, chances = index.text, finding.chances
    if finding.reading.who and not text.is_row.all():
        of_text = np.where(text.is_row, 0.0, chances)
        chances = of_text / of_text.sum()
    top = int(chances.argmax())
    pairs = set(bigrams(finding.reading.content))
    share = sum(text.rarity(pair) for pair in pairs & text.covered(finding.reading, top))
    near = chances[top] >= _NEAR and share >= _SHARED * sum(map(text.rarity, pairs))
    return (text.clauses[top],) if pairs and near else ()
