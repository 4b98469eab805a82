"""Finds the personal marks that hold letters: addresses of mail, ids of messengers, plates of cars."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Found = tuple[int, int, str]
"""Start, end and what may be shown in its place."""

_AT = r" ?(?:@|\(at\)|\[at\]|艾特| at ) ?"
_DOT = r" ?(?:\.|。|点|\(dot\)| dot ) ?"
_LABEL = r"[A-Za-z0-9\-]{1,40}"
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-*])[A-Za-z0-9](?:[A-Za-z0-9._%+\-]{0,62}[A-Za-z0-9_\-])?"
    rf"{_AT}({_LABEL}(?:{_DOT}{_LABEL}){{0,3}}{_DOT}[A-Za-z]{{2,10}})(?![A-Za-z0-9])",
    re.IGNORECASE,
)

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_DIGIT = "零〇一二三四五六七八九幺洞拐勾"
# Five or six characters after the letter of the city; a sixth is that of new energy or of a use (学, 警, 挂).
_SERIAL = (
    r"[ ·•.\-・—,，]{0,2}(?P<serial>[A-Za-z0-9](?:[ ·.\-]?[A-Za-z0-9]){3,5}[学警挂港澳领使]?"
    rf"|[A-Za-z]? ?[{_DIGIT}](?:[ ,，]?[{_DIGIT}A-Za-z]){{3,5}})(?![A-Za-z0-9*])"
)
_PLATE = re.compile(rf"(?P<area>[{_PROVINCES}] ?[A-Za-z]){_SERIAL}")
_PLATE_WITHOUT_PROVINCE = re.compile(rf"(?:车牌号?码?|车号)(?:是|为|[:：\s])*(?P<area>[A-Z]){_SERIAL}")
_PLATE_DIGIT = re.compile(f"[0-9{_DIGIT}]")
_FEWEST_PLATE_DIGITS = 3

_WECHAT = (
    r"(?:微信|威信|薇信|徽信|v信|微x|wei ?xin|we ?chat|(?<![A-Za-z])(?:vx|wx|v)(?![A-Za-z])|\+v|加v|(?<![A-Za-z])v我)"
)
_OF_NOBODY = "公众号|群|小程序|支付|转账|红包|步数|版本|app"
_ID = "[A-Za-z][-_A-Za-z0-9]{5,19}"
_MESSENGER_IDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_WECHAT}(?!{_OF_NOBODY})(?:账号|帐号|号码?|名|id)?"
        r"(?:是|为|叫|is|搜索?|[:：=\s,，→>]|加我|我的|就是|我?名字|全拼|拼音|id|[（(「“\"])*"
        r"(?P<id>[A-Za-z][-_A-Za-z0-9]{4,19}|[1-9][0-9]{5,10}|[-_A-Za-z0-9]{6,20})(?![A-Za-z0-9@.])",
        r"(?<![A-Za-z0-9_\-])(?P<id>wxid_[A-Za-z0-9]{6,24})(?![A-Za-z0-9_])",
        rf"(?<![A-Za-z0-9_\-@.])(?P<id>{_ID})[\s,，]?(?:这个?)?(?:就?是|为)(?:我|他|她)?的?{_WECHAT}",
        rf"(?:加我|加下我|加他|加她)(?:好友)?[:：\s]*(?P<id>{_ID})(?![A-Za-z0-9@.])",
        r"(?<![A-Za-z])(?:qq|扣扣|企鹅)(?!群|邮箱|空间|音乐)(?:号码?)?(?:是|为|[:：\s])*"
        rf"(?P<id>[1-9][0-9 ]{{3,12}}[0-9](?![0-9@])|[{_DIGIT}]{{5,11}}(?![{_DIGIT}]))",
    )
)
_NO_ID = re.compile(
    "(?:weixin|wechat|android|iphone|huawei|xiaomi|windows|version|http|official|mini|program|login|server|token"
    "|emoji|moment|alipay|robot|group|team|work).*",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Found]:
    """Addresses of mail in half-width `text`, also with 艾特 and 点 for the signs."""
    for match in _EMAIL.finditer(text):
        yield match.start(), match.end(), f"***@{match[1]}"


def plates(text: str) -> Iterator[Found]:
    """Plates of cars in half-width `text`: 川A12345, 川Z·D12345 (new energy), 川Z一二三四五."""
    for pattern in (_PLATE, _PLATE_WITHOUT_PROVINCE):
        for match in pattern.finditer(text):
            if len(_PLATE_DIGIT.findall(match["serial"])) >= _FEWEST_PLATE_DIGITS:
                yield match.start("area"), match.end(), f"{match['area']}*****"


def messenger_ids(text: str) -> Iterator[Found]:
    """Ids of WeChat, and of QQ, in half-width `text`, where a word says that they are such."""
    for pattern in _MESSENGER_IDS:
        for match in pattern.finditer(text):
            if not _NO_ID.fullmatch(match["id"]):
                yield match.start("id"), match.end("id"), f"{match['id'][0]}***"
