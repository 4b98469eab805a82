"""The report form: what a dispute or an incident needs, taken out of what the person says or asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from handlers import areas, forms
from handlers.addresses import address_in, amend, bare, points_somewhere
from handlers.cases import filing, replies, rules
from handlers.forms import UNKNOWN, Form, Said, Slot, Values
from handlers.turn import AttachmentKind
from nlu import answers
from nlu.categories import category, category_of
from nlu.places import find_places
from nlu.times import SHANGHAI, find_times
from nlu.understanding import Intent
from storage.cases import CaseKind

if TYPE_CHECKING:
    from datetime import datetime

    from handlers.turn import Reply, Turn

CATCH_ALL = {CaseKind.DISPUTE: "neighbour", CaseKind.INCIDENT: "other"}
_PLACE_WORDS = ("地点", "地址", "地方", "位置", "楼栋", "单元", "房号", "门牌")
LONGEST_PLACE = 60
LONGEST_DAY = 12
SHORTEST_STORY = 3
_UNNAMED = ("匿名", "不留名", "不要说是我", "莫说是我", "别说是我", "不想让人知道", "不要透露", "莫透露", "保密")
_OPENING = re.compile(
    r"(?:[你您]好|喂|同志|请问|那个|[，,。\s])*我?们?(?:想|要|来|需要|有个事)*(?:[跟向给]你们?)?(?:投诉|举报|上?报|报告|报修|反[映应])"
    r"(?:一?[个件下哈点]|一下)*(?:事情?|问题|情况|纠纷|矛盾|隐患)?[了嘛哈吧哦噻。！!~]*"
)
"""Says that there is something to report, and not what."""

_NO_DAY = re.compile(
    r"(?:从|自打|自从).+(?:就|起|开始)|一直|[好许很]久|长期|[好多很]年|早就|阵子|些日子"
    r"|(?:好?几|好多|十多|十来)(?:天|周|个(?:月|星期|礼拜))"
)
"""Says since when, and names no day."""

_HAPPENED = re.compile(r"了[。！!]*$")
"""Ends what tells that something has come about (地震了), and no place."""

_ABOUT_WHEN = re.compile(
    r"开始|就|从|自|起|大概|大约|差不多|可能|好像|怕|应该|是|在|有|到现在|之?前|后|以来|这样|那[阵会]|左右|[了的嘛吧哦呢啊嗯么呀这那]|\W"
)
"""Words around a day that only say that it began then."""

_PAUSE = re.compile(r"[，,。；;！!？?\n]+")
_MY_HOME = re.compile(r"我们?家|我们?屋(?:头|里)?")
_AT_HOME = re.compile(rf"(?:就|是|在)*(?:{_MY_HOME.pattern})(?:[那这](?:里|儿|边)|里头|里面)?[的嘛哦啊呀噻撒]*")
_NOT_NAMED = re.compile(r"(?:不|莫|别)(?:要|想|用|愿意?|敢|得)?(?:留名|实名|说是我|让人?晓得是我)")
_NOT_UNNAMED = re.compile(r"(?:不|莫|别)(?:要|想|用|需要?|必)?匿名")
_NAMED = ("实名", "留名", "可以说是我", "不匿名", "不用匿名")


def _find_place(said: Said) -> str | None:
    place = address_in(said.text)
    return place if place and rules.has_own_name(place) else None


def _read_place(said: Said) -> str | None:
    located = next((a for a in said.attachments if a.kind is AttachmentKind.LOCATION), None)
    if located is not None:
        return said.text.strip() or "见定位"
    # 「就在3栋2单元楼下」: a short clause is the place as a whole, so that no word of it is lost.
    clauses = [bare(clause) for clause in _PAUSE.split(said.text) if find_places(clause)]
    if clauses and sum(map(len, clauses)) <= LONGEST_PLACE // 3:
        return "，".join(clauses)
    return _find_place(said) or (bare(said.text) if points_somewhere(said.text) else None)


def _accept_place(said: Said) -> str | None:
    text = bare(said.text)
    plain_answer = answers.read_yes_no(text) or answers.is_skip(text) or answers.is_done(text) or text.isdigit()
    only_a_day = len(text) <= LONGEST_DAY and _find_since(said) is not None
    no_place = plain_answer or only_a_day or _OPENING.match(text) or _HAPPENED.search(text)
    return None if no_place or not 1 < len(text) <= LONGEST_PLACE else text


def _accept_what(said: Said) -> str | None:
    text = said.text.strip()
    says_nothing = answers.read_yes_no(text) or answers.is_skip(text) or answers.is_done(text)
    return None if len(text) < SHORTEST_STORY or says_nothing else text


def _find_since(said: Said) -> str | None:
    # A bare 「4月8号」 or 「周一」 is the next one; here the question is what has been.
    brief = len(said.text.strip()) <= LONGEST_DAY
    return _first_day(said.text, said.now) or (_first_day(f"{said.text}就开始了", said.now) if brief else None)


def _first_day(text: str, now: datetime) -> str | None:
    """The first day, not after today, that `text` names; 「晚上看不清路」 and 「每天晚上」 name none."""
    today = now.astimezone(SHANGHAI).date()
    spans = [span for span in find_times(text, now) if span.text != span.part]
    days = [(span.start.astimezone(SHANGHAI).date(), span.rrule) for span in spans if span.start]
    past = [day for day, rule in days if day < today or (day == today and rule is None)]
    return min(past).isoformat() if past else None


def _read_since(said: Said) -> str | None:
    if answers.is_skip(said.text) or said.text == replies.NOT_KNOWN.label:
        return UNKNOWN
    day = _find_since(said)
    return UNKNOWN if day is None and _NO_DAY.search(said.text) else day


def _beside_since(said: Said) -> str:
    """What an answer to `ask_since` says that is neither a time nor about when it began."""
    text = said.text
    for span in find_times(text, said.now):
        text = text.replace(span.text, "")
    return _ABOUT_WHEN.sub("", text) if _find_since(said) else ""


def _accept_since(said: Said) -> str | None:
    return None if answers.read_yes_no(said.text) and len(said.text) < 4 else UNKNOWN


def _find_anonymous(said: Said) -> bool | None:
    if _NOT_NAMED.search(said.text) or (
        any(words in said.text for words in _UNNAMED) and not _NOT_UNNAMED.search(said.text)
    ):
        return True
    return False if _NOT_UNNAMED.search(said.text) or any(words in said.text for words in _NAMED) else None


def _read_anonymous(said: Said) -> bool | None:
    found = _find_anonymous(said)
    answer = answers.read_yes_no(said.text)
    return found if found is not None or answer is None else not answer.yes


def _place_meant(values: Values, said: Said) -> str | None:
    """The place that a bare answer to `ask_place` means."""
    home, near = values.get("home"), values.get("near")
    answer = answers.read_yes_no(said.text)
    if home and _MY_HOME.search(said.text):
        return str(home)
    if answer is not None and answer.yes and not answer.rest:
        return home if home and _is_dispute(values) else near
    return near if answers.is_skip(said.text) else None


def _story(values: Values, said: Said) -> None:
    values["text"] = "；".join(part for part in (values.get("text"), said.text.strip()) if part)
    values["photos"] = [*values.get("photos", []), *filing.photos(said.attachments)]
    values["location"] = filing.location(said.attachments) or values.get("location")


def _context(turn: Turn, values: Values) -> None:
    text = values.get("text") or ""
    if text and values.pop("kind_open", False):
        values["kind"] = _kind_of(text) or values["kind"]
    kinds = frozenset({str(values["kind"])})
    known = values.get("category")
    if known in (None, *CATCH_ALL.values()):
        values["category"] = category_of(text, kinds) or CATCH_ALL[CaseKind(values["kind"])]
    values["home"], values["near"] = (
        None if turn.message.in_group else turn.person.home,
        values.get("near") or address_in(text),
    )
    if values.get("place") is None and (place := _place_meant(values, _said(turn))) is not None:
        values["place"] = place
    elif values.get("place") and values["home"]:
        # 「就是我家隔壁那个院子」 tells a stranger nothing until the home stands in it.
        at_home = _AT_HOME.fullmatch(values["place"]) is not None
        values["place"] = values["home"] if at_home else _MY_HOME.sub(values["home"], values["place"], count=1)
    values["place"] = areas.look_up(turn, values, values.get("place"))


def _said(turn: Turn) -> Said:
    return Said(turn.text, turn.understanding, turn.message.attachments, turn.message.sent_at)


def _is_dispute(values: Values) -> bool:
    return bool(values["kind"] == CaseKind.DISPUTE)


REPORT = Form(
    name="report",
    intent=Intent.REPORT_DISPUTE,
    slots=(
        Slot("text", replies.ask_what, accept=_accept_what),
        Slot("place", replies.ask_place, _read_place, _accept_place, _find_place, amend, called=_PLACE_WORDS),
        areas.SLOT,
        Slot(
            "since",
            replies.ask_since,
            _read_since,
            _accept_since,
            _find_since,
            needed=_is_dispute,
            beside=_beside_since,
            called=("时间",),
        ),
        Slot("anonymous", replies.ask_anonymous, _read_anonymous, find=_find_anonymous, needed=_is_dispute),
    ),
    read_back=replies.read_back,
    finish=filing.file_report,
    words=("text",),
    owns=frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT, Intent.ADD_TO_CASE, Intent.BIND_PROFILE}),
    story=_story,
    tells=frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT, Intent.ADD_TO_CASE}),
    context=_context,
    about=replies.about_report,
)


def _kind_told(turn: Turn, understood: CaseKind) -> CaseKind:
    """The kind of the category that the words name, where the model was unsure and nobody else reads along."""
    unsure = turn.understanding.confidence < forms.SURE and not turn.message.in_group
    return (_kind_of(turn.text) if unsure else None) or understood


def _kind_of(text: str) -> CaseKind | None:
    slug = category_of(text)
    kind = CaseKind(category(slug).kind) if slug else None
    return kind if kind in CATCH_ALL else None


def begin(turn: Turn, kind: CaseKind) -> Reply:
    """Begin a report of this kind with everything that the first message holds.

    Words overheard in a group while their speaker's report of this kind is open there are more of it, not another.
    """
    open_form = turn.talk.form
    if (
        turn.message.in_group
        and open_form
        and (open_form["name"], open_form["values"].get("kind")) == (REPORT.name, kind)
    ):
        turn.meant = True
        return forms.carry_on(turn, REPORT) or replies.read_back(open_form["values"])
    kind = _kind_told(turn, kind)
    opening = _OPENING.fullmatch(turn.text.strip()) is not None
    values: dict[str, Any] = {"kind": kind, "text": None if opening else turn.text.strip(), "kind_open": opening}
    return forms.begin(turn, REPORT, values)
