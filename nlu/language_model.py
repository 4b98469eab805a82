"""A language model on a server beside the bot, asked as OpenAI's chat completions are; nothing depends on it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, ValidationError

from nlu.service import Breaker, JsonService, ServiceError, what_is_wrong

if TYPE_CHECKING:
    from collections.abc import Callable

AT_ONCE = 4
"""Calls at a time: half of the threads that work messages, so that a slow model never keeps them all waiting."""

LONGEST = 200
"""Tokens of an answer."""


class LanguageModel:
    """Gives a short text, or None: soon, or not at all."""

    def __init__(
        self, url: str, model: str, key: str, timeout: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`url` is what `/chat/completions` is added to; without a `key` none is sent; `timeout` in seconds."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._service = JsonService(url, "chat/completions", timeout, headers)
        self._model = {"model": model} if model else {}
        self._timeout = timeout
        self._breaker = Breaker(
            self._service.name,
            fails="the language model fails, answers go out without it",
            answers="the language model answers again",
            clock=clock,
        )
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="language-model")
        self._places = BoundedSemaphore(AT_ONCE)

    def say(self, instruction: str, text: str) -> str | None:
        """What the model makes of `text`; None where it fails, is slow, is left alone for a while or has no room."""
        if not self._places.acquire(blocking=False):
            return None
        try:
            return self._breaker.attempt(lambda: self._in_time(instruction, text))
        finally:
            self._places.release()

    def _in_time(self, instruction: str, text: str) -> str:
        # In a thread of its own, because nothing else bounds the time to look up a name and to connect and to read.
        asking = self._threads.submit(self._ask, instruction, text)
        try:
            return asking.result(self._timeout)
        except TimeoutError as error:
            asking.cancel()
            raise self._service.too_slow() from error

    def _ask(self, instruction: str, text: str) -> str:
        messages = [{"role": "system", "content": instruction}, {"role": "user", "content": text}]
        asked = {**self._model, "messages": messages, "temperature": 0, "max_tokens": LONGEST}
        body = self._service.post(asked)
        try:
            return _Completion.model_validate_json(body).choices[0].message.content.strip()
        except ValidationError as error:
            raise ServiceError(f"not a chat completion: {what_is_wrong(error)}") from error


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    choices: Annotated[tuple[_Choice, ...], Field(min_length=1)]
