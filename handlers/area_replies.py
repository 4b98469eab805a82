"""What the bot says where a place may be in several areas."""

from __future__ import annotations

from typing import Any

from handlers.turn import Choice, Reply

NOT_KNOWN = Choice("说不清")


def which(place: str, options: list[list[Any]]) -> Reply:
    """Which of several is meant."""
    labels = [label for label, *_ in options]
    return Reply(f"{place}不止一处，您说的是哪里？", (*map(Choice, labels), NOT_KNOWN))
