"""What people ask about their points, one function per intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from handlers.points import replies, shop
from handlers.routes import Duty, InGroup, Routes
from nlu.times import SHANGHAI
from nlu.understanding import Intent

if TYPE_CHECKING:
    from handlers.turn import Desk, Reply, Turn

VERIFIED_AT = 3
"""The hour of the night at which the ledger is looked through."""

routes = Routes(shop.routes)
FORMS = shop.FORMS
LISTENERS = (shop.hand_out,)
log = structlog.get_logger(__name__)


@routes.on(Intent.CHECK_POINTS, in_group=InGroup.MOVE)
def check_points(turn: Turn) -> Reply:
    """Tell one's own balance with the last entries."""
    points = turn.work.points
    return replies.balance(points.balance(turn.person), points.lines(turn.person, limit=5))


def verify_at_night(desk: Desk) -> None:
    """Look the whole ledger through once a night; what is wrong is for the operator, who finds it in the log."""
    if desk.now.astimezone(SHANGHAI).hour != VERIFIED_AT:
        return
    broken, overdrawn = desk.work.points.first_broken(), desk.work.points.overdrawn()
    if broken is not None:
        log.error("points ledger is broken", community=broken.chain_id, position=broken.position, entry=broken.entry_id)
    if overdrawn:
        log.error("points accounts are overdrawn", people=overdrawn)


DUTIES = (Duty("points.verify_at_night", 3600, verify_at_night, read_only=True),)
