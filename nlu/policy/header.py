"""Reads what stands above the first sentence of an official document: title, number, issuer, date, status."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from nlu.policy.clauses import Status
from nlu.policy.numbering import number_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[［【(（](?:19|20)\d{2}[〕\]］】)）]\s*第?\d+号")
_ORDER_NUMBER = re.compile(r"(国务院|[\u4e00-\u9fff]{2,14}?)令第\s*\d+\s*号")
_BRACKETED = re.compile(r"[（(]([^（）()]*)[）)]")
_DRAFT_WORDS = ("征求意见稿", "送审稿", "讨论稿", "草案", "审议稿", "初稿", "修订稿")
_DRAFT_AT_END = re.compile(rf"(?:{'|'.join(_DRAFT_WORDS)})$")
_REPEALED_WORDS = ("已废止", "已失效", "废止")
_DATE = re.compile(r"((?:19|20)\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_DATE_IN_WORDS = re.compile(
    r"([二一][〇零○Ｏ一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_EFFECTIVE = re.compile(r"(?:^|[。；，\n])本[^。；，自]{1,12}自([^。；，自]{2,16}?)起(?:施行|实施|执行|生效)")
_ON_ISSUE = re.compile(r"(?:印发|发布|公布|公告|下发|通过|表决通过)之日")
_HISTORY = re.compile(r"通过|公布|发布|修订|修正|修改|施行|印发")
_BODY = r"(?:人民政府|委员会|办公室|办公厅|党委|县委|市委|省委|街道办事处|管理局|局|厅|部|院|村|社区)"
_ISSUER_OF_TITLE = re.compile(rf"^(.{{2,40}}?{_BODY})(?=关于)")
_RED_HEAD = re.compile(r"^(.{2,40})文件$")
_SIGNATURE = re.compile(rf"^[^，。、；：]{{2,30}}{_BODY}$")


@dataclass(frozen=True, slots=True)
class Header:
    """What the lines above the text (and the signature below it) say about a document."""

    title: str
    status: Status
    issuer: str | None
    number: str | None
    date: date | None
    uncertain: tuple[str, ...]


def dates_in(line: str) -> Iterator[date]:
    """The calendar days that `line` names with year, month and day; impossible ones are left out."""
    for match in _DATE.finditer(line):
        yield from _day(*(int(part) for part in match.groups()))
    for match in _DATE_IN_WORDS.finditer(line):
        year = int("".join(str(number_of(digit)) for digit in match.group(1).translate(str.maketrans("○Ｏ", "〇〇"))))
        yield from _day(year, number_of(match.group(2)), number_of(match.group(3)))


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def is_date(line: str) -> bool:
    """Whether a line is a date and nothing else."""
    bare = re.sub(r"\s", "", line)
    return bool(_DATE.fullmatch(bare) or _DATE_IN_WORDS.fullmatch(bare))


def is_signature(line: str) -> bool:
    """Whether a line below the text is the name of an issuing body or a bare date."""
    return is_date(line) or bool(_SIGNATURE.match(re.sub(r"\s", "", line)))


def effective_day(texts: Sequence[str], lines: Sequence[str], issued: date | None) -> date | None:
    """The day that a document takes effect, as an article (本办法自…起施行) or a line above the text says."""
    for text in reversed(texts):
        if match := _EFFECTIVE.search(text):
            if _ON_ISSUE.fullmatch(match.group(1)):
                return issued
            if (day := next(dates_in(match.group(1)), None)) is not None:
                return day
    stated = [day for line in lines if line.strip().endswith("施行") for day in dates_in(line)]
    return max(stated, default=None)


def read_header(lines: Sequence[str], signature: Sequence[str]) -> Header:
    """The header of the lines above the text and of the signature lines below it."""
    title_lines: list[str] = []
    status, number, issuer = Status.IN_FORCE, None, None
    days: list[date] = []
    uncertain: list[str] = []
    for line in (line.strip() for line in lines):
        status, remark = _status(line, status)
        uncertain += remark
        days += [day for bracket in _BRACKETED.findall(line) for day in dates_in(bracket)]
        plain = _BRACKETED.sub(_without_status, line).strip()
        if found := NUMBER.search(plain):
            number = found.group()
        elif red := _RED_HEAD.match(re.sub(r"\s", "", plain)):
            issuer = red.group(1)
        elif _is_history(plain):
            number, issuer, days = _history(plain, number, issuer, days)
        elif plain:
            title_lines.append(plain)
    title = "".join(title_lines)
    if bare := _DRAFT_AT_END.search(title):
        title, status = title[: bare.start()], Status.DRAFT
    issuer = issuer or _issuer_of_title(title) or _signed_by(signature)
    days = days or [day for line in signature for day in dates_in(re.sub(r"\s", "", line))]
    return Header(title, status, issuer, number, max(days, default=None), tuple(uncertain))


def plain_title(title: str) -> str:
    """A title as documents are filed under it: without 《》 and without what tells the draft from the final version."""
    return read_header([title.strip().removeprefix("《").removesuffix("》")], []).title


def _status(line: str, status: Status) -> tuple[Status, list[str]]:
    for bracket in _BRACKETED.findall(line):
        if word := next((word for word in _DRAFT_WORDS if word in bracket), None):
            remark = [] if word == Status.DRAFT.value else [f"标题注明“{bracket}”，按征求意见稿处理。"]
            return Status.DRAFT, remark
        if any(word in bracket for word in _REPEALED_WORDS):
            return Status.REPEALED, []
    return status, []


def _without_status(match: re.Match[str]) -> str:
    words = (*_DRAFT_WORDS, *_REPEALED_WORDS)
    return "" if any(word in match.group(1) for word in words) or _HISTORY.search(match.group(1)) else match.group()


def _is_history(line: str) -> bool:
    return next(dates_in(line), None) is not None


def _history(
    line: str, number: str | None, issuer: str | None, days: list[date]
) -> tuple[str | None, str | None, list[date]]:
    """One line of a law's history: when it was passed or changed, by whom, under which order."""
    if order := _ORDER_NUMBER.search(line):
        number = order.group()
        issuer = "国务院" if "国务院" in order.group() else order.group(1)
    elif passed := re.search(r"(全国人民代表大会(?:常务委员会)?).*(?:通过|修正|修订)", line):
        issuer = passed.group(1)
    # A day of taking effect is no day of issue, unless nothing else is given.
    issued = [] if line.endswith("施行") and days else list(dates_in(line))
    return number, issuer, days + issued


def _issuer_of_title(title: str) -> str | None:
    match = _ISSUER_OF_TITLE.match(title)
    return match.group(1) if match else None


def _signed_by(signature: Sequence[str]) -> str | None:
    bodies = [re.sub(r"\s", "", line) for line in signature if next(dates_in(re.sub(r"\s", "", line)), None) is None]
    return bodies[0] if bodies else None
