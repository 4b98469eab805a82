"""Asking for help: what is wanted, when, and for whom; read back as neighbours will read it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from handlers import areas, forms
from handlers.addresses import address_in
from handlers.aid import asker_replies, replies, rules, telling
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from nlu import answers, mutual_aid
from nlu.nameless import UNNAMED
from nlu.on_behalf import consents
from nlu.oneself import without_oneself
from nlu.personal_data import mask
from nlu.times import find_time
from nlu.understanding import EntityKind, Intent
from storage.aid import AidRequest, AidState

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

LONGEST = 200
"""Characters of what is wanted."""


def begin(turn: Turn) -> Reply:
    """Ask for what is missing of a request, unless it is none that neighbours may be asked."""
    check_allowed(turn.text)
    age = mutual_aid.own_age(turn.text)
    if age is not None and age < rules.settings().youngest:
        raise Refusal(asker_replies.child_speaks(), choices=(replies.human(),))
    waiting = turn.work.aid.asked_by(turn.person, AidState.OPEN)
    if len(waiting) >= rules.settings().most_open:
        raise Refusal(asker_replies.too_many())
    return forms.begin(turn, REQUEST)


def check_allowed(text: str) -> None:
    """Refuse what is about money, loans or trade."""
    abuse = mutual_aid.abuse_in(text)
    if abuse is not None:
        raise Refusal(asker_replies.ABUSE[abuse], final=True, choices=(replies.human(),))


def find_what(said: Said) -> str | None:
    """With what help is wanted, where the words say it."""
    return _words(said) if said.text.strip() and mutual_aid.says_what(said.text) else None


def accept_what(said: Said) -> str | None:
    """Whatever was answered when that was asked."""
    return _words(said) if answers.read_yes_no(said.text) is None else None


def _words(said: Said) -> str | None:
    """The words as neighbours may read them: nobody named, no door, no telephone, and no house."""
    text, entities = said.text.strip(), said.understanding.entities if said.understanding.text == said.text else ()
    for entity in sorted(entities, key=lambda entity: -entity.start):
        is_house = entity.kind is EntityKind.PLACE and any(char.isdigit() for char in str(entity.value or entity.text))
        if entity.kind is EntityKind.PERSON or is_house:
            text = text[: entity.start] + UNNAMED[entity.kind] + text[entity.end :]
    return mask(without_oneself(text))[:LONGEST] or None


def find_when(said: Said) -> dict[str, Any] | None:
    """The time that the words say, as a form holds it; nothing in it where it does not matter."""
    span = find_time(said.text, said.now)
    if span is not None and span.rrule is None and (span.start or span.end):
        return {
            "start": span.start.isoformat() if span.start else None,
            "end": span.end.isoformat() if span.end else None,
            "part": span.part,
        }
    return {} if mutual_aid.is_any_time(said.text) else None


def _read_when(said: Said) -> dict[str, Any] | None:
    found = find_when(said)
    return {} if found is None and answers.is_skip(said.text) else found


def moments_in(values: Values) -> tuple[datetime | None, datetime | None, str | None]:
    """The start, the end and the part of the day that a form holds."""
    known = values["when"]
    start, end = (datetime.fromisoformat(known[key]) if known.get(key) else None for key in ("start", "end"))
    return start, end, known.get("part")


def _find_named(said: Said) -> str | None:
    person = said.understanding.first(EntityKind.PERSON)
    return None if person is None or mutual_aid.kin_in(said.text) else person.text


def _read_agreed(said: Said) -> bool | None:
    answer, told = answers.read_yes_no(said.text), consents(said.text)
    if said.text.strip() == "还没问":
        return False
    return answer.yes if told is None and answer is not None else told


def _refused(turn: Turn) -> Reply | None:
    """Nothing more is asked once somebody for whom help is wanted does not know of it."""
    form = turn.talk.form
    if form is None or form["asking"] != "agreed":
        return None
    said = Said(turn.text, turn.understanding, (), turn.message.sent_at)
    if _read_agreed(said) is not False:
        return None
    turn.talk.form, turn.talk.choices = form["under"], []
    return asker_replies.not_without_agreement()


def _context(turn: Turn, values: Values) -> None:
    values["in_group"] = turn.message.in_group
    if not values.get("what"):
        return
    check_allowed(values["what"])
    said = f"{values['what']}{turn.text}"
    values["kind"] = mutual_aid.kind_of(values["what"])
    values["for_whom"] = values.get("for_whom") or values.get("named") or mutual_aid.kin_in(said)
    if values.get("wanted") is None:
        values["wanted"] = min(mutual_aid.helpers_in(turn.text) or 1, rules.settings().most_wanted)


def _finish(turn: Turn, values: Values) -> Reply:
    start, end, part = moments_in(values)
    expires_at = rules.over_at(start, end, part, turn.now + timedelta(days=rules.settings().request_days))
    if expires_at <= turn.now:
        raise Refusal(asker_replies.in_the_past())
    for other in turn.work.aid.asked_by(turn.person, AidState.OPEN):
        if (other.kind, other.what) == (values["kind"], values["what"]):
            raise Refusal(asker_replies.asked_already(other), final=True)
    place = values.get("place") or ""
    area = areas.area_of(turn, place) if place else turn.person.area
    request = AidRequest(
        community_id=turn.work.areas.community_of(area).id,
        area_id=turn.work.areas.grid_of(area).id,
        area=turn.work.areas.grid_of(area),
        requester_id=turn.person.id,
        requester=turn.person,
        kind=values["kind"],
        what=values["what"],
        for_whom=values["for_whom"][:40],
        place=place[:LONGEST],
        start=start,
        end=end,
        part=part,
        wanted=values["wanted"],
        state=AidState.OPEN,
        created_at=turn.now,
        expires_at=expires_at,
        matches=[],
    )
    turn.work.aid.add(request)
    telling.tell_helpers(turn, request)
    if turn.message.in_group:
        turn.tell(turn.person, asker_replies.registered(request, in_group=False))
    return asker_replies.registered(request, in_group=turn.message.in_group)


REQUEST = Form(
    name="request_mutual_aid",
    intent=Intent.REQUEST_MUTUAL_AID,
    slots=(
        Slot("what", asker_replies.ask_what, accept=accept_what, find=find_what, greedy=True, called=("内容",)),
        Slot("named", asker_replies.ask_what, find=_find_named, needed=lambda _values: False),
        Slot("place", asker_replies.ask_what, find=lambda said: address_in(said.text), needed=lambda _values: False),
        Slot(
            "agreed",
            asker_replies.ask_agreement,
            read=_read_agreed,
            find=lambda said: consents(said.text),
            needed=lambda values: bool(values.get("named")),
        ),
        Slot("when", replies.ask_when, read=_read_when, find=find_when, called=("时间", "日期", "日子")),
    ),
    read_back=asker_replies.confirm_request,
    about=asker_replies.about_request,
    finish=_finish,
    owns=frozenset({Intent.OFFER_MUTUAL_AID}),
    words=("what",),
    context=_context,
    ahead=_refused,
)
