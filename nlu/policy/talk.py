"""Makes one complete question of the turns of a talk: 「那归哪个管？」 is about what was asked before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.policy.asked import asked_kinds, asks_who, without_who
from nlu.policy.terms import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from nlu.policy.terms import Thesaurus

_OPENS = re.compile(r"^(?:那么|那|还有|另外|然后|这个|这些|它|他们|刚才|刚刚说的|上面|具体|再问|再说|还)")
_PICKS_UP = re.compile(r"^(?:那么|那|还有|另外|然后|刚才|刚刚|再问|再说)(?:的|说的|一下|下)?")
_ACKNOWLEDGES = re.compile(
    r"^(?:好|好的|好嘞|嗯+|哦+|喔|谢谢\w{0,2}|多谢|收到|知道了?|明白了?|懂了|行|可以|ok|对|对的|原来如此|\s)+$"
)
_POINTS_BACK = re.compile(r"这个事|这件事|这块|这个|这项|它|这事|这一块|他们")
# How much subject of its own a turn may have and still lean on the one before, when it opens like a follow-up or not.
_LEANING = 8
_BARE = 2


def resolve(
    turns: Sequence[str], thesaurus: Thesaurus, known: Container[str], stands_alone: Callable[[str, str], bool]
) -> str:
    """The last of `turns` (what the person said, oldest first) as a question that stands by itself; empty if none.

    `known` holds the pairs of characters of the documents, as `Thesaurus.content` wants them. `stands_alone` judges of
    a turn and its subject whether it needs nothing from before, though it is short.
    """
    question = ""
    for turn in turns:
        text = thesaurus.standard(turn)
        if question and _ACKNOWLEDGES.match(text):
            continue
        subject = _subject(text, thesaurus, known)
        names_little = len(subject) < _BARE or _is_contrast(subject, thesaurus)
        if question and _leans(turn, text, subject) and (names_little or not stands_alone(turn, subject)):
            question = _joined(thesaurus.standard(question), text, thesaurus, known)
        else:
            question = turn
    return question


def acknowledges(turn: str, thesaurus: Thesaurus) -> bool:
    """Whether a turn only takes what was said (好的，晓得了), and asks nothing."""
    return bool(_ACKNOWLEDGES.match(thesaurus.standard(turn)))


def is_follow_up(turn: str, thesaurus: Thesaurus, known: Container[str]) -> bool:
    """Whether a turn looks as if it left out what it is about."""
    text = thesaurus.standard(turn)
    return _leans(turn, text, _subject(text, thesaurus, known))


def points_back(turn: str, thesaurus: Thesaurus) -> bool:
    """Whether a turn says that it goes on with what was said before (那……, ……呢, 这个)."""
    return _opens(turn, thesaurus.standard(turn))


def _opens(turn: str, text: str) -> bool:
    return bool(_OPENS.match(text)) or plain(turn).endswith("呢") or bool(_POINTS_BACK.search(text))


def _leans(turn: str, text: str, subject: str) -> bool:
    own = len(subject.replace(" ", ""))
    opens = _opens(turn, text)
    asks = bool(asked_kinds(text)) or asks_who(text)
    return own <= (_LEANING if opens else _BARE + asks)


def _subject(text: str, thesaurus: Thesaurus, known: Container[str]) -> str:
    """What a turn is about by itself, without the words of asking and of pointing back."""
    text = _POINTS_BACK.sub(" ", _PICKS_UP.sub("", text))
    return thesaurus.content(without_who(text) if asks_who(text) else text, known)


def _joined(before: str, text: str, thesaurus: Thesaurus, known: Container[str]) -> str:
    """The subject of the question before with what the turn asks of it."""
    tail = _POINTS_BACK.sub(" ", _PICKS_UP.sub("", text)).strip()
    if asks_who(text) or asked_kinds(text):
        # The turn asks for something else of the same thing: the earlier asking falls away.
        return f"{_subject(before, thesaurus, known) or before} {tail}".strip()
    subject = _subject(text, thesaurus, known)
    contrasted = _contrasted(before, subject, thesaurus)
    if contrasted == before and subject:
        # A turn that puts another case (开发商不修呢) asks of the subject before, and not what was asked of it.
        return f"{_subject(before, thesaurus, known) or before} {tail}".strip()
    return f"{contrasted} {subject or tail}".strip()


def _is_contrast(subject: str, thesaurus: Thesaurus) -> bool:
    """Whether a subject is but a word that puts itself in the place of another (农村 after 城市)."""
    return any(subject in words for group in thesaurus.contrasts for words in group)


def _contrasted(before: str, subject: str, thesaurus: Thesaurus) -> str:
    """`before` without the word that `subject` puts another in the place of (城市 when it says 农村)."""
    for group in thesaurus.contrasts:
        said = next((words for words in group if any(word in subject for word in words)), None)
        if said:
            for word in sorted((word for words in group if words is not said for word in words), key=len, reverse=True):
                before = before.replace(word, " ")
    return " ".join(before.split())
