"""The model beside the bot: a Rasa server asked over HTTP, and another model for as long as it does not answer well."""

from __future__ import annotations

import re
import time
import weakref
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Annotated

import httpx
import structlog
from pydantic import BaseModel, Field, ValidationError

from nlu.understanding import NO_CONTEXT, Context, Intent

if TYPE_CHECKING:
    from collections.abc import Callable

    from nlu.parser import Model
    from nlu.understanding import Ranking

PAUSE = 30.0
"""Seconds for which a server that failed is left alone; then one message tries it again."""

LARGEST_ANSWER = 1_000_000
"""Bytes; a ranking of all intents takes some 5,000."""

REMEMBERED = 16
"""Texts whose answer is kept, for those who ask again at once."""

IDLE = 2.0
"""Seconds after which an unused connection is closed: Rasa closes it after 5, and must not do so as we write to it."""

_NOT_WORDS = re.compile(r"\A[\s/]+")

log = structlog.get_logger(__name__)


class RasaError(Exception):
    """The server gave no ranking of our intents; the message says why."""


class RasaServer:
    """A Rasa server that has learnt our intents."""

    def __init__(self, url: str, timeout: float) -> None:
        """`url` is where the server stands, with its `?token=` where it wants one; `timeout` in seconds."""
        root = httpx.URL(url)
        self.name = root.netloc.decode()
        self._parse = root.copy_with(path=f"{root.path.rstrip('/')}/model/parse")
        self._timeout = timeout
        # What people write goes to the server itself, past any proxy that the environment names.
        self._client = httpx.Client(timeout=timeout, trust_env=False, limits=httpx.Limits(keepalive_expiry=IDLE))
        # A model lives as long as the process, and nobody closes it; its connections go when it goes.
        weakref.finalize(self, self._client.close)
        # One message is ranked more than once: by itself, in its context, and as a part of what was said.
        self._ranking_of = lru_cache(maxsize=REMEMBERED)(self._ask)

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:  # noqa: ARG002 - Rasa knows no context
        """Every intent with its confidence between 0 and 1, best first; raises RasaError."""
        return self._ranking_of(readable(text))

    def _ask(self, text: str) -> Ranking:
        try:
            return _ranking(self._answer(text))
        except httpx.TimeoutException as error:
            raise self._too_slow() from error
        except httpx.HTTPError as error:
            raise RasaError(str(error) or type(error).__name__) from error

    def _answer(self, text: str) -> bytes:
        until = time.monotonic() + self._timeout
        body = bytearray()
        with self._client.stream("POST", self._parse, json={"text": text}) as response:
            if response.status_code != httpx.codes.OK:
                raise RasaError(f"status {response.status_code}")
            for chunk in response.iter_bytes():
                body += chunk
                # The client's own timeout starts again with every byte.
                if time.monotonic() > until:
                    raise self._too_slow()
                if len(body) > LARGEST_ANSWER:
                    raise RasaError(f"an answer of more than {LARGEST_ANSWER} bytes")
        return bytes(body)

    def _too_slow(self) -> RasaError:
        return RasaError(f"no answer within {self._timeout:g} s")


class RasaModel:
    """Ranks by a server, and by `fallback` while the server is down, slow or wrong.

    The operator is told once when that begins and once when it ends. In between, one message each `PAUSE` seconds
    tries the server, so that the others do not wait for it.
    """

    def __init__(self, server: RasaServer, fallback: Model, clock: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._fallback = fallback
        self._clock = clock
        self._retry_at: float | None = None
        self._lock = Lock()

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:
        """Every intent with its confidence between 0 and 1, best first."""
        if readable(text) and self._may_try():
            try:
                ranking = self._server.rank(text)
            except RasaError as error:
                self._failed(error)
            else:
                self._answered()
                return ranking
        return self._fallback.rank(text, context)

    def _may_try(self) -> bool:
        with self._lock:
            if self._retry_at is None:
                return True
            if self._clock() < self._retry_at:
                return False
            # Messages that come while this one tries do not try as well.
            self._retry_at = self._clock() + PAUSE
            return True

    def _failed(self, error: RasaError) -> None:
        with self._lock:
            begins, self._retry_at = self._retry_at is None, self._clock() + PAUSE
        if begins:
            log.warning("rasa fails, the embedded model ranks", server=self._server.name, reason=str(error))

    def _answered(self) -> None:
        with self._lock:
            ends, self._retry_at = self._retry_at is not None, None
        if ends:
            log.warning("rasa ranks again", server=self._server.name)


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
        wrong = error.errors(include_url=False, include_input=False)[0]
        raise RasaError(f"not an answer of Rasa: {'.'.join(map(str, wrong['loc']))} {wrong['msg']}".strip()) from error
    confidence = {ranked.name: ranked.confidence for ranked in answer.intent_ranking}
    if strange := sorted(confidence.keys() - set(Intent)):
        raise RasaError(f"an intent that is none of ours: {strange[0]}")
    if len(confidence) < len(Intent):
        raise RasaError(f"{len(confidence)} of {len(Intent)} intents ranked")
    return tuple((Intent(name), confidence[name]) for name in sorted(confidence, key=lambda name: -confidence[name]))
