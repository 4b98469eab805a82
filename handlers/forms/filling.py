"""Filling in a form: what a message gives to its values, what it puts right in them, and the person's own words.

What reads here gives new values and changes nothing; `save` and what stands below it change the talk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.forms.form import UNKNOWN, Said
from nlu import answers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.forms.form import Form, Slot, Values
    from handlers.turn import Turn

_SHORTEST_WORDS = 2


def with_value(values: Values, slot: Slot, value: Any) -> Values:
    """`values` with that of a slot, joined to the one that is known."""
    known = values.get(slot.name)
    return {**values, slot.name: value if known in (None, UNKNOWN) else slot.merge(known, value)}


def with_found(form: Form, values: Values, said: Said, *, again: bool = False, besides: Slot | None = None) -> Values:
    """`values` with what the message says unasked; with `again` also of slots that are filled already."""
    for slot in form.slots:
        if slot is besides or (is_filled(slot, values) and (slot.greedy or not again)):
            continue
        found = slot.find(said)
        if found == UNKNOWN and is_filled(slot, values):
            # That somebody does not know is no news where it was told.
            continue
        if found is not None and found != values.get(slot.name):
            values = with_value(values, slot, found)
    return values


def with_parts(form: Form, values: Values, said: Said, besides: Slot | None = None) -> Values:
    """`values` with a message that is nothing but a part of what is known already (「4单元」 to 3栋502)."""
    for slot in form.slots:
        if slot is not besides and is_filled(slot, values) and (part := slot.part(said)) is not None:
            values = with_value(values, slot, part)
    return values


def put_right(form: Form, values: Values, said: Said) -> Values | None:
    """`values` after 「不是5栋是6栋」, or None where no slot takes the right value: the story alone never changes."""
    correction = answers.read_correction(said.text)
    if correction is None or (not correction.wrong and answers.speaks_of_others(correction.right)):
        # 「不对，他昨天还砸了门」 says what is missing, and not since when it is.
        return None
    right = Said(correction.right.strip(" ：:"), said.understanding, (), said.now)
    wrong = Said(correction.wrong, said.understanding, (), said.now)
    slot = _slot_meant(form, values, said.text.partition(correction.right)[0], right, wrong)
    found = _read(slot, right) if slot else None
    replaced: list[tuple[Any, Any]] = [(correction.wrong, correction.right)]
    if slot and found is not None:
        changed = {slot.name: slot.merge(values[slot.name], found)}
        replaced.append((values[slot.name], changed[slot.name]))
    else:
        story = form.words if form.story else ()
        known = [slot.name for slot in form.slots if slot.name in values and slot.name not in story]
        changed = {name: new for name in known if (new := _replaced(values[name], replaced)) != values[name]}
    if not changed:
        return form.corrects(values, correction)
    words = {name: _replaced(values.get(name), replaced) for name in form.words if name not in changed}
    return {**values, **words, **changed}


def _slot_meant(form: Form, values: Values, before: str, right: Said, wrong: Said) -> Slot | None:
    """The slot that is named before the right words, or else the first that finds something, or a part, in them."""
    known = sorted((slot for slot in form.slots if slot.name in values), key=lambda slot: slot.greedy)
    named = [slot for slot in known if any(word in before for word in slot.called)]
    if named:
        return named[0]
    held = [slot for slot in known if _held(slot, values, wrong)]
    found = next((slot for slot in held if slot.find(right) is not None), None)
    return found or next((slot for slot in held if slot.part(right) is not None), None)


def _held(slot: Slot, values: Values, wrong: Said) -> bool:
    """Whether what is said to be wrong may be the value of a slot: 「不是我不想来，是我昨天来不了」 changes no day."""
    return not wrong.text or wrong.text in str(values[slot.name]) or slot.find(wrong) is not None


def _read(slot: Slot, said: Said) -> Any:
    """What was said of a slot that is known to be meant."""
    readings = (read(said) for read in (slot.find, slot.part, slot.read, slot.accept))
    return next((value for value in readings if value is not None), None)


def _replaced(value: Any, replaced: Iterable[tuple[Any, Any]]) -> Any:
    """`value` (words or a list of them) with what was wrong in it replaced."""
    if isinstance(value, list):
        return [_replaced(part, replaced) for part in value]
    for wrong, right in replaced:
        words = isinstance(value, str) and isinstance(wrong, str) and isinstance(right, str)
        if words and len(wrong) >= _SHORTEST_WORDS:
            value = value.replace(wrong, right)
    return value


def is_filled(slot: Slot, values: Values) -> bool:
    """Whether a slot has all that it needs; that the person does not know gives way to what is said later."""
    known = values.get(slot.name)
    return known is not None and known != UNKNOWN and slot.complete(known)


def is_answered(slot: Slot, values: Values) -> bool:
    """Whether there is nothing more to ask about a slot."""
    return values.get(slot.name) == UNKNOWN or is_filled(slot, values)


def state_of(turn: Turn) -> dict[str, Any]:
    """What the talk holds of the form under way."""
    if turn.talk.form is None:
        raise RuntimeError("no form is open in this talk")
    return turn.talk.form


def save(turn: Turn, **changed: Any) -> None:
    """Change what the talk holds of the form."""
    turn.talk.form = {**state_of(turn), "at": turn.now.isoformat(), **changed}


def keep_attachments(turn: Turn, form: Form, said: Said) -> None:
    """Keep the photos and the place that came with a message."""
    if said.attachments:
        tell_story(turn, form, Said("", said.understanding, said.attachments, said.now))


def tell_story(turn: Turn, form: Form, said: Said) -> None:
    """Let the form keep the words, photos and place of a message."""
    values = dict(state_of(turn)["values"])
    if form.story:
        form.story(values, said)
    save(turn, values=values)
