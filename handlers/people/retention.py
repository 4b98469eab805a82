"""Retention: forgets at night what is older than its kind may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.keeping import kept_for
from handlers.people.erasing import Kept, hiding
from nlu.times import SHANGHAI
from storage.retention import DataKind

if TYPE_CHECKING:
    from handlers.turn import Desk

NIGHT = range(2, 5)
"""The hours in which it is done (Asia/Shanghai); it is done again each hour of them, and finds nothing more."""


def overdue(desk: Desk) -> dict[DataKind, int]:
    """How many rows of each kind would be forgotten now."""
    return {kind: desk.work.retention.count(kind, desk.now - span) for kind, span in kept_for().items()}


def apply(desk: Desk) -> dict[DataKind, int]:
    """Forget what is too old; how many rows of each kind that was."""
    forgotten: dict[DataKind, int] = {}
    for kind, span in kept_for().items():
        before = desk.now - span
        if kind is DataKind.CONTACTS:
            forgotten[kind] = _forget_contacts(desk)
        else:
            forgotten[kind] = desk.work.retention.forget(kind, before)
    return forgotten


def _forget_contacts(desk: Desk) -> int:
    cases = desk.work.retention.with_old_contact(desk.now - kept_for()[DataKind.CONTACTS])
    for case in cases:
        for party in desk.work.mediations.parties_of(case):
            known = party.person or Kept(0, party.name, party.phone, party.home)
            hidden = hiding(desk, known)
            desk.work.erasure.forget_party(party, hidden)
            desk.work.erasure.unname(case, hidden)
        if case.on_behalf_of is not None:
            hidden = hiding(desk, Kept(0, case.on_behalf_of, case.on_behalf_phone))
            desk.work.erasure.unname(case, hidden)
        desk.work.erasure.forget_followers(case, desk.now)
        if case.reporter is not None:
            desk.work.erasure.unlink(case, desk.now, hiding(desk, case.reporter))
        case.on_behalf_of = case.on_behalf_phone = None
    return len(cases)


def at_night(desk: Desk) -> None:
    """Apply it, at night alone."""
    if desk.now.astimezone(SHANGHAI).hour in NIGHT:
        apply(desk)
