"""Objections to public credits and appeals against deductions, settled by a third person who is near to nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers import forms
from handlers.approving import APPROVERS, deciders, terms
from handlers.errors import Refusal
from handlers.forms import Form, Slot
from handlers.points import objection_replies as replies
from handlers.points import publishing
from nlu import points_words
from nlu.understanding import Intent
from storage.credits import PointsEventKind
from storage.ledger import AccountKind
from storage.objections import ObjectionKind, ObjectionState
from storage.volunteers import ParticipationState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.forms import Said, Values
    from handlers.turn import Desk, Reply, Turn
    from nlu.points_words import Complaint, Verdict
    from storage.ledger import PointsEntry
    from storage.objections import Objection
    from storage.people import Person

LIST_HOLDS = timedelta(hours=2)
"""How long the numbers of a list that was shown are meant."""

SHORTEST_REASON = 2
MOST_TOLD = 5


def hear(turn: Turn) -> Reply | None:
    """Hear an objection, an appeal, or what somebody says who has looked into one; None for anything else."""
    if not turn.message.in_group:
        verdict = points_words.settlement(turn.text)
        if verdict is not None and (verdict.number is not None or turn.person.roles & APPROVERS):
            return _begin_settling(turn, verdict)
        if turn.person.roles & APPROVERS and points_words.asks_for_objections(turn.text):
            return replies.waiting(_open_to(turn))
    appeal = points_words.appeal(turn.text)
    if appeal is not None:
        return _moved_away(turn) or _begin_appeal(turn, appeal)
    complaint = _complaint(turn)
    return None if complaint is None else _moved_away(turn) or _begin_objection(turn, complaint)


def _moved_away(turn: Turn) -> Reply | None:
    return replies.not_in_group() if turn.message.in_group else None


def _complaint(turn: Turn) -> Complaint | None:
    shown = _shown(turn)
    asked = turn.talk.topic.get("objects")
    item = points_words.item_alone(turn.text) if asked and shown else None
    if item is not None and asked:
        return points_words.Complaint(item, str(asked["why"]))
    return points_words.objection(turn.text, to_list=bool(shown))


def _shown(turn: Turn) -> list[int]:
    """The ids of the entries of the list that was shown in this talk, if that was lately."""
    public = turn.talk.topic.get("public")
    if public is None or turn.now - datetime.fromisoformat(public["at"]) > LIST_HOLDS:
        return []
    return [int(each) for each in public["entries"]]


def _begin_objection(turn: Turn, complaint: Complaint) -> Reply:
    shown = _shown(turn)
    if complaint.item is None or not shown:
        # The list is shown, and the number alone is enough then.
        listed = publishing.show(turn)
        turn.talk.remember(objects={"why": complaint.why})
        return replies.which_item().followed_by(listed)
    if not 0 < complaint.item <= len(shown):
        raise Refusal(replies.no_such_item(len(shown)))
    turn.talk.remember(objects=None)
    entry = turn.work.points.entry(shown[complaint.item - 1])
    person = _credited(turn, entry)
    if (joined := _join_objectors(turn, entry)) is not None:
        raise Refusal(joined)
    _check_objector(turn, entry, person)
    values = {"entry": entry.id, "line": replies.masked_line(entry, person), "amount": entry.amount}
    if len(complaint.why) >= SHORTEST_REASON:
        values["why"] = complaint.why
    return forms.begin(turn, OBJECT, values)


def _credited(turn: Turn, entry: PointsEntry) -> Person:
    person = turn.work.points.owner_of(entry)
    if person is None or entry.source_account.kind is not AccountKind.ISSUE:
        raise Refusal(replies.not_to_be_objected_to())
    return person


def _join_objectors(turn: Turn, entry: PointsEntry) -> str | None:
    """Why nobody can object to this entry any more, or the speaker cannot again; None where they can."""
    before = turn.work.objections.on(entry)
    if any(each.by_id == turn.person.id for each in before):
        return replies.objected_already()
    return replies.settled_already() if any(each.state is not ObjectionState.OPEN for each in before) else None


def _check_objector(turn: Turn, entry: PointsEntry, person: Person) -> None:
    """Refuse what is not open to objection, or not by the speaker: one's own, from elsewhere, too late, in masses."""
    if person.id == turn.person.id:
        raise Refusal(replies.ones_own(), final=True)
    lives_there = turn.work.areas.community_of(turn.person.area).id == entry.chain_id
    if not lives_there and not turn.person.holds(APPROVERS, person.area):
        raise Refusal(replies.not_from_there(), final=True)
    if turn.now - entry.at > timedelta(days=terms().public_days):
        raise Refusal(replies.too_late(terms().public_days), final=True)
    if turn.work.points.is_undone(entry):
        raise Refusal(replies.undone_already(), final=True)
    own = turn.work.objections.of(turn.person)
    if sum(each.state is ObjectionState.OPEN for each in own) >= terms().objections_open:
        raise Refusal(replies.too_many_open(terms().objections_open), final=True)
    since = turn.now - timedelta(days=terms().objections_days)
    if turn.work.objections.dismissed(turn.person, since) >= terms().objections_wrong:
        raise Refusal(replies.wrong_too_often(terms().objections_wrong, terms().objections_days), final=True)


