"""Which action answers which intent, for whom, and whether in a group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from handlers.turn import Desk, Reply, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nlu.understanding import Intent
    from storage.database import Base
    from storage.people import Role

Action = Callable[[Turn], Reply | None]


class InGroup(Enum):
    """What the bot may do with an intent in a group, where other people read along (intents.md)."""

    ACT = auto()
    """Act there."""
    MOVE = auto()
    """Say one neutral line there and act in the private talk: the action only reads, or asks before it writes."""
    ASK = auto()
    """Say one neutral line there and offer the same in the private talk, because the action writes at once."""
    IGNORE = auto()
    """Say nothing, unless the bot was addressed."""


@dataclass(frozen=True, slots=True)
class Route:
    """An action with its conditions; without `roles` anybody may."""

    intent: Intent
    action: Action
    in_group: InGroup
    roles: frozenset[Role]


class Routes:
    """The routes of one feature, or of several."""

    def __init__(
        self, routes: Iterable[Route] = (), listeners: Iterable[Action] = (), interrupters: Iterable[Action] = ()
    ) -> None:
        self._routes: dict[Intent, Route] = {}
        self._listeners = tuple(listeners)
        self._interrupters = tuple(interrupters)
        for route in routes:
            self._add(route)

    def on(
        self, intent: Intent, *, in_group: InGroup, roles: frozenset[Role] = frozenset()
    ) -> Callable[[Action], Action]:
        """Route `intent` to the decorated action."""

        def add(action: Action) -> Action:
            self._add(Route(intent, action, in_group, roles))
            return action

        return add

    def get(self, intent: Intent) -> Route | None:
        """The route of `intent`, or None."""
        return self._routes.get(intent)

    def listen(self, turn: Turn) -> Reply | None:
        """The answer of the first listener that takes a message for its own, before its intent is asked; or None."""
        return next((reply for listen in self._listeners if (reply := listen(turn)) is not None), None)

    def interrupt(self, turn: Turn) -> Reply | None:
        """The answer of the first interrupter that is sure that a message is not for the form under way; or None."""
        return next((reply for take in self._interrupters if (reply := take(turn)) is not None), None)

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes.values())

    def _add(self, route: Route) -> None:
        if route.intent in self._routes:
            raise ValueError(f"{route.intent} is routed twice")
        self._routes[route.intent] = route


@dataclass(frozen=True, slots=True)
class Duty:
    """Timed work of a feature: `run` is called every `seconds` and does what is due at the desk's moment, once.

    What only reads says so (`read_only`), so that nobody waits for it. While the table of `over` is empty there is
    nothing to do, and `run` is not called.
    """

    name: str
    seconds: int
    run: Callable[[Desk], None]
    read_only: bool = False
    over: type[Base] | None = None
