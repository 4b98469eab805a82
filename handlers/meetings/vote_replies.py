"""Every sentence that the bot says about votes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.phrases import moment
from handlers.turn import Choice, Reply
from nlu.understanding import Intent
from storage.votes import VotesBy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.votes import Ballot

INSTEAD = "（选票）"
"""What stands for a message with a secret vote."""

_UNITS = {VotesBy.PERSON: "人", VotesBy.HOUSEHOLD: "户"}


def about_ballot(_values: dict[str, Any]) -> str:
    """What beginning a vote is called while it is not done."""
    return "发起表决"


def ask_question(_values: dict[str, Any]) -> Reply:
    """What is voted on."""
    return Reply("表决什么事？一句话说清楚，比如“同意装充电桩吗”。")


def ask_until(_values: dict[str, Any]) -> Reply:
    """Until when."""
    return Reply("投到什么时候为止？比如“到周日晚上8点”。")


def ask_nothing(_values: dict[str, Any]) -> Reply:
    """A part that is never asked for."""
    return Reply("")


def read_back(values: dict[str, Any]) -> Reply:
    """The whole vote, with the number of those who may vote, to be confirmed."""
    unit = _UNITS[VotesBy(values["per"])]
    opens = moment(datetime.fromisoformat(values["opens"])) if values.get("opens") else "马上"
    quorum = f"至少{values['needed']}{unit}投票才有效" if values.get("needed") else "不限投票的人数"
    of = f"{values['meeting_title']}的" if values.get("meeting_title") else ""
    return Reply(
        f"{of}表决：{values['question']}\n选项：{'、'.join(values['options'])}\n"
        f"每{unit}一票，{'无记名' if values['secret'] else '记名'}，{quorum}\n"
        f"谁能投：{values['audience']}，现在有{values['electorate']}{unit}（网格员核实过住址的才算）\n"
        f"时间：{opens}开始，到{moment(datetime.fromisoformat(values['closes']))}\n"
        "对不对？对就发起。发起以后题目和选项不能再改。",
        (YES, Choice("不对", Intent.DENY)),
    )


def not_your_area() -> str:
    """The grid lies outside the admin's area."""
    return "这个网格不在您管的范围里，不能在那里发起表决。"


def only_admins_begin() -> str:
    """A resident cannot begin a vote."""
    return "发起表决的是社区管理员。您可以提议题，比如“建议议一下装充电桩”。"


def ends_too_soon() -> str:
    """The end has passed, or lies before the beginning."""
    return "截止的时间要在开始以后，也要在现在以后，请再说一个。"


def begun(ballot: Ballot, told: int) -> Reply:
    """To whoever began it."""
    if ballot.opened_at is None:
        return Reply(f"定好了，是表决{ballot.id}号，{moment(ballot.opens_at)}开始，到时候会通知大家投票。")
    return Reply(f"发起了，是表决{ballot.id}号，通知了{told}人。截止以后把结果告诉大家；投的人数到时候一起公布。")


def paper(ballot: Ballot, *, changes: bool = False) -> Reply:
    """The ballot paper: the question, what holds for it, and every option to press."""
    how = "无记名，谁投了什么查不到" if ballot.secret else "记名"
    change = "您投过了，再选一次就是改票。" if changes else ""
    return Reply(
        f"表决{ballot.id}号：{ballot.question}\n每{_UNITS[ballot.per]}一票，{how}，{moment(ballot.closes_at)}截止，截止前可以改。{change}",
        tuple(Choice(option, Intent.VOTE, f"表决{ballot.id}号投{option}") for option in ballot.options),
    )


def reminder(ballot: Ballot) -> Reply:
    """To those who have not voted."""
    asked = paper(ballot)
    return Reply(f"还没投票的提醒一下，快截止了。\n{asked.text}", asked.choices)


def papers(ballots: Sequence[Ballot]) -> Reply:
    """Several are open: which one? Nothing of what was chosen is said here."""
    return Reply(
        "现在有几个表决，投哪一个？",
        tuple(Choice(f"{each.id}号：{each.question[:20]}", Intent.VOTE, f"表决{each.id}号") for each in ballots[:6]),
    )


def none_open() -> Reply:
    """Nothing is voted on."""
    return Reply("现在没有您可以投的表决，有了会通知您。")


def is_closed(ballot: Ballot) -> str:
    """Too late."""
    return f"表决{ballot.id}号{moment(ballot.closes_at)}已经截止，投不了了。说“表决结果”可以看结果。"


def opens_later(ballot: Ballot) -> str:
    """Too early."""
    return f"表决{ballot.id}号{moment(ballot.opens_at)}才开始。"


def not_yours() -> str:
    """There is no such ballot for whoever asks."""
    return "没有这个编号的、您可以投的表决。说“有哪些表决”看现在有的。"


