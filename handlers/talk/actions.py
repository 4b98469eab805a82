"""Greetings, help, yes and no, a human, and what the bot does not do: one function per intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import forms
from handlers.forms import Form, Said, Slot, Values
from handlers.routes import InGroup, Routes
from handlers.talk import passing_on, replies
from nlu import answers
from nlu.oneself import Known
from nlu.understanding import Intent
from storage.people import ADMINS, Role

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.people import Person

routes = Routes()


def nearest_human(turn: Turn) -> Person | None:
    """The grid member of the person's home, else whoever answers for it further up."""
    people = turn.work.people.answerable({Role.GRID_MEMBER, *ADMINS}, turn.person.area)
    return next((person for person in people if person.id != turn.person.id), None)


@routes.on(Intent.GREET, in_group=InGroup.IGNORE)
def greet(turn: Turn) -> Reply:
    """Say hello."""
    return replies.greeting(turn.person, in_group=turn.message.in_group)


@routes.on(Intent.GOODBYE, in_group=InGroup.IGNORE)
def goodbye(_turn: Turn) -> Reply:
    """Say good-bye."""
    return replies.goodbye()


@routes.on(Intent.THANKS, in_group=InGroup.IGNORE)
def thanks(_turn: Turn) -> Reply:
    """Take thanks."""
    return replies.welcome()


@routes.on(Intent.HELP, in_group=InGroup.ACT)
def help_(turn: Turn) -> Reply | None:
    """Say what the bot can do, to whoever asks it."""
    return None if turn.is_overheard else replies.help_for(turn.person)


@routes.on(Intent.AFFIRM, in_group=InGroup.ACT)
def affirm(turn: Turn) -> Reply | None:
    """A yes when nothing was asked does nothing."""
    return None if turn.message.in_group else replies.nothing_asked()


@routes.on(Intent.DENY, in_group=InGroup.ACT)
def deny(turn: Turn) -> Reply | None:
    """A no when nothing was asked does nothing."""
    return None if turn.message.in_group else replies.nothing_asked()


@routes.on(Intent.CANCEL, in_group=InGroup.ACT)
def cancel(turn: Turn) -> Reply | None:
    """There is nothing to cancel when no form is open."""
    return None if turn.message.in_group else replies.nothing_open()


@routes.on(Intent.TALK_TO_HUMAN, in_group=InGroup.MOVE)
def talk_to_human(turn: Turn) -> Reply:
    """Tell the nearest human that somebody wants them; data that the bot did not have are asked about first."""
    human = nearest_human(turn)
    if not turn.message.in_group and passing_on.tells_new_data(turn.text, _known(turn.person)):
        return forms.begin(turn, HUMAN, {"text": turn.text, "to": human.name if human else None})
    return _pass_on(turn, {"text": turn.text, "share": True})


def _pass_on(turn: Turn, values: Values) -> Reply:
    human = nearest_human(turn)
    text = values["text"] if values["share"] else passing_on.without_data(values["text"])
    turn.tell(human, replies.somebody_wants_you(turn.person, text))
    return replies.passed_to(human)


def _known(person: Person) -> Known:
    return Known(person.name, person.phone, person.home)


def _read_share(said: Said) -> bool | None:
    answer = answers.read_yes_no(said.text)
    known = {replies.PASS_ON.label: True, replies.KEEP_BACK.label: False}.get(said.text.strip())
    return known if answer is None else answer.yes


HUMAN = Form(
    name="talk_to_human",
    intent=Intent.TALK_TO_HUMAN,
    slots=(Slot("share", replies.ask_to_pass_on, _read_share),),
    read_back=None,
    finish=_pass_on,
    about=replies.about_human,
)
FORMS = (HUMAN,)


@routes.on(Intent.OUT_OF_SCOPE, in_group=InGroup.IGNORE)
def out_of_scope(turn: Turn) -> Reply:
    """Say honestly that this is not what the bot does."""
    return replies.out_of_scope(nearest_human(turn))
