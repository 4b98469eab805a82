"""What people ask about their points, one function per intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from handlers import earning
from handlers.approving import terms
from handlers.points import (
    by_hand,
    certificate,
    deductions,
    objections,
    pending,
    publishing,
    replies,
    rules,
    shop,
    tying,
)
from handlers.routes import Duty, InGroup, Routes
from nlu.times import SHANGHAI
from nlu.understanding import EntityKind, Intent
from storage.consents import Purpose
from storage.credits import CreditRequest
from storage.objections import Objection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.earning import Rules
    from handlers.turn import Desk, Reply, Turn

RANKED, MOST_RANKED = 10, 30
"""Places of a ranking that are shown, where nobody asks for more, and at most."""

MOST_ACTIVITIES = 3
VERIFIED_AT = 3
"""The hour of the night at which the ledger is looked through."""

routes = Routes(shop.routes)
FORMS = (*shop.FORMS, *by_hand.FORMS, *deductions.FORMS, *objections.FORMS, *tying.FORMS)
log = structlog.get_logger(__name__)


@routes.on(Intent.CHECK_POINTS, in_group=InGroup.MOVE)
def check_points(turn: Turn) -> Reply:
    """Tell one's own balance with the last entries; or what a button of this feature says."""
    heard = hear(turn)
    if heard is not None:
        return heard
    points = turn.work.points
    lines = points.lines(turn.person, limit=5)
    return replies.balance(points.balance(turn.person), points.held(turn.person), lines)


def hear(turn: Turn) -> Reply | None:
    """What is heard by fixed words, whatever a model makes of it; None for anything else."""
    return next((reply for each in _HEARERS if (reply := each(turn)) is not None), None)


_HEARERS = (
    shop.hand_out,
    publishing.hear,
    certificate.hear,
    pending.hear,
    by_hand.hear,
    deductions.hear,
    objections.hear,
    tying.hear,
)
LISTENERS = (hear,)


@routes.on(Intent.ASK_POINTS_RULES, in_group=InGroup.ACT)
def ask_points_rules(turn: Turn) -> Reply:
    """Tell what earns points today, by the rules and by the activities that are coming, and what they buy."""
    if rules.asks_what_they_buy(turn.text):
        return replies.shop_for_all(turn.work.shop.offered(turn.person))
    holding = earning.on(turn.now.astimezone(SHANGHAI).date())
    return _rules(turn, holding).followed_by(replies.spoken_of(_spoken_of(turn)))


def _rules(turn: Turn, holding: Rules) -> Reply:
    if "扣" in turn.text:
        return replies.costs(holding, terms().appeal_days)
    nothing = next((kind for kind in holding.nothing if kind.is_named_in(turn.text)), None)
    if nothing is not None:
        return replies.earns_nothing(nothing, holding)
    coming = turn.work.volunteers.coming(turn.person, turn.now)
    named = rules.named_activities(turn.text, coming)
    return replies.points_rules(holding, named or coming[:MOST_ACTIVITIES])


def _spoken_of(turn: Turn) -> list[tuple[str, Sequence[str]]]:
    """The current documents that speak of points, with the clauses in which they do."""
    found = ((each.title, rules.clauses_on_points(each.text)) for each in turn.work.policy.current())
    return [(title, clauses) for title, clauses in found if clauses]


@routes.on(Intent.POINTS_RANKING, in_group=InGroup.ACT)
def points_ranking(turn: Turn) -> Reply:
    """The ranking of the person's community or grid, with masked names; one's own place only where one is alone."""
    in_grid = "网格" in turn.text
    community = turn.work.areas.community_of(turn.person.area)
    area = turn.work.areas.grid_of(turn.person.area) if in_grid else community
    span = rules.span_of(turn.text, turn.now)
    places = turn.work.points.ranking(area, span.since, span.until)
    wanted = turn.value(EntityKind.COUNT)
    most = min(wanted, MOST_RANKED) if isinstance(wanted, int) and wanted > 0 else RANKED
    shown = [(place, _name(turn, place.person_id)) for place in places[:most]]
    own = next((place for place in places if place.person_id == turn.person.id), None)
    return replies.ranking(area, span, shown, own, alone=not turn.message.in_group)


def _name(turn: Turn, person_id: int) -> str:
    """How somebody stands in the ranking: by a masked name where they agreed to it, else by none."""
    person = turn.work.people.get(person_id)
    agrees = turn.work.consents.stands(person, Purpose.RANKING)
    return rules.masked(person.name if agrees else None)


def verify_at_night(desk: Desk) -> None:
    """Look the whole ledger through once a night; what is wrong is for the operator, who finds it in the log."""
    if desk.now.astimezone(SHANGHAI).hour != VERIFIED_AT:
        return
    broken, overdrawn = desk.work.points.first_broken(), desk.work.points.overdrawn()
    if broken is not None:
        log.error("points ledger is broken", community=broken.chain_id, position=broken.position, entry=broken.entry_id)
    if overdrawn:
        log.error("points accounts are overdrawn", people=overdrawn)


DUTIES = (
    Duty("points.verify_at_night", 3600, verify_at_night, read_only=True),
    Duty("points.expire_requests", 600, by_hand.expire, over=CreditRequest),
    Duty("points.remind_of_objections", 3600, objections.remind, over=Objection),
)
