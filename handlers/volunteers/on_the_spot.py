"""What an organiser does on the spot: showing the code of the minute, and checking in those without a telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import household_cards
from handlers.volunteers import check_in_replies, codes, marking, naming
from handlers.volunteers.organising import ORGANISERS, note
from nlu import activity_commands
from nlu.activity_commands import ForOthers
from nlu.household_codes import HouseholdWish
from nlu.places import find_places
from nlu.understanding import Intent
from storage.volunteers import CheckInBy, ParticipationState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.household_cards import Card
    from handlers.turn import Reply, Turn
    from storage.people import Person
    from storage.volunteers import Activity, Participation


def show_code(turn: Turn) -> Reply | None:
    """The code of the minute, to whoever organises the activity or answers for its area; None for everything else."""
    said = activity_commands.wants_code(turn.text)
    if said is None or not turn.person.roles & ORGANISERS:
        return None
    shown = [each for each in turn.work.volunteers.managed(turn.person, ORGANISERS, turn.now) if each.secret]
    if not shown:
        return None
    if turn.message.in_group:
        return check_in_replies.code_in_private()
    named = naming.titled(said, shown) or [each for each in shown if said and naming.overlap(each, said)]
    open_now = [each for each in named or shown if codes.is_open(each, turn.now)]
    if not open_now:
        return check_in_replies.no_code_yet((named or shown)[0])
    if len(open_now) > 1:
        return check_in_replies.which_code(open_now)
    note(turn, open_now[0])
    code = codes.shown_at(open_now[0], turn.now)
    return check_in_replies.code(open_now[0], code) if code else None


def check_in_others(turn: Turn) -> Reply | None:
    """Check people in (or out) by the list of whoever organises it; None for everything else."""
    if turn.understanding.intent is Intent.REPORT_EMERGENCY or not turn.person.roles & ORGANISERS:
        return None
    card = household_cards.read(turn, HouseholdWish.CHECK_IN, HouseholdWish.CHECK_OUT)
    others = activity_commands.read_for_others(turn.text) if card is None else _of_household(card)
    if others is None:
        return None
    managed = turn.work.volunteers.managed(turn.person, ORGANISERS, turn.now)
    open_now = [each for each in managed if codes.is_open(each, turn.now)]
    named = naming.titled(turn.text, managed)
    activities = [each for each in open_now if each in named] or open_now
    if not activities and card is None and turn.understanding.intent not in (Intent.CHECK_IN, Intent.CHECK_OUT):
        return None
    if not activities:
        return check_in_replies.nothing_open(named[0] if named else None)
    if turn.message.in_group:
        return check_in_replies.list_in_private()
    if len(activities) > 1:
        return check_in_replies.which_for_list(activities, turn.text)
    if card is not None:
        return _for_all(turn, activities[0], [(others.names[0], [card.the_one()])], out=others.out)
    return _for_all(
        turn, activities[0], [(name, _called(turn, activities[0], name)) for name in others.names], out=others.out
    )


def _of_household(card: Card) -> ForOthers:
    """The one of a household who is meant; raises Refusal where that is nobody, or may be several."""
    return ForOthers((card.the_one().name or card.home,), card.wish is HouseholdWish.CHECK_OUT)


def _for_all(turn: Turn, activity: Activity, named: Sequence[tuple[str, Sequence[Person]]], *, out: bool) -> Reply:
    done: list[str] = []
    not_done: list[str] = []
    for name, people in named:
        if len(people) != 1:
            not_done.append(check_in_replies.unknown(name) if not people else check_in_replies.several(name, people))
            continue
        why_not = _check_out(turn, activity, people[0]) if out else _check_in(turn, activity, people[0])
        if why_not is None:
            done.append(name)
        else:
            not_done.append(why_not)
    note(turn, activity)
    return check_in_replies.listed(activity, done, not_done, out=out)


def _called(turn: Turn, activity: Activity, name: str) -> Sequence[Person]:
    """Those of this name in the area of the activity; of several, those of a home that was said."""
    people = turn.work.people.called(name, activity.area)
    said = [place.text for place in find_places(turn.text)]
    of_home = [each for each in people if each.home and any(place in each.home for place in said)]
    return of_home or people


def _check_in(turn: Turn, activity: Activity, person: Person) -> str | None:
    """Check one person in; why not, where that is so."""
    if person.id == turn.person.id:
        return check_in_replies.not_yourself()
    turn.work.check_ins.begin(person)
    part = turn.work.volunteers.part_in(activity, person)
    working = turn.work.volunteers.parts_of(person, ParticipationState.CHECKED_IN)
    if part is not None and part.checked_in_at is not None:
        return check_in_replies.is_in_already(person)
    if working:
        return check_in_replies.is_elsewhere(person, working[0].activity)
    if part is None:
        part = turn.work.volunteers.join(turn.work.volunteers.lock(activity), person, turn.now)
    part.state, part.checked_in_at = ParticipationState.CHECKED_IN, turn.now
    part.checked_in_by, part.let_in_by_id = CheckInBy.LIST, turn.person.id
    turn.work.session.flush()
    marking.look_at(turn, part)
    turn.tell(person, check_in_replies.checked_in_for_you(part, turn.person))
    return None


def _check_out(turn: Turn, activity: Activity, person: Person) -> str | None:
    turn.work.check_ins.begin(person)
    part: Participation | None = turn.work.volunteers.part_in(activity, person)
    if part is None or part.state is not ParticipationState.CHECKED_IN:
        return check_in_replies.is_not_in(person)
    if person.id == turn.person.id:
        return check_in_replies.not_yourself()
    part.state, part.checked_out_at = ParticipationState.CHECKED_OUT, turn.now
    turn.tell(person, check_in_replies.checked_out_for_you(part, turn.person))
    return None


LISTENERS = (show_code, check_in_others)
