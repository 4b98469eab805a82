"""Decides which long numbers are a telephone, an identity card or a bank card, and which are numbers of things."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from nlu.digit_runs import Digits, digit_runs
from nlu.tables import any_of, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

PersonalNumber = tuple[str, int, int, str]
"""Kind, start, end, and the digits without a country code."""

# Beijing and the large cities have area codes of three digits, all others of four.
AREA_CODE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})")
_WINDOW = 14
_NEAR = 7
_SHORTEST = 7
_LONGEST_CODE = 6
_MOBILE = re.compile(r"(?:00?86|86|0)?(1[3-9][0-9]{9})")
_MOBILE_WITH_A_SLIP = re.compile(r"1[3-9][0-9]{8,10}")
_LANDLINE = re.compile(rf"(?:00?86|86)?({AREA_CODE.pattern})([2-8][0-9]{{6,7}})")
_LOCAL = re.compile(r"[2-8][0-9]{6,7}")
_EXTENSION = re.compile(r"(?: ?(?:转|分机|ext\.?)[ :：]?|-)[0-9]{1,6}(?![0-9])", re.IGNORECASE)
_AMOUNT = ("元", "块", "万元", "年")
_CHECK_LETTER = re.compile(r"[ \-]{0,2}[xX×叉](?![A-Za-z0-9])")

_MONTH_AND_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_DATE = re.compile(f"(?:19|20)[0-9]{{2}}{_MONTH_AND_DAY}")
# GB 11643: area, birthday, order, check character; the old form has a year of two digits and no check.
_ID_18 = re.compile(rf"[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}{_MONTH_AND_DAY}[0-9]{{3}}[0-9X]")
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])"
_ID_15 = re.compile(rf"{_PROVINCE}[0-9]{{4}}[0-9]{{2}}{_MONTH_AND_DAY}[0-9]{{3}}")
_CARD = re.compile(r"(?:62|60|4|5[1-5]|35|37|9[58])[0-9]{13,17}")

# How people group the eleven digits of a mobile number when no word says that it is one.
_MOBILE_GROUPS = frozenset({
    (11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 3, 4), (4, 4, 3), (3, 5, 3), (5, 6), (6, 5), (3, 4, 2, 2),
    (3, 2, 2, 2, 2), (3, 2, 2, 4), (3, 2, 4, 2), (3, 2, 3, 3), (1,) * 11, (1, 10), (3, 1, 3, 4), (3, 4, 3, 1),
})  # fmt: skip
_ANNOUNCING_LETTERS = frozenset({"tel", "phone", "wx", "vx", "v", "mobile", "mob", "t", "m", "p", "id", "no", "ph"})
_LETTERS = re.compile(r"[A-Za-z]+\Z")


@cache
def _words() -> dict[str, re.Pattern[str]]:
    return {kind: re.compile(any_of(words), re.IGNORECASE) for kind, words in read_table("personal_data").items()}


@cache
def _number_of_a_thing() -> re.Pattern[str]:
    """A word for the number of a thing right before a number: 订单号：, 受理编号为."""
    words = _words()["other_numbers"].pattern
    return re.compile(rf"(?:{words})(?:号码?|编号|码|为|是|[:：#\s（(\"「『])*[A-Za-z]{{0,4}}\Z", re.IGNORECASE)


def personal_numbers(text: str) -> Iterator[PersonalNumber]:
    """The telephones and cards in `text`, in order; `text` is half-width."""
    done = 0
    for readings in digit_runs(text, _SHORTEST):
        start = readings[0].start
        if start < done or text[:start].endswith("*"):
            continue
        found = next((judged for number in readings if (judged := _judge(number, text))), None)
        if found:
            yield found
            done = found[2]


def _judge(number: Digits, text: str) -> PersonalNumber | None:
    before = text[max(0, number.start - _WINDOW) : number.start]
    behind = text[number.end : number.end + _WINDOW]
    letters = _LETTERS.search(before)
    part_of_a_code = letters and letters[0].lower() not in _ANNOUNCING_LETTERS
    if part_of_a_code or behind.startswith("*") or _number_of_a_thing().search(before):
        return None
    return _id_card(number, text, before) or _phone(number, text, before, behind) or _bank_card(number, before, behind)


def _id_card(number: Digits, text: str, before: str) -> PersonalNumber | None:
    digits = number.digits
    letter = _CHECK_LETTER.match(text, number.end)
    if letter and 16 <= len(digits) <= 18:
        return "id_card", number.start, letter.end(), digits + "X"
    announced = _words()["id_card"].search(before) and 15 <= len(digits) <= 19 and _is_one_number(number)
    if announced or _ID_18.fullmatch(digits) or (_ID_15.fullmatch(digits) and _is_one_number(number)):
        return "id_card", number.start, number.end, digits
    return None


def _phone(number: Digits, text: str, before: str, behind: str) -> PersonalNumber | None:
    announced = _words()["phone"].search(before) is not None
    if behind.startswith(_AMOUNT):
        return None
    return (
        _mobile(number, text, announced) or _landline(number, text, announced) or _odd_phone(number, before, announced)
    )


def _mobile(number: Digits, text: str, announced: bool) -> PersonalNumber | None:
    match = _MOBILE.fullmatch(number.digits)
    if not match:
        return None
    code = match.start(1)
    if announced or _without_code(number.groups, code) in _MOBILE_GROUPS:
        return "phone", _with_plus(number.start, text) if code else number.start, number.end, match[1]
    return None


def _landline(number: Digits, text: str, announced: bool) -> PersonalNumber | None:
    match = _LANDLINE.fullmatch(number.digits)
    if not match:
        return None
    ends_of_groups = {sum(number.groups[:count]) for count in range(len(number.groups) + 1)}
    if announced or len(number.groups) == 1 or match.end(1) in ends_of_groups:
        extension = _EXTENSION.match(text, number.end)
        end = extension.end() if extension else number.end
        return "phone", _with_plus(number.start, text), end, match[1] + match[2]
    return None


def _odd_phone(number: Digits, before: str, announced: bool) -> PersonalNumber | None:
    """A mobile number with a digit too few or too many, or a number without its area code, where a word says so."""
    digits = number.digits
    slip = announced and _MOBILE_WITH_A_SLIP.fullmatch(digits) and _is_one_number(number)
    at_home = _words()["landline"].search(before[-_NEAR:]) and len(number.groups) <= 2
    if slip or (at_home and _LOCAL.fullmatch(digits) and not _DATE.fullmatch(digits)):
        return "phone", number.start, number.end, digits
    return None


def _bank_card(number: Digits, before: str, behind: str) -> PersonalNumber | None:
    """A card that a word announces, or that looks like one; the check digit decides only where nothing else does."""
    digits = number.digits
    if not _is_one_number(number):
        return None
    words = _words()["bank_card"]
    announced = 12 <= len(digits) <= 23 and (words.search(before) or words.search(behind[: _NEAR + 1]))
    in_fours = len(number.groups) > 3 and set(number.groups[:-1]) == {4} and number.groups[-1] <= 4
    of_china = digits.startswith("62") and len(digits) in (16, 19)
    if announced or (_CARD.fullmatch(digits) and (in_fours or of_china or _passes_luhn(digits))):
        return "bank_card", number.start, number.end, digits
    return None


def _is_one_number(number: Digits) -> bool:
    """Whether the groups may be pieces of one number, and not one number beside another."""
    groups = number.groups
    in_pieces = max(groups) <= 6 or (len(groups) <= 3 and groups[0] == 6)
    return len(groups) == 1 or in_pieces or groups[-1] < 8 <= groups[0] < 15


def _without_code(groups: tuple[int, ...], code: int) -> tuple[int, ...]:
    """`groups` less the country code of `code` digits, which is a group of its own or the head of the first one."""
    while code and groups:
        taken = min(code, groups[0])
        groups = (groups[0] - taken, *groups[1:]) if groups[0] > taken else groups[1:]
        code -= taken
    return groups


def _with_plus(start: int, text: str) -> int:
    """The start of the number with the plus sign or the bracket around its code."""
    start -= text[:start].endswith("+")
    return start - (text[:start].endswith("(") and ")" in text[start : start + _LONGEST_CODE])


def _passes_luhn(digits: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1, annex B)."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + index % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
