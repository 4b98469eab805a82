"""How many volunteers there are, against the part of the residents that the document wants; for admins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import areas, forms
from handlers.errors import Refusal
from handlers.forms import Form, Values
from handlers.volunteers import figures_replies
from nlu import activity_commands
from nlu.understanding import Intent
from storage.people import ADMINS

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn


def tell_figures(turn: Turn) -> Reply | None:
    """The figures of an admin's area, or of one in it that is named; None for everything else."""
    seat = turn.person.seat(ADMINS)
    if seat is None or turn.message.in_group or not activity_commands.asks_figures(turn.text):
        return None
    area = areas.named_below(turn, seat, turn.text) or seat
    return figures_replies.figures(turn.work.volunteer_profiles.figures(area))


def tell_residents(turn: Turn) -> Reply | None:
    """How many people live in an area, as an admin says; read back first. None for everything else."""
    seat = turn.person.seat(ADMINS)
    said = activity_commands.read_residents(turn.text) if seat is not None else None
    if seat is None or said is None or turn.message.in_group:
        return None
    name, count = said
    area = areas.named_below(turn, seat, name) if name else seat
    if area is None:
        return None
    return forms.begin(turn, RESIDENTS, {"area": area.id, "name": area.name, "count": count, "was": area.residents})


def _set(turn: Turn, values: Values) -> Reply:
    area, seat = turn.work.areas.get(values["area"]), turn.person.seat(ADMINS)
    if seat is None or not seat.contains(area):
        raise Refusal(figures_replies.not_your_area(), final=True)
    area.residents = values["count"]
    turn.work.session.flush()
    return figures_replies.residents_set(area.name, turn.work.volunteer_profiles.figures(area))


RESIDENTS = Form("residents", Intent.VIEW_STATISTICS, (), figures_replies.confirm_residents, _set)
FORMS = (RESIDENTS,)
LISTENERS = (tell_figures, tell_residents)
