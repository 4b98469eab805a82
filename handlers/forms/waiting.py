"""Forms that wait: for another wish to be answered, to be brought back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers.forms.dialogue import back_to, go_on
from handlers.forms.filling import save, state_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.forms.form import Form
    from handlers.turn import Reply, Turn
    from nlu.understanding import Understanding
    from storage.talks import Talk

KEPT_FOR = timedelta(days=1)
"""How long a form that is not answered stays open."""

BROUGHT_BACK_WITHIN = timedelta(minutes=30)
"""How long what was filled in is kept after its form was stopped."""


class Forms:
    """All forms by name, and what waits of them in a talk."""

    def __init__(self, forms: Iterable[Form] = ()) -> None:
        self._forms = {form.name: form for form in forms}

    def under_way(self, talk: Talk, now: datetime) -> Form | None:
        """The form under way in `talk`, or None; one that was left for longer than a day is not."""
        if talk.form is None or now - datetime.fromisoformat(talk.form["at"]) > KEPT_FOR:
            return None
        return self._forms.get(talk.form["name"])

    def open_in(self, talk: Talk, now: datetime) -> Form | None:
        """The form under way in `talk`; what is none any more is dropped."""
        form = self.under_way(talk, now)
        if form is None and talk.form is not None:
            talk.form, talk.choices = None, []
        return form

    def bring_back(self, turn: Turn) -> Reply | None:
        """The form that was stopped a while ago, with everything that it held; None when there is none."""
        left = turn.talk.topic.get("left")
        turn.talk.remember(left=None)
        if left is None or turn.now - datetime.fromisoformat(left["at"]) > BROUGHT_BACK_WITHIN:
            return None
        form = self._forms.get(left["name"])
        if form is None:
            return None
        turn.talk.form = left
        return go_on(turn, form)

    def reminder(self, talk: Talk, now: datetime) -> Reply | None:
        """The open question again, after something else was answered in between."""
        form = self.open_in(talk, now)
        return back_to(form, talk) if form is not None else None


def put_off(turn: Turn, label: str, wish: Understanding) -> None:
    """Keep a wish until the form under way is done (`Turn.due`); to whoever stops the form it is offered."""
    put = {"label": label, "intent": wish.intent, "text": wish.text, "at": turn.message.sent_at.isoformat()}
    save(turn, then=[*state_of(turn).get("then", []), put])
