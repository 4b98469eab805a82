"""Every sentence that the bot says about its own sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import phrases
from handlers.turn import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from storage.lanes import LaneKey


def lane_stopped(lane: LaneKey, until: datetime) -> Reply:
    """To those who answer for the whole: nothing goes out on a channel, and what to look after."""
    return Reply(
        f"【渠道停发】{lane.channel}（{lane.account}）发不出消息了：平台不认账号的令牌，或者当天的额度用完了。"
        f"要发的都留着，没有丢；{phrases.moment(until)}再试，通了就接着发。请看一下这个账号的设置。"
    )
