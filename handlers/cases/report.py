"""The report form: what a dispute or an incident needs, taken out of what the person says or asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers import forms
from handlers.cases import filing, replies, rules
from handlers.forms import Form, Said, Slot, Values
from handlers.turn import AttachmentKind
from nlu import answers
from nlu.categories import category_of
from nlu.places import find_places
from nlu.times import SHANGHAI, find_times
from nlu.understanding import Intent
from storage.cases import CaseKind

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

CATCH_ALL = {CaseKind.DISPUTE: "neighbour", CaseKind.INCIDENT: "other"}
UNKNOWN = ""
LONGEST_PLACE = 60
_UNNAMED = ("匿名", "不留名", "不要说是我", "莫说是我", "别说是我", "不想让人知道", "不要透露", "莫透露", "保密")
_NAMED = ("实名", "留名", "可以说是我", "不匿名", "不用匿名")


def _find_place(said: Said) -> str | None:
    found = find_places(said.text)
    if found:
        return max((part.value for part in found), key=len)
    return None


def _read_place(said: Said) -> str | None:
    located = next((a for a in said.attachments if a.kind is AttachmentKind.LOCATION), None)
    if located is not None:
        return said.text.strip() or "见定位"
    found = find_places(said.text)
    if not found:
        return None
    # 「就在3栋2单元楼下」: the whole answer is the place when it is short, so that no word of it is lost.
    return said.text.strip(" 。，,!！") if len(said.text) <= LONGEST_PLACE // 3 else _find_place(said)


def _accept_place(said: Said) -> str | None:
    text = said.text.strip(" 。，,!！")
    plain_answer = answers.read_yes_no(text) or answers.is_skip(text) or text.isdigit()
    return None if plain_answer or not 1 < len(text) <= LONGEST_PLACE else text


def _find_since(said: Said) -> str | None:
    days = [span.start.astimezone(SHANGHAI).date() for span in find_times(said.text, said.now) if span.start]
    past = [day for day in days if day <= said.now.astimezone(SHANGHAI).date()]
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
    means_home = "我家" in said.text or "我屋" in said.text or (answer is not None and answer.yes and not answer.rest)
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


def _said(turn: Turn) -> Said:
    return Said(turn.text, turn.understanding, turn.message.attachments, turn.message.sent_at)


def _is_dispute(values: Values) -> bool:
    return bool(values["kind"] == CaseKind.DISPUTE)


REPORT = Form(
    name="report",
    intent=Intent.REPORT_DISPUTE,
    slots=(
        Slot("place", replies.ask_place, _read_place, _accept_place, _find_place, rules.amend_place),
        Slot("since", replies.ask_since, _read_since, _accept_since, _find_since, needed=_is_dispute),
        Slot("anonymous", replies.ask_anonymous, _read_anonymous, find=_find_anonymous, needed=_is_dispute),
    ),
    read_back=replies.read_back,
    finish=filing.file_report,
    owns=frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT, Intent.ADD_TO_CASE, Intent.BIND_PROFILE}),
    story=_story,
    context=_context,
)


def begin(turn: Turn, kind: CaseKind) -> Reply:
    """Begin a report of this kind with everything that the first message holds."""
    values: dict[str, Any] = {"kind": kind, "text": turn.text.strip(), "community": turn.person.area_id}
    return forms.begin(turn, REPORT, values)
