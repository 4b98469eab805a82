"""One width for every digit and mark, and Chinese numerals as integers."""

from __future__ import annotations

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_VARIANTS = str.maketrans(
    "　〇○卄∶﹕•·–—―‐‑‒−～〜點週號兩鐘禮後時個間這裡", " 零零廿::..-------~~点周号两钟礼后时个间这里"
)
_SAME = _FULL_WIDTH | _VARIANTS

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2}
_TENS = {"十": 10, "廿": 20, "卅": 30}


def normalise(text: str) -> str:
    """`text` with one spelling for width, dashes and traditional forms; every character keeps its offset."""
    return text.translate(_SAME)


def to_int(numeral: str) -> int:
    """The value of a numeral of ASCII or Chinese digits below 1000; digits in a row (二零二六) are read one by one."""
    if numeral.isascii():
        return int(numeral)
    if not any(sign in _TENS or sign == "百" for sign in numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total, digit = 0, 0
    for sign in numeral:
        if sign == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif sign in _TENS:
            total, digit = total + (digit or 1) * _TENS[sign], 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def first_of_two(numeral: str) -> int:
    """The value of a numeral, or of the first where two neighbours stand for "about" (七八, 两三, 十一二)."""
    if numeral.isascii():
        return int(numeral)
    last_two = [_DIGITS.get(sign) for sign in numeral[-2:]]
    if len(last_two) == 2 and None not in last_two and 0 not in last_two:
        return to_int(numeral[:-1])
    return 9 if numeral == "九十" else to_int(numeral)
