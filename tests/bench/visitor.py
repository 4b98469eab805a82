"""A visitor of the web chat: waits until the server is up, speaks as one of the invented people, reads the answer.

`python -m tests.bench.visitor URL TEXT EXPECTED` does so once; the exit status says whether the answer holds EXPECTED.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOK_EVERY = 0.01
"""Seconds between two looks whether the server is up."""


class ServerError(Exception):
    """The server did not come up or did not answer; the text says which."""


def wait_until_up(client: httpx.Client, seconds: float, runs: Callable[[], bool] = lambda: True) -> None:
    """Return on the first 200 of /healthz; raises ServerError after `seconds`, or as soon as `runs` says no."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and runs():
        try:
            if client.get("/healthz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(LOOK_EVERY)
    raise ServerError(f"no answer from /healthz within {seconds:g} s" if runs() else "it ended before it was up")


def ask(client: httpx.Client, text: str) -> str:
    """Say `text` in the private talk of the first of the invented people; the first thing that the bot answers.

    Raises ServerError when the stream ends without an answer.
    """
    person = client.get("/api/welcome").raise_for_status().json()["people"][0]["id"]
    token = client.post("/api/session", json={"person": person}).raise_for_status().json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    with client.stream("GET", "/api/stream", params={"chat": "private"}, headers=headers) as stream:
        stream.raise_for_status()
        events = _events(stream)
        # What was said before this talk stands before the event "ready".
        next(event for event, _ in events if event == "ready")
        message = {"chat": "private", "id": uuid.uuid4().hex, "text": text}
        client.post("/api/messages", json=message, headers=headers).raise_for_status()
        for _, said in events:
            if said.get("by") == "bot":
                return str(said["text"])
    raise ServerError("the stream ended without an answer")


def _events(stream: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    """The server-sent events of a stream, each with its name and its data."""
    event, data = "message", ""
    for line in stream.iter_lines():
        name, _, value = line.partition(":")
        if not line and data:
            yield event, json.loads(data)
            event, data = "message", ""
        elif name == "event":
            event = value.strip()
        elif name == "data":
            data += value.strip()


def main(url: str, text: str, expected: str) -> int:
    """Ask once and print the answer; 0 when it holds `expected`."""
    try:
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
            wait_until_up(client, 120)
            answer = ask(client, text)
    except (ServerError, httpx.HTTPError) as error:
        print(f"{url}: {error}", file=sys.stderr)
        return 1
    print(answer)
    if expected not in answer:
        print(f"the answer lacks {expected}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
