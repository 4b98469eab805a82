"""What of a person's words may be passed on to the human whom they ask for."""

from __future__ import annotations

import re

from nlu.oneself import NOBODY, Known, without_oneself

_NOT_DIGITS = re.compile(r"\D")


def tells_new_data(text: str, known: Known) -> bool:
    """Whether `text` tells personal data of its speaker that are not registered."""
    for datum in filter(None, known):
        text = text.replace(datum, "")
    if known.phone:
        text = re.sub(r"[-\s]?".join(_NOT_DIGITS.sub("", known.phone)), "", text)
    return without_oneself(text) != text


def without_data(text: str) -> str:
    """`text` without them."""
    return without_oneself(text, NOBODY)
