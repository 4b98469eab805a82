"""Reports on behalf of others (代报): whose they are. `reporting_for` hears them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.replies import on_behalf as replies

if TYPE_CHECKING:
    from handlers.forms import Values
    from handlers.turn import Turn
    from storage.cases import Case
    from storage.people import Person


def home_of(turn: Turn, values: Values) -> str | None:
    """Whose home 「家里」 of a report may be: that of the person for whom it is, else the speaker's own."""
    behalf = values.get("on_behalf")
    return behalf["home"] if behalf else turn.person.home


def reporter(turn: Turn, values: Values) -> Person:
    """Whose report it is: that of the person for whom it is made, where they are known."""
    known = (values.get("on_behalf") or {}).get("person")
    return turn.work.people.get(known) if known is not None else turn.person


def enter(turn: Turn, case: Case, values: Values) -> None:
    """Note on a new case who filed it, how somebody who is not known is called, and that they agreed."""
    behalf = values.get("on_behalf")
    if behalf is None:
        return
    case.filed_by = turn.person
    if behalf["person"] is None:
        case.on_behalf_of, case.on_behalf_phone = behalf["name"], behalf["phone"]
    case.note(turn.by, "consent", replies.consent_noted("" if case.anonymous else behalf["name"]))


def tell(turn: Turn, case: Case) -> None:
    """Let a known person hear that something was reported for them."""
    if case.filed_by is not None and case.reporter is not None and case.reporter.id != turn.person.id:
        turn.tell(case.reporter, replies.filed_for_you(case, turn.person))
