"""Rehearsals: plays a scripted talk against a fresh database, with the real router, and tells what came of it."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bot import logs, rehearsal_state
from bot.inbox import Inbox
from bot.rehearsal_setup import GROUP, Script, ScriptError, Stage, set_the_stage
from bot.router import Router
from bot.timetable import run_duty
from handlers import features
from handlers.turn import Attachment, AttachmentKind, Inbound
from nlu.policy.document import parse
from nlu.policy.library import PolicyLibrary, shipped_text
from nlu.times import SHANGHAI
from storage.codes import ALPHABET, LENGTH
from storage.database import Base, Database
from storage.lanes import LaneKey
from storage.people import STAFF
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from types import TracebackType

    from bot.hearing import Parser
    from storage.outbox import Handed

BETWEEN_TURNS = timedelta(seconds=20)
LONGEST_STEP = timedelta(minutes=10)
MOST_STEPS = 150
FILLER = "对的"
MOST_FILLERS = 3
LANE = LaneKey("rehearsal", "rehearsal")
THE_CODE = "{code}"
"""Stands in a script for the code that the bot said last, which nobody can know before."""

A_CODE = re.compile(f"码(?:是)?：([{ALPHABET}]{{{LENGTH}}}|[0-9]{{6}}(?![0-9]))")


class Theatre:
    """Plays scripts; the model and the policy library are loaded once, each script gets a database of its own."""

    def __init__(self, parser: Parser, library: PolicyLibrary) -> None:
        self._parser = parser
        self._library = library
        self._folder = tempfile.TemporaryDirectory(prefix="gridbot-rehearsal-")
        self._template = Path(self._folder.name) / "template.db"
        database = Database(f"sqlite:///{self._template}")
        Base.metadata.create_all(database.engine)
        with UnitOfWork(database) as work:
            document = parse(shipped_text())
            work.policy.add(document.title, document.status, shipped_text(), datetime(2026, 1, 1, tzinfo=SHANGHAI))
            work.commit()
        database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def play(self, data: Any) -> dict[str, Any]:
        """Play one script; raises ScriptError when it is not written as rehearsals.md says."""
        script = Script.read(data)
        path = Path(self._folder.name) / "play.db"
        shutil.copy(self._template, path)
        database = Database(f"sqlite:///{path}")
        try:
            return _Play(database, self._parser, self._library, script).run()
        finally:
            database.close()
            for leftover in path.parent.glob("play.db*"):
                leftover.unlink()


@dataclass(frozen=True, slots=True)
class _Sent:
    """A message of the bot's: the turn that caused it, the chat that it went to, and its key."""

    turn: int
    chat: str
    key: str