def needs_home() -> str:
    """Those vote who live here, and nobody knows where somebody lives."""
    return "能投票的是网格员核实过住址的居民。您先说一句“我住3栋2单元501”这样的话登记，网格员核实了就能投。"


def needs_confirming() -> str:
    """A home was registered, and staff have not said yet that it is so."""
    return "能投票的是网格员核实过住址的居民，您登记的住址还没有核实。请网格员核实一下，核实了就能投。"


def in_private() -> Reply:
    """Nobody votes before others' eyes."""
    return Reply("投票请私下跟我说，选票发到您那里了。群里说的不算。")


def voted(ballot: Ballot, choice: int, *, first: bool) -> Reply:
    """To whoever voted. A secret choice is not repeated, for what is written is kept."""
    done = "投好了" if first else "改好了，前面那一票不算了"
    if ballot.secret:
        return Reply(
            f"表决{ballot.id}号{done}。无记名，您选的什么不会留在记录里，这里也不复述。截止前再投一次就是改票。"
        )
    one = "您家" if ballot.per is VotesBy.HOUSEHOLD else "您"
    return Reply(
        f"表决{ballot.id}号{done}，{one}投的是“{ballot.options[choice]}”。截止前再投一次就是改票，最后一次算。"
    )


def result(ballot: Ballot) -> Reply:
    """What came of it, to everybody."""
    return Reply(f"表决有结果了。{known(ballot)}\n说“表决{ballot.id}号重新计票”可以再数一遍。")


def known(ballot: Ballot) -> str:
    """How far a ballot has come, and its result once it is closed; no votes are counted before."""
    named = f"表决{ballot.id}号“{ballot.question}”"
    if ballot.is_called_off:
        return f"{named}撤销了，没有结果。"
    if ballot.closed_at is None:
        return f"{named}{moment(ballot.closes_at)}截止，截止以后公布结果。"
    unit = _UNITS[ballot.per]
    turnout = f"能投的{ballot.electorate}{unit}，投了{ballot.turnout}{unit}"
    if ballot.electorate:
        turnout += f"（{100 * (ballot.turnout or 0) // ballot.electorate}%）"
    if ballot.quorum is None:
        return f"{named}：{counted(ballot, ballot.tally or [])}。{turnout}。"
    holds = "够了，结果有效" if ballot.has_quorum else "没到，结果不作数"
    return f"{named}：{counted(ballot, ballot.tally or [])}。{turnout}，要{ballot.quorum}{unit}才有效，{holds}。"


def counted(ballot: Ballot, tally: Sequence[int]) -> str:
    """The votes of each option."""
    return "，".join(f"{option}{number}票" for option, number in zip(ballot.options, tally, strict=False))


def about_calling_off(_values: dict[str, Any]) -> str:
    """What calling a vote off is called while it is not done."""
    return "撤销表决"


def confirm_calling_off(values: dict[str, Any]) -> Reply:
    """The votes that were given are lost, so it is read back first."""
    return Reply(
        f"撤销表决{values['ballot']}号“{values['question']}”？已经投的{values['votes']}票都不算了，会告诉能投票的人。",
        (Choice("对的", Intent.AFFIRM), Choice("不撤销", Intent.DENY)),
    )


def called_off(told: int) -> Reply:
    """To whoever called it off."""
    return Reply(f"撤销了，告诉了{told}人。要重新表决就再发起一个。")


def is_called_off(ballot: Ballot) -> Reply:
    """To those who might vote."""
    return Reply(f"表决{ballot.id}号“{ballot.question}”撤销了，投的票都不算。")


def cannot_change() -> str:
    """What people vote on stays as they read it."""
    return "表决发起以后不能改，不然先投的人投的就不是这个了。可以说“撤销表决”加编号，再重新发起。"


def nothing_to_call_off() -> str:
    """There is no such vote that the speaker answers for."""
    return "没有这个编号的、您管的、还没截止的表决。"


def recounted(ballot: Ballot, tally: Sequence[int]) -> Reply:
    """The votes counted again, beside what was announced."""
    same = (
        "和公布的一样"
        if list(tally) == list(ballot.tally or [])
        else f"和公布的不一样（公布的是{counted(ballot, ballot.tally or [])}），请告诉社区"
    )
    return Reply(f"表决{ballot.id}号把选票重新数了一遍：{counted(ballot, tally)}，{same}。")


def not_closed_yet(ballot: Ballot) -> str:
    """Votes are counted when all are in."""
    return f"表决{ballot.id}号还没截止（{moment(ballot.closes_at)}），截止以后才能计票。"


def listed(ballots: Sequence[Ballot]) -> Reply:
    """Every ballot in reach, the latest first."""
    return Reply("\n".join(f"· {known(ballot)}" for ballot in ballots))
