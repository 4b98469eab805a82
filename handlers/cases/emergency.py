"""Emergencies: the number to call first, then the alarm, then the case, and only then a question."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers import areas, forms, household_cards, loose
from handlers.addresses import bare
from handlers.cases import call_off, filing, meant, rules
from handlers.cases.replies import emergency as replies
from handlers.cases.replies import hidden
from handlers.cases.scene import scene_in
from handlers.forms import Form, Said, Slot, Values
from handlers.turn import AttachmentKind, Reply
from nlu import answers
from nlu.anonymity import wants_no_name
from nlu.categories import category_of_emergency
from nlu.places import find_places
from nlu.understanding import Intent
from storage.cases import HANDLERS, UNFINISHED, CaseKind, CaseState

if TYPE_CHECKING:
    from handlers.turn import Turn
    from storage.cases import Case

STILL_THE_SAME = timedelta(minutes=30)
"""A person who cries out again, or tells more, within this time speaks of the same emergency."""

STILL_THERE = timedelta(minutes=3)
"""Whoever shared a location without words is believed to be there still for so long."""

LONGEST_SPOT = 20
"""Characters of words that may be the name of a place which nobody knows but the neighbours."""

SURELY_ANOTHER = 0.9
"""From this confidence on a report that follows an emergency is another one."""

_INSIDE = re.compile(r"(?:[0-9A-Za-z]+(?:单元|楼|层|室|号房?))+")
"""A place within a house that was named before."""

_ORDINARY_REPORTS = frozenset({Intent.REPORT_INCIDENT, Intent.REPORT_DISPUTE})
_COURTESIES = frozenset({Intent.THANKS, Intent.GREET, Intent.GOODBYE})
_TELLS = re.compile(
    r"了[哈嘛啊哦呀噻。！!]*$|没|莫(?=来|要|得|急|管)|不晓得|不知道|是不是|看[错到]|已经|正在|好像|快[来点些要到]|[怎咋啥吗？?]"
    r"|打(?=了|过|通|的|不|完|好|电话|1)|还有|有.{0,4}人|人[在都]|被困|困[在到住]|伤|在(?=[炒烧煮做打修弄吃睡哭喊跑])"
)
"""Answers something else than where it is, or tells more of it."""


def raise_alarm(turn: Turn) -> Reply:
    """Answer with the number to call, alert everybody on the way up the tree, make the case, then ask where it is.

    Words that name no danger of their own, after an alarm of the same person, are passed on to those alarmed.
    """
    danger = turn.understanding.danger
    kind = danger.kind if danger is not None and danger.present else None
    case = _already_raised(turn, kind)
    if case is not None and kind is None:
        return call_off.ask(turn, case) or _hear_more(turn, case)
    call_off.drop(turn)
    case = _cried_again(turn, case) if case is not None else _new(turn)
    reached = filing.alarm(turn, case, replies.alert(case))
    turn.talk.remember(case=case.id)
    advice = replies.emergency(kind or case.category, reached=reached)
    if _is_asking(turn, case):
        # The question stays open, and the router repeats it after whatever was answered in between.
        forms.go_on(turn, DETAILS)
        return advice
    return advice.followed_by(forms.begin(turn, DETAILS, {"case": case.id}))


def _already_raised(turn: Turn, kind: str | None) -> Case | None:
    """The emergency that the person cried out before and means still; another kind or place is another emergency."""
    named = _place_in(turn.text)
    for case in turn.work.cases.emergencies_of(turn.person, turn.now - STILL_THE_SAME):
        inside = not named or not case.place or _INSIDE.fullmatch(named) is not None or _may_be_anywhere(named)
        same_place = inside or named in case.place or case.place in named
        stands = case.state in UNFINISHED and not call_off.is_called_off(case)
        if stands and kind in (None, case.category) and same_place:
            return case
    return None


def _cried_again(turn: Turn, case: Case) -> Case:
    case.text = f"{case.text}；{turn.text}"
    named = _place_in(turn.text)
    if named and not case.place:
        _move(turn, case, named)
    return case


def _is_asking(turn: Turn, case: Case) -> bool:
    form = turn.talk.form
    return form is not None and form["name"] == DETAILS.name and form["values"]["case"] == case.id


def _hear_more(turn: Turn, case: Case) -> Reply:
    turn.meant = True
    answered = forms.carry_on(turn, DETAILS) if _is_asking(turn, case) else None
    if answered is None:
        _add(turn, case, turn.text)
    return replies.passed_on(case)


def hear_on(turn: Turn) -> Reply | None:
    """Pass on what the reporter of a fresh emergency says beyond its form; None where that is surely another wish."""
    case = _already_raised(turn, None) if turn.meant and turn.text.strip() else None
    if case is None or turn.understanding.intent is Intent.REPORT_EMERGENCY or meant.of_another(turn, case):
        return None
    over = call_off.ask(turn, case)
    return _hear_more(turn, case) if over is None and not _wants_something_else(turn) else over


def _wants_something_else(turn: Turn) -> bool:
    intent, confidence = turn.understanding.intent, turn.understanding.confidence
    if not _tells_something(turn.text) or answers.is_cancel(turn.text):
        return True
    if intent in _ORDINARY_REPORTS:
        return confidence >= SURELY_ANOTHER
    return intent not in DETAILS.tells | (forms.SMALL_TALK - _COURTESIES) and confidence >= forms.SURE


def _new(turn: Turn) -> Case:
    place = _place_in(turn.text) or household_cards.home_said(turn)
    attachments = (*loose.take(turn, located_within=STILL_THERE), *turn.message.attachments)
    values = {
        "kind": CaseKind.EMERGENCY,
        "category": category_of_emergency(turn.text, turn.understanding.danger),
        "place": place,
        "text": turn.text,
        "location": filing.location(attachments),
        "photos": filing.photos(attachments),
        "anonymous": _stays_unnamed(turn),
    }
    return filing.open_case(turn, areas.area_of(turn, place), values)


def _stays_unnamed(turn: Turn) -> bool:
    """Whether who cries out will not be named: said now, or of the case that they spoke of last."""
    said = wants_no_name(turn.text)
    mine = turn.work.cases.reported_by(turn.person) if said is None else ()
    return bool(said) or any(case.anonymous and case.id == turn.talk.topic.get("case") for case in mine)


def _place_in(text: str) -> str:
    return scene_in(text) or ""


def _read_place(said: Said) -> str | None:
    if any(attachment.kind is AttachmentKind.LOCATION for attachment in said.attachments):
        return said.text.strip() or "见定位"
    return said.text.strip() if find_places(said.text) else None


def _accept_place(said: Said) -> str | None:
    words = said.text.strip()
    plain = answers.read_yes_no(words) or answers.is_skip(words) or answers.is_done(words) or _TELLS.search(words)
    return words if not plain and 2 <= len(words) <= LONGEST_SPOT else None


def _accept_more(said: Said) -> str | None:
    return said.text.strip() or None


def _tells_something(words: str) -> bool:
    """A bare yes or no, or that this is all, is no news for those who were alarmed."""
    answer = answers.read_yes_no(words)
    return not answers.is_done(words) and (answer is None or bool(answer.rest))


def _case(turn: Turn, values: Values) -> Case:
    return next(case for case in turn.work.cases.reported_by(turn.person) if case.id == values["case"])


def _pass_on(turn: Turn, values: Values) -> Reply:
    case = _case(turn, values)
    if _tells_something(values["more"]):
        _add(turn, case, values["more"])
    return replies.passed_on(case)


def _add(turn: Turn, case: Case, words: str) -> None:
    """Give what was said to everybody who was alarmed; a place that is more exact than the known one replaces it."""
    named = _place_in(words)
    case.anonymous = case.anonymous or bool(wants_no_name(words))
    if named and _may_be_anywhere(case.place):
        # 「楼道」, and then 「5栋2单元」: both together lead there.
        named = f"{named}{case.place}"
    if _is_more_exact(named, case.place) and _move(turn, case, named):
        filing.alarm(turn, case, replies.alert(case))
    case.note(turn.by, "add", hidden.words(case, words))
    filing.alarm(turn, case, replies.alert_more(case, words))


def _is_more_exact(named: str, known: str) -> bool:
    return bool(named) and named != known and (known in named or not find_places(known))


def _may_be_anywhere(place: str) -> bool:
    """Whether every house has such a place (楼道, 门口)."""
    return bool(find_places(place)) and not rules.has_own_name(place)


def _move(turn: Turn, case: Case, place: str) -> bool:
    """Put the case where it is; True when that is another area, whose people must hear the whole of it."""
    case.place = place[: filing.LONGEST_PLACE]
    before, case.area = case.area, areas.area_of(turn, place)
    if before.id == case.area.id:
        return False
    # Whoever was alarmed there must hear of it when it is called off.
    case.note(turn.by, call_off.MOVED, before.name)
    if case.state is CaseState.OPEN:
        nearest = turn.work.people.answerable(HANDLERS, case.area)
        case.assignee = nearest[0] if nearest else case.assignee
    return True


def _keep(values: Values, said: Said) -> None:
    told = said.text.strip()
    is_news = bool(told) and told != values.get("place") and _tells_something(told)
    values["told"] = [*values.get("told", []), *([told] if is_news else [])]
    values["photos"] = [*values.get("photos", []), *filing.photos(said.attachments)]
    values["location"] = filing.location(said.attachments) or values.get("location")


def _pass_on_at_once(turn: Turn, values: Values) -> None:
    """A place that was just said, and what was told beside it, is passed on at once; the next question comes after."""
    case = _case(turn, values)
    case.photos = [*case.photos, *(photo for photo in values.get("photos", []) if photo not in case.photos)]
    case.location = values.get("location") or case.location
    said, unclear = values.get("place"), len(areas.meant(turn, case.place)) > 1
    values["place"] = said or (None if unclear else case.place) or None
    if said and unclear:
        clear = areas.joined(turn, bare(said), case.place)
        values["place"] = said if clear == case.place else clear
    if values["place"] and values["place"][: filing.LONGEST_PLACE] != case.place:
        elsewhere = _move(turn, case, values["place"])
        filing.alarm(turn, case, replies.alert(case) if elsewhere else replies.alert_place(case))
    for words in values.pop("told", []):
        _add(turn, case, words)
        values["place"] = case.place or values["place"]


def _ask_whether_over(turn: Turn) -> Reply | None:
    form = turn.talk.form
    return call_off.ask(turn, _case(turn, form["values"])) if form is not None else None


def _leaves_details(turn: Turn) -> bool:
    form = turn.talk.form
    return form is not None and meant.of_another(turn, _case(turn, form["values"]))


DETAILS = Form(
    name="emergency_details",
    intent=Intent.REPORT_EMERGENCY,
    slots=(
        Slot("place", replies.ask_emergency_place, _read_place, _accept_place),
        Slot("more", replies.ask_emergency_more, accept=_accept_more),
    ),
    words=("more",),
    read_back=None,
    finish=_pass_on,
    owns=frozenset(
        {
            Intent.REPORT_INCIDENT,
            Intent.REPORT_DISPUTE,
            Intent.ADD_TO_CASE,
            Intent.UPDATE_CASE,
            Intent.CLOSE_CASE,
            Intent.BIND_PROFILE,
        }
    ),
    story=_keep,
    takes_all=True,
    ahead=_ask_whether_over,
    leaves=_leaves_details,
    tells=frozenset(
        {Intent.REPORT_EMERGENCY, Intent.REPORT_INCIDENT, Intent.REPORT_DISPUTE, Intent.ADD_TO_CASE, Intent.UPDATE_CASE}
    ),
    context=_pass_on_at_once,
    left=replies.alarm_stands,
)
