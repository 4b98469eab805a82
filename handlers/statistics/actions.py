"""What staff want to know of the figures of their area."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers import areas
from handlers.errors import Refusal
from handlers.routes import InGroup, Routes
from handlers.statistics import replies
from handlers.statistics.replies import Figures
from nlu.times import SHANGHAI
from nlu.understanding import EntityKind, Intent
from storage.areas import AreaKind
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.areas import Area

COMPARES = re.compile(r"各(?:个)?(?:网格|社区|乡镇|区)|哪个(?:网格|社区|乡镇)|对比|排名|排个名")
MOST_COMPARED = 20

routes = Routes()


@routes.on(Intent.VIEW_STATISTICS, roles=STAFF, in_group=InGroup.MOVE)
def view_statistics(turn: Turn) -> Reply:
    """Tell the figures of the speaker's area, or of one in it that is named, for the time that is said."""
    seat = turn.person.seat(STAFF)
    if seat is None:
        raise Refusal(replies.not_your_area())
    since, until = _span(turn)
    area = areas.named_below(turn, seat, turn.text) or seat
    if COMPARES.search(turn.text):
        below = [each for each in turn.work.areas.below(area) if each.parent_id == area.id]
        found = [each for each in below if each.kind is not AreaKind.BUILDING][:MOST_COMPARED]
        if found:
            return replies.compared([_figures(turn, each, since, until) for each in found], since, until)
    return replies.figures(_figures(turn, area, since, until), since, until)


def _figures(turn: Turn, area: Area, since: datetime, until: datetime) -> Figures:
    statistics = turn.work.statistics
    return Figures(
        area,
        statistics.cases(area, since, until, turn.now),
        statistics.mediations(area, since, until),
        statistics.meetings(area, since, until),
        statistics.notices(area, since, until),
        turn.work.volunteer_profiles.figures(area)[0],
    )


def _span(turn: Turn) -> tuple[datetime, datetime]:
    """The time that is said, as far as it has been; without one this month."""
    span = turn.value(EntityKind.TIME)
    now = turn.now.astimezone(SHANGHAI)
    if span is None or span.start is None or span.start > now:
        return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0), now
    end = span.end or (span.start + timedelta(days=1) if span.date_only else now)
    if span.date_only and span.end is not None:
        end = span.end + timedelta(days=1)
    return span.start, min(end, now)