def _why(said: Said) -> str | None:
    text = said.text.strip()
    return text[:300] if len(text) >= SHORTEST_REASON else None


def _object(turn: Turn, values: Values) -> Reply:
    entry = turn.work.points.entry(values["entry"])
    person = _credited(turn, entry)
    # What others have said is read anew: the chain is held now.
    if (closed := _join_objectors(turn, entry)) is not None:
        raise Refusal(closed, final=True)
    _check_objector(turn, entry, person)
    first = next(iter(turn.work.objections.on(entry)), None)
    made = turn.work.objections.add(ObjectionKind.OBJECTION, entry, turn.person, person, values["why"], turn.now)
    unnamed = turn.by._replace(person=None)
    turn.work.credits.note(PointsEventKind.OBJECTED, person, entry.amount, f"objection:{made.id}", unnamed)
    if first is not None:
        return replies.objected_too()
    made.hold = turn.work.points.freeze(entry, replies.HELD, f"objection:{made.id}", unnamed)
    held = made.hold.amount if made.hold is not None else 0
    turn.tell(person, replies.yours_is_objected_to(entry, held))
    return replies.objected(held, asked=_ask_to_settle(turn, made) > 0)


OBJECT = Form(
    "object_to_credit",
    Intent.CHECK_POINTS,
    (Slot("why", replies.ask_why, _why, called=("理由", "原因")),),
    replies.confirm_objection,
    _object,
    words=("why",),
    about=replies.about_objection,
)


def _begin_appeal(turn: Turn, why: str) -> Reply:
    since = turn.now - timedelta(days=terms().appeal_days)
    taken = [each for each in turn.work.points.deductions(turn.person, since) if not turn.work.objections.on(each)]
    if not taken:
        return replies.nothing_to_appeal(terms().appeal_days)
    entry = next((each for each in taken if f"{each.amount}分" in turn.text), taken[0])
    values = {"entry": entry.id, "line": replies.own_line(entry), "amount": entry.amount}
    return forms.begin(turn, APPEAL, {**values, **({"why": why} if len(why) >= SHORTEST_REASON else {})})


def _appeal(turn: Turn, values: Values) -> Reply:
    entry = turn.work.points.entry(values["entry"])
    if turn.now - entry.at > timedelta(days=terms().appeal_days):
        raise Refusal(replies.appealed_too_late(terms().appeal_days), final=True)
    if turn.work.objections.on(entry):
        raise Refusal(replies.appealed_already(), final=True)
    made = turn.work.objections.add(ObjectionKind.APPEAL, entry, turn.person, turn.person, values["why"], turn.now)
    turn.work.credits.note(PointsEventKind.OBJECTED, turn.person, entry.amount, f"objection:{made.id}", turn.by)
    return replies.appealed(made, asked=_ask_to_settle(turn, made) > 0)


APPEAL = Form(
    "appeal_deduction",
    Intent.CHECK_POINTS,
    (Slot("why", replies.ask_why, _why, called=("理由", "原因")),),
    replies.confirm_appeal,
    _appeal,
    words=("why",),
    about=replies.about_appeal,
)


def _ask_to_settle(desk: Desk, objection: Objection) -> int:
    """Ask those who may settle an objection; how many they are."""
    able = _settlers(desk, objection)[:MOST_TOLD]
    words = [each.words for each in _all_open(desk, objection)]
    desk.tell_all(able, replies.please_settle(objection, words))
    return len(able)


def _settlers(desk: Desk, objection: Objection) -> Sequence[Person]:
    """Those who answer for the area, and are near to nobody who is concerned."""
    return deciders(desk.work, objection.person, desk.now, _concerned(desk, objection), objection.area)


def _concerned(desk: Desk, objection: Objection) -> list[Person]:
    """Whoever gave or took the points, whose they are, and everybody who objects."""
    entry = objection.entry
    granted = [each for each in (entry.granted_by_id, entry.seconded_by_id) if each is not None]
    people = [objection.person, *(each.by for each in desk.work.objections.on(entry))]
    return [*people, *(_live(desk, person_id) for person_id in granted)]


