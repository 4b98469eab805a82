"""Photos over the web chat: taking one in, and handing one out to whoever may see the case that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio.to_thread
from sqlalchemy import select
from starlette.responses import FileResponse, JSONResponse, Response

from bot.channels import webchat
from bot.photos import LARGEST, PhotoRefusedError, media_type
from bot.webchat_api import ApiError, WebChatApi
from storage.messages import InboxMessage

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from bot.photos import PhotoStore
    from storage.unit_of_work import UnitOfWork

CLEANERS = 2
"""Photos that are worked at one time: each takes the memory of its whole picture."""


class PhotoApi:
    """The end points for photos; the token is the same as for messages, and stands in a header as there."""

    def __init__(self, api: WebChatApi, store: PhotoStore | None) -> None:
        self._api = api
        self._store = store
        self._cleaners = anyio.CapacityLimiter(CLEANERS)

    async def post(self, request: Request) -> Response:
        """Keep a photo, the body itself, and tell its name, which a message then carries."""
        await self._api.sender(request)
        store = self._kept()
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise ApiError(413, f"照片太大了，一张最多{LARGEST // 1024 // 1024}MB。换一张小点的，或者截个图再发。")
        try:
            name = await anyio.to_thread.run_sync(store.keep, bytes(body), limiter=self._cleaners)
        except PhotoRefusedError as error:
            raise ApiError(415, str(error)) from error
        return JSONResponse({"photo": name}, 201)

    async def get(self, request: Request) -> Response:
        """A photo that one sent, or with `?case=` one of a case that one handles; absent and forbidden look alike."""
        sender = await self._api.sender(request)
        store = self._kept()
        name = f"{request.path_params['folder']}/{request.path_params['file']}"
        case = request.query_params.get("case", "")
        path = store.find(name)
        if path is None or not await self._api.ask(lambda work: _may_see(work, sender, name, case)):
            raise ApiError(404, "没有这张照片。")
        return await _sent(path)

    def _kept(self) -> PhotoStore:
        if self._store is None:
            raise ApiError(404, "这里不能发照片。")
        return self._store


async def _sent(path: Path) -> Response:
    return FileResponse(path, media_type=media_type(path), headers={"Content-Disposition": "inline"})


def _may_see(work: UnitOfWork, sender: str, name: str, case: str) -> bool:
    identity = work.people.identity(webchat.NAME, webchat.NAME, sender)
    if identity is None:
        return False
    if case.isdecimal() and len(case) < 18:
        return work.cases.shows_photo(int(case), name, identity.person)
    chats = (webchat.private_chat_of(sender), webchat.GROUP)
    own = select(InboxMessage.attachments).where(
        InboxMessage.channel == webchat.NAME,
        InboxMessage.account == webchat.NAME,
        InboxMessage.chat.in_(chats),
        InboxMessage.sender == sender,
    )
    return any(each["ref"] == name for attachments in work.session.scalars(own) for each in attachments)
