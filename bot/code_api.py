"""The page that an organiser shows on the spot: the code of the minute in large digits and as a QR code."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import segno
from starlette.responses import JSONResponse, Response

from bot.channels import webchat
from handlers import totp
from handlers.meetings.settings import is_on, settings
from handlers.meetings.topics import CALLERS
from handlers.phrases import moment, span
from handlers.volunteers import codes
from handlers.volunteers.organising import ORGANISERS

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

    from bot.clock import Clock
    from bot.webchat_api import WebChatApi
    from storage.meetings import Meeting
    from storage.unit_of_work import UnitOfWork
    from storage.volunteers import Activity

SAYS = "签到 {}"
"""What the QR code holds: what one says to the bot to check in."""


class CodeApi:
    """The codes of what somebody answers for; the secrets that they are made from stay here."""

    def __init__(self, api: WebChatApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock

    async def get(self, request: Request) -> Response:
        """The activities of whoever asks that open today and the meetings that are on, with the codes of now."""
        sender = await self._api.sender(request)
        now = self._clock()
        return JSONResponse({"activities": await self._api.ask(lambda work: _shown(work, sender, now))})


def _shown(work: UnitOfWork, sender: str, now: datetime) -> list[dict[str, Any]]:
    identity = work.people.identity(webchat.NAME, webchat.NAME, sender)
    if identity is None or not identity.person.roles & ORGANISERS:
        return []
    managed = work.volunteers.managed(identity.person, ORGANISERS, now)
    meetings = work.meetings.managed(identity.person, CALLERS, now - timedelta(days=1))
    return [
        *(
            _as_json(activity, now)
            for activity in managed
            if activity.secret and codes.opens_at(activity) <= codes.soon(now)
        ),
        *(_of_meeting(work, meeting, now) for meeting in meetings if meeting.secret and is_on(meeting, now)),
    ]


def _of_meeting(work: UnitOfWork, meeting: Meeting, now: datetime) -> dict[str, Any]:
    shown = totp.shown(meeting.secret or "", now, settings().code_seconds)
    return {
        "id": f"meeting-{meeting.id}",
        "title": meeting.title,
        "when": span(meeting.start, meeting.end),
        "place": meeting.place,
        "opens": moment(meeting.start),
        "code": shown.digits,
        "qr": _qr(shown.digits),
        "seconds": (shown.until - now).total_seconds(),
        "here": work.minutes.attended(meeting),
        "joined": meeting.heads,
    }


def _as_json(activity: Activity, now: datetime) -> dict[str, Any]:
    shown = codes.shown_at(activity, now) if codes.is_open(activity, now) else None
    opens = codes.opens_at(activity)
    return {
        "id": activity.id,
        "title": activity.title,
        "when": span(activity.start, activity.end),
        "place": activity.place,
        "opens": moment(opens),
        "code": shown.digits if shown else None,
        "qr": _qr(shown.digits) if shown else None,
        "seconds": (shown.until - now).total_seconds() if shown else max((opens - now).total_seconds(), 1),
        "here": sum(part.checked_in_at is not None for part in activity.participations),
        "joined": len(activity.taken),
    }


def _qr(digits: str) -> str:
    """The code as an SVG picture."""
    picture = io.BytesIO()
    segno.make(SAYS.format(digits), error="m", micro=False).save(picture, kind="svg", xmldecl=False, border=3, scale=8)
    return picture.getvalue().decode()
