"""A server in the test process, whose next answers the test decides."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from socket import socket


class FakeServer(ThreadingHTTPServer):
    """A server whose next answers the test decides; it remembers what it was asked.

    `delay` is waited before an answer and `drip` after each byte of it, in seconds; it breaks off after `most` bytes.
    """

    daemon_threads = True

    def __init__(self, port: int = 0, body: str = "") -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.status = 200
        self.body = body
        self.delay = 0.0
        self.drip = 0.0
        self.most: int | None = None
        self.heard: list[tuple[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.over = Event()
        self._connections: list[socket] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def get_request(self) -> tuple[socket, tuple[str, int]]:
        connection, address = super().get_request()
        self._connections.append(connection)
        return connection, address

    def hang_up(self) -> None:
        """Let slow answers go, and close what clients keep open for their next question, as a server that ends does."""
        self.over.set()
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FakeServer

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.headers.append(dict(self.headers))
        self.server.heard.append((self.path, json.loads(asked)))
        self.server.over.wait(self.server.delay)
        body = self.server.body.encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.most is not None:
            self.wfile.write(body[: self.server.most])
            self.close_connection = True
            return
        for byte in (body[place : place + 1] for place in range(len(body))) if self.server.drip else [body]:
            self.wfile.write(byte)
            if self.server.over.wait(self.server.drip):
                return

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            # Who waited too long has hung up.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


Fake = TypeVar("Fake", bound=FakeServer)


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    thread = Thread(target=fake.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        fake.shutdown()
        thread.join()
        fake.hang_up()
        fake.server_close()


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
