"""A message that asks several things of the documents: tells them apart and answers each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.policy.asked import asked_kinds, asks_who

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nlu.policy.answer import PolicyAnswer
    from nlu.policy.terms import Thesaurus

MOST_PARTS = 3
"""A message that asks more than this is answered as one."""

LONG = 80
"""Characters of a message from which on what asks nothing is a story around the question."""

_MOST_TRIED = 5
_SURE = 0.6
_BOUNDARY = re.compile(r"[，,。！!？?；;\n]+|(?<=[\u4e00-\u9fff])(?:还有就是|还有|另外|顺便问一?下|以及)")
_ASKS = re.compile(r"什么|怎么|哪|谁|多少|几个|几户|吗|是不是|有没有|能不能|可不可以|要不要|会不会|呢$|不$|没有?$")


def answers(
    turns: Sequence[str], answer: Callable[[Sequence[str]], PolicyAnswer], thesaurus: Thesaurus
) -> tuple[PolicyAnswer, ...]:
    """What `answer` gives to the last of `turns`: one answer, unless it surely asks several things.

    It does where its parts are answered by different clauses, or where the message as a whole is refused for asking of
    one thing what is not said of it, though the document answers its first part. Of a long story that is refused, what
    it asks is answered alone.
    """
    whole = answer(turns)
    *before, last = turns
    parts = asked_in(last, thesaurus)
    if len(last) > LONG and not whole.answered:
        tried = [answer([*before, part]) for part in parts[-_MOST_TRIED:]]
        return tuple(filter(_is_sure, tried))[:MOST_PARTS] or (whole,)
    if not 1 < len(parts) <= MOST_PARTS:
        return (whole,)
    found = tuple(_of_part(before, parts[: place + 1], answer) for place in range(len(parts)))
    apart = len({each.clauses[0] for each in found if _is_sure(each)}) == len(found)
    half = not whole.answered and _is_sure(found[0])
    return found if apart or half else (whole,)


def _of_part(
    before: Sequence[str], parts: Sequence[str], answer: Callable[[Sequence[str]], PolicyAnswer]
) -> PolicyAnswer:
    """The answer to the last of `parts` by itself, or else in the light of those before it."""
    alone = answer([*before, parts[-1]])
    return alone if _is_sure(alone) or len(parts) == 1 else answer([*before, *parts])


def _is_sure(found: PolicyAnswer) -> bool:
    return found.answered and found.confidence >= _SURE


def asked_in(text: str, thesaurus: Thesaurus) -> tuple[str, ...]:
    """The parts of `text` that ask something, each with what stands before it; the whole where there is but one.

    Of a long message only the parts that ask are left.
    """
    parts: list[str] = []
    said: list[str] = []
    for piece in filter(None, map(str.strip, _BOUNDARY.split(text))):
        said.append(piece)
        if _asks(thesaurus.standard(piece)):
            parts.append(piece if len(text) > LONG else "，".join(said))
            said = []
    alone = len(parts) == 1 and len(text) <= LONG
    return tuple(parts) if parts and not alone else (text,)


def _asks(text: str) -> bool:
    return bool(_ASKS.search(text)) or asks_who(text) or bool(asked_kinds(text))
