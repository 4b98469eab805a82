"""Reads what people say around an opinion: that they have one, on what, whether they sign it or want it back."""

from __future__ import annotations

import re
from functools import cache

from nlu.tables import any_of, read_table

_PAUSE = re.compile(r"[：:，,。；;！!？?\s]+")
_CLAUSE = r"(?:附件|附表)?第[\d.〇零一二三四五六七八九十百（）()]+(?:条|项|款|部分)|\d{1,2}(?:\.\d{1,2}){1,2}(?![\d%])"
_MASKED = re.compile(r"[\d*]*\*{2,}[\d*]*")
_SHORTEST = 2
_LONGEST_REQUEST = 20
"""Characters of a message about one's own opinions; a longer one is an opinion."""


def opinion_in(text: str) -> str | None:
    """What `text` says of a document, without the words that only announce it; None where it says nothing yet."""
    said = text.strip()
    opening = _PAUSE.search(said)
    if opening and _only_announces().fullmatch(said[: opening.start()]):
        said = said[opening.end() :]
    says = sum(char.isalnum() for char in said) >= _SHORTEST
    return said if says and not _announces(said) and not is_about_own(text) else None


def place_in(text: str) -> str | None:
    """`text`, if it says in so many words which part of a document is meant; None where only its subject may."""
    if is_another(text):
        return None
    pieces = _PAUSE.split(text.strip())
    named = re.search(_CLAUSE, text) or _any("whole").search(text) or _any("points_back").search(text)
    only = re.fullmatch(read_table("opinions")["names_only"], text.strip())
    return text.strip() if named or only or any(map(_announces_subject, pieces)) else None


def is_another(text: str) -> bool:
    """Whether the whole of `text` says that another clause is meant, and not which."""
    return bool(re.fullmatch(read_table("opinions")["another"], text.strip(" 。！!")))


def names_whole(text: str) -> bool:
    """Whether `text` says that the whole document is meant."""
    return bool(_any("whole").search(text))


def names_document(text: str) -> bool:
    """Whether `text` speaks of the document by any of its names."""
    return bool(_any("document").search(text))


def before_pointer(text: str) -> str | None:
    """What stands before the words that point back at a clause (「这条」); None where nothing does."""
    match = _any("points_back").search(text)
    return text[: match.start()] if match else None


def may_point_back(text: str) -> bool:
    """Whether `text` has a word that may point back (「这个」)."""
    return bool(_any("perhaps_points_back").search(text))


def without_document(text: str) -> str:
    """`text` without the names of the document, which its own preamble bears as well, and without masked numbers."""
    return _MASKED.sub(" ", _any("document").sub(" ", text))


def without_comment(text: str) -> str:
    """`text` without the words of commenting, which are the same whatever is commented on."""
    for kind in ("whole", "document", "points_back", "judging"):
        text = _any(kind).sub(" ", text)
    return " ".join(piece for piece in _PAUSE.split(text) if not _only_announces().fullmatch(piece))


def is_about_own(text: str) -> bool:
    """Whether somebody wants to see or to take back what they have said, and says nothing new."""
    return asks_for_own(text) or takes_back(text)


def asks_for_own(text: str) -> bool:
    """Whether somebody asks what they have said before."""
    return len(text) <= _LONGEST_REQUEST and _matches("own", text)


def takes_back(text: str) -> bool:
    """Whether somebody takes back what they have said before."""
    return len(text) <= _LONGEST_REQUEST and _matches("withdraws", text)


def opinion_number(text: str) -> int | None:
    """The number of an opinion (「7号」), or None."""
    match = re.search(read_table("opinions")["number"], text)
    return int(match.group(1)) if match else None


def wants_signature(text: str) -> bool | None:
    """Whether somebody wants their name under it; None where they say nothing of that."""
    if _matches("unsigned", text):
        return False
    return True if _matches("signs", text) else None


def _announces(text: str) -> bool:
    """Whether `text` says that there is an opinion, perhaps on what, and not which."""
    bare = text.strip(" 。！!？?，,：:")
    return bool(_only_announces().fullmatch(bare)) or _announces_subject(bare)


def _announces_subject(text: str) -> bool:
    """「我对积分制有点意见」."""
    words = any_of(read_table("opinions")["announcing"])
    opinion = r"(?:有|提)\w{0,3}(?:意见|建议|看法|想法|话说|话要说)"
    return bool(
        re.fullmatch(
            rf"(?:{words})*?(?:对|关于|针对)[^，,。]{{1,12}}?(?:我们?)?(?:想|要|也)*{opinion}[了嘛啊哈]*", text
        )
    )


@cache
def _only_announces() -> re.Pattern[str]:
    table = read_table("opinions")
    words = any_of([*table["announcing"], *table["document"], *table["whole"], *table["points_back"]])
    return re.compile(rf"(?:{words}|{_CLAUSE})*")


@cache
def _any(kind: str) -> re.Pattern[str]:
    return re.compile(any_of(read_table("opinions")[kind]))


def _matches(kind: str, text: str) -> bool:
    return any(re.search(pattern, text) for pattern in read_table("opinions")[kind])
