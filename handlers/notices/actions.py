"""What people do about notices, one function per intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import forms
from handlers.notices import changing, following, pushing, reading, sending
from handlers.notices.audience import AUTHORS
from handlers.routes import InGroup, Routes
from nlu.understanding import Intent

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

routes = Routes()


@routes.on(Intent.BROADCAST_NOTICE, roles=AUTHORS, in_group=InGroup.MOVE)
def broadcast_notice(turn: Turn) -> Reply:
    """Push a notice out of one sentence; nothing is sent before it was read back and confirmed."""
    return forms.begin(turn, pushing.NOTICE)


@routes.on(Intent.LIST_NOTICES, in_group=InGroup.ACT)
def list_notices(turn: Turn) -> Reply:
    """List the last notices that this person may read, or those that they look for."""
    return reading.find(turn)


@routes.on(Intent.ACKNOWLEDGE_NOTICE, in_group=InGroup.ACT)
def acknowledge_notice(turn: Turn) -> Reply | None:
    """Record that the person has read the last notice that waits for a confirmation, or the one that they answer."""
    return reading.acknowledge(turn)


FORMS = (*pushing.FORMS, *changing.FORMS)
LISTENERS = (*following.LISTENERS, *changing.LISTENERS, *reading.LISTENERS, *pushing.LISTENERS)
DUTIES = (*sending.DUTIES, *following.DUTIES)
