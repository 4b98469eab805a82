"""What neighbours want of each other and say about it; sentences that no list was made from."""

from __future__ import annotations

import pytest

from nlu import mutual_aid
from nlu.mutual_aid import Act, Command


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("哪个能帮我妈买下药，她腿脚不便", "medicine"),
        ("我会修水管，周末有空", "repair"),
        ("五点幼儿园放学，有没得人帮忙接一下娃", "child"),
        ("明天有人陪我爷爷去医院做检查吗", "escort"),
        ("哪家有梯子，借我半天", "lend"),
        ("我明早开车回成都，还有两个空位", "ride"),
        ("去菜市场的帮我带把葱", "shopping"),
        ("冰箱太重了，差两个人抬上六楼", "carry"),
        ("出门一周，求人喂猫", "pets"),
        ("奶奶想学用微信视频，哪个来教", "phone"),
        ("三组收谷子差人手", "farm"),
        ("我想帮点忙", "other"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert mutual_aid.kind_of(text) == kind
    assert mutual_aid.kinds()[kind]


@pytest.mark.parametrize(
    ("text", "abuse"),
    [
        ("哪个借我五千块钱周转一下", "money"),
        ("帮帮忙，手头紧，借点钱", "money"),
        ("帮我垫三百块，晚上还", "money"),
        ("有没得人帮我办贷款", "loan"),
        ("在家刷单，日赚三百，邻居们一起", "loan"),
        ("转卖二手冰箱", "trade"),
        ("招人，月薪四千", "trade"),
        ("招工，包吃住", "trade"),
        ("借个梯子", None),
        ("去药房的给我带盒降压药，钱转给你", None),
        ("借一下你家的轮椅", None),
        ("帮我妈交一下电费", None),
    ],
)
def test_what_is_no_mutual_aid(text: str, abuse: str | None) -> None:
    assert mutual_aid.abuse_in(text) == abuse


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("互助3号我来", Command(Act.TAKE, 3)),
        ("我来帮12号", Command(Act.TAKE, 12)),
        ("互助 3 号，同意第2位", Command(Act.AGREE, 3, 2)),
        ("互助3号换一个", Command(Act.DECLINE, 3)),
        ("互助3号帮上了，谢谢他", Command(Act.DONE, 3)),
        ("互助3号来不了了", Command(Act.QUIT, 3)),
        ("互助3号没来", Command(Act.FAILED, 3)),
        ("互助3号撤了", Command(Act.WITHDRAW, 3)),
        ("互助3号反映他找我要钱", Command(Act.COMPLAIN, 3, None, "他找我要钱")),
        ("互助3号反映不属实", Command(Act.DISMISSED, 3)),
        ("互助3号反映属实", Command(Act.UPHELD, 3)),
        ("互助3号通过", Command(Act.APPROVE, 3)),
        ("互助3号不通过", Command(Act.REJECT, 3)),
        ("有哪些邻居要帮忙的", Command(Act.LIST)),
        ("哪些人需要帮忙", Command(Act.LIST)),
        ("没人接的互助", Command(Act.UNTAKEN)),
        ("我的互助", Command(Act.MINE)),
        ("不用帮了，已经买到了", Command(Act.WITHDRAW)),
        ("撤掉我的互助", Command(Act.STOP)),
        ("算了，不用找人了", Command(Act.WITHDRAW)),
        ("那个要拿药的，我去嘛", Command(Act.TAKE)),
        ("换好了，太谢谢人家了", Command(Act.DONE)),
        ("互助是啥子意思", None),
        ("3号我来", None),
        ("我来帮她", None),
        ("哪个能帮我妈买下药", None),
    ],
)
def test_commands(text: str, command: Command | None) -> None:
    assert mutual_aid.command_in(text) == command


def test_for_whom_and_how_many() -> None:
    assert mutual_aid.kin_in("哪个帮我奶奶买菜") == "我奶奶"
    assert mutual_aid.kin_in("哪个帮张婆婆买菜") == ""
    assert mutual_aid.helpers_in("搬家差两个人手") == 2
    assert mutual_aid.helpers_in("求3个劳力") == 3
    assert mutual_aid.helpers_in("帮我看两个小时娃") is None
    assert mutual_aid.own_age("我今年九岁，一个人在家") == 9
    assert mutual_aid.own_age("我妈今年80岁") is None


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("来帮忙的那个人找我要两百块钱", True),
        ("那个邻居帮我搬东西的时候偷了我的手机", True),
        ("帮我的人很好", False),
        ("楼上的人骂我", False),
    ],
)
def test_complaints(text: str, *, does: bool) -> None:
    assert mutual_aid.complains(text) is does


def test_a_wish_says_with_what() -> None:
    assert not mutual_aid.says_what("求助，有人能帮我一下吗")
    assert not mutual_aid.says_what("我可以帮忙")
    assert mutual_aid.says_what("哪个帮我通一下厕所")
