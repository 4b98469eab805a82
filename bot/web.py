"""The one ASGI application: routes, security headers, and what is answered when something goes wrong."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.calendar_api import CalendarApi
from bot.code_api import CodeApi
from bot.photo_api import PhotoApi
from bot.webchat_api import DATABASE_AWAY, ApiError, WebChatApi

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bot.channels.webchat import WebChat
    from bot.clock import Clock
    from bot.photos import PhotoStore
    from handlers.turn import Inbound
    from storage.database import Database

RETRY_AFTER = 2
"""Seconds after which a client may try again while the database is away."""

STATIC = Path(__file__).with_name("static")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

log = structlog.get_logger(__name__)


def build_web(
    web_chat: WebChat,
    database: Database,
    receive: Callable[[Inbound], Awaitable[bool]],
    clock: Clock,
    *,
    demo: bool,
    about: Mapping[str, str] | None = None,
    photos: PhotoStore | None = None,
) -> Starlette:
    """The web application.

    `receive` stores a message, commits, and hands it on; True when it is new. With `demo`, a visitor picks one of the
    people whose sender begins with "demo-"; `about` has a line on each of them, by sender. Without `photos` none can be
    sent.
    """
    # At the level DEBUG this library logs every byte of every stream, that is, whatever anybody said.
    logging.getLogger("sse_starlette").setLevel(logging.INFO)
    api = WebChatApi(web_chat, database, receive, clock, demo, about or {}, photos is not None)
    pictures = PhotoApi(api, photos)
    routes = [
        Route("/", _page),
        Route("/code", _code_page),
        Route("/healthz", api.health),
        Route("/api/welcome", api.welcome),
        Route("/api/session", api.session, methods=["POST"]),
        Route("/api/messages", api.post, methods=["POST"]),
        Route("/api/stream", api.stream),
        Route("/api/check-in-codes", CodeApi(api, clock).get),
        Route("/meetings/{name}.ics", CalendarApi(api).get),
        Route("/api/photos", pictures.post, methods=["POST"]),
        Route("/api/photos/{folder}/{file}", pictures.get),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    handlers: dict[Any, Any] = {ApiError: _refused, HTTPException: _not_here, Exception: _our_fault}
    handlers |= dict.fromkeys(DATABASE_AWAY, _database_away)
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.add_middleware(_Headers)
    return app


async def _page(_request: Request) -> Response:
    return FileResponse(STATIC / "index.html")


async def _code_page(_request: Request) -> Response:
    return FileResponse(STATIC / "code.html")


async def _refused(_request: Request, error: ApiError) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return JSONResponse({"error": str(error)}, error.status, headers)


async def _not_here(_request: Request, error: HTTPException) -> Response:
    sentence = "没有这个页面。" if error.status_code == 404 else "这里不能这样用。"
    return JSONResponse({"error": sentence}, error.status_code, error.headers)


async def _database_away(_request: Request, error: Exception) -> Response:
    log.warning("database away", reason=type(error).__name__)
    return JSONResponse({"error": "现在存不下，稍后会自动再试。"}, 503, {"Retry-After": str(RETRY_AFTER)})


async def _our_fault(_request: Request, _error: Exception) -> Response:
    # This one is sent from outside the middleware that puts the headers on.
    return JSONResponse({"error": "我们这边出了点问题，请稍后再试。"}, 500, HEADERS)


class _Headers:
    """Puts the security headers on every response, and has nothing kept that may change or that is somebody's own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = scope["path"].startswith("/api/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", "no-store" if own else "no-cache")
            await send(message)

        await self._app(scope, receive, send_with_headers)
