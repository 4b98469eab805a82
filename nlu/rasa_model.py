"""The model beside the bot: a Rasa server asked over HTTP, and another model for as long as it does not answer well."""

from __future__ import annotations

import re
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, ValidationError

from nlu.service import Breaker, JsonService, ServiceError, what_is_wrong
from nlu.understanding import NO_CONTEXT, Context, Intent

if TYPE_CHECKING:
    from collections.abc import Callable

    from nlu.parser import Model
    from nlu.understanding import Ranking

REMEMBERED = 16
"""Texts whose answer is kept, for those who ask again at once."""

_NOT_WORDS = re.compile(r"\A[\s/]+")


class RasaServer:
    """A Rasa server that has learnt our intents."""

    def __init__(self, url: str, timeout: float) -> None:
        """`url` is where the server stands, with its `?token=` where it wants one; `timeout` in seconds."""
        self._service = JsonService(url, "model/parse", timeout)
        self.name = self._service.name
        # One message is ranked more than once: by itself, in its context, and as a part of what was said.
        self._ranking_of = lru_cache(maxsize=REMEMBERED)(self._ask)

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:  # noqa: ARG002 - Rasa knows no context
        """Every intent with its confidence between 0 and 1, best first; raises ServiceError."""
        return self._ranking_of(readable(text))

    def _ask(self, text: str) -> Ranking:
        return _ranking(self._service.post({"text": text}))


class RasaModel:
    """Ranks by a server, and by `fallback` while the server is down, slow or wrong."""

    def __init__(self, server: RasaServer, fallback: Model, clock: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._fallback = fallback
        fails, answers = "rasa fails, the embedded model ranks", "rasa ranks again"
        self._breaker = Breaker(server.name, fails=fails, answers=answers, clock=clock)

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:
        """Every intent with its confidence between 0 and 1, best first."""
        ranking = self._breaker.attempt(lambda: self._server.rank(text)) if readable(text) else None
        return self._fallback.rank(text, context) if ranking is None else ranking


def readable(text: str) -> str:
    """What Rasa reads as words: it ranks nothing for blanks, and takes what begins with a slash for a command to it."""
    return _NOT_WORDS.sub("", text)


class _Ranked(BaseModel):
    name: str
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class _Answer(BaseModel):
    intent_ranking: tuple[_Ranked, ...]


def _ranking(body: bytes) -> Ranking:
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError as error:
        raise ServiceError(f"not an answer of Rasa: {what_is_wrong(error)}") from error
    confidence = {ranked.name: ranked.confidence for ranked in answer.intent_ranking}
    if strange := sorted(confidence.keys() - set(Intent)):
        raise ServiceError(f"an intent that is none of ours: {strange[0]}")
    if len(confidence) < len(Intent):
        raise ServiceError(f"{len(confidence)} of {len(Intent)} intents ranked")
    return tuple((Intent(name), confidence[name]) for name in sorted(confidence, key=lambda name: -confidence[name]))
