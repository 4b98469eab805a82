"""Every sentence that the bot says to staff about what became of a notice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers.notices import replies
from handlers.notices.reading_replies import ack_choice
from handlers.phrases import moment
from handlers.turn import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storage.areas import Area
    from storage.notices import Notice, RecipientState
    from storage.people import Person

OUTSIDE = "不在网格里"
_POINTING = re.compile(
    "[0-9一二三四五六七八九十]+号?网格|刚才|刚刚|上次|上一?[个条]|昨天|今天|早上|上午|下午|发的|发|那[个条份]|这[个条份]|的|把|将|请|麻烦|帮我|看一?下|查一?下|现在|关于|都|还|有|我|就|通知|公告|给|，|,"
)


def telling(which: str) -> list[str]:
    """The words that say which notice is meant, without those that only point at one."""
    return [word for word in _POINTING.sub(" ", which).split() if len(word) > 1]


def no_such_notice() -> Reply:
    """None is known."""
    return Reply("没有找到您发出的这样一条通知。说说通知里写的是什么，比如“停水那个通知发到哪了”。")


def in_private() -> Reply:
    """What became of a notice is not told where others read along."""
    return Reply("通知的事（谁没回、发到哪、改和取消）请私聊我，群里不说。")


def progress(
    notice: Notice,
    figures: Mapping[int | None, Mapping[RecipientState, int]],
    grids: Mapping[int | None, str],
    reasons: Sequence[tuple[RecipientState, str, int]],
) -> Reply:
    """How far a notice is."""
    lines = [f"通知“{replies.short(notice.text)}”：{replies.summed_up(replies.totals(figures), notice)}。"]
    lines += replies.reasons(reasons)
    if len(figures) > 1:
        lines.append("按网格：")
        shown = [grid_id for grid_id in grids if grid_id in figures]
        lines += [f"· {grids[grid_id]}：{replies.summed_up(dict(figures[grid_id]), notice)}" for grid_id in shown]
        if len(shown) < len(figures):
            lines.append(f"· 另外还有{len(figures) - len(shown)}个网格")
    return Reply("\n".join(lines))


def named(person: Person) -> str:
    """Somebody, for whoever answers for them."""
    return person.name or (person.home or "没登记名字的人")


def unread(
    notice: Notice,
    open_in: Mapping[int | None, int],
    names: Mapping[int | None, Sequence[str]],
    grids: Mapping[int | None, str],
    *,
    may_remind: bool,
) -> Reply:
    """Who has not confirmed."""
    total = sum(open_in.values())
    if not total:
        return Reply(f"通知“{replies.short(notice.text)}”：都回复收到了。")
    lines = [f"通知“{replies.short(notice.text)}”还有{total}人没回复收到："]
    hidden = 0
    for grid_id, count in sorted(open_in.items(), key=lambda each: -each[1]):
        if not count:
            continue
        if grid_id not in grids:
            hidden += count
            continue
        said = names.get(grid_id) or ()
        rest = f"等{count}人" if said and len(said) < count else "" if said else f"{count}人"
        lines.append(
            f"· {grids[grid_id]}（{count}人）：{'、'.join(said)}{rest}" if said else f"· {grids[grid_id]}：{rest}"
        )
    if hidden:
        lines.append(f"· 其他网格：{hidden}人")
    if may_remind:
        lines.append("要再提醒他们，说“没收到的再提醒一下”。")
    return Reply("\n".join(lines))


def reminder(notice: Notice) -> Reply:
    """To those who have not confirmed."""
    return Reply(f"提醒：{notice.text}\n您还没有回复，看到请回复“收到”。", (ack_choice(notice),))


def reminded(notice: Notice, count: int) -> Reply:
    """To whoever had them reminded."""
    if not count:
        return Reply(f"通知“{replies.short(notice.text)}”没有要提醒的人：送到的都回了，或者不想再收通知。")
    return Reply(f"已经再提醒{count}人（收到通知还没回复的），这是第{notice.reminded}次提醒。")


def call_list(notice: Notice, grid: Area, people: Sequence[Person], count: int) -> Reply:
    """To the grid member: whom to call."""
    lines = [
        f"{grid.name}有{count}人还没回复收到{moment(notice.send_at)}的通知“{replies.short(notice.text)}”，请打电话或上门说一声：",
        *(f"· {_to_call(person)}" for person in people),
    ]
    if count > len(people):
        lines.append(f"……还有{count - len(people)}人")
    return Reply("\n".join(lines))


def _to_call(person: Person) -> str:
    return " ".join(filter(None, (person.name or "没登记名字", person.phone or "没登记电话", person.home)))
