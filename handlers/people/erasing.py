"""Erasing: what goes, what stays and why, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from handlers import consents
from handlers.errors import Refusal
from handlers.forms import Form, Values
from handlers.people import data_replies
from nlu.personal_data import mask
from nlu.persons import find_persons
from nlu.understanding import Intent
from storage.aid import STANDING, AidState, MatchState
from storage.aid import UNFINISHED as UNFINISHED_AID
from storage.cases import HANDLERS, UNFINISHED, CaseKind, CaseState
from storage.consents import Purpose
from storage.erasure import Hiding
from storage.messages import Priority, TalkKey
from storage.people import Role
from storage.shop import RedemptionState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Desk, Reply, Turn
    from storage.holds import LegalHold
    from storage.people import Person
    from storage.talks import Talk

_SHORTEST_NAME = 2
_OF_CASES = frozenset({"name", "phone", "home", "locations", "photos"})
"""Parts that stand in cases, too."""

_OF_ONESELF = ("我叫", "我是", "本人", "名字叫", "姓名", "我姓")


@dataclass(frozen=True, slots=True)
class Kept:
    """Somebody who has no row of their own, or has none any more: what a hold keeps of them, or a case says of them."""

    id: int = 0
    name: str | None = None
    phone: str | None = None
    home: str | None = None


def hiding(desk: Desk, person: Person | Kept) -> Hiding:
    """How this person is made unreadable in texts of their own and in those of others.

    A name that somebody else bears as well stays in the texts of others: nobody can tell who was meant.
    """
    words: dict[str, str] = {}
    if person.home and mask(person.home) != person.home:
        words[person.home] = mask(person.home)
    if person.phone:
        words[person.phone] = data_replies.NO_PHONE
    is_told = person.name is not None and len(person.name) >= _SHORTEST_NAME
    if is_told and person.name and desk.work.erasure.is_only_one_called(person.name, person.id):
        words[person.name] = data_replies.NOBODY
    name = person.name if is_told else None

    def masked(text: str) -> str:
        text = text.replace(name, data_replies.NOBODY) if name else text
        return mask(unnamed(text))

    return Hiding(masked, words)


def unnamed(text: str) -> str:
    """A text without the name by which its speaker calls themselves (「我叫张三」)."""
    for person in reversed(find_persons(text)):
        if text[: person.start].endswith(_OF_ONESELF):
            text = text[: person.start] + data_replies.NOBODY + text[person.end :]
    return text


def erase(desk: Desk, person: Person, in_talk: Talk | None = None) -> None:
    """Erase a person whole; whoever works on their unfinished cases is told that the reporter is gone."""
    work = desk.work
    held = {hold.case_id for hold in _keep_wishes(desk, person)}
    for case in work.cases.reported_by(person):
        if case.reporter_id == person.id and case.state in UNFINISHED and case.id not in held:
            other = case.assignee if case.assignee_id != person.id else None
            desk.tell(other, data_replies.reporter_is_gone(case))
    _hand_over(desk, person)
    _leave_neighbours(desk, person)
    for waiting in work.shop.waiting(person):
        # Nobody comes for it any more, and nobody may come with its code.
        work.shop.settle(waiting, RedemptionState.CANCELLED, desk.by)
    for grant in list(person.grants):
        work.roles.revoke(person, grant.role, grant.area, desk.now, by=None, source="erasure")
    # The figures of a grid stand; a building may be the home of one household alone.
    grid = work.areas.grid_of(person.area)
    person.area, person.area_id = grid, grid.id
    work.erasure.erase(person, desk.now, hiding(desk, person), in_talk, desk.cause_id)


def check_erasable(desk: Desk, person: Person) -> None:
    """Raise Refusal while somebody is on the way to an emergency that this person reported: they need its place."""
    for case in desk.work.cases.reported_by(person):
        if case.reporter_id == person.id and case.kind is CaseKind.EMERGENCY and case.state in UNFINISHED:
            raise Refusal(data_replies.emergency_first(case), final=True)


def _keep_wishes(desk: Desk, person: Person, parts: Sequence[str] = ()) -> Sequence[LegalHold]:
    """Remember, for the day on which the holds are lifted that concern a person, what they asked for; the holds."""
    work = desk.work
    holds = work.holds.concerning(person)
    profile = {"name": person.name, "phone": person.phone, "home": person.home}
    kept = {name: value for name, value in profile.items() if not parts or name in parts}
    own = work.people.address_of(person) if holds else None
    address = None
    if own is not None and own.private_chat is not None and not parts:
        address = TalkKey(own.channel, own.account, own.private_chat, own.sender)._asdict()
    for hold in holds:
        work.holds.keep_wish(hold, person, desk.now, parts=parts, kept=kept, address=address)
    return holds


def release(desk: Desk, hold: LegalHold) -> list[Kept]:
    """Lift a hold, and erase what was asked for while it stood; those who could not be told of it."""
    work = desk.work
    wishes = work.holds.wishes(hold)
    work.holds.release(hold, desk.now)
    untold = []
    for wish in wishes:
        known, case, person = Kept(wish.person_id, **wish.kept), hold.case, wish.person
        to, parts = wish.address, list(wish.parts)
        work.erasure.carry_out(wish, hiding(desk, known), desk.now)
        told = data_replies.erased_after_hold(case, parts)
        sent = desk.write(TalkKey(**to), told, person, Priority.REPLY) if to is not None else desk.tell(person, told)
        if sent is None:
            untold.append(known)
    return untold


def _hand_over(desk: Desk, person: Person) -> None:
    """Give the unfinished cases of a member of staff who leaves to whoever is next."""
    for case in desk.work.cases.assigned_to(person):
        if case.assignee_id != person.id:
            # It only went up to them: its handler goes on with it.
            continue
        others = desk.work.people.answerable(HANDLERS, case.area)
        case.assignee = next((each for each in others if each.id != person.id), None)
        case.move(CaseState.OPEN, desk.by, "handover")
        desk.tell(case.assignee, data_replies.handed_over(case))


def _leave_neighbours(desk: Desk, person: Person) -> None:
    """Tell those whom this person was to help, or who were to help them, that nothing comes of it."""
    for match in desk.work.aid.helped_by(person, *STANDING):
        request, match.state = match.request, MatchState.QUIT
        if request.state is AidState.TAKEN and request.expires_at > desk.now:
            request.state = AidState.OPEN
        desk.tell(request.requester, data_replies.helper_is_gone(request))
    for request in desk.work.aid.asked_by(person, *UNFINISHED_AID):
        for match in request.matches:
            if match.state in STANDING:
                desk.tell(match.helper, data_replies.needs_no_help(request))


def erase_parts(turn: Turn, parts: Sequence[str]) -> None:
    """Erase the named parts of what is held on the speaker."""
    work, person = turn.work, turn.person
    if _OF_CASES & set(parts):
        _keep_wishes(turn, person, parts)
    hidden = hiding(turn, person)
    profile = {"name": person.name, "phone": person.phone, "home": person.home}
    words = {value: hidden.words[value] for part in parts if (value := profile.get(part)) and value in hidden.words}
    for part in profile.keys() & set(parts):
        setattr(person, part, None)
    if "home" in parts:
        person.confirmed_at = person.confirmed_by_id = None
        grid = work.areas.grid_of(person.area)
        person.area, person.area_id = grid, grid.id
    if not (person.name or person.phone or person.home):
        consents.record(turn, Purpose.PROFILE, given=False)
    if profile.keys() & set(parts):
        work.erasure.mask_messages(person, hidden)
    if "locations" in parts:
        work.erasure.forget_places(person)
    if "photos" in parts:
        work.erasure.forget_photos(person, turn.now)
    if "messages" in parts:
        work.erasure.erase_messages(person, turn.cause_id)
    if words:
        work.erasure.replace_everywhere(words)
    else:
        work.session.expire_all()


def take_back(turn: Turn, purpose: Purpose) -> None:
    """Take a consent back, with what was kept for it."""
    match purpose:
        case Purpose.PROFILE:
            erase_parts(turn, ("name", "phone", "home"))
        case Purpose.NOTICES:
            turn.person.subscribed = False
        case Purpose.LOCATION:
            erase_parts(turn, ("locations",))
        case Purpose.RANKING | Purpose.CREDIT_RECORD:
            pass
        case Purpose.VOLUNTEER:
            for grant in [each for each in turn.person.grants if each.role is Role.VOLUNTEER]:
                turn.work.people.revoke(turn.person, Role.VOLUNTEER, grant.area)
            turn.work.volunteer_profiles.forget(turn.person)
        case Purpose.AID:
            turn.work.aid.forget_phones(turn.person)
            for offer in turn.work.aid.offered_by(turn.person, turn.now):
                offer.withdrawn_at = turn.now
    consents.record(turn, purpose, given=False)


def _note_what_goes(turn: Turn, values: Values) -> None:
    values["goes"], values["stays"] = _goes_and_stays(turn, values["parts"])


def _goes_and_stays(turn: Turn, parts: Sequence[str]) -> tuple[list[str], list[str]]:
    if parts:
        held = turn.work.holds.concerning(turn.person) if _OF_CASES & set(parts) else ()
        return data_replies.parts_named(parts), data_replies.stay_beside(
            [{"case": each.case.number, "reason": each.reason} for each in held]
        )
    data: dict[str, Any] = turn.work.own_data.of(turn.person)
    return data_replies.goes(data), data_replies.stays(data)


def _erase(turn: Turn, values: Values) -> Reply:
    if values["parts"]:
        erase_parts(turn, values["parts"])
        return data_replies.parts_erased(values["parts"])
    check_erasable(turn, turn.person)
    _, stays = _goes_and_stays(turn, ())
    turn.due = ()
    erase(turn, turn.person, turn.talk)
    return data_replies.erased(stays)


ERASURE = Form(
    "delete_my_data",
    Intent.DELETE_MY_DATA,
    (),
    data_replies.confirm_erasure,
    _erase,
    context=_note_what_goes,
    left=data_replies.not_erased,
    refused=data_replies.not_erased,
    about=data_replies.about_erasure,
)


def _take_back_profile(turn: Turn, _values: Values) -> Reply:
    take_back(turn, Purpose.PROFILE)
    return data_replies.taken_back(consents.wording(Purpose.PROFILE))


TAKING_BACK = Form(
    "take_consent_back",
    Intent.DELETE_MY_DATA,
    (),
    lambda _values: data_replies.confirm_taking_back(consents.wording(Purpose.PROFILE)),
    _take_back_profile,
    left=data_replies.not_taken_back,
    refused=data_replies.not_taken_back,
    about=data_replies.about_taking_back,
)

FORMS = (ERASURE, TAKING_BACK)
