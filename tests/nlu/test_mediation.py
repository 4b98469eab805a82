"""How mediators and parties speak, in words that nobody wrote the lists from."""

from __future__ import annotations

import pytest

from nlu.mediation import (
    About,
    Act,
    Word,
    answer_in,
    case_number,
    court_step,
    from_mediator,
    from_party,
    invitation_code,
    sides_in,
    visit_result,
    without_number,
)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("007开始调解", Act.START),
        ("7号那件我来组织调解", Act.START),
        ("20260415-007 启动人民调解", Act.START),
        ("007让他们坐下来谈", Act.START),
        ("007要进行人民调解", Act.START),
        ("007请对方参加，对方是4栋的周建国，电话13900000022", Act.INVITE),
        ("007的对方叫周建国", Act.INVITE),
        ("007邀请周建国参加调解", Act.INVITE),
        ("007达成协议：一、三天内修好；二、各不相欠", Act.AGREED),
        ("007双方达成了调解协议，内容如下：周建国赔500元", Act.AGREED),
        ("007协议改成：一、五天内修好", Act.AGREED),
        ("007修改协议：一、五天内修好", Act.AGREED),
        ("007协议第二稿：五天内修好，调解不成的可以起诉", Act.AGREED),
        ("007调解不成", Act.FAILED),
        ("007没谈拢", Act.FAILED),
        ("007双方达不成协议", Act.FAILED),
        ("007未达成一致意见", Act.FAILED),
        ("007延期", Act.EXTEND),
        ("007再给半个月时间，延长到6月1日", Act.EXTEND),
        ("回访007：已履行", Act.VISITED),
        ("007号回访了，都做到了", Act.VISITED),
        ("007已经申请司法确认", Act.JUDGE),
        ("007对方口头同意调解", Act.NOTED),
        ("007双方都签字了", Act.NOTED),
        ("007双方都到了，谈了两个小时", Act.CAME),
        ("007对方没来", Act.CAME),
        ("007看看双方的说法", Act.STATEMENTS),
        ("007调解到哪一步了", Act.STATUS),
        ("007已经上门调解一次了", None),
        ("007已经联系楼上，约了明天看现场", None),
        ("接单 007", None),
        ("007周五下午3点在社区调解室调解", None),
    ],
)
def test_what_a_mediator_does(text: str, act: Act | None) -> None:
    said = from_mediator(text)
    assert (said.act if said else None) is act


def test_the_text_of_an_agreement_is_whole() -> None:
    said = from_mediator("007达成协议：一、周建国4月20日前把防水做好；\n二、李秀芬不再追究。")
    assert said is not None
    assert said.rest == "一、周建国4月20日前把防水做好；\n二、李秀芬不再追究。"
    empty = from_mediator("007达成协议")
    assert empty is not None
    assert empty.rest == ""


@pytest.mark.parametrize("text", ["007怎么开始调解", "007要不要延期？", "007调解不成咋个办"])
def test_a_question_does_nothing(text: str) -> None:
    said = from_mediator(text)
    assert said is None or said.asks


@pytest.mark.parametrize(
    ("text", "yes", "about"),
    [
        ("同意调解", True, About.CONSENT),
        ("我愿意参加", True, About.CONSENT),
        ("同意", True, None),
        ("不同意", False, None),
        ("不同意调解", False, About.CONSENT),
        ("我不参加，没得谈", False, About.CONSENT),
        ("拒绝调解", False, About.CONSENT),
        ("同意协议", True, About.AGREEMENT),
        ("协议没意见", True, About.AGREEMENT),
        ("有异议，第二条我不认", False, About.AGREEMENT),
        ("不同意协议，钱太少了", False, About.AGREEMENT),
        ("没有异议", True, About.AGREEMENT),
        ("同意延期", True, About.EXTENSION),
        ("凭啥子喊我去，我不去", False, None),
        ("那好嘛，同意", True, None),
        ("我同意，但是他要先道歉", True, None),
        ("不同意延期，早点了结", False, About.EXTENSION),
        ("20260415-007 同意协议第1版", True, About.AGREEMENT),
    ],
)
def test_what_a_party_answers(text: str, yes: bool, about: About | None) -> None:
    answer = answer_in(text)
    assert answer is not None
    assert (answer.yes, answer.about) == (yes, about)


@pytest.mark.parametrize(
    "text",
    [
        "我同意他把防水做好，但是要赔我的衣柜和地板",
        "他不愿意修，还骂人，昨天又来砸门",
        "今天天气真好",
        "同意调解吗？",
        "对方愿不愿意调解",
        "他不同意调解",
        "对方同不同意协议",
    ],
)
def test_what_answers_nothing(text: str) -> None:
    assert answer_in(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("我的说法是他先骂人的", Word.STATEMENT),
        ("我这边的情况是，防水他自己打烂的", Word.STATEMENT),
        ("我来说说我的理由，他装修从来不打招呼", Word.STATEMENT),
        ("对方说了啥", Word.OTHER),
        ("他怎么说", Word.OTHER),
        ("周建国跟调解员说了什么", Word.OTHER),
        ("他到底咋个说的", Word.OTHER),
        ("对方的说法给我看一下", Word.OTHER),
        ("他们跟你们说了些什么", Word.OTHER),
        ("把对方电话给我", Word.OTHER),
        ("是哪个告我的", Word.OTHER),
        ("不调解了", Word.QUIT),
        ("我要退出调解", Word.QUIT),
        ("周五我来不了", Word.ABSENT),
        ("能不能换个时间", Word.ABSENT),
        ("调解什么时候开始", Word.STATUS),
        ("同意调解", None),
        ("楼上天天漏水", None),
    ],
)
def test_what_a_party_says(text: str, word: Word | None) -> None:
    said = from_party(text)
    assert (said[0] if said else None) is word


def test_small_things_are_read() -> None:
    assert case_number("7号开始调解") == "007"
    assert without_number("7号开始调解") == "开始调解"
    assert case_number("开始调解") is None
    assert sides_in("双方都来了") == {"applicant", "respondent"}
    assert sides_in("被申请人没来") == {"respondent"}
    assert sides_in("申请人来了，对方没来") == {"applicant", "respondent"}
    assert visit_result("已履行") == "kept"
    assert visit_result("对方还没有修") == "broken"
    assert visit_result("付了一半") == "partly"
    assert visit_result("去过了") is None
    assert court_step("双方不需要司法确认") == "refused"
    assert court_step("已经去法院申请司法确认") == "done"
    assert invitation_code("调解码 k7m2p9qa") == "K7M2P9QA"
    assert invitation_code("K7M2P9QA") == "K7M2P9QA"
    assert invitation_code("我的编号是ABCDEFGH1") is None
