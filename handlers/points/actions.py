"""What people ask about their points, one function per intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.points import replies
from handlers.routes import InGroup, Routes
from nlu.understanding import Intent

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

routes = Routes()


@routes.on(Intent.CHECK_POINTS, in_group=InGroup.MOVE)
def check_points(turn: Turn) -> Reply:
    """Tell one's own balance with the last entries."""
    points = turn.work.points
    return replies.balance(points.balance(turn.person), points.entries(turn.person, limit=5))
