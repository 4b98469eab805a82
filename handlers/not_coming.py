"""「来不了」 and nothing else: to what the speaker has promised to come, of every feature; of several it is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.turn import Choice, Reply
from nlu.understanding import Intent
from storage.aid import STANDING
from storage.volunteers import ParticipationState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Turn
    from storage.aid import AidMatch
    from storage.meetings import Meeting
    from storage.volunteers import Participation

_ALONE = re.compile(
    r"(?:不好意思|对不起|对不住|抱歉)?[，,\s]*(?:我|今天|明天|临时有事|有事|家里有事|又|怕是|可能|真的|[，,\s])*"
    r"(?:来|去)不(?:了|成|到|起)(?:了|咯|哦|哈|啊|喽|嘛|呢|[。！!\s])*"
)
MOST = 6


@dataclass(frozen=True, slots=True)
class Promised:
    """To what somebody has said that they come."""

    parts: Sequence[Participation]
    help: Sequence[AidMatch]
    meetings: Sequence[Meeting]

    def __len__(self) -> int:
        return len(self.parts) + len(self.help) + len(self.meetings)

    def which(self) -> Reply:
        """Ask which of several is meant."""
        choices = [
            *(
                Choice(p.activity.title, Intent.JOIN_ACTIVITY, f"我不参加{p.activity.title}了", beside=True)
                for p in self.parts
            ),
            *(
                Choice(f"互助{m.request_id}号", Intent.OFFER_MUTUAL_AID, f"互助{m.request_id}号来不了", beside=True)
                for m in self.help
            ),
            *(Choice(m.title, Intent.DECLINE_MEETING, f"{m.title}我来不了", beside=True) for m in self.meetings),
        ]
        return Reply("您说的是哪一件来不了？", tuple(choices[:MOST]))


def promised(turn: Turn) -> Promised | None:
    """What the speaker may mean; None where they say more than that they cannot come, or have promised nothing."""
    if turn.message.in_group or turn.talk.form is not None or not _ALONE.fullmatch(turn.text.strip()):
        return None
    joined = turn.work.volunteers.parts_of(turn.person, ParticipationState.SIGNED_UP, ParticipationState.WAITING)
    found = Promised(
        [part for part in joined if part.activity.end > turn.now],
        turn.work.aid.helped_by(turn.person, *STANDING),
        turn.work.meetings.coming(turn.person, turn.now),
    )
    return found if len(found) else None
