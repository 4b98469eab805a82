"""One spelling for what people write in many: width, case, Sichuan dialect, runs of marks, and Chinese numerals."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable

CHINESE_DIGITS = {
    **dict(zip("零〇○一二三四五六七八九", (0, 0, *range(10)), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    **dict(zip("幺两兩俩仨", (1, 2, 2, 2, 3), strict=True)),
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG_UNITS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}
_BARE_UNITS = frozenset("百佰千仟") | frozenset(_BIG_UNITS)
_LONGEST_NUMBER = 20
_LONGEST_MAPPED = 400
_TOKEN = re.compile(r"[0-9]+|.", re.DOTALL)
_DIGIT = re.compile(f"[0-9]+|[{''.join(CHINESE_DIGITS)}]")

_WIDTH = {0x3000: " ", **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}}
# Joiners, skin tones and variation selectors make one emoji of several characters; the first says what it shows.
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")
_EMOJI = "[\U0001f000-\U0001faff\u2600-\u27bf]"
_JOINED_EMOJI = re.compile(f"({_EMOJI})(?:\u200d{_EMOJI}\ufe0f?)+")
_SPACES = re.compile(r"\s+")
_SPACE_BESIDE_HAN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=\S)|(?<=\S) (?=[\u4e00-\u9fff])")
_RUN_OF_MARKS = re.compile(r"([^\w\s])\1+")
_RUN_OF_LETTERS = re.compile(r"([^\W\d])\1{2,}")


def fold_width(text: str) -> str:
    """`text` with full-width ASCII made half-width, one character for one, so that offsets stay true."""
    return text.translate(_WIDTH)


def normalise(text: str) -> str:
    """The standard spelling of `text`, for features of the model and for word rules; never for stored text.

    NFKC width, lower case, dialect words as `data/wording.yml` has them, an emoji as one mark, runs of one mark or of
    three and more of one letter folded to one, blanks beside Chinese characters dropped. Digits stay as they are.
    """
    plain = _JOINED_EMOJI.sub(r"\1", text)
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", plain)).lower()
    plain = _SPACE_BESIDE_HAN.sub("", _SPACES.sub(" ", plain)).strip()
    plain = _RUN_OF_LETTERS.sub(r"\1", _RUN_OF_MARKS.sub(r"\1", plain))
    pattern, standard = _dialect()
    return pattern.sub(lambda match: standard[match[0]], plain)


def as_written(text: str, start: int, end: int, spell: Callable[[str], str] = normalise) -> tuple[int, int]:
    """Where `spell(text)[start:end]` stands in `text`; the whole of a text that is too long to look."""
    words = spell(text)[start:end]
    if words and text.count(words) == 1:
        start = text.index(words)
        return start, start + len(words)
    if not words or len(text) > _LONGEST_MAPPED:
        return 0, len(text)
    offsets = range(len(text) + 1)
    first = max(bisect_left(offsets, start + 1, key=lambda offset: len(spell(text[:offset]))) - 1, 0)
    last = bisect_left(offsets, end, key=lambda offset: len(spell(text[:offset])))
    return first, min(max(last, first + 1), len(text))


def chinese_number(text: str) -> int | None:
    """The number that `text` spells and nothing else: 二十三, 两, 一百零五, 一百五, 五零一, 3万, 501; else None."""
    plain = fold_width(text.strip())
    if not plain or len(plain) > _LONGEST_NUMBER:
        return None
    if plain.isascii():
        return int(plain) if plain.isdigit() else None
    if all(character in CHINESE_DIGITS for character in plain):
        return int("".join(str(CHINESE_DIGITS[character]) for character in plain))
    return _with_units(plain)


def _with_units(text: str) -> int | None:
    """Reads numerals with 十, 百, 千, 万, 亿; a bare last digit after 百 and above counts one unit below (一百五)."""
    total = section = unit = big_unit = 0
    ceiling, pending, after_zero = _BIG_UNITS["亿"], -1, False
    for token in _TOKEN.findall(text):
        if token in _UNITS:
            unit = _UNITS[token]
            if unit >= ceiling:
                return None
            section, ceiling, pending, after_zero = section + (1 if pending < 0 else pending) * unit, unit, -1, False
        elif token in _BIG_UNITS:
            unit = _BIG_UNITS[token]
            section += max(pending, 0)
            total = (total + section) * unit if unit > big_unit else total + section * unit
            section, big_unit, ceiling, pending, after_zero = 0, unit, unit, -1, False
        elif pending >= 0 or not _DIGIT.fullmatch(token):
            return None
        elif token in "零〇":
            after_zero = True
        else:
            pending = CHINESE_DIGITS[token] if token in CHINESE_DIGITS else int(token)
    if 0 < pending < 10 and unit > 10 and not after_zero:
        pending *= unit // 10
    number = total + section + max(pending, 0)
    return number if number and text not in _BARE_UNITS else None


@cache
def _dialect() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all dialect words, the longer ones first, and the standard word for each."""
    table: dict[str, Any] = read_table("wording")
    standard: dict[str, str] = dict(table["words"])
    patterns = {word: re.escape(word) for word in standard}
    for rule in table["rules"]:
        standard |= rule["words"]
        patterns |= {word: _in_context(word, rule) for word in rule["words"]}
    longest_first = "|".join(patterns[word] for word in sorted(patterns, key=len, reverse=True))
    # Most characters begin no dialect word; the look-ahead spares them the long alternation.
    initials = re.escape("".join(sorted({word[0] for word in patterns})))
    return re.compile(f"(?=[{initials}])(?:{longest_first})"), standard


def _in_context(word: str, rule: dict[str, Any]) -> str:
    """A pattern for `word` where its neighbours allow it (`next`, `unless_next`, `previous`, `unless_previous`)."""
    before = "".join(f"(?<!{re.escape(text)})" for text in rule.get("unless_previous", ()))
    if "previous" in rule:
        before += "(?:" + "|".join(f"(?<={re.escape(text)})" for text in rule["previous"]) + ")"
    after = "".join(f"(?!{text})" for text in rule.get("unless_next", ()))
    if "next" in rule:
        after += "(?=" + "|".join(rule["next"]) + ")"
    return before + re.escape(word) + after
