"""Calendar files of meetings: whoever was told the name of one reads the meeting as it is now."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from starlette.responses import Response

from bot.webchat_api import ApiError, WebChatApi
from handlers.meetings import calendar
from storage.meetings import Meeting

if TYPE_CHECKING:
    from starlette.requests import Request

    from storage.unit_of_work import UnitOfWork

LONGEST_NUMBER = 18


class CalendarApi:
    """The end point for calendar files. It asks for no token: calendars fetch by themselves, and the name is secret."""

    def __init__(self, api: WebChatApi) -> None:
        self._api = api

    async def get(self, request: Request) -> Response:
        """The calendar file of a meeting; absent and not to be seen look alike."""
        number, _, token = str(request.path_params["name"]).partition("-")
        content = await self._api.ask(lambda work: _content(work, number, token))
        if content is None:
            raise ApiError(404, "没有这个日历文件。")
        named = {"Content-Disposition": f'attachment; filename="meeting-{number}.ics"'}
        return Response(content, media_type="text/calendar; charset=utf-8", headers=named)


def _content(work: UnitOfWork, number: str, token: str) -> bytes | None:
    if not number.isdecimal() or not number.isascii() or len(number) > LONGEST_NUMBER:
        return None
    meeting = work.session.get(Meeting, int(number))
    if meeting is None or meeting.secret is None:
        return None
    is_right = hmac.compare_digest(calendar.token(meeting).encode(), token.encode())
    return calendar.file_of(meeting) if is_right else None
