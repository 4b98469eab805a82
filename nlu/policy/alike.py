"""Groups questions that ask the same in other words, so that they are counted together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.policy.terms import plain, shipped_thesaurus

if TYPE_CHECKING:
    from collections.abc import Sequence

ALIKE = 0.5
"""How much of their subjects two questions must share on average: the best of 0.1 to 0.98 on `alike_questions.yml`.

Characters group better there than pairs of them (F1 0.89 to 0.74), for people put the same few words in any order.
"""


def groups_of(questions: Sequence[str]) -> list[list[int]]:
    """The places in `questions` of those that ask the same, by the first of each group.

    A question joins the group that its subject is most alike, on the average over the members, or begins one.
    """
    subjects = [_subject(question) for question in questions]
    groups: list[list[int]] = []
    for place, subject in enumerate(subjects):
        likeness = [sum(_dice(subject, subjects[other]) for other in group) / len(group) for group in groups]
        best = max(range(len(groups)), key=likeness.__getitem__, default=None)
        if best is not None and likeness[best] >= ALIKE:
            groups[best].append(place)
        else:
            groups.append([place])
    return groups


def _subject(question: str) -> frozenset[str]:
    """The characters of what a question is about, without the words of asking; of all of it where it is those alone."""
    thesaurus = shipped_thesaurus()
    content = thesaurus.content(thesaurus.standard(question), ())
    return frozenset((content or plain(question)).replace(" ", ""))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)
