"""What a message tells of a report: what happened, where, since when, and whether to be named."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.addresses import address_in, bare, part_alone, points_somewhere
from handlers.cases import rules, scene
from handlers.cases.replies import report as replies
from handlers.forms import UNKNOWN, Said
from handlers.turn import AttachmentKind
from nlu import answers
from nlu.anonymity import wants_no_name
from nlu.places import find_places
from nlu.times import SHANGHAI, find_times

if TYPE_CHECKING:
    from datetime import datetime

PLACE_WORDS = ("地点", "地址", "地方", "位置", "楼栋", "单元", "房号", "门牌")
LONGEST_PLACE = 60
LONGEST_NAME = 16
"""Characters of a place that only its neighbours know (老茶馆, 王家坝的晒坝)."""

LONGEST_DAY = 12
SHORTEST_STORY = 3
_GREETS = r"[你您]们?好|喂+|在(?:不在|吗|不)?|同志|主任|网格员|师傅|请问|那个|哎|嗯|我说|麻烦你?们?"
_ADDRESS = rf"(?:{_GREETS}|[，,。、！!？?~\s])*我?们?(?:这?(?:里|边)|屋头)?"
_THING = r"(?:[一有]?[些点个件下哈]|一下|一哈)*(?:事情?|问题|情况|纠纷|矛盾|隐患)"
_END = r"[嘛哈吧哦噻。，,！!~\s]*"
_WISH = rf"(?:想|要|来|需要|有{_THING}|可以|[给帮跟向找](?:你们|我)?)+"
_REPORTS = r"(?:投诉|举报|上?报|报告|报个?修|反[映应])"
OPENING = re.compile(
    rf"{_ADDRESS}(?:{_WISH}{_REPORTS}(?:{_THING}|一[下哈]|个?修)?[吗不]?|{_WISH}(?:说|讲|摆)(?:{_THING}|一[下哈])?|{_REPORTS}{_THING}"
    rf"|投诉|举报|报个?修|反映|有[个件些点](?:事情?|问题|情况|纠纷|隐患)(?:想|要|需要)?(?:找?你们)?(?:管|处理|解决|帮忙)?){_END}"
)
"""Says that there is something to report, and not what."""

_SPANS = r"(?:天|周|个?星期|个?礼拜|个?(?:把)?月|年|阵(?:子)?|段时间|段日子|段|些日子|些时候|久|长时间)"
_NO_DAY = re.compile(
    rf"(?:从|自打|自从).+(?:就|起|开始)|一直|长期|早就|[好许很]久(?:了|啦|都|没)|(?<![隔每前后下再过])(?:[好有很这那许](?:几|多|些|一)*|几)"
    rf"(?:十|百)*{_SPANS}(?:[了啦咯]|都|来|天天|就)|(?:年|月|天)[把多]了|不晓得好久了|不是一天两天"
)
"""Says since when, and names no day."""

_HAPPENED = re.compile(r"了[。！!]*$")
"""Ends what tells that something has come about (地震了), and no place."""

_NO_NAME = re.compile(
    r"[?？]|[吗么呢]$|为(?:啥|什么|何)|[咋怎]|啥|哪[个儿里些]|什么|好[多久]|多少|是不是|能不能|可不可以|要不要|[想要请问帮喊叫骂打说吵]"
    r"|(?<![一-龥])[你您他她]|我(?!们?(?:家|屋|院|村|社|组|队|这|那|楼|单元|小区|大门|门|对门|隔壁))|[没莫不](?:得|有|要|是|想|行)"
)
"""Stands in what asks, tells or wants something, and in the name of no place."""

_ABOUT_WHEN = re.compile(
    r"开始|就|从|自|起|大概|大约|差不多|可能|好像|怕|应该|是|在|有|到现在|之?前|后|以来|这样|那[阵会]|左右|[了的嘛吧哦呢啊嗯么呀这那]|\W"
)
"""Words around a day that only say that it began then."""

_HOUR = re.compile(
    r"(?:大?半夜|深夜|夜里|夜间|凌晨|清早|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|白天|[零〇一二两三四五六七八九十0-9:：]+|点|多|钟|半|刻|分|到|至|、|-|~)+"
)
"""An hour or a part of the day, which tells what happens when and not since when it does (半夜打麻将)."""

_INTRODUCES = re.compile(r"我们?(?:就?是|住在?)[^，,。；;！!？?\n]{2,20}?的[一-龥]{2,4}(?=$|[，,。；;！!？?\s])")
"""Says who speaks, and not where it is."""

_NO_MATTER = re.compile(r"(?:随便|都行|都可以|都要得|无所谓)(?:你们?)?[嘛吧哈哦了。！!]*")
"""Whoever says so of being named has nothing against it."""

_PAUSE = re.compile(r"[，,。；;！!？?\n]+")


def find_place(said: Said) -> str | None:
    """The place that any message names, if it can be told from others."""
    place = scene.scene_in(_INTRODUCES.sub(" ", said.text)) or scene.scene_in(said.text)
    return place if place and rules.has_own_name(place) else None


def read_place(said: Said) -> str | None:
    """The place that an answer to `ask_place` surely names; a shared location is one."""
    located = next((a for a in said.attachments if a.kind is AttachmentKind.LOCATION), None)
    if located is not None:
        return said.text.strip() or replies.AT_LOCATION
    # 「就在3栋2单元楼下」: a short clause is the place as a whole, so that no word of it is lost.
    clauses = [bare(clause) for clause in _PAUSE.split(said.text) if find_places(clause)]
    if clauses and sum(map(len, clauses)) <= LONGEST_PLACE // 3 and scene.names_one(said.text):
        return "，".join(clauses)
    is_spot = points_somewhere(said.text) and "哪" not in said.text
    return find_place(said) or (bare(said.text) if is_spot else None)


def accept_place(said: Said) -> str | None:
    """The name of a place that only its neighbours know; no question, no story, no yes or no is one."""
    text = bare(said.text)
    plain_answer = answers.read_yes_no(text) or answers.is_skip(text) or answers.is_done(text) or text.isdigit()
    only_a_day = len(text) <= LONGEST_DAY and find_since(said) is not None
    no_place = plain_answer or only_a_day or OPENING.match(text) or _HAPPENED.search(text) or _NO_NAME.search(text)
    return None if no_place or not 1 < len(text) <= LONGEST_NAME else text


def part_of_place(said: Said) -> str | None:
    """A message that is nothing but a place, or a part of an address."""
    text = bare(said.text)
    whole = address_in(text)
    return text if whole == text and rules.has_own_name(text) else part_alone(said.text, rooms=True)


def accept_what(said: Said) -> str | None:
    """What happened; anything but a bare yes, no or do not know."""
    text = said.text.strip()
    says_nothing = answers.read_yes_no(text) or answers.is_skip(text) or answers.is_done(text)
    return None if len(text) < SHORTEST_STORY or says_nothing else text


def find_since(said: Said) -> str | None:
    """Since when, as an ISO date; UNKNOWN where it is told without a day (「有一阵了」): that is not asked again."""
    for place in sorted(find_places(said.text), key=lambda place: -place.start):
        # 「12号附2号」 is no day.
        if any(char.isdigit() for char in place.value):
            said = replace(said, text=said.text[: place.start] + " " + said.text[place.end :])
    # A bare 「4月8号」 or 「周一」 is the next one; here the question is what has been.
    brief = len(said.text.strip()) <= LONGEST_DAY
    day = _first_day(said.text, said.now) or (_first_day(f"{said.text}就开始了", said.now) if brief else None)
    return UNKNOWN if day is None and _NO_DAY.search(said.text) else day


def _first_day(text: str, now: datetime) -> str | None:
    """The first day, not after today, that `text` names; 「晚上看不清路」 and 「每天晚上」 name none."""
    today = now.astimezone(SHANGHAI).date()
    spans = [span for span in find_times(text, now) if not _HOUR.fullmatch(span.text)]
    days = [(span.start.astimezone(SHANGHAI).date(), span.rrule) for span in spans if span.start]
    past = [day for day, rule in days if day < today or (day == today and rule is None)]
    return min(past).isoformat() if past else None


def read_since(said: Said) -> str | None:
    """The answer to `ask_since`."""
    if answers.is_skip(said.text) or said.text == replies.NOT_KNOWN.label:
        return UNKNOWN
    return find_since(said)


def beside_since(said: Said) -> str:
    """What an answer to `ask_since` says that is neither a time nor about when it began."""
    found = find_since(said)
    if found == UNKNOWN:
        # No date will stand for these words, so whoever handles the case reads them.
        return said.text
    text = said.text
    for span in find_times(text, said.now):
        text = text.replace(span.text, "")
    return _ABOUT_WHEN.sub("", text) if found else ""


def accept_since(said: Said) -> str | None:
    """Words that tell no day when one was asked for."""
    no_answer = wants_no_name(said.text) is not None or (answers.read_yes_no(said.text) and len(said.text) < 4)
    return None if no_answer else UNKNOWN


def find_anonymous(said: Said) -> bool | None:
    """Whether a message says that its speaker will not be named, or may be."""
    return wants_no_name(said.text)


def read_anonymous(said: Said) -> bool | None:
    """The answer to `ask_anonymous`."""
    found = find_anonymous(said)
    if found is None and _NO_MATTER.fullmatch(said.text.strip()):
        return False
    answer = answers.read_yes_no(said.text)
    return found if found is not None or answer is None else not answer.yes
