"""A lead says the figure or date that was asked for in the words of the quotes, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlu.policy.answer import answer
from nlu.policy.document import parse
from nlu.policy.leads import check_lead
from nlu.policy.search import PolicySearch, shipped_search
from tests.nlu.policy.documents import REGULATION

QUOTE = "力争到2020年，城乡社区注册志愿者数量达到社区居民人口总数的13%以上，每个农村社区至少有5个以上社区社会组织。"


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("注册志愿者要达到多少比例", "要达到13%以上。"),
        ("志愿者占人口的百分之几", "要达到13%以上。"),
        ("农村社区要几个社会组织", "农村：至少有5个以上。"),
        ("一个城市社区配几个社会组织才算合格", "城市：至少发展有10个。"),
        ("场镇上的社区一般要多少户", "城镇：700至2000户。"),
        ("每百户居民要多少平方米的服务设施", "30平方米。"),
        ("30平方米是按多少户算的", "每百户。"),
        ("志愿者好久要达到13%", "到2020年。"),
        ("第一阶段目标到哪年为止", "到2020年。"),
        ("第二阶段要几年", "5到10年。"),
        # Several figures fit, or none is asked for.
        ("城市和农村的社区各要几个社会组织", ""),
        ("一个社区多少户", ""),
        ("志愿者队伍怎么发展", ""),
        ("垃圾分类归哪个部门管", ""),
    ],
)
def test_what_leads(question: str, lead: str) -> None:
    assert answer([question], shipped_search()).lead == lead


def test_a_document_read_on_the_spot_has_leads_too() -> None:
    reply = answer(["每户的地块最多多少平方米"], PolicySearch([parse(REGULATION)]))
    assert reply.lead == "不得超过十平方米。"


@pytest.mark.parametrize("lead", ["", "要达到13%以上。", "农村：至少有5个以上。", "到2020年。"])
def test_what_the_quotes_say_may_lead(lead: str) -> None:
    check_lead(lead, [QUOTE])


@pytest.mark.parametrize(
    "lead",
    [
        "要达到15%以上。",
        "要达到3%以上。",
        "13个以上。",
        "到2021年。",
        "城市：至少有5个以上。",
        "县民政局。",
        "要达到13%左右。",
    ],
)
def test_a_number_unit_or_name_of_their_own_may_not(lead: str) -> None:
    with pytest.raises(ValueError, match="not drawn from the quotes"):
        check_lead(lead, [QUOTE])


def test_an_invented_lead_cannot_be_answered_with() -> None:
    found = answer(["注册志愿者要达到多少比例"], shipped_search())
    with pytest.raises(ValueError, match="not drawn from the quotes"):
        replace(found, lead="要达到30%以上。")
