"""What is said of cases that are about the same thing, or turn out not to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.replies import hidden
from handlers.cases.replies.describing import STATE_NAMES, about_case, reporter_line
from handlers.turn import Choice, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.cases import Case, CaseFollower

LONGEST_QUOTE = 30


def merged(copy: Case, first: Case) -> Reply:
    """To whoever merged two cases."""
    return Reply(f"{copy.short}号并到{first.short}号了，按{first.short}号一起办。弄错了就说“{first.short}号拆开”。")


def yours_was_merged(copy: Case, first: Case) -> Reply:
    """To those who reported the one that was merged."""
    return Reply(f"{copy.short}号和{first.short}号是一件事，合在{first.short}号一起办，有进展照样告诉您。")


def merged_note(case: Case) -> str:
    """For the history."""
    return f"与{case.short}号合并"


def split(case: Case, new: Case) -> Reply:
    """To whoever took a case apart."""
    return Reply(f"从{case.short}号拆出来了，单独立为{new.number}（“{new.short}号”），{STATE_NAMES[new.state]}。")


def yours_is_its_own(new: Case, case: Case) -> Reply:
    """To whoever followed and now has a case of their own."""
    return Reply(
        f"您报的不是{case.short}号那件事，现在单独立案，编号 {new.number}（说“{new.short}号”就行），有进展会告诉您。"
    )


def split_note(case: Case) -> str:
    """For the history."""
    return f"与{case.short}号拆开"


def no_words() -> str:
    """The text of a case whose reporter said nothing of their own."""
    return "（没有留下原话）"


def which_to_split(case: Case, followers: Sequence[CaseFollower]) -> Reply:
    """Several people report the same; those who will not be named are told apart by their words alone."""
    lines = [
        f"{place} {_name(follower)}：“{hidden.of_follower(case, follower)[:LONGEST_QUOTE]}”"
        for place, follower in enumerate(followers, start=1)
    ]
    choices = tuple(
        Choice(f"拆出第{place}个", says=f"{case.number}拆开第{place}个") for place in range(1, len(followers) + 1)
    )
    return Reply(f"{case.short}号还有这些人报，把哪一个单独立案？\n" + "\n".join(lines), choices)


def _name(follower: CaseFollower) -> str:
    return "匿名" if follower.anonymous else follower.person.name or "一位居民"


def nothing_to_split(case: Case) -> str:
    """Nobody else reports it, or nobody of that name."""
    return f"{case.short}号里没有可以拆出来的。"


def say_the_number() -> Reply:
    """Several cases have somebody of this name."""
    return Reply("是哪一件里的？带上编号再说一次，比如“007号里李某的单独立案”。")


def the_same_number() -> str:
    """A case cannot be merged into itself."""
    return "这是同一个编号，不用合并。"


def other_community() -> str:
    """Each community has its own."""
    return "两件事不在一个社区，不能合并。"


def over_already(case: Case) -> str:
    """What is over is left as it is."""
    return f"{case.short}号已经结了（{STATE_NAMES[case.state]}），不能合并。"


def whose_reporter() -> Reply:
    """To staff who ask who reported, where no case was spoken of."""
    return Reply("问的是哪一件？带上编号再问，比如“003号谁报的”。")


@about_case
def who_reported(case: Case) -> Reply:
    """To staff who ask; of an anonymous case nobody is told."""
    if case.anonymous:
        return Reply(f"{case.short}号是匿名报的，是谁报的，我对谁都不说。要问情况，写进展里，我转给报告人。")
    return Reply(f"{case.short}号的报告人：{reporter_line(case)}。")


def left(case: Case) -> Reply:
    """To a follower who hears no more."""
    return Reply(f"好，{case.short}号不再告诉您进展。")
