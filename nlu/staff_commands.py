"""What those who work on cases say they do with which of them: 接5, 6、7都接, 003修好了，换了新灯泡，结案, 先莫结案."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from nlu.case_numbers import LATELY, CaseNumber, find_case_numbers
from nlu.tables import any_of, read_table
from nlu.wording import chinese_number, fold_width

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_NUMBERS = 30
"""Numbers of one command; a range that is longer is a slip of the finger."""

SHORTEST_NEWS = 4
"""Characters beside 「先不结」 that tell something."""

_SAME = re.compile(r"重复|是(?:同)?一(?:件|个|码|回)|同一(?:件|个)")
_ALREADY = re.compile(r"^(?:已经?|都|全部|现场|这边|那边)*")
_NO_NEWS = re.compile(r"[\W先就还了嘛哈吧哦的我是再说等一下哈子]")
_NUMERAL = r"(?:[0-9]{1,4}|[一二三四五六七八九十百]{1,5})"
_ONE = rf"第?{_NUMERAL}(?:号(?!楼|线|院|网格|门|店|井(?!盖)|房))?"
_JOINT = r"(?:\s*(?:[、，,。./;；+&]|和|跟|与|及|还有|以及)\s*|\s+)"
_SPAN = r"\s*(?:到|至|[-~—–－])\s*"
_LIST = rf"{_ONE}(?:(?:{_JOINT}|{_SPAN}){_ONE})*"
_NOT_INSIDE = r"(?<![0-9A-Za-z.:：/\-一二三四五六七八九十百月第])"
_NOT_GOING_ON = r"(?![0-9A-Za-z%：:]|\.[0-9]|[-/][0-9])"
_NO_CASE = "(?!楼|线|院|网格|门|店|井(?!盖)|房|开会|有会|[上下]午|早|晚|之?前|以后)"
_WEAK = re.compile(rf"\s*({_NUMERAL}号{_NO_CASE}(?:{_JOINT}{_NUMERAL}号{_NO_CASE})*)")
_EACH = re.compile(rf"第?({_NUMERAL})(?:号(?!楼|线))?")
_A_RANGE = re.compile(rf"({_NUMERAL})号?{_SPAN}({_NUMERAL})号?\Z")
_PAUSE = re.compile(r"[，,。；;！!\n]+|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_HELD = "\0"
_OF_IT = r"的(?=我|已|昨|今|刚|都)"
_POINTED = re.compile(
    r"^(?:刚才|刚刚)?(?:那|这)(?:"
    rf"(?:个(?!月|星期|礼拜|周|人|小区|楼|单元|院|点|时)|件|单)(?:事情?|案子|单子)?的?(?:.{{1,6}}?{_OF_IT})?"
    rf"|(?:家|户).{{0,6}}?{_OF_IT})"
)
_MARKS = " ，,。.、：:；;！!~～-—\t\n"
_NAMED_BEFORE = re.compile(r"^[^我他她，]{1,6}(?:那|这)(?:个|件|单)(?:事情?|案子|单子)?的?(?=.{2,})")
_NAMING = re.compile(r"^.{0,8}(?:那|这)(?:个|件|家|户|单)(?:事情?|案子|单子)?的?$")


@dataclass(frozen=True, slots=True)
class Command:
    """What a text says that is done with cases.

    `numbers` are the cases that it names, `same_as` another one that they only repeat, `weak` those that may as
    well be days (7号去过了). `rest` is the text without the numbers and `words` what it tells of the case, cleaned of
    commands, or nothing. The others are the acts and the ways to point at cases that its words hold: `keep` says that a
    case must not be closed, `finished` that the words say nothing but that it is done, `plans` that something will be
    done, and `news` that they tell more than that it is not.
    """

    text: str
    numbers: tuple[CaseNumber, ...]
    same_as: CaseNumber | None
    weak: tuple[CaseNumber, ...]
    rest: str
    words: str
    everything: bool
    pointing: bool
    accept: bool
    resolve: bool
    done: bool
    keep: bool
    decline: bool
    transfer: bool
    returns: bool
    urge: bool
    asks: bool
    more: bool
    visited: bool
    finished: bool
    plans: bool
    news: bool


@lru_cache(LATELY)
def read_command(text: str) -> Command:
    """What `text` says of cases; it decides nothing about who may say so."""
    numbers = find_numbers(text)
    rest = _without(text, numbers)
    same_as = numbers[1] if len(numbers) == 2 and _SAME.search(text) else None
    keeps = _has("keep", rest) or (_has("undone", rest) and not _has("resolve", _without_undone(rest)))
    words = told(text, numbers)
    return Command(
        text=text,
        numbers=numbers if same_as is None else numbers[:1],
        same_as=same_as,
        weak=_weak_numbers(text) if not numbers else (),
        rest=rest,
        words=words,
        everything=_has("everything", rest),
        pointing=_has("pointing", rest),
        accept=_has("accept", rest) and not _has("decline", rest),
        resolve=_has("resolve", rest) and not keeps,
        done=_has("done", rest) and not keeps,
        keep=keeps,
        decline=_has("decline", rest),
        transfer=_has("transfer", rest),
        returns=_has("return", rest),
        urge=_has("urge", rest),
        asks=_has("asks", rest),
        more=_only("more").fullmatch(rest.strip(_MARKS)) is not None,
        visited=_has("visited", rest),
        finished=not keeps and _only("done").fullmatch(_ALREADY.sub("", words.strip(_MARKS))) is not None,
        plans=_has("plans", words),
        news=len(_NO_NEWS.sub("", _pattern("keep").sub("", _without_undone(words)))) >= SHORTEST_NEWS,
    )


def with_weak(command: Command) -> Command:
    """The command where its weak numbers are those of cases."""
    words, rest = told(command.text, command.weak), _without(command.text, command.weak)
    return replace(command, numbers=command.weak, weak=(), words=words, rest=rest)


def find_numbers(text: str) -> tuple[CaseNumber, ...]:
    """The case numbers of a text that somebody says who works on cases, in order, none twice.

    Beside what `find_case_numbers` finds these are bare numbers beside what is done with them: 接5, 8 结案, 6、7都接.
    """
    plain = fold_width(text)
    found = [*find_case_numbers(text)]
    for match in _bare().finditer(plain):
        start, end = match.span("before") if match["before"] else match.span("behind")
        found += _listed(plain, start, end)
    kept: list[CaseNumber] = []
    for number in sorted(found, key=lambda number: (number.start, -number.end)):
        overlaps = any(number.start < other.end and other.start < number.end for other in kept)
        if not overlaps and number.value not in [other.value for other in kept]:
            kept.append(number)
    return tuple(kept[:MOST_NUMBERS])


def told(text: str, numbers: tuple[CaseNumber, ...] = ()) -> str:
    """What `text` tells of a case, as a sentence: without numbers and without words that only command; may be empty."""
    several = len(numbers) > 1
    clauses = [_clean(clause, several=several) for clause in _PAUSE.split(_without(text, numbers))]
    said = "，".join(clause for clause in clauses if clause)
    return said if not said or said[-1] in "。！？!?" else f"{said}。"


def _clean(clause: str, *, several: bool) -> str:
    said = _lead_in().sub("", clause.strip(_MARKS)).strip(_MARKS).removeprefix("的")
    if _only("command_clause").fullmatch(said.removesuffix("的")):
        return ""
    said = _tail().sub("", _POINTED.sub("", said)).strip(_MARKS)
    said = _NAMED_BEFORE.sub("", _NAMING.sub("", said))
    if several:
        said = re.sub(r"^(?:都|也|全部|一起|分别)", "", said)
    # What is left of 「麻烦把8和9」 says nothing.
    return "" if said in _table()["nothing"] else said


def _without(text: str, numbers: tuple[CaseNumber, ...]) -> str:
    """`text` without the numbers and the words that only hold them: 把8号和9号那两件都结了 is 都结了."""
    if not numbers:
        return text.strip()
    pieces, done = [], 0
    for number in numbers:
        pieces += [text[done : number.start], _HELD]
        done = number.end
    held = "".join([*pieces, text[done:]])
    joint = r"(?:[、，,和跟与及到至\s\-~]|还有|以及|号)*"
    held = re.sub(rf"{_HELD}(?:{joint}{_HELD})+", _HELD, held)
    lead = r"(?:把|将|编号|事项|工单|单号|案子|案件|第|#|№)*\s*"
    behind = (
        r"号?(?:(?:那|这)(?:个|件|两[个件]|几[个件]|边))?(?:的)?"
        r"(?:事情|事项|案子|单子|工单|事(?![故实])|这两件|两件)?[：:，,\s]*"
    )
    return re.sub(rf"{lead}{_HELD}{behind}", " ", held).strip()


def _listed(text: str, start: int, end: int) -> Iterator[CaseNumber]:
    words = text[start:end]
    spread = _A_RANGE.search(words.strip())
    if spread and (low := chinese_number(spread[1])) and (high := chinese_number(spread[2])) and low < high:
        # The first stands for the words of the whole range, so that no other number is read out of them.
        yield CaseNumber(start, end, f"{low:03d}")
        for number in range(low + 1, min(high, low + MOST_NUMBERS) + 1):
            yield CaseNumber(end, end, f"{number:03d}")
        return
    for match in _EACH.finditer(words):
        said = chinese_number(match[1])
        if said:
            yield CaseNumber(start + match.start(), start + match.end(), f"{said:03d}")


def _weak_numbers(text: str) -> tuple[CaseNumber, ...]:
    """The numbers with 号 at the beginning of a text, where nothing beside them tells that they are those of cases."""
    match = _WEAK.match(fold_width(text))
    return tuple(_listed(text, match.start(1), match.end(1))) if match else ()


def _has(kind: str, text: str) -> bool:
    return _pattern(kind).search(text) is not None


def _without_undone(text: str) -> str:
    return _pattern("undone").sub("", text)


@cache
def _table() -> dict[str, Any]:
    return read_table("staff_commands")


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in _table()[kind]))


@cache
def _only(kind: str) -> re.Pattern[str]:
    return re.compile(f"(?:{_pattern(kind).pattern})[了吧嘛哈哦呢噻]*")


@cache
def _lead_in() -> re.Pattern[str]:
    return re.compile(f"^(?:{_pattern('lead_in').pattern})(?:[：:]|\\s*$)")


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(f"(?:{_pattern('tail').pattern})$")


@cache
def _bare() -> re.Pattern[str]:
    """A list of bare numbers behind what is done with them, or before it at the beginning of a text or behind 把."""
    numbered = _table()["numbered"]
    between = f"(?:{any_of(_table()['between'])}|[\\s，,：:])*"
    verbs = rf"(?:^|[，,。；;！!\s]|我|请|先|都|就|再)(?:{any_of(numbered['before'])})[\s：:]*"
    before = rf"{verbs}(?P<before>{_LIST}){_NOT_GOING_ON}"
    ends = r"(?=\s*(?:号单|都|吧|嘛|哈|了|全部|转|给|[，,。；;！!]|$))"
    at = r"(?:^\s*(?:我|请|帮我|那|把|将|编号|单号|第|今天|刚才)*\s*|(?:把|将)\s*)"
    behind = rf"{at}{_NOT_INSIDE}(?P<behind>{_LIST}){_NOT_GOING_ON}{between}(?:{any_of(numbered['behind'])})"
    return re.compile(f"(?:{before}{ends})|(?:{behind})")
