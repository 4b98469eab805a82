"""Every sentence that the bot says about accounts that belong to one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.turn import Choice, Reply
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.people import Person

LEDGER_REASON = "两个账号合并"
CHANNELS = {"web": "网页", "wechat": "微信公众号", "wecom": "企业微信", "telegram": "Telegram", "terminal": "终端"}
"""What people call the channels."""


def here_is_the_code(code: str) -> Reply:
    """A code, and what it is for."""
    return Reply(
        f"您的绑定码是：{code}\n在您的另一个账号上对我说“绑定 {code}”，两个账号就算一个人的了。"
        "十分钟内有效，只能用一次。别告诉别人：谁用了，谁就能看到您报的事。"
    )


def too_many_codes() -> Reply:
    """Too many within an hour."""
    return Reply("一个小时里要了太多次绑定码，过一个小时再要。")


def not_here() -> Reply:
    """Not in a group."""
    return Reply("绑定码不能在群里发，请私下跟我说。")


def said_in_group() -> Reply:
    """A code that everybody has read."""
    return Reply("绑定码在群里说了，就不能再用了。请私下重新要一个。")


def no_such_code() -> Reply:
    """Wrong, used, or too late."""
    return Reply("这个绑定码不对、用过了，或者过了十分钟。请在另一个账号上说“给我一个绑定码”，再要一个。")


def too_many_tries() -> Reply:
    """Wrong too often."""
    return Reply("错的次数太多了，过一个小时再试。")


def already_one() -> Reply:
    """Said on an account of the same person."""
    return Reply("这个账号本来就是您的，不用绑定。请到另一个账号上去说。")


def two_people() -> Reply:
    """Both were confirmed by grid members."""
    return Reply("这两个账号，网格员核实过是两个人，不能合到一起。要是弄错了，请找您的网格员。")


def what_moves(data: dict[str, Any]) -> list[str]:
    """What the account brings along, in words."""
    counted = (
        (len(data["cases"]) + len(data["followed"]), "{}件事项"),
        (len(data["activities"]), "{}次志愿活动"),
        (data["balance"], "{}分积分"),
        (len(data["opinions"]), "{}条意见"),
        (len(data["roles"]), "{}个职务"),
    )
    return [words.format(number) for number, words in counted if number]


def confirm_joining(values: dict[str, Any]) -> Reply:
    """Nothing is joined on one word where there is something to move."""
    whose = f"{_hidden(values['name'])}的" if values["name"] else "发绑定码的那个"
    moves: Sequence[str] = values["has"]
    what = f"这边的{'、'.join(moves)}会一起转过去。" if moves else ""
    return Reply(
        f"要把现在这个账号并到{whose}账号里，算一个人的。{what}合了就分不开了，两边都看得到。确认吗？",
        (Choice("确认合并", Intent.AFFIRM), Choice("不合", Intent.DENY)),
    )


def _hidden(name: str) -> str:
    return f"{name[0]}*{name[2:]}" if len(name) > 1 else "*"


def joined(person: Person, *, was_told: bool) -> Reply:
    """Done, on the account on which the code was said."""
    name = f"{person.name}，" if person.name else ""
    told = "，也告诉了您的另一个账号" if was_told else ""
    return Reply(f"{name}绑好了{told}。以后在哪个账号上说都一样，您报的事、积分、活动都在一起。")


def another_account_joined(channel: str) -> Reply:
    """To the account that gave the code."""
    where = CHANNELS.get(channel, "另一个")
    return Reply(
        f"有一个{where}账号用您的绑定码绑到了您名下，从现在起它能看到您报的事。"
        "要是不是您本人，马上说“转人工”，找网格员处理。"
    )


def not_joined() -> Reply:
    """The person said no."""
    return Reply("好，不合并，两个账号还是各是各的。")


def about_joining(_values: dict[str, Any]) -> str:
    """What joining is called while it is not confirmed."""
    return "合并账号"
