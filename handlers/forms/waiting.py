"""Forms that wait: for another wish to be answered, for an answer that does not come, to be brought back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from handlers.forms import replies
from handlers.forms.dialogue import as_choice, back_to, go_on, question_of
from handlers.forms.filling import save, state_of
from nlu.times import SHANGHAI
from storage.messages import Priority

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handlers.forms.form import Form
    from handlers.turn import Desk, Reply, Turn
    from nlu.understanding import Understanding
    from storage.talks import Talk

KEPT_FOR = timedelta(days=1)
"""How long a form that is not answered stays open."""

BROUGHT_BACK_WITHIN = timedelta(minutes=30)
"""How long what was filled in is kept after its form was stopped, or after the bot asked about one that lapsed."""

ASKED_ABOUT_AFTER = timedelta(minutes=30)
"""How long nobody must have answered before the bot asks once whether the form is to be filled in."""

WAKING_FROM, WAKING_TO = time(7), time(22)
"""The hours in which it asks (Asia/Shanghai)."""


class Forms:
    """All forms by name, and what waits of them in a talk.

    A form that lapses is kept in `talk.topic["lapsed"]` until the person has been asked about it, and from then on,
    like one that was stopped, in `talk.topic["left"]`.
    """

    def __init__(self, forms: Iterable[Form] = ()) -> None:
        self._forms = {form.name: form for form in forms}

    def under_way(self, talk: Talk, now: datetime) -> Form | None:
        """The form under way in `talk`, or None; one that was left for longer than a day is not."""
        if talk.form is None or now - datetime.fromisoformat(talk.form["at"]) > KEPT_FOR:
            return None
        return self._forms.get(talk.form["name"])

    def open_in(self, turn: Turn) -> Form | None:
        """The form under way in the talk; what is none any more lapses."""
        form = self.under_way(turn.talk, turn.now)
        if form is None and turn.talk.form is not None:
            self._lapse(turn.talk, self._forgotten(turn, turn.talk.form))
        return form

    def and_ask_about_lapsed(self, turn: Turn, reply: Reply | None) -> Reply | None:
        """`reply`, with the question about a form that lapsed: once, and where nothing else is asked."""
        lapsed = turn.talk.topic.get("lapsed")
        if lapsed is None or reply is None or reply.choices or turn.talk.form is not None:
            return reply
        form = lapsed["form"]
        left = {**form, "at": turn.now.isoformat()} if form else turn.talk.topic.get("left")
        turn.talk.remember(lapsed=None, left=left)
        put_off = [as_choice(put) for put in lapsed["put_off"]]
        return reply.followed_by(replies.lapsed(self._called(form) if form else None, put_off))

    def bring_back(self, turn: Turn) -> Reply | None:
        """The form that was stopped or lapsed, with everything that it held; None when there is none."""
        left, lapsed = turn.talk.topic.get("left"), turn.talk.topic.get("lapsed")
        turn.talk.remember(left=None, lapsed=None)
        if left is not None and turn.now - datetime.fromisoformat(left["at"]) > BROUGHT_BACK_WITHIN:
            left = None
        if left is None and lapsed is not None:
            left = lapsed["form"]
        form = self._forms.get(left["name"]) if left else None
        if form is None:
            return None
        turn.talk.form = _as_of(turn.now, left)
        return go_on(turn, form)

    def reminder(self, turn: Turn) -> Reply | None:
        """The open question again, after something else was answered in between."""
        form = self.open_in(turn)
        return back_to(form, turn.talk) if form is not None else None

    def ask_about_left(self, desk: Desk) -> None:
        """Ask, once a form, about what nobody has answered for a while; at night that waits for the morning."""
        if not WAKING_FROM <= desk.now.astimezone(SHANGHAI).time() < WAKING_TO:
            return
        self._forget_lapsed(desk)
        for talk in desk.work.talks.left_open(desk.now - KEPT_FOR, desk.now - ASKED_ABOUT_AFTER):
            form = self.under_way(talk, desk.now)
            if form is None or talk.form is None or form.about is None or talk.form.get("asked_about"):
                continue
            talk.form = {**talk.form, "asked_about": True}
            reminder = replies.still_open(form.about(talk.form["values"]), question_of(form, talk))
            desk.write(talk.key, reminder, desk.work.people.get(talk.person_id), Priority.NOTICE)

    def _forget_lapsed(self, desk: Desk) -> None:
        """Let the forms of those who never wrote again forget what they may not keep."""
        for talk in desk.work.talks.left_open(desk.now - 2 * KEPT_FOR, desk.now - KEPT_FOR):
            kept = self._forgotten(desk, talk.form)
            if kept != talk.form:
                talk.form = kept

    def _forgotten(self, desk: Desk, state: dict[str, Any] | None) -> dict[str, Any] | None:
        """An open form and those beneath it, without what may not be kept when nobody goes on with it."""
        if state is None:
            return None
        form = self._forms.get(state["name"])
        values = form.forget(desk, state["values"]) if form is not None else state["values"]
        return {**state, "values": values, "under": self._forgotten(desk, state["under"])}

    def _lapse(self, talk: Talk, form: dict[str, Any] | None) -> None:
        """Close a form, and keep of it, and of one that lapsed before, what a person would want to go on with."""
        before = talk.topic.get("lapsed", {"form": None, "put_off": []})
        kept = next((state for state in _stack(form) if self._called(state) is not None), None)
        put_off = [put for state in _stack(form) for put in state.get("then", [])]
        lapsed = {"form": _above(kept, before["form"]), "put_off": [*before["put_off"], *put_off]}
        talk.remember(lapsed=lapsed if any(lapsed.values()) else None)
        talk.form, talk.choices = None, []

    def _called(self, state: dict[str, Any]) -> str | None:
        form = self._forms.get(state["name"])
        return form.about(state["values"]) if form and form.about else None


def put_off(turn: Turn, label: str, wish: Understanding) -> None:
    """Keep a wish until the form under way is done (`Turn.due`); to whoever leaves the form it is offered."""
    put = {"label": label, "intent": wish.intent, "text": wish.text, "at": turn.message.sent_at.isoformat()}
    save(turn, then=[*state_of(turn).get("then", []), put])


def _stack(form: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """A form and those that wait beneath it."""
    while form is not None:
        yield form
        form = form["under"]


def _as_of(now: datetime, form: dict[str, Any] | None) -> dict[str, Any] | None:
    """A form and those beneath it, open since now."""
    return {**form, "at": now.isoformat(), "under": _as_of(now, form["under"])} if form is not None else None


def _above(form: dict[str, Any] | None, lower: dict[str, Any] | None) -> dict[str, Any] | None:
    """A form with `lower` waiting beneath it and those that wait there already."""
    return {**form, "under": _above(form["under"], lower)} if form is not None else lower
