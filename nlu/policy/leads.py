"""Draws a short answer out of what is quoted: the figure or the date that was asked for, in the words of the quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.policy.asked import Asked, measures_given
from nlu.policy.numbering import NUMERAL
from nlu.policy.terms import bigrams, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nlu.policy.reading import Reading
    from nlu.policy.text_index import TextIndex

_AMOUNT = rf"(?:\d+(?:\.\d+)?|[{NUMERAL}两]+)"
_COUNTED = (
    "%|平方米|个工作日|个小时|小时|个月|公里|亩|户|个|人|名|家|次"
    "|周岁|岁|年|天|日|座|层|所|台|套|辆|支|张|项|倍|元|万元"
)
_YEARS = "年"
_FIGURE = re.compile(
    rf"(?P<bound>(?:至少|至多|不少于|不低于|不得少于|不得超过|不超过|超过|每)(?:[^\W\d{NUMERAL}]{{1,4}})??)?"
    rf"(?P<amount>(?:百分之)?{_AMOUNT}(?:(?:至|到|[—～~-]){_AMOUNT})?(?P<measure>{_COUNTED})?)(?P<limit>以上|以下|以内|左右)?"
)
_ASKED_MEASURE = re.compile(rf"(?:多少|几)(?P<measure>{_COUNTED})")
_DATE = re.compile(r"[到在自从]?(?:19|20)\d{2}年(?:\d{1,2}月(?:\d{1,2}日)?)?底?")
_BREAK = re.compile(r"[，,、。；;：:\n“”（）()]")
# The only words of a lead that need not stand in the quotes.
_JOINED_BY = re.compile(r"要达到|[：。、，]")
_NUMBER = re.compile(rf"\d+(?:\.\d+)?|[{NUMERAL}两]+")


def draw_lead(reading: Reading, quotes: Sequence[str], text: TextIndex) -> str:
    """The figure or the date that answers a question, with what it is of where several are printed; else empty.

    What is asked must name its measure, and but one figure of that measure may fit. No lead is better than a wrong one.
    """
    if lead := _figure(reading, quotes, text):
        return lead
    wants_date = Asked.DATE in reading.kinds and _counted_in(reading) <= {_YEARS}
    dates = dates_in(quotes) if wants_date else ()
    return f"{dates[0]}。" if len(dates) == 1 else ""


def dates_in(quotes: Iterable[str]) -> tuple[str, ...]:
    """The dates of `quotes` as printed, with what says how they bound (到2020年), each once."""
    return tuple(dict.fromkeys(match.group() for quote in quotes for match in _DATE.finditer(quote)))


def check_lead(lead: str, printed: Sequence[str]) -> None:
    """ValueError if any number, unit or name of `lead` does not stand in `printed`."""
    numbers = {number for text in printed for number in _NUMBER.findall(text)}
    pieces = [piece for piece in _JOINED_BY.split(lead) if piece]
    strange = [piece for piece in pieces if not any(piece in text for text in printed)]
    if strange or not set(_NUMBER.findall(lead)) <= numbers:
        raise ValueError(f"not drawn from the quotes: {lead!r}")


def _figure(reading: Reading, quotes: Sequence[str], text: TextIndex) -> str:
    figures = [(match, quote) for quote in quotes for match in _FIGURE.finditer(quote) if _is_asked(match, reading)]
    told_apart = [(match, word) for match, quote in figures if (word := _case(reading, _before(match, quote), text))]
    if len(figures) > 1 and len(told_apart) == 1:
        match, word = told_apart[0]
        return f"{word}：{match.group()}。"
    if len(figures) != 1:
        return ""
    match, quote = figures[0]
    before = _before(match, quote)
    if not _is_of(reading, before + _after(match, quote), text):
        return ""
    reached = "要达到" if "达到" in before and not match.group("bound") else ""
    return f"{reached}{match.group()}。"


def _is_asked(match: re.Match[str], reading: Reading) -> bool:
    """Whether a figure is of the measure that is asked for: by its kind (比例, 面积), else by the counting word."""
    if not (match.group("measure") or match.group().startswith("百分之")) or _DATE.fullmatch(match.group()):
        return False
    if match.group("measure") in _counted_in(reading):
        return True
    # 哪年 asks for a date, and is answered by no span of years.
    return match.group("measure") != _YEARS and bool(reading.measures & measures_given(match.group()))


def _counted_in(reading: Reading) -> set[str]:
    """The counting words with which a question asks how many."""
    return {found.group("measure") for found in _ASKED_MEASURE.finditer(reading.text)}


def _case(reading: Reading, before: str, text: TextIndex) -> str:
    """The word before a figure that puts it for one case among several (农村), if the question names that case."""
    for group in text.thesaurus.contrasts:
        for words in group:
            if any(word in reading.text for word in words) and (printed := [word for word in words if word in before]):
                return str(max(printed, key=len))
    return ""


def _is_of(reading: Reading, around: str, text: TextIndex) -> bool:
    """Whether what stands around a figure names the subject of the question, by more than what all clauses speak of."""
    many = len(text.clauses) / 2
    near = set(bigrams(plain(around)))
    said = {*bigrams(reading.content), *(pair for word in reading.synonyms for pair in bigrams(word))}
    return any(pair in near and text.holding(pair) <= many for pair in said)


def _before(match: re.Match[str], quote: str) -> str:
    return _BREAK.split(quote[: match.start()])[-1]


def _after(match: re.Match[str], quote: str) -> str:
    return _BREAK.split(quote[match.end() :], maxsplit=1)[0]
