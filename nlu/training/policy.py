"""Learns what the shipped policy document is searched by, so that no start of the program has to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.policy.document_index import DocumentIndex
from nlu.policy.learned import LearnedArrays
from nlu.policy.questions import shipped_questions
from nlu.policy.search import shipped_document
from nlu.policy.terms import shipped_thesaurus

if TYPE_CHECKING:
    from pathlib import Path


def learn_policy(folder: Path) -> None:
    """Write to `folder` what is not shipped as it is now; what was learned earlier and is no longer asked for goes."""
    before = set(folder.glob("policy-*.npz"))
    used: set[Path] = set()
    kept = LearnedArrays(folder, used)
    index = DocumentIndex(shipped_document(), shipped_thesaurus(), kept, shipped_questions())
    index.models_for_text(kept)
    for stale in before - used:
        stale.unlink()
