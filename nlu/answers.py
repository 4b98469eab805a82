"""Short answers to a question that the bot has just asked: yes, no, never mind, I do not know, a number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from nlu.tables import any_of, read_table

_NOT_WORDS = re.compile(r"[\s\W_]+")
_TAIL = re.compile(r"(?:[哈哦噢啊呀嘛吧了的呢咯喽哇]|谢谢|麻烦了|麻烦你了)+$")
_NUMBER = re.compile(r"(?:就|我)?(?:选|要|按|是)?\s*第?\s*([0-9]{1,2}|[一二两三四五六七八九])\s*(?:个|号|项|种|样)?")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
# The surest way to say it stands first: 「打错了，不是5栋是6栋」 names what is wrong as well.
_CORRECTIONS = (
    re.compile(r"(?:不是|不在)(?P<wrong>[^，,。；;是]{1,20}?)\s*[，,、\s]*(?:而?是|在|改成|改为)(?P<right>.+)"),
    re.compile(
        r"^(?:[^，,。；;]{0,6}[，,。\s]+)?(?:应该)?是(?P<right>[^，,。；;是不]{1,20})[，,、\s]*不是(?P<wrong>[^，,。；;吗嘛？?]{1,20})[的哈哦。！!]*$"
    ),
    re.compile(r"(?:改成|改为|更正为|应该是|应为|换成)(?P<right>.+)"),
    re.compile(r"^(?:哦|哎)?不(?:是的?|对)?[，,。\s]+(?:应该)?是(?P<right>[^，,。；;]{1,20})$"),
    re.compile(r"(?:打错了?|说错了?|写错了?|弄错了?|搞错了?|错了|不对|不对头)[，,。\s]+(?:我?是|应该是)?(?P<right>.+)"),
)
_CONJUNCTION = re.compile(r"^(?:另外|还有就是|还有|再补充|补充一[下句点]|不过|但是|只是|再说一[下句])")


@dataclass(frozen=True, slots=True)
class YesNo:
    """An answer to a yes-or-no question, and what else was said with it (「对的，还有就是…」)."""

    yes: bool
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """「不是5栋是6栋」: `right` is what holds, `wrong` what does not, where it was said."""

    right: str
    wrong: str = ""


def read_yes_no(text: str) -> YesNo | None:
    """Whether `text` answers yes or no, alone or at its beginning; None where it does neither."""
    whole = _plain(text)
    for yes, kind in ((True, "agree"), (False, "refuse")):
        if _only(kind).fullmatch(whole) or _TAIL.sub("", whole) in _words(kind):
            return YesNo(yes)
    head, _, rest = _split(text)
    if not rest:
        return None
    for yes, words in ((True, _words("agree")), (False, _words("refuse"))):
        if _plain(head) in words:
            return YesNo(yes, rest)
    return None


def is_cancel(text: str) -> bool:
    """Whether the whole of `text` asks to stop; the same words as part of a story do not."""
    return _is(text, "cancel") or _patterns("cancel_in_words").fullmatch(_plain(text)) is not None


def is_skip(text: str) -> bool:
    """Whether `text` says that the person does not know or does not mind."""
    return _is(text, "unknown") or _patterns("unknown_in_words").fullmatch(_plain(text)) is not None


def is_done(text: str) -> bool:
    """Whether `text` says that all has been told (「就这些」)."""
    return _is(text, "done")


def is_wait(text: str) -> bool:
    """Whether the whole of `text` asks for a moment (「等一下」)."""
    return _patterns("wait").fullmatch(_plain(text)) is not None


def is_resume(text: str) -> bool:
    """Whether `text` asks to go on with what was stopped (「继续」)."""
    return _is(text, "resume") or _patterns("resume_in_words").fullmatch(_plain(text)) is not None


def speaks_of_others(text: str) -> bool:
    """Whether `text` tells what somebody else says or does."""
    return _others().search(text) is not None


def read_number(text: str) -> int | None:
    """The number of a menu entry (「1」 「选2」 「第三个」), or None."""
    plain = unicodedata.normalize("NFKC", text).strip(" 。.、,，!！)）")
    match = _NUMBER.fullmatch(_TAIL.sub("", plain))
    if match is None:
        return None
    said = match.group(1)
    return _DIGITS.get(said) or int(said)


def read_correction(text: str) -> Correction | None:
    """What `text` puts right, or None where it corrects nothing."""
    match = next(filter(None, (pattern.search(text) for pattern in _CORRECTIONS)), None)
    if match is None:
        return None
    right = match["right"].strip(" ，,。!！")
    wrong = match.groupdict().get("wrong") or ""
    return Correction(right, wrong.strip()) if right else None


def _is(text: str, kind: str) -> bool:
    whole = _plain(text)
    return whole in _words(kind) or _TAIL.sub("", whole) in _words(kind)


def _split(text: str) -> tuple[str, str, str]:
    parts = re.split(r"([，,。；;！!\s]+)", text.strip(), maxsplit=1)
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    conjunction = re.search(r"(?:另外|还有就是|还有|不过|但是)", text)
    if conjunction and conjunction.start():
        return text[: conjunction.start()], "", text[conjunction.start() :]
    return text, "", ""


def without_conjunction(text: str) -> str:
    """「还有就是昨晚也漏」 without the words that only join it to what was said before."""
    return _CONJUNCTION.sub("", text).lstrip(" ，,：:")


def _plain(text: str) -> str:
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text)).lower()


@cache
def _only(kind: str) -> re.Pattern[str]:
    """Words of that kind and nothing else, one or several (对头对头, 好的发吧)."""
    return re.compile(f"(?:{any_of(_words(kind))})+")


@cache
def _others() -> re.Pattern[str]:
    return re.compile("|".join(read_table("answers")["others"]))


@cache
def _patterns(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(read_table("answers")[kind]))


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(_plain(str(word)) for word in read_table("answers")[kind])
