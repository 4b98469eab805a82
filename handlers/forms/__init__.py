"""Forms: questions asked in order across messages, with correction, interruption and cancelling."""

from handlers.forms.dialogue import CONFIRM, back_to, begin, carry_on, go_on
from handlers.forms.form import SMALL_TALK, UNKNOWN, Form, Said, Slot, Values
from handlers.forms.meaning import SURE
from handlers.forms.waiting import BROUGHT_BACK_WITHIN, Forms, put_off

__all__ = [
    "BROUGHT_BACK_WITHIN",
    "CONFIRM",
    "SMALL_TALK",
    "SURE",
    "UNKNOWN",
    "Form",
    "Forms",
    "Said",
    "Slot",
    "Values",
    "back_to",
    "begin",
    "carry_on",
    "go_on",
    "put_off",
]
