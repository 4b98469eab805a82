"""What reports: a dispute, an incident, an emergency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases import emergency, report
from handlers.routes import InGroup, Routes
from nlu.understanding import Intent
from storage.cases import CaseKind

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

routes = Routes()


@routes.on(Intent.REPORT_DISPUTE, in_group=InGroup.MOVE)
def report_dispute(turn: Turn) -> Reply:
    """Take a report of a conflict between parties."""
    return report.begin(turn, CaseKind.DISPUTE)


@routes.on(Intent.REPORT_INCIDENT, in_group=InGroup.ACT)
def report_incident(turn: Turn) -> Reply:
    """Take a report of a thing out of order."""
    return report.begin(turn, CaseKind.INCIDENT)


@routes.on(Intent.REPORT_EMERGENCY, in_group=InGroup.ACT)
def report_emergency(turn: Turn) -> Reply:
    """Say whom to call, alert everybody who can help, and only then ask."""
    return emergency.raise_alarm(turn)
