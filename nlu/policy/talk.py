"""Makes one complete question of the turns of a talk: 「那归哪个管？」 is about what was asked before.

A turn is read twice, by itself and joined with the subject before, and the reading that the documents answer better is
taken. How much better it must be depends on the turn: one that names a subject of its own changes the subject.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from nlu.policy.asked import asked_kinds, asks_anything, asks_unit, asks_who, without_who
from nlu.policy.references import named_clause
from nlu.policy.refusal import REFUSE_BELOW
from nlu.policy.terms import bigrams, grams, plain
from nlu.policy.turns import hear

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from nlu.policy.document_index import DocumentIndex, Finding
    from nlu.policy.search import PolicySearch
    from nlu.policy.terms import Thesaurus
    from nlu.policy.turns import Turn

_OPENS = re.compile(r"^(?:是(?=到)|那么|那|还有|另外|然后|这些|他们|刚才|刚刚说的|上面|具体|再问|再说|还)")
_CLOSES = re.compile(r"[呢喃咧]$")
_PICKS_UP = re.compile(r"^(?:那么|那|还有|另外|然后|刚才|刚刚|再问|再说)(?:的|说的|一下|下)?")
_ACKNOWLEDGES = re.compile(
    r"^(?:(?:好的?|好嘞|嗯+|哦+|喔|谢谢[你您]?|谢了?|多谢|感谢|麻烦你了?|收到|知道|明白|懂|行|可以|ok|对的?|原来如此)[了呢哈哦啊呀嘛啦吧]*|\s)+$"
)
_POINTS_BACK = re.compile(r"这个事|这件事|这个(?!意见|文件|政策|通知|办法|条例)|这一块|这块|这项|这事|这些人|它|他们")
# 回到刚才志愿者那个: an earlier subject is taken up again.
_GOES_BACK = re.compile(
    r"^(?:那么?|再|我们)*(?:回到|说回|问回|倒回去|回过头)(?:来)?(?:说|问|看)?(?:刚才|刚刚|前面|上面|之前|最先|开头)?(?:问|说|讲)?(?:的|那个)?"
)
# 雪亮工程也归他们管吗: who is asked for again, of something else.
_SO_TOO = re.compile(
    r"(?:是不是|算不算)?(?:也|都)?(?:还是|是|归|由|属于|找|算)(?:他们|它们|她们|(?:这|那)(?:几|些)(?:家|个)?(?:部门|单位|局)?|同样的?(?:部门|单位)?)"
    r"(?:来|在)?(?:管|负责|牵头|办|抓)?(?:的事)?[吗么不没呢]*$"
)
# 到哪一年为止, 一个月多少, 的是些什么: the asking, which names no subject.
_MERELY_ASKS = re.compile(
    r"到?哪一?(?:年|个?月|天)(?:底|为止|之前)?|一(?:个月|年|次|天|户|个)(?=.{0,4}(?:多少|几))|(?:的?是)?些什么"
)

_ASKS_OF_UNIT = re.compile(r"任务|职责|第几|[管抓]什么|[管抓]哪|负责(?:的|哪|什么)|做什么|做些|项")

_LONGEST_RUN = 8

# Log odds that a turn is to be joined with the subject before; fitted (logistic regression) on talks of two and three
# turns, and on pairs of questions that have nothing to do with each other. The two of -3 and the thresholds were set by
# hand on the same talks.
_TO_BE_JOINED = 2.3
_OPENS_LIKE_ONE = 1.0
_POINTS = 0.9
_CHARACTER = -0.1
_KNOWN_WORD = -0.3
_UNKNOWN_WORD = -1.0
_LISTS_TASKS = -3.0
_SAYS_AGAIN = 0.5
_BETTER_ANSWERED = 0.15
_HELD_ONLY_ALONE = -1.75
_UNIT_FOR_ANOTHER_TASK = -3.0
# Beyond these, more of the same says no more.
_WORDS = 4.0
_CHARACTERS = 25
_SUREST = 0.99
_NEARLY_ALL = 0.8
# How much subject of its own a turn may have and still look like a follow-up, when it opens like one or not.
_LEANING = 8
_BARE = 2
# From this chance that the documents answer it, a turn is sure to have a subject of its own.
_SURE = 0.8
# What a refused turn gains if it is so surely answered when joined.
_ONLY_JOINED = 0.7
_NEARLY_SURE = 0.95


def resolve(turns: Sequence[str], search: PolicySearch) -> str:
    """The last of `turns` (what the person said, oldest first) as a question that stands by itself; empty if none."""
    question, asked = "", list[str]()
    for number, said in enumerate(turns, 1):
        turn = hear(search.thesaurus.standard(said))
        if before := _gone_back_to(turn.text, asked, search):
            said = _GOES_BACK.sub("", turn.text)
            question, turn = before, hear(said)
        if not question or turn.text == search.thesaurus.standard(question):
            question = said
        elif turn.text and not _ACKNOWLEDGES.match(turn.text):
            question = _Choice(question, said, turn, search).question(is_last=number == len(turns))
        asked.append(question)
    return question


def _gone_back_to(text: str, asked: Sequence[str], search: PolicySearch) -> str:
    """The latest of the questions `asked` that a turn takes up again and shares a word with; empty if it does not."""
    if not _GOES_BACK.match(text):
        return ""
    named = set(bigrams(search.thesaurus.content(_GOES_BACK.sub("", text), search.known))) & search.known
    return next((question for question in reversed(asked) if named & set(bigrams(plain(question)))), "")


class _Choice:
    """One turn after the question before it, and the two ways to read it."""

    def __init__(self, before: str, said: str, turn: Turn, search: PolicySearch) -> None:
        self._turn = turn
        self._search = search
        self._thesaurus = search.thesaurus
        self._before = self._without_denied(self._thesaurus.standard(before))
        self._alone = turn.meant if turn.corrects else said

    def question(self, *, is_last: bool) -> str:
        """What is asked after this turn."""
        if not self._turn.meant:
            return self._before
        if any(named_clause(self._alone, index.document) for index in self._search.indexes):
            return self._alone
        if same := self._asks_who_too():
            return same
        index, alone = self._search.find(self._alone)
        remarks = not is_last and not self._turn.corrects and not asks_anything(self._turn.text)
        if remarks and alone.answered < _SURE:
            # 刚才电梯里没信号, between two questions, is no matter of the documents.
            return self._before
        leans = self._leans(index, alone)
        if alone.answered >= REFUSE_BELOW > self._search.find(self._before)[1].answered and self._own():
            # What was refused (低保标准) gives no subject to 那留守老人呢.
            return self._alone
        if leans + self._only_joined(alone) + _BETTER_ANSWERED * (_log_odds(_SUREST) - _log_odds(alone.answered)) <= 0:
            return self._alone
        joined = self._joined()
        index_joined, found = self._search.find(joined)
        points = _POINTS_BACK.search(self._turn.text)
        if (
            alone.reading.who
            and alone.answered >= _SURE
            and found.answered < alone.answered
            and self._own()
            and not points
        ):
            # 垃圾分类归哪个管, after another question, needs nothing from it.
            return self._alone
        leans += self._fits_before(index, alone, index_joined, found)
        if found.answered >= _NEARLY_SURE:
            leans += self._only_joined(alone)
        return joined if leans > 0 else self._alone

    def _only_joined(self, alone: Finding) -> float:
        """How much it speaks for joining a turn if only so it is answered: there is nothing to lose."""
        return _ONLY_JOINED * (alone.answered < REFUSE_BELOW)

    def _asks_who_too(self) -> str:
        """Who is responsible for what the turn names (那积分制呢), if that was asked before and a row says it."""
        text = self._turn.text
        too = bool(_SO_TOO.search(text))
        own = self._subject(_SO_TOO.sub(" ", text)) if too else self._own()
        own = " ".join(word for word in own.split() if any(pair in self._search.known for pair in bigrams(word)))
        closes = bool(_CLOSES.search(plain(self._alone))) and not asks_who(text) and not asked_kinds(text)
        puts_another = too or closes
        contrasts = any(own in words for group in self._thesaurus.contrasts for words in group)
        own = "" if self._said_again()[1] else own
        if not own or contrasts or not puts_another or not asks_who(self._before):
            return ""
        question = f"{own} 归哪个部门负责"
        index, found = self._search.find(question)
        best = int(found.chances.argmax())
        names_units = index.document.clauses[best].departments and not index.text.is_stray(best, found.chances)
        return question if names_units and found.answered >= _SURE else ""

    def _leans(self, index: DocumentIndex, alone: Finding) -> float:
        """How much the turn, whatever it is about, looks as if it left out its subject."""
        text, reading = self._turn.text, alone.reading
        fresh, again = self._said_again()
        weights = {pair: index.text.rarity(pair) for pair in bigrams(fresh)}
        known = sum(weight for pair, weight in weights.items() if pair in self._search.known)
        # What a question for the unit says beside its subject (出力, 出面) is in no document.
        unknown = 0.0 if reading.who else sum(weights.values()) - known
        opens = bool(_OPENS.match(text) or _CLOSES.search(plain(self._alone)))
        lists_tasks = bool(reading.units and _ASKS_OF_UNIT.search(text)) and not asks_unit(text)
        return (
            _TO_BE_JOINED
            + _OPENS_LIKE_ONE * opens
            + _POINTS * bool(_POINTS_BACK.search(text))
            + _CHARACTER * min(len(self._alone), _CHARACTERS)
            + _KNOWN_WORD * min(known, _WORDS)
            + _UNKNOWN_WORD * min(unknown, _WORDS)
            + _LISTS_TASKS * lists_tasks
            + _SAYS_AGAIN * again
        )

    def _said_again(self) -> tuple[str, bool]:
        """What the turn names without the words that were said before (光表扬单位吗), and whether it had any."""
        own = fresh = self._own()
        for run in sorted(grams(self._before, _LONGEST_RUN), key=len, reverse=True):
            if (len(run) > 1 and run in self._search.known) or len(run) > 2:
                fresh = fresh.replace(run, " ")
        return fresh, fresh != own

    def _fits_before(self, index: DocumentIndex, alone: Finding, index_joined: DocumentIndex, joined: Finding) -> float:
        """How much better the joined reading is answered, and its clause holds what the turn itself names."""
        weights = self._weights(index)
        fits = _weight_held(weights, alone, index, alone) - _weight_held(weights, alone, index_joined, joined)
        named = sum(weight for pair, weight in weights.items() if pair in self._search.known)
        return (
            _BETTER_ANSWERED * (_log_odds(joined.answered) - _log_odds(alone.answered))
            + _HELD_ONLY_ALONE * fits
            + _UNIT_FOR_ANOTHER_TASK
            * (alone.reading.who and alone.answered >= _SURE and 0 < _NEARLY_ALL * named <= fits)
        )

    def _weights(self, index: DocumentIndex) -> dict[str, float]:
        """The pairs of characters of what the turn itself names, with how much each says."""
        return {pair: index.text.rarity(pair) for pair in bigrams(self._own())}

    def _own(self) -> str:
        """What the turn names by itself: its words without those of asking, of pointing back, and without units."""
        units = self._search.indexes[0].text.units
        return self._subject(units.named_in(_until_who(self._turn.meant), self._search.known)[1])

    def _subject(self, text: str) -> str:
        """What a turn is about by itself, without the words of asking and of pointing back."""
        text = _MERELY_ASKS.sub(" ", _POINTS_BACK.sub(" ", _PICKS_UP.sub("", text)))
        return self._thesaurus.content(without_who(text) if asks_who(text) else text, self._search.known)

    def _joined(self) -> str:
        """The subject of the question before with what the turn asks of it."""
        before, text = self._before, self._turn.meant
        tail = _POINTS_BACK.sub(" ", _PICKS_UP.sub("", text)).strip()
        subject = self._subject(text)
        contrasted = self._contrasted(subject)
        if asks_who(text):
            tail = self._who(tail)
        elif not asked_kinds(text) and (contrasted != before or not subject):
            return f"{contrasted} {subject or tail}".strip()
        # The turn asks for something else of the same thing, or puts another case (开发商不修呢): what was asked of it
        # before falls away.
        return f"{self._subject(before) or before} {tail}".strip()

    def _who(self, tail: str) -> str:
        """What a turn adds to the subject, and the question for the unit in plain words (not 还是几家一起管)."""
        words = [word for word in self._own().split() if any(pair in self._search.known for pair in bigrams(word))]
        if not words and (own := self._own()) and not asks_unit(tail):
            return f"{own} 由谁负责"
        return " ".join([*words, "归哪个部门负责" if asks_unit(tail) or not words else "由谁负责"])

    def _contrasted(self, subject: str) -> str:
        """The question before without the word that `subject` puts another in the place of (城市 when it says 农村)."""
        before = self._before
        for group in self._thesaurus.contrasts:
            said = next((words for words in group if any(word in subject for word in words)), None)
            if said:
                others = [word for words in group if words is not said for word in words]
                for word in sorted(others, key=len, reverse=True):
                    before = before.replace(word, " ")
        return " ".join(before.split())

    def _without_denied(self, before: str) -> str:
        """The question before without what the person says they did not mean."""
        denied = self._thesaurus.content(self._turn.denied, self._search.known)
        rest = before
        for run in sorted(grams(denied, _LONGEST_RUN), key=len, reverse=True):
            if len(run) > 1:
                rest = rest.replace(run, " ")
        return " ".join(rest.split()) or before


def acknowledges(turn: str, thesaurus: Thesaurus) -> bool:
    """Whether a turn only takes what was said (好的，晓得了), and asks nothing."""
    return bool(_ACKNOWLEDGES.match(thesaurus.standard(turn)))


def is_follow_up(turn: str, thesaurus: Thesaurus, known: Container[str]) -> bool:
    """Whether a turn looks as if it left out what it is about: it says little beside the asking."""
    text = thesaurus.standard(turn)
    own = thesaurus.content(_POINTS_BACK.sub(" ", _PICKS_UP.sub("", without_who(text))), known).replace(" ", "")
    asks = bool(asked_kinds(text)) or asks_who(text)
    return len(own) <= (_LEANING if points_back(turn, thesaurus) else _BARE + asks)


def points_back(turn: str, thesaurus: Thesaurus) -> bool:
    """Whether a turn says that it goes on with what was said before (那……, ……呢, 这个)."""
    text = thesaurus.standard(turn)
    return bool(_OPENS.match(text) or _CLOSES.search(plain(turn)) or _POINTS_BACK.search(text))


def _until_who(text: str) -> str:
    """A turn up to the part that asks who is responsible: what comes after (我写材料要用) is no part of the subject."""
    parts = text.split()
    last = next((number for number, part in enumerate(parts, 1) if asks_who(part)), len(parts))
    return " ".join(parts[:last])


def _weight_held(weights: dict[str, float], turn: Finding, index: DocumentIndex, found: Finding) -> float:
    """How much of what the turn says the clause found, or its partners, hold."""
    best = int(found.chances.argmax())
    columns = [best, *np.flatnonzero(index.text.partners[best])]
    held: set[str] = set().union(*(index.text.covered(turn.reading, int(column)) for column in columns))
    return sum(weight for pair, weight in weights.items() if pair in held)


def _log_odds(chance: float) -> float:
    chance = min(max(chance, 1 - _SUREST), _SUREST)
    return math.log(chance / (1 - chance))
