"""Forms: questions asked in order across messages, with correction, interruption and cancelling."""

from handlers.forms.dialogue import BROUGHT_BACK_WITHIN, CONFIRM, SURE, Forms, begin, carry_on, go_on, put_off
from handlers.forms.form import SMALL_TALK, Form, Said, Slot, Values

__all__ = [
    "BROUGHT_BACK_WITHIN",
    "CONFIRM",
    "SMALL_TALK",
    "SURE",
    "Form",
    "Forms",
    "Said",
    "Slot",
    "Values",
    "begin",
    "carry_on",
    "go_on",
    "put_off",
]
