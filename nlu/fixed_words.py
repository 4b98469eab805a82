"""Fixed words: messages that are heard by patterns of the whole, because no model is to guess at them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from nlu.persons import find_persons
from nlu.places import find_places
from nlu.tables import any_of, read_table
from nlu.wording import fold_width

_SHORTEST_POINTER = 2
"""Characters of 「那个」, which people also say while they think."""

LONGEST_NAME = 12
_MARKS = " 。.，,！!？?~～；;：:“”\"'"
_LATIN = re.compile(r"[A-Za-z][A-Za-z .'-]{1,30}")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}[·•][\u4e00-\u9fff]{1,6}")
_OF_SURNAME = re.compile(r"(?:我?姓)([\u4e00-\u9fff]{1,2})")


@dataclass(frozen=True, slots=True)
class RoleWish:
    """A role that is to be given or taken: `name` is whom it concerns, `area` where, as it was said."""

    grants: bool
    name: str
    role: str
    area: str
    reason: str = ""


def wants_binding_code(text: str) -> bool:
    """Whether a code is wanted that joins another account."""
    return any(re.fullmatch(pattern, _bare(text)) for pattern in _table("wants_binding_code"))


def binding_code(text: str) -> str | None:
    """The code that is said to join this account (「绑定 ABCD2345」), in capitals."""
    return _code("binding", text)


def invitation_code(text: str) -> str | None:
    """The code of an invitation, in capitals."""
    return _code("invited", text)


def invitation_area(text: str) -> str | None:
    """The area for which an invitation code is wanted (「给5栋做个邀请码」), as it was said."""
    for pattern in _table("wants_invitation"):
        match = re.fullmatch(pattern, _bare(text))
        if match is not None:
            return next(found for found in match.groups() if found)
    return None


def confirmation(text: str) -> bool | None:
    """Whether a grid member says that somebody lives there (「属实」) or not; None for anything else."""
    match = re.fullmatch(str(_table("confirms")), _bare(text))
    return None if match is None else match["yes"] is not None


def points_at(text: str) -> str | None:
    """What is told of the thing at which a message points and says no more (漏水那个); None for anything else.

    It is empty where nothing is told of it (那边那个).
    """
    said = _bare(text)
    match = re.fullmatch(str(_table("points_at")), said)
    return match["what"] if match and len(said) > _SHORTEST_POINTER else None


def needs_no_help(text: str) -> bool:
    """Whether a message says that what was reported needs nobody any more (算了不用修了，亮了)."""
    return re.fullmatch(str(_table("needs_no_help")), _bare(text)) is not None


def refuses_consent(text: str) -> bool:
    """Whether a consent is refused in so many words."""
    return re.fullmatch(str(_table("refuses_consent")), _bare(text)) is not None


def role_wish(text: str) -> RoleWish | None:
    """The grant or revocation of a role that a message is, from its first word to its last."""
    reason = re.search(str(_table("reason")) + r"\Z", text.strip())
    said = _bare(text[: reason.start()] if reason else text)
    for kind in ("grants", "revokes"):
        match = _role_pattern(kind).fullmatch(said)
        if match is not None:
            found = {name: value for name, value in match.groupdict().items() if value}
            name = (found.get("name") or found["name2"]).strip()
            role = _role_called(found.get("role") or found["role2"])
            area = found.get("area") or found.get("area2") or ""
            return RoleWish(kind == "grants", name, role, area.strip(), _bare(reason["reason"]) if reason else "")
    return None


def name_in_answer(text: str) -> str | None:
    """The name that answers how one is called; None for words that are none (「算了」 「我有多少任务」)."""
    said = _bare(text)
    surname = _OF_SURNAME.fullmatch(said)
    if surname is not None and surname[1] in read_table("persons")["surnames"]:
        return surname[1]
    said = re.sub(str(_table("name_lead")), "", said).strip(_MARKS)
    if not said or len(said) > LONGEST_NAME:
        return None
    if any((person.start, person.end) == (0, len(said)) for person in find_persons(said)):
        return said
    if _LATIN.fullmatch(said):
        return said
    if not _HAN.fullmatch(said) or set(said) & set(str(_table("not_in_names"))) or _holds_a_word(said):
        return None
    is_place = re.search(f"{_table('homes')}$", said) is not None
    return None if is_place else said


def home_in_answer(text: str) -> str | None:
    """The home that answers where one lives; None for words that name no place (「我有多少任务」)."""
    said = text.strip(_MARKS)
    if not 1 < len(said) <= 60 or re.search(str(_table("asks")), text.strip()):
        return None
    return said if find_places(said) or re.search(f"{_table('homes')}", said) else None


def _code(kind: str, text: str) -> str | None:
    match = re.fullmatch(str(_table(kind)), _bare(fold_width(text)))
    return match["code"].upper() if match else None


def _holds_a_word(text: str) -> bool:
    """Whether two neighbouring characters are an ordinary word, as they seldom are in a name."""
    words = read_table("ordinary_words")["words"]
    return any(text[start : start + 2] in words for start in range(len(text) - 1))


def _role_called(word: str) -> str:
    return str(next(role for role, words in _table("roles").items() if word in words))


@cache
def _role_pattern(kind: str) -> re.Pattern[str]:
    words = any_of(word for words in _table("roles").values() for word in words)
    pattern, names, roles = str(_table(kind)), 0, 0
    while "NAME" in pattern:
        names += 1
        pattern = pattern.replace(
            "NAME", f"(?P<name{names if names > 1 else ''}>[^，,。的在当做0-9（]{{1,12}}(?:（居民[0-9]+）)?)", 1
        )
    while "ROLE" in pattern:
        roles += 1
        pattern = pattern.replace("ROLE", f"(?P<role{roles if roles > 1 else ''}>{words})", 1)
    return re.compile(pattern)


def _table(key: str) -> Any:
    return read_table("fixed_words")[key]


def _bare(text: str) -> str:
    return text.strip(_MARKS)
