"""Filling in the form under way: values out of a message, corrections, and the person's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.forms.form import Said
from nlu import answers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.forms.form import Form, Slot, Values
    from handlers.turn import Turn

_SHORTEST_WORDS = 2


def set_value(turn: Turn, slot: Slot, value: Any) -> None:
    """Keep the value of a slot, joined to the one that is known."""
    values = state_of(turn)["values"]
    known = values.get(slot.name)
    save(turn, values={**values, slot.name: value if known is None else slot.merge(known, value)})


def save(turn: Turn, **changed: Any) -> None:
    """Change what the talk holds of the form."""
    turn.talk.form = {**state_of(turn), "at": turn.now.isoformat(), **changed}


def state_of(turn: Turn) -> dict[str, Any]:
    """What the talk holds of the form under way."""
    if turn.talk.form is None:
        raise RuntimeError("no form is open in this talk")
    return turn.talk.form


def take(turn: Turn, form: Form, said: Said, *, again: bool = False, besides: Slot | None = None) -> bool:
    """Fill slots from what the message says unasked; with `again` also those that are filled already."""
    values = dict(state_of(turn)["values"])
    taken = False
    for slot in form.slots:
        known = values.get(slot.name)
        filled = known is not None and slot.complete(known)
        if slot is besides or (filled and (slot.greedy or not again)):
            continue
        found = slot.find(said)
        if found is not None and found != known:
            values[slot.name] = slot.merge(known, found) if known is not None else found
            taken = True
    save(turn, values=values)
    return taken


def correct(turn: Turn, form: Form, said: Said) -> bool:
    """Apply 「不是5栋是6栋」 to the one slot that it is about; False when it corrects nothing that is known."""
    correction = answers.read_correction(said.text)
    if correction is None:
        return False
    right = Said(correction.right.strip(" ：:"), said.understanding, (), said.now)
    values = dict(state_of(turn)["values"])
    slot = _slot_meant(form, values, said.text.partition(correction.right)[0], right)
    found = _read(slot, right) if slot else None
    replaced = [(correction.wrong, correction.right)]
    if slot and found is not None:
        old, values[slot.name] = values[slot.name], slot.merge(values[slot.name], found)
        replaced.append((old, values[slot.name]))
    changed = found is not None
    names = form.words if changed else {*form.words, *(slot.name for slot in form.slots if slot.name in values)}
    for name in names:
        put_right = _put_right(values.get(name), replaced)
        changed = changed or put_right != values.get(name)
        values[name] = put_right
    save(turn, values=values)
    return changed


def _slot_meant(form: Form, values: Values, before: str, right: Said) -> Slot | None:
    """The slot that is named before the right words, or else the first that finds something in them."""
    known = sorted((slot for slot in form.slots if slot.name in values), key=lambda slot: slot.greedy)
    named = [slot for slot in known if any(word in before for word in slot.called)]
    return next((slot for slot in named or known if named or slot.find(right) is not None), None)


def _read(slot: Slot, said: Said) -> Any:
    """What was said of a slot that is known to be meant."""
    readings = (read(said) for read in (slot.find, slot.read, slot.accept))
    return next((value for value in readings if value is not None), None)


def _put_right(value: Any, replaced: Iterable[tuple[Any, Any]]) -> Any:
    """`value` (words or a list of them) with what was wrong in it replaced."""
    if isinstance(value, list):
        return [_put_right(part, replaced) for part in value]
    for wrong, right in replaced:
        words = isinstance(value, str) and isinstance(wrong, str) and isinstance(right, str)
        if words and len(wrong) >= _SHORTEST_WORDS:
            value = value.replace(wrong, right)
    return value


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


def fits(turn: Turn, form: Form, slot: Slot) -> bool:
    """Whether the turn itself knows what a bare answer means (「是的」 to 「是您家那里吗？」)."""
    values = dict(state_of(turn)["values"])
    form.context(turn, values)
    return is_filled(slot, values)


def is_filled(slot: Slot, values: Values) -> bool:
    """Whether a slot has all that it needs."""
    return values.get(slot.name) is not None and slot.complete(values[slot.name])
