"""Every sentence that the bot says to those who read notices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers.phrases import day
from handlers.turn import Choice, Reply
from nlu.times import SHANGHAI
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.notices.settings import Kind
    from storage.notices import Notice

_PRESSED = re.compile(r"收到第(\d+)号通知")
_KEY = re.compile(r"notice:(\d+):")


def ack_choice(notice: Notice) -> Choice:
    """The button under a notice; it says which one, so that pressing it later confirms that one."""
    return Choice("收到", Intent.ACKNOWLEDGE_NOTICE, f"收到第{notice.id}号通知")


def notice_pressed(text: str) -> int | None:
    """The id of the notice whose button says `text`, or None."""
    match = _PRESSED.fullmatch(text.strip())
    return int(match[1]) if match else None


def notice_of(key: str) -> int | None:
    """The id of the notice that a message is, by its key in the outbox; or None."""
    match = _KEY.match(key)
    return int(match[1]) if match else None


def acknowledged(waiting: Sequence[Notice], *, in_group: bool) -> Reply:
    """To whoever confirmed one notice; `waiting` are those that they have not confirmed yet."""
    said = "好的，已经记下您收到了。"
    return Reply(said) if not waiting or in_group else _next(said, waiting)


def does_not_wait(waiting: Sequence[Notice]) -> Reply:
    """The notice that was meant is confirmed already or was taken back; others wait."""
    return _next("好的，那一条不用再确认了。", waiting)


def counted() -> Reply:
    """To whoever confirmed with a name, in a group, where it is not said again."""
    return Reply("好的，按名字记下收到了。")


def nothing_to_acknowledge() -> Reply:
    """Nothing waits for a confirmation."""
    return Reply("好的。现在没有要您确认的通知。")


def found(notices: Sequence[Notice], count: int, *, asked: bool) -> Reply:
    """The notices that were looked for, or the last ones."""
    more = f"\n共{count}条，说得再具体些可以找到更早的。" if count > len(notices) else ""
    return Reply(("找到这些通知：\n" if asked else "最近的通知：\n") + _lines(notices) + more)


def none_such(recent: Sequence[Notice]) -> Reply:
    """Nothing of the kind was found."""
    return Reply("没有找到这样的通知。最近的通知是：\n" + _lines(recent))


def none_recent() -> Reply:
    """No notices."""
    return Reply("最近没有给您的通知。")


def opted_out(kind: Kind) -> Reply:
    """A kind comes no more."""
    if kind.despite:
        return Reply(f"{kind.name}通知关系到人身安全，退订了也会发给您，别的照您的意思办。")
    return Reply(f"好，{kind.name}通知不再发给您，别的通知照常。想再收，说“{kind.name}通知还是发给我”。")


def opted_in(kind: Kind, *, subscribed: bool) -> Reply:
    """A kind comes again."""
    if not subscribed:
        return Reply(f"好，记下了。不过您退订了全部通知，要收{kind.name}通知，请先说“以后通知发我一份”。")
    return Reply(f"好，以后{kind.name}通知会发给您。")


def _next(said: str, waiting: Sequence[Notice]) -> Reply:
    return Reply(f"{said}\n还有{len(waiting)}条等您回复：{waiting[0].text}", (ack_choice(waiting[0]),))


def _lines(notices: Sequence[Notice]) -> str:
    return "\n".join(f"· {day(each.send_at.astimezone(SHANGHAI))}：{each.text}" for each in notices)
