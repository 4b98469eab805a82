"""What servers beside the bot have in common: JSON over HTTP within a time and a size, and patience that runs out."""

from __future__ import annotations

import time
import weakref
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import httpx
import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import ValidationError

PAUSE = 30.0
"""Seconds for which a server that failed is left alone; then one call tries it again."""

LARGEST_ANSWER = 1_000_000
"""Bytes; what the bot asks for takes a few thousand."""

IDLE = 2.0
"""Seconds after which an unused connection is closed: a server closes it too, and must not do so as we write to it."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class ServiceError(Exception):
    """The server gave no answer that can be used; the message says why."""


class JsonService:
    """One address that takes a JSON object and answers with JSON; `name` is the server's, without any key."""

    def __init__(self, url: str, path: str, timeout: float, headers: Mapping[str, str] | None = None) -> None:
        """`url` is where the server stands, with its query where it wants one; `timeout` in seconds."""
        root = httpx.URL(url)
        self.name = root.netloc.decode()
        self._url = root.copy_with(path=f"{root.path.rstrip('/')}/{path}")
        self._timeout = timeout
        # What people write goes to the server itself, past any proxy that the environment names.
        limits = httpx.Limits(keepalive_expiry=IDLE)
        self._client = httpx.Client(timeout=timeout, trust_env=False, limits=limits, headers=headers)
        # A service lives as long as the process, and nobody closes it; its connections go when it goes.
        weakref.finalize(self, self._client.close)

    def post(self, asked: object) -> bytes:
        """The body of the answer; raises ServiceError."""
        try:
            return self._answer(asked)
        except httpx.TimeoutException as error:
            raise self.too_slow() from error
        except httpx.HTTPError as error:
            raise ServiceError(str(error) or type(error).__name__) from error

    def too_slow(self) -> ServiceError:
        """That the time is over."""
        return ServiceError(f"no answer within {self._timeout:g} s")

    def _answer(self, asked: object) -> bytes:
        until = time.monotonic() + self._timeout
        body = bytearray()
        with self._client.stream("POST", self._url, json=asked) as response:
            if response.status_code != httpx.codes.OK:
                raise ServiceError(f"status {response.status_code}")
            for chunk in response.iter_bytes():
                body += chunk
                # The client's own timeout starts again with every byte.
                if time.monotonic() > until:
                    raise self.too_slow()
                if len(body) > LARGEST_ANSWER:
                    raise ServiceError(f"an answer of more than {LARGEST_ANSWER} bytes")
        return bytes(body)


class Breaker:
    """Asks a server as long as it answers.

    The operator is told once when it begins to fail (`fails` says what the bot does without it) and once when that is
    over (`answers`). In between, one call each `PAUSE` seconds tries the server, so that the others do not wait for it.
    """

    def __init__(self, server: str, *, fails: str, answers: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._fails = fails
        self._answers = answers
        self._clock = clock
        self._retry_at: float | None = None
        self._lock = Lock()

    def attempt(self, ask: Callable[[], T]) -> T | None:
        """What `ask` gives, or None where it raises ServiceError or the server is left alone."""
        if not self._may_try():
            return None
        try:
            answer = ask()
        except ServiceError as error:
            self._failed(error)
            return None
        self._answered()
        return answer

    def _may_try(self) -> bool:
        with self._lock:
            if self._retry_at is None:
                return True
            if self._clock() < self._retry_at:
                return False
            # Calls that come while this one tries do not try as well.
            self._retry_at = self._clock() + PAUSE
            return True

    def _failed(self, error: ServiceError) -> None:
        with self._lock:
            begins, self._retry_at = self._retry_at is None, self._clock() + PAUSE
        if begins:
            log.warning(self._fails, server=self._server, reason=str(error))

    def _answered(self) -> None:
        with self._lock:
            ends, self._retry_at = self._retry_at is not None, None
        if ends:
            log.warning(self._answers, server=self._server)


def what_is_wrong(error: ValidationError) -> str:
    """The first thing that is wrong with an answer, without a word of the answer itself."""
    wrong = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, wrong['loc']))} {wrong['msg']}".strip()
