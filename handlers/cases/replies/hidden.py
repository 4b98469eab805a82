"""What those who handle an anonymous case may read of it: nothing that its reporter says of themselves.

A name, a telephone, a door of one's own are taken out of the words; of the place where one lives the building stays.
Everything that staff are told of a reporter's words goes through here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.oneself import Known, building_of, own_places, tells_door, without_name_and_number
from nlu.oneself import without_oneself as without
from nlu.personal_data import mask
from nlu.places import spelled
from storage.cases import CaseKind

if TYPE_CHECKING:
    from storage.cases import Case, CaseFollower
    from storage.people import Person

AREA = "报告人要求保密，没有显示"
_PLACE = "\ue000"
"""Stands for the place of a case where nothing may be taken out of it; no character that anybody writes."""


def words(case: Case, text: str, speaker: Person | None = None) -> str:
    """`text` as those who handle the case may read it; `speaker` is whose words it is, the reporter unless told.

    Of an emergency the place stays readable: whoever comes to help must find it.
    """
    if not case.anonymous:
        return text
    person = speaker or case.reporter
    if speaker is None and case.on_behalf_of:
        text = without_name_and_number(text, Known(case.on_behalf_of, case.on_behalf_phone))
    if case.kind is CaseKind.EMERGENCY:
        return without_name_and_number(text, _known(person))
    if _is_at_home(case) or not tells_door(case.place) or not building_of(case.place):
        return without_oneself(text, person)
    if _is_own(spelled(case.place), text, person):
        # Whoever tells that they live there has told their own door, wherever it stands in the words.
        return without_oneself(without(text, _known(person)._replace(home=case.place)), person)
    # The door to which the case is shown may stand in the words too; what stands around it is read as one.
    return without_oneself(text.replace(case.place, _PLACE), person).replace(_PLACE, case.place)


def of_follower(case: Case, follower: CaseFollower) -> str:
    """What somebody who reported the same thing said, as those who handle the case may read it."""
    hide = follower.anonymous or case.anonymous
    return without_oneself(follower.text, follower.person) if hide else mask(follower.text)


def place(case: Case) -> str:
    """The place as those who handle the case may read it: of an anonymous reporter's own home the building alone."""
    return (building_of(case.place) or AREA) if _is_at_home(case) else case.place


def shows_location(case: Case) -> bool:
    """Whether a shared location may be shown: not where it would lead to an anonymous reporter's own door."""
    return case.location is not None and not _is_at_home(case)


def without_oneself(text: str, person: Person | None) -> str:
    """`text` without what `person` says there of themselves, and masked."""
    return without(text, _known(person))


def _known(person: Person | None) -> Known:
    return Known(person.name, person.phone, person.home) if person is not None else Known()


def _is_at_home(case: Case) -> bool:
    """Whether an anonymous case is at the door of its reporter, as registered or as told in the text."""
    if not case.anonymous or not case.place or case.kind is CaseKind.EMERGENCY:
        return False
    here = spelled(case.place)
    if case.on_behalf_of:
        # Nothing is known of where they live; a door is taken for theirs.
        return tells_door(here)
    return _is_own(here, case.text, case.reporter)


def _is_own(here: str, text: str, person: Person | None) -> bool:
    """Whether `here` is a door at which `person` lives, as registered or as told in `text`."""
    registered = [spelled(person.home)] if person is not None and person.home else []
    own = (*registered, *own_places(text))
    return any(tells_door(home) and (home in here or here in home) for home in own)