def _live(desk: Desk, person_id: int) -> Person:
    """Who somebody in the ledger is now: it names people as they were."""
    person = desk.work.people.get(person_id)
    return person if person.merged_into_id is None else desk.work.people.get(person.merged_into_id)


def _all_open(desk: Desk, objection: Objection) -> list[Objection]:
    return [each for each in desk.work.objections.on(objection.entry) if each.state is ObjectionState.OPEN]


def _may_settle(turn: Turn, objection: Objection) -> bool:
    return turn.person in _settlers(turn, objection)


def _open_to(turn: Turn) -> list[Objection]:
    waiting = turn.work.objections.to_settle(turn.person, APPROVERS)
    return [each for each in waiting if _may_settle(turn, each)]


def _begin_settling(turn: Turn, verdict: Verdict) -> Reply:
    reach = turn.work.objections.to_settle(turn.person, APPROVERS)
    meant = [each for each in reach if verdict.number in (None, each.id)]
    if not meant:
        raise Refusal(replies.no_such_objection())
    able = [each for each in meant if _may_settle(turn, each)]
    if not able:
        raise Refusal(replies.concerns_you())
    if len(able) > 1:
        return replies.waiting(able)
    [objection] = able
    values = {"objection": objection.id, "line": replies.staff_line(objection), "agrees": verdict.agrees}
    if len(verdict.why) >= SHORTEST_REASON:
        values["note"] = verdict.why
    return forms.begin(turn, SETTLE, values)


def _settle(turn: Turn, values: Values) -> Reply:
    waiting = turn.work.objections.to_settle(turn.person, APPROVERS)
    first = next((each for each in waiting if each.id == values["objection"]), None)
    if first is None:
        raise Refusal(replies.no_such_objection(), final=True)
    entry = turn.work.points.entry(first.entry_id)
    every = _all_open(turn, first)
    if not every:
        raise Refusal(replies.no_such_objection(), final=True)
    if not _may_settle(turn, first):
        raise Refusal(replies.concerns_you(), final=True)
    state = ObjectionState.UPHELD if values["agrees"] else ObjectionState.DISMISSED
    for each in every:
        turn.work.objections.settle(each, state, values["note"], turn.by)
    for hold in (each.hold for each in every if each.hold is not None):
        turn.work.points.reverse(hold, replies.RELEASED, turn.by)
    if values["agrees"] and not turn.work.points.is_undone(entry):
        turn.work.points.reverse(entry, replies.taken_back(entry, values["note"]), turn.by)
        _unapprove(turn, entry)
    kind = PointsEventKind.UPHELD if values["agrees"] else PointsEventKind.DISMISSED
    turn.work.credits.note(kind, first.person, entry.amount, f"objection:{first.id}", turn.by, values["note"])
    _tell(turn, first, every)
    return replies.settled(first)


def _unapprove(turn: Turn, entry: PointsEntry) -> None:
    """The hours of what did not happen do not count either."""
    kind, _, number = entry.source.partition(":")
    if kind == "participation" and number.isdigit():
        part = turn.work.volunteers.part(int(number))
        if part is not None:
            part.state = ParticipationState.REJECTED


def _tell(turn: Turn, first: Objection, every: Sequence[Objection]) -> None:
    """Both sides hear what was found, and neither who the other is; so does whoever gave or took the points."""
    left = turn.work.points.balance(first.person)
    turn.tell(first.person, replies.yours_is_settled(first, left))
    if first.kind is ObjectionKind.OBJECTION:
        turn.tell_all([each.by for each in every], replies.your_objection_is_settled(first))
    granted = (first.entry.granted_by_id, first.entry.seconded_by_id)
    turn.tell_all(
        [_live(turn, person_id) for person_id in granted if person_id is not None], replies.you_granted(first)
    )


SETTLE = Form(
    "settle_objection",
    Intent.CHECK_POINTS,
    (Slot("note", replies.ask_what_was_found, _why, called=("理由", "原因")),),
    replies.confirm_settlement,
    _settle,
    about=replies.about_settlement,
)


def remind(desk: Desk) -> None:
    """Remind those who may settle it of what is open for too long, once."""
    for objection in desk.work.objections.overdue(desk.now - timedelta(days=terms().settle_days)):
        objection.reminded_at = desk.now
        if objection.id == _all_open(desk, objection)[0].id:
            _ask_to_settle(desk, objection)


FORMS = (OBJECT, APPEAL, SETTLE)