@dataclass(slots=True)
class _Play:
    database: Database
    parser: Parser
    library: PolicyLibrary
    script: Script
    now: datetime = field(init=False)
    stage: Stage = field(init=False)
    replies: list[dict[str, Any]] = field(default_factory=list)
    alerts: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    message_ids: dict[str, str] = field(default_factory=dict)
    sent: list[_Sent] = field(default_factory=list)
    asking: dict[str, bool] = field(default_factory=dict)
    code: str = ""
    called: dict[str, datetime] = field(default_factory=dict)

    def run(self) -> dict[str, Any]:
        logs.set_up("INFO", self.lines.append)
        self.now = self.script.now
        with UnitOfWork(self.database) as work:
            self.stage = set_the_stage(work, self.script)
            work.commit()
        turns = self.script.turns
        for number, turn in enumerate(turns, start=1):
            self._turn(number, turn)
        if self.script.filler:
            self._fill(len(turns))
        with UnitOfWork(self.database, read_only=True) as work:
            state = rehearsal_state.read(work, self.stage)
        return {
            "id": self.script.id,
            "replies": self.replies,
            "state": {**state, "alerts": self.alerts},
            "log": self.lines,
        }

    def _turn(self, number: int, turn: dict[str, Any]) -> None:
        user = str(turn.get("as", "u1"))
        if user not in self.stage.people:
            raise ScriptError(f"turn {number}: nobody is called {user!r}")
        self._advance_to(self.script.moment(turn["now"]) if "now" in turn else self.now + BETWEEN_TURNS, number)
        self._say(number, user, self._inbound(number, user, turn))

    def _inbound(self, number: int, user: str, turn: dict[str, Any]) -> Inbound:
        sender = f"{user}:device" if turn.get("device") else user
        in_group = turn.get("chat", self.script.chat) == "group"
        message_id = str(turn["msg_id"]) if "msg_id" in turn else f"turn-{number}"
        if turn.get("redelivered"):
            message_id = self.message_ids.get(user, message_id) if "msg_id" not in turn else message_id
        if turn.get("edited"):
            message_id = f"{message_id}:edited:{number}"
        self.message_ids[user] = message_id
        return Inbound(
            channel="rehearsal",
            account="rehearsal",
            message_id=f"{sender}:{message_id}",
            chat=GROUP if in_group else f"p:{sender}",
            sender=sender,
            text=str(turn.get("say", turn.get("voice", ""))).replace(THE_CODE, self.code),
            sent_at=self.now,
            attachments=_attachments(number, turn),
            in_group=in_group,
            addressed=not in_group or bool(turn.get("at_bot")),
            edited=bool(turn.get("edited")),
            private_chat=f"p:{sender}",
            device=str(turn["handset"]) if "handset" in turn else None,
            reply_to=self._answered(number, GROUP if in_group else f"p:{sender}", turn.get("reply_to")),
        )

    def _answered(self, number: int, chat: str, reply_to: Any) -> str | None:
        """The key of the message that a turn answers: the last that came in that turn, or the one of that index."""
        if reply_to is None:
            return None
        if not isinstance(reply_to, int):
            raise ScriptError(f"turn {number}: reply_to is the number of a turn, or the index of a reply")
        of_turn = [sent for sent in self.sent if sent.chat == chat and sent.turn == reply_to]
        at_index = [sent for sent in self.sent[reply_to:][:1] if sent.chat == chat]
        found = of_turn or at_index
        if not found:
            raise ScriptError(f"turn {number}: nothing was said to answer in turn {reply_to}")
        return found[-1].key

    def _say(self, number: int, user: str, message: Inbound) -> None:
        inbox = Inbox(self.database, lambda: self.now)
        router = Router(self.database, self.parser, self.library, lambda: self.now, features.ROUTES, features.FORMS)
        inbox.receive(message)
        router.work_off(message.talk)
        self._deliver(number, user)

    def _advance_to(self, moment: datetime, number: int) -> None:
        """Let time pass, calling what falls due on the way as the timetable would, and all of it at the end."""
        step = max(LONGEST_STEP, (moment - self.now) / MOST_STEPS)
        while self.now < moment:
            self.now = min(self.now + step, moment)
            for duty in features.DUTIES:
                last = self.called.get(duty.name, self.script.now)
                if self.now == moment or (self.now - last).total_seconds() >= duty.seconds:
                    run_duty(self.database, duty, lambda: self.now)
                    self.called[duty.name] = self.now
            self._deliver(number, None)

    def _deliver(self, number: int, speaker: str | None) -> None:
        with UnitOfWork(self.database) as work:
            while handed := work.outbox.hand_over(LANE, self.now, 500):
                for message in sorted(handed, key=lambda row: row.id):
                    self._record(number, speaker, message)
                work.outbox.mark_sent({message.id: None for message in handed}, self.now)
            work.commit()

    def _record(self, number: int, speaker: str | None, message: Handed) -> None:
        group = message.chat == GROUP
        to = "group" if group else message.chat.removeprefix("p:").removesuffix(":device")
        labels = [choice["label"] for choice in message.choices]
        said = A_CODE.search(message.text)
        self.code = said[1] if said else self.code
        chat = "group" if group else "private"
        self.sent.append(_Sent(number, message.chat, message.key))
        self.replies.append({"turn": number, "to": to, "chat": chat, "text": message.text, "buttons": labels})
        if not group:
            self.asking[to] = bool(labels) or message.text.rstrip().endswith(("？", "?"))
        if not group and to != speaker and self.stage.people[to].roles & STAFF:
            self.alerts.append({"turn": number, "to": to, "text": message.text})

    def _fill(self, number: int) -> None:
        """Say yes as long as the last private message to whoever spoke last asks something."""
        user = str(self.script.turns[-1].get("as", "u1")) if self.script.turns else "u1"
        for extra in range(1, MOST_FILLERS + 1):
            if not self.asking.get(user):
                return
            self._turn(number + extra, {"as": user, "say": FILLER, "chat": "private"})


def _attachments(number: int, turn: dict[str, Any]) -> tuple[Attachment, ...]:
    found = []
    if turn.get("photo"):
        found.append(Attachment(AttachmentKind.PHOTO, f"photo-{number}"))
    if "location" in turn:
        latitude, longitude = turn["location"]
        found.append(Attachment(AttachmentKind.LOCATION, latitude=latitude, longitude=longitude))
    if "voice" in turn:
        found.append(Attachment(AttachmentKind.VOICE, f"voice-{number}"))
    return tuple(found)
