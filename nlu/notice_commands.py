"""What is said with notices: to whom one goes and how, and what is to become of one that was given out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from nlu.address_numbers import NUMERAL, number_value
from nlu.places import find_places
from nlu.tables import any_of, read_table
from nlu.wording import fold_width

_MARK = r"[：:，,\n]"
_ONE = rf"第?(?:{NUMERAL})号?"
_GRIDS = rf"{_ONE}(?:网格)?(?:\s*(?:[、，,和跟与及/&]|还有|以及)\s*{_ONE}(?:网格)?)*(?<=网格)"
_NUMBER = re.compile(rf"第?({NUMERAL})号?")
_LONGEST_AUDIENCE = 30


class Act(StrEnum):
    """What is to become of a notice, or is wanted to be known of one."""

    CANCEL = "cancel"
    CHANGE = "change"
    PROGRESS = "progress"
    UNREAD = "unread"
    REMIND = "remind"


@dataclass(frozen=True, slots=True)
class Command:
    """An act; `which` are the words that may say of which notice, `to` what it is changed to.

    `for_good` says that all of those that repeat are meant.
    """

    act: Act
    which: str
    to: str = ""
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a text that gives out a notice: `to_whom` as it was said (may be empty), and where it ends."""

    to_whom: str
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Whom:
    """To whom a notice goes, as far as it was said: None is nothing said, empty is everybody or everywhere.

    `groups` are those of which nobody keeps a list.
    """

    grids: tuple[str, ...] | None = None
    places: tuple[str, ...] = ()
    roles: tuple[str, ...] | None = None
    groups: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether anything was said."""
        return self.grids is not None or self.roles is not None or bool(self.places or self.groups)


def read_head(text: str) -> Head | None:
    """The words with which `text` gives out a notice, or None where it begins with something else."""
    match = next(filter(None, (pattern.match(text) for pattern in _heads())), None)
    if match is None:
        return None
    whom = next((said for name, said in match.groupdict().items() if name.startswith("whom") and said), "")
    return Head(whom.strip(), match.end(), match[0])


def grids_in(words: str) -> tuple[str, ...]:
    """The numbers of the grids that `words` name, each once."""
    named = (each for match in re.finditer(_GRIDS, fold_width(words)) for each in _NUMBER.finditer(match[0]))
    return tuple(dict.fromkeys(number_value(each[1]) for each in named))


def read_whom(words: str) -> Whom:
    """To whom a notice goes by `words` that say nothing else."""
    grids = grids_in(words)
    left = re.sub(_GRIDS, " ", fold_width(words))
    roles = []
    for role, called in _table()["roles"].items():
        if re.search(any_of(called), left):
            roles.append(role)
            left = re.sub(any_of(called), " ", left)
    groups = re.findall(any_of(_table()["groups"]), left)
    left = re.sub(any_of(_table()["groups"]), " ", left)
    everybody = re.search(any_of(_table()["everybody"]), left) is not None
    everywhere = re.search(any_of(_table()["whole"]), left) is not None
    places = _places(left)
    return Whom(
        grids=grids if grids or (everywhere and not places) else None,
        places=places,
        roles=tuple(roles) if roles or everybody else None,
        groups=tuple(dict.fromkeys(groups)),
    )


def read_correction(text: str) -> Whom | None:
    """To whom a notice goes by a text that says this and nothing else (「只发给1网格」, 「2网格的志愿者」), or None."""
    said = re.sub(_table()["enough"], "", text.strip(" 。！!，,吧嘛哈了"))
    match = re.match(_table()["to_whom"], said)
    words = said[match.end() :] if match else said
    if not words or len(words) > _LONGEST_AUDIENCE:
        return None
    whom = read_whom(words)
    if match is None and (whom.places or not _only_says(words)):
        return None
    return whom if whom.says_something else None


def adds(text: str) -> bool:
    """Whether a correction names those who get a notice besides the others (「再加上3网格」)."""
    return re.search(_table()["also"], text.strip()) is not None


def read_command(text: str) -> Command | None:
    """What `text` wants of a notice that was given out, or None where it wants nothing of the kind."""
    said = fold_width(text).strip(" 。！!？?~")
    if re.search(_table()["elsewhere"], said):
        return None
    if re.search(_table()["something_else"], said) and not re.search("通知|公告", said):
        return None
    for act in (Act.REMIND, Act.UNREAD, Act.PROGRESS):
        match = _pattern(act).match(said)
        if match is not None:
            return Command(act, match["which"] or "")
    if _gives_out(said):
        return None
    match = _pattern(Act.CHANGE).match(said)
    if match is not None:
        return Command(Act.CHANGE, match["which"], match["to"].strip(), for_good=_for_good(said[: match.start("to")]))
    match = _pattern(Act.CANCEL).match(said)
    if match is None:
        return None
    return Command(Act.CANCEL, match["which"] or match["behind"] or "", for_good=_for_good(said))


def _for_good(said: str) -> bool:
    return re.search(_table()["for_good"], said) is not None


def asks_confirmation(text: str) -> bool | None:
    """Whether the recipients are to confirm a notice, or None where that is not said."""
    if re.search(_table()["no_ack"], text):
        return False
    return True if re.search(_table()["ack"], text) else None


def is_at_once(text: str) -> bool:
    """Whether a notice is to go out now."""
    return re.search(_table()["now"], text.strip()) is not None


def urgency(text: str) -> str | None:
    """The words by which a notice is to go out in the quiet hours too, with the reason where one is told; or None."""
    head = read_head(text)
    match = re.search(_table()["urgent"], text)
    said = match[0] if match else None
    if said is None and head is not None and re.search("紧急|特急|加急", head.words):
        said = "紧急通知"
    reason = re.search(_table()["reason"], text) if said else None
    return f"{said}：{reason['why']}" if said and reason else said


def without_orders(text: str) -> str:
    """The words of a notice without what is said around them of sending it (「说一下……，马上发，不管几点」)."""
    text = re.sub(_table()["before"], "", text)
    while (shorter := re.sub(_table()["behind"], "", text)) != text:
        text = shorter
    return text


def kind_said(text: str) -> str | None:
    """The word for the kind of a notice that a text says it is (「这是活动通知」), or None."""
    match = re.search(_table()["kind_said"], text.strip(" 。！!"))
    return match["kind"] if match else None


def unwanted_kind(text: str) -> str | None:
    """The word for a kind of notices that the speaker wants no more (「别再给我发活动通知」), or None."""
    return _kind("opt_out", text)


def wanted_kind(text: str) -> str | None:
    """The word for a kind of notices that the speaker wants again, or None."""
    return _kind("opt_in", text)


def is_acknowledgement(text: str) -> bool:
    """Whether a text says that a notice was read, and nothing else."""
    return re.fullmatch(_table()["acknowledged"], text.strip()) is not None


def is_not_received(text: str) -> bool:
    """Whether a text says of a notice that it was not received or answered, by whomever."""
    return re.search(_table()["not_received"], text) is not None


def words_sought(text: str, besides: tuple[str, ...] = ()) -> list[str]:
    """The words of a text that looks for notices that say of what they are; `besides` are those of its times."""
    left = text
    for each in besides:
        left = left.replace(each, " ")
    left = re.sub(_table()["asks"], " ", left)
    return [word for word in re.split(r"[\W_]+", left) if len(word) > 1]


def _kind(which: str, text: str) -> str | None:
    match = re.fullmatch(_table()[which], text.strip(" 。！!，,"))
    return (match["kind"] or match["first"]) if match else None


def _gives_out(text: str) -> bool:
    """Whether a text gives a notice out, and takes none back (「通知取消」)."""
    head = read_head(text)
    return head is not None and (head.words.endswith((":", "：")) or _pattern(Act.CANCEL).match(text) is None)


def _only_says(words: str) -> bool:
    """Whether words say nothing but to whom."""
    table = _table()
    known = [*table["everybody"], *table["groups"], *table["filler"], *table["whole"]]
    known += [word for called in table["roles"].values() for word in called]
    return re.fullmatch(rf"(?:{_GRIDS}|{any_of(known)}|[、，,\s])+", fold_width(words)) is not None


def _places(words: str) -> tuple[str, ...]:
    """Names of places that are left when all that says who is meant is taken away."""
    table = _table()
    left = re.sub(any_of([*table["everybody"]]), " ", words)
    pieces = [
        re.sub(rf"^(?:{any_of(table['filler'])})+|(?:{any_of(table['filler'])})+$", "", each)
        for each in re.split(r"[、，,和跟与及\s]+", left)
    ]
    named = [each for each in pieces if len(each) > 1 and each not in table["whole"]]
    return tuple(dict.fromkeys(places[0].value if (places := find_places(each)) else each for each in named))


@cache
def _heads() -> tuple[re.Pattern[str], ...]:
    t = _table()
    known = [*t["everybody"], *t["groups"], *t["filler"], *t["whole"]]
    known += [word for called in t["roles"].values() for word in called]
    strict = rf"(?:{_GRIDS}|(?:{any_of(known)})|[、\s])+(?<!的)"
    loose = rf"[^：:，,。\n]{{1,{_LONGEST_AUDIENCE}}}?"
    thing = rf"(?:{t['urgent_word']}*的?{t['thing']})"
    after = rf"(?:\s*{_MARK}\s*|\s+)"
    to_people = rf"{loose}(?:{any_of([*t['everybody'], *t['groups']])})"
    to_grids = rf"{_GRIDS}.{{0,12}}?"
    give, push = rf"{t['lead']}(?:给|向|跟|对)", rf"{t['lead']}{t['verb']}{t['count']}"
    tell = rf"{t['lead']}{t['urgent_word']}*通知{t['count']}(?:给|到)?"
    forms = (
        # 给2网格和3网格的志愿者发个通知：…
        rf"{give}(?P<whom1>{to_grids}|{loose}){t['verb']}{t['count']}{thing}?{t['count']}{after}?",
        # 发通知给2网格：… and 发紧急通知给2网格今晚停气
        rf"{push}{thing}?(?:给|到|向)(?:(?P<whom2>{strict}){after}?(?!的)|(?P<whom3>{to_grids}|{loose}){_MARK}\s*)",
        # 通知一下全社区，… and 通知2网格的居民：…
        rf"{tell}(?:(?P<whom4>{strict}){after}?(?!的)|(?P<whom5>{to_people}){_MARK}\s*)",
        # 发个通知：… and 发通知明天停水
        rf"{push}{thing}{t['count']}{after}?",
        rf"{t['lead']}{t['urgent_word']}*{t['thing']}\s*[：:]\s*",
        rf"{push}\s*[：:]\s*",
    )
    return tuple(re.compile(each) for each in forms)


@cache
def _pattern(act: str) -> re.Pattern[str]:
    return re.compile(_table()[act])


@cache
def _table() -> dict[str, Any]:
    return read_table("notice_commands")
