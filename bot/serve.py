"""Serving: the web application around the bot, on one port, until it is stopped."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import uvicorn

from bot import demo, logs, memory
from bot.app import build, build_parser
from bot.channels.webchat import WebChat
from bot.clock import system_clock
from bot.photos import PhotoStore
from bot.schema import SetUpError
from bot.set_up import prepare
from bot.web import build_web

if TYPE_CHECKING:
    from rich.console import Console

    from bot.app import App
    from bot.settings import Settings


def serve(settings: Settings, console: Console) -> None:
    """Run until a signal comes; raises SetUpError where the port or the database cannot be had."""
    logs.set_up(settings.log_level)
    memory.spare()
    listener = _listen(settings.host, settings.port)
    try:
        prepare(settings, console)
        with console.status("Loading the model"):
            parser = build_parser(settings, console.print)
            web_chat = WebChat()
            app = build(settings, [web_chat], parser)
        about = demo.abouts() if settings.demo else {}
        photos = PhotoStore(settings.photos)
        web = build_web(
            web_chat, app.database, app.receive, system_clock, demo=settings.demo, about=about, photos=photos
        )
        config = uvicorn.Config(web, access_log=False, log_config=None, timeout_graceful_shutdown=5)
        console.print(f"gridbot is ready: http://{settings.host}:{listener.getsockname()[1]}", style="bold green")
        asyncio.run(_run(app, uvicorn.Server(config), listener))
    finally:
        listener.close()


async def _run(app: App, server: uvicorn.Server, listener: socket.socket) -> None:
    async with app.running():
        await server.serve(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        raise SetUpError(
            f"Port {port} on {host} cannot be used ({error}). Is another gridbot running? Choose one with --port."
        ) from error
    return listener
