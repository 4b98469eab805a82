"""What neighbours do for each other, one function per intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.aid import asking, commands, duties, exchange, offering
from handlers.routes import InGroup, Routes
from nlu import answers
from nlu.understanding import Intent

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

routes = Routes()


@routes.on(Intent.REQUEST_MUTUAL_AID, in_group=InGroup.ACT)
def request_mutual_aid(turn: Turn) -> Reply:
    """Ask the neighbours for help, or go on with what was asked; a bare yes or no asks for nothing new."""
    answer = answers.read_yes_no(turn.text)
    if answer is not None and not answer.rest:
        return commands.answer_alone(turn, yes=answer.yes)
    return commands.act(turn) or asking.begin(turn)


@routes.on(Intent.OFFER_MUTUAL_AID, in_group=InGroup.ACT)
def offer_mutual_aid(turn: Turn) -> Reply:
    """Offer the neighbours help, or go on with what was offered."""
    return commands.act(turn) or offering.begin(turn)


FORMS = (asking.REQUEST, offering.OFFER, exchange.TAKING, exchange.AGREEING)
LISTENERS = (commands.hear,)
DUTIES = duties.DUTIES
