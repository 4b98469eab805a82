"""The ways in which Chinese documents number their parts: 一、（一）1.（1） 第X条 第X章."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMERAL = "〇零一二三四五六七八九十百千两"
_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def number_of(numeral: str) -> int:
    """The value of a Chinese or Arabic numeral below 10,000 (十六 is 16, 二〇 is 20). ValueError if it is none."""
    if numeral.isdecimal():
        return int(numeral)
    if not numeral or set(numeral) - set(NUMERAL):
        raise ValueError(f"not a numeral: {numeral!r}")
    if not set(numeral) & set(_UNITS):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    total = digit = 0
    for character in numeral:
        if character in _UNITS:
            total += max(digit, 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def numeral_of(number: int) -> str:
    """The Chinese numeral of a number from 1 to 99, as headings print it (16 → 十六); beyond that Arabic digits."""
    if not 0 < number < 100:
        return str(number)
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")


@dataclass(frozen=True, slots=True)
class Label:
    """The number that a line begins with: its rank (the lower, the further out), its value and the rest of the line."""

    rank: int
    number: int
    printed: str
    rest: str


# Rank by shape, as the rules for official documents (GB/T 9704) give it: 一、（一）1.（1）.
_SHAPES = (
    (1, re.compile(rf"([{NUMERAL}]+)[、．.]\s*")),
    (2, re.compile(rf"[（(]\s*([{NUMERAL}]+)\s*[）)]\s*[、.．]?\s*")),
    (3, re.compile(r"(\d{1,2})\s*(?:[、．]|\.(?!\d))\s*")),
    (4, re.compile(r"[（(]\s*(\d{1,2})\s*[）)]\s*")),
    (4, re.compile(r"([①-⑳])\s*")),
)


def label_of(line: str) -> Label | None:
    """The label that `line` begins with, or None."""
    for rank, shape in _SHAPES:
        if (match := shape.match(line)) and match.end() < len(line):
            printed = match.group(1)
            number = ord(printed) - ord("①") + 1 if "①" <= printed <= "⑳" else number_of(printed)
            return Label(rank, number, match.group().strip(), line[match.end() :])
    return None


@dataclass(frozen=True, slots=True)
class ArticleLabel:
    """The 第X条 that a line begins with: `id` is its number (16-1 for 第十六条之一), `spaced` whether a gap follows."""

    number: int
    id: str
    printed: str
    rest: str
    spaced: bool


_ARTICLE = re.compile(rf"(第\s*([{NUMERAL}]+|\d+)\s*条(?:之([{NUMERAL}]+))?)(\s*)")
_CHAPTER = re.compile(rf"(第\s*(?:[{NUMERAL}]+|\d+)\s*([编章节]))\s*(\S.{{0,40}})?$")


def article_of(line: str) -> ArticleLabel | None:
    """The article that `line` opens, or None."""
    match = _ARTICLE.match(line)
    if not match:
        return None
    number = number_of(match.group(2))
    insert = f"-{number_of(match.group(3))}" if match.group(3) else ""
    rest = line[match.end() :]
    return ArticleLabel(number, f"{number}{insert}", match.group(1), rest, bool(match.group(4)) or not rest)


def chapter_of(line: str) -> tuple[int, str] | None:
    """(depth, heading) if `line` is the heading of a part (编, 0), chapter (章, 1) or section (节, 2), else None."""
    match = _CHAPTER.match(line)
    if not match or line.endswith(("。", "；", "，")):
        return None
    name = (match.group(3) or "").strip()
    # 总　　则 is 总则, spread to the width of its neighbours.
    name = re.sub(r"\s+", "", name)
    return "编章节".index(match.group(2)), f"{match.group(1)} {name}".strip()


def part_of(line: str) -> Label | None:
    """The part that `line` opens in a text without articles: 编, 章 and 节 stand above 一、（一）1.（1）."""
    if chapter := chapter_of(line):
        depth, heading = chapter
        printed = heading.split(" ", 1)[0]
        return Label(depth - 3, number_of(re.sub(r"[\s第编章节]", "", printed)), printed, heading)
    return label_of(line)
