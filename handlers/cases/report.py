"""The report form: what a dispute or an incident needs, taken out of what the person says or asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from handlers import forms
from handlers.addresses import address_in, amend, bare
from handlers.cases import filing, replies
from handlers.forms import Form, Said, Slot, Values
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
UNKNOWN = ""
_PLACE_WORDS = ("地点", "地址", "地方", "位置", "楼栋", "单元", "房号", "门牌")
LONGEST_PLACE = 60
LONGEST_DAY = 12
_UNNAMED = ("匿名", "不留名", "不要说是我", "莫说是我", "别说是我", "不想让人知道", "不要透露", "莫透露", "保密")
_PAUSE = re.compile(r"[，,。；;！!？?\n]+")
_MY_HOME = re.compile(r"我们?家|我们?屋(?:头|里)?")
_AT_HOME = re.compile(rf"(?:就|是|在)*(?:{_MY_HOME.pattern})(?:[那这](?:里|儿|边)|里头|里面)?[的嘛哦啊呀噻撒]*")
_NAMED = ("实名", "留名", "可以说是我", "不匿名", "不用匿名")


def _find_place(said: Said) -> str | None:
    return address_in(said.text)


def _read_place(said: Said) -> str | None:
    located = next((a for a in said.attachments if a.kind is AttachmentKind.LOCATION), None)
    if located is not None:
        return said.text.strip() or "见定位"
    # 「就在3栋2单元楼下」: a short clause is the place as a whole, so that no word of it is lost.
    clauses = [bare(clause) for clause in _PAUSE.split(said.text) if find_places(clause)]
    return "，".join(clauses) if sum(map(len, clauses)) <= LONGEST_PLACE // 3 and clauses else _find_place(said)


def _accept_place(said: Said) -> str | None:
    text = bare(said.text)
    plain_answer = answers.read_yes_no(text) or answers.is_skip(text) or text.isdigit()
    return None if plain_answer or not 1 < len(text) <= LONGEST_PLACE else text


def _find_since(said: Said) -> str | None:
    # A bare 「4月8号」 or 「周一」 is the next one; here the question is what has been.
    brief = len(said.text.strip()) <= LONGEST_DAY
    return _first_day(said.text, said.now) or (_first_day(f"{said.text}就开始了", said.now) if brief else None)


def _first_day(text: str, now: datetime) -> str | None:
    """The first day, not after today, that `text` names."""
    days = [span.start.astimezone(SHANGHAI).date() for span in find_times(text, now) if span.start]
    past = [day for day in days if day <= now.astimezone(SHANGHAI).date()]
    return min(past).isoformat() if past else None


def _read_since(said: Said) -> str | None:
    return UNKNOWN if answers.is_skip(said.text) or said.text == replies.NOT_KNOWN.label else _find_since(said)


def _accept_since(said: Said) -> str | None:
    return None if answers.read_yes_no(said.text) and len(said.text) < 4 else UNKNOWN


def _find_anonymous(said: Said) -> bool | None:
    if any(words in said.text for words in _NAMED):
        return False
    return True if any(words in said.text for words in _UNNAMED) else None


def _read_anonymous(said: Said) -> bool | None:
    found = _find_anonymous(said)
    answer = answers.read_yes_no(said.text)
    return found if found is not None or answer is None else not answer.yes


def _own_home(values: Values, said: Said) -> str | None:
    home = values.get("home")
    answer = answers.read_yes_no(said.text)
    means_home = _MY_HOME.search(said.text) or (answer is not None and answer.yes and not answer.rest)
    return home if home and means_home else None


def _story(values: Values, said: Said) -> None:
    values["text"] = "；".join(part for part in (values.get("text", ""), said.text.strip()) if part)
    values["photos"] = [*values.get("photos", []), *filing.photos(said.attachments)]
    values["location"] = filing.location(said.attachments) or values.get("location")


def _context(turn: Turn, values: Values) -> None:
    kinds = frozenset({str(values["kind"])})
    known = values.get("category")
    if known in (None, *CATCH_ALL.values()):
        values["category"] = category_of(values.get("text", ""), kinds) or CATCH_ALL[CaseKind(values["kind"])]
    values["home"] = turn.person.home
    if values.get("place") is None and (home := _own_home(values, _said(turn))) is not None:
        values["place"] = home
    elif values.get("place") and values["home"]:
        # 「就是我家隔壁那个院子」 tells a stranger nothing until the home stands in it.
        at_home = _AT_HOME.fullmatch(values["place"]) is not None
        values["place"] = values["home"] if at_home else _MY_HOME.sub(values["home"], values["place"], count=1)


def _said(turn: Turn) -> Said:
    return Said(turn.text, turn.understanding, turn.message.attachments, turn.message.sent_at)


def _is_dispute(values: Values) -> bool:
    return bool(values["kind"] == CaseKind.DISPUTE)


REPORT = Form(
    name="report",
    intent=Intent.REPORT_DISPUTE,
    slots=(
        Slot("place", replies.ask_place, _read_place, _accept_place, _find_place, amend, called=_PLACE_WORDS),
        Slot("since", replies.ask_since, _read_since, _accept_since, _find_since, needed=_is_dispute, called=("时间",)),
        Slot("anonymous", replies.ask_anonymous, _read_anonymous, find=_find_anonymous, needed=_is_dispute),
    ),
    read_back=replies.read_back,
    finish=filing.file_report,
    words=("text",),
    owns=frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT, Intent.ADD_TO_CASE, Intent.BIND_PROFILE}),
    story=_story,
    tells=frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT, Intent.ADD_TO_CASE}),
    context=_context,
)


def _kind_told(turn: Turn, understood: CaseKind) -> CaseKind:
    """The kind of the category that the words name, where the model was unsure and nobody else reads along."""
    slug = category_of(turn.text)
    told = CaseKind(category(slug).kind) if slug else understood
    unsure = turn.understanding.confidence < forms.SURE and not turn.message.in_group
    return told if unsure and told in CATCH_ALL else understood


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
    values: dict[str, Any] = {"kind": kind, "text": turn.text.strip(), "community": turn.person.area_id}
    return forms.begin(turn, REPORT, values)
