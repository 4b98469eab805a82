"""What people say of themselves in a text (name, telephone, door), found and taken out."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlu.personal_data import DatumKind, find_personal_data, mask
from nlu.persons import find_persons
from nlu.places import find_places, spelled

SOMEBODY, RESIDENT, NUMBER, DOOR = "某某", "住户", "（号码不显示）", "***"
"""What stands for a name, for a name behind 「……的」, for a telephone or the like, for a door."""


class Known(NamedTuple):
    """What is known of a speaker, so that it is found wherever it stands."""

    name: str | None = None
    phone: str | None = None
    home: str | None = None


NOBODY = Known()

_ONESELF = re.compile(
    r"(?:我(?:就|也|们)?(?:是|叫|姓|名叫)?|我的?名字(?:就)?(?:是|叫)?|本人(?:是|叫|姓)?|鄙人|敝姓|免贵姓|联系人|署名|落款|报告人|举报人|实名)"
    r"[：:\s]*(?:[^，,。；;！!？?]{1,14}的(?:住户|居民|业主|租户|村民)?)?$"
)
_KIN = re.compile(
    r"我(?:们?家|屋头)?的?(?:老公|老婆|老伴|爱人|男人|婆娘|老汉儿?|爸爸?|妈妈?|儿子?|女儿?|娃儿?|孙[子女儿]?|爷爷|奶奶|外?婆|外?公"
    r"|媳妇儿?|女婿|哥哥?|弟弟?|姐姐?|妹妹?|丈夫|妻子|幺儿|幺妹)(?:名)?(?:叫|是)?$"
)
_OTHERS = re.compile(r"楼[上下]|隔壁|对门|邻居|[跟和与被找帮替劝骂打问]")
_MY_PLACE = re.compile(
    r"(?:我(?:们)?(?:家|屋头|屋里|这边)?|本人)(?:就)?(?:是|住在|住的是|住|在)*的?$|(?:^|[，,。；;\s])(?:现|家|就)?住(?:在)?$"
)
_MY_ROOM = re.compile(
    rf"((?:(?:我(?:们)?|本人)(?:{SOMEBODY})?(?:家|屋头|屋里|屋)?|家)(?:就)?(?:是|住在|住的是|住|在)*)[0-9]{{3,4}}(?![0-9.])(室|号房|房|号|家)?"
)
_NUMBER_OF_UNIT = r"[0-9A-Za-z零一二三四五六七八九十百两]+"
_DOOR = re.compile(
    rf"(?:{_NUMBER_OF_UNIT}(?:单元|楼|层|室|号房|号(?!楼)|房)|附{_NUMBER_OF_UNIT}号?|[0-9]{{3,4}}|\*\*\*)+"
)
_LAST_ROOM = re.compile(r"[0-9]{3,4}(?=(?:室|号房?|房)?$)")
_DASHES = re.compile(r"([0-9]+)(?:-[0-9]+){1,2}")


def without_oneself(text: str, speaker: Known = NOBODY) -> str:
    """`text` without what its speaker says there of themselves: name, telephone, door; and masked as `mask` does."""
    text = without_name_and_number(text, speaker)
    for found in sorted(find_places(text), key=lambda found: -found.start):
        if _MY_PLACE.search(text[: found.start]):
            text = text[: found.start] + (building_of(text[found.start : found.end]) or DOOR) + text[found.end :]
    text = _MY_ROOM.sub(lambda match: f"{match[1]}{DOOR}{match[2] or ''}", text)
    for home in _homes(speaker.home):
        text = text.replace(home, building_of(home) or DOOR)
    room = _LAST_ROOM.search(speaker.home) if speaker.home else None
    if room:
        text = re.sub(rf"(?<![0-9.]){room[0]}(?![0-9.元块路号次])", DOOR, text)
    return mask(text)


def nobody_named(text: str) -> str:
    """`text` without the name of anybody, for where others read along."""
    for found in sorted(find_persons(text), key=lambda found: -found.start):
        text = text[: found.start] + SOMEBODY + text[found.end :]
    return text


def building_of(address: str) -> str:
    """`address` without what lies behind the building: 桂花苑3栋2单元501 is 桂花苑3栋, 文林巷8号 is 文林巷."""
    return _DOOR.sub("", _DASHES.sub(r"\1栋", address))


def without_name_and_number(text: str, speaker: Known = NOBODY) -> str:
    """`text` without its speaker's name and without telephones and the like; places stay."""
    return _without_numbers(_without_names(text, speaker.name), speaker.phone)


def _without_names(text: str, own: str | None) -> str:
    for found in sorted(find_persons(text), key=lambda found: -found.start):
        before = text[: found.start]
        said = _ONESELF.search(before)
        if (said and not _OTHERS.search(said[0])) or _KIN.search(before):
            text = before + (RESIDENT if before.endswith("的") else SOMEBODY) + text[found.end :]
    return text.replace(own, SOMEBODY) if own else text


def _without_numbers(text: str, own: str | None) -> str:
    for found in sorted(find_personal_data(text), key=lambda found: -found.start):
        if found.kind in (DatumKind.PHONE, DatumKind.WECHAT_ID, DatumKind.EMAIL):
            text = text[: found.start] + NUMBER + text[found.end :]
    return text.replace(own, NUMBER) if own else text


def _homes(home: str | None) -> list[str]:
    """The ways in which a registered home may stand in a text, the longest first."""
    if not home:
        return []
    spellings = {home, spelled(home)}
    tails = {tail[0] for spelling in spellings if (tail := re.search(r"[0-9]+(?:栋|幢|号楼).+$", spelling))}
    return sorted((way for way in spellings | tails if len(way) >= 3), key=len, reverse=True)


def own_places(text: str) -> list[str]:
    """The places that a text tells as those of its speaker (我家在…, 我是…的), spelled in one way."""
    return [spelled(place.value) for place in find_places(text) if _MY_PLACE.search(text[: place.start])]


def tells_door(address: str) -> bool:
    """Whether an address goes beyond the building."""
    return _DOOR.search(address) is not None
