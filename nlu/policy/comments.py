"""Finds what a comment on a document is about: a clause that it names, points at or speaks of, or all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlu import opinions
from nlu.policy.references import named_clause
from nlu.policy.tasks import is_annex
from nlu.policy.terms import bigrams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nlu.policy.clauses import Clause, Document
    from nlu.policy.search import Hit, PolicySearch

CLEAR = 0.8
"""How much of the chances the best clause must have to be taken without asking: with less, some are wrong."""

LIKELY = 0.04
"""A clause of a smaller share is not offered."""

MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A clause of a document, or without one the document as a whole."""

    document: Document
    clause: Clause | None = None


def places_meant(comment: str, search: PolicySearch, quoted: Sequence[Place] = ()) -> tuple[Place, ...]:
    """What `comment` may be about: one place where that is clear, none where it does not say.

    `quoted` is what was quoted last in the talk, for a comment that points at it or names nothing of its own.
    """
    if named := _named(comment, search):
        return named
    if opinions.names_whole(comment):
        return wholes(search)
    before = opinions.before_pointer(comment)
    if quoted and before is not None and not _has_subject(before, search):
        return tuple(quoted)
    if not _has_subject(comment, search):
        return wholes(search) if opinions.names_document(comment) else tuple(quoted)
    found = _likely(search, _hits(comment, search))
    return tuple(quoted) if quoted and len(found) > 1 and opinions.may_point_back(comment) else found


def likeliest(comment: str, search: PolicySearch) -> tuple[Place, ...]:
    """The clauses that `comment` is likeliest about, best first, however clear; none where it names nothing."""
    hits = _hits(comment, search) if _has_subject(comment, search) else ()
    return tuple(Place(hit.document, hit.clause) for hit in hits[:MOST_OFFERED])


def wholes(search: PolicySearch) -> tuple[Place, ...]:
    """Every document as a whole."""
    return tuple(Place(index.document) for index in search.indexes)


def _named(comment: str, search: PolicySearch) -> tuple[Place, ...]:
    """The clause that a comment names by its number, in every document that has one of that number."""
    documents = [index.document for index in search.indexes]
    named = ((document, named_clause(comment, document)) for document in documents)
    return tuple(Place(document, clause) for document, clause in named if clause is not None)


def _has_subject(comment: str, search: PolicySearch) -> bool:
    """Whether a comment names anything that the documents speak of."""
    text = search.thesaurus.standard(opinions.without_comment(comment))
    return any(pair in search.known for pair in bigrams(search.thesaurus.content(text, search.known)))


def _hits(comment: str, search: PolicySearch) -> tuple[Hit, ...]:
    return search.search(opinions.without_document(comment))


def _likely(search: PolicySearch, hits: Sequence[Hit]) -> tuple[Place, ...]:
    """The place of the best hit where it is clear, else those of the likely ones.

    A clause and the annex row of its task share their chances: the clause is what people speak of.
    """
    total = sum(hit.score for hit in hits) or 1.0
    same = [hit for hit in hits if hit is hits[0] or _same_task(search, hit, hits[0])]
    if sum(hit.score for hit in same) < CLEAR * total:
        return tuple(Place(hit.document, hit.clause) for hit in hits[:MOST_OFFERED] if hit.score >= LIKELY * total)
    meant = next((hit for hit in same if not is_annex(hit.clause.id)), hits[0])
    return (Place(meant.document, meant.clause),)


def _same_task(search: PolicySearch, hit: Hit, other: Hit) -> bool:
    text = next(index.text for index in search.indexes if index.document is hit.document)
    same_document = hit.document is other.document
    return same_document and bool(text.partners[text.column(hit.clause.id), text.column(other.clause.id)])
