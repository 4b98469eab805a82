"""Opinions in talk: which document is meant, whose opinion it is, and when there is nothing to comment on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.policy.document import parse
from tests.nlu.policy.documents import REGULATION
from tests.town import GROUP

if TYPE_CHECKING:
    from storage.opinions import Opinion
    from tests.town import Town

LI, ZHANG = "李秀芬", "张建国"


def kept(town: Town) -> list[Opinion]:
    with town.work() as work:
        return list(work.opinions.all())


def give(town: Town, who: str, text: str) -> int:
    town.say(who, text)
    assert "谢谢" in town.say(who, "对的")
    return kept(town)[-1].id


def test_with_two_documents_it_is_asked_which(town: Town) -> None:
    regulation = parse(REGULATION)
    with town.work() as work:
        work.policy.add(regulation.title, regulation.status, REGULATION, town.now)
        work.commit()
    asked = town.say(LI, "我对整个文件提个意见：太长了")
    assert f"2. 《{regulation.title}》" in asked
    assert "对哪一条说的" in town.say(LI, "整个文件")
    assert regulation.title in town.say(LI, "2")
    town.say(LI, "对的")
    (opinion,) = kept(town)
    with town.work() as work:
        assert work.opinions.all()[0].document.title == regulation.title
    assert (opinion.clause_id, opinion.text) == (None, "太长了")


def test_nobody_takes_back_what_another_said(town: Town) -> None:
    mine = give(town, LI, "我觉得积分制应该公开打分")
    give(town, ZHANG, "物业那条太软了，该严管")
    town.say(ZHANG, "我提过哪些意见")
    theirs = kept(town)[-1].id
    assert f"要撤回{theirs}号意见" in town.say(ZHANG, f"撤回{theirs}号意见")
    town.say(ZHANG, "对的")
    assert [opinion.id for opinion in kept(town)] == [mine]


def test_an_opinion_belongs_to_the_community_and_not_to_the_grid(town: Town) -> None:
    give(town, LI, "我觉得积分制应该公开打分")
    assert kept(town)[0].area.name == "桂花社区"


def test_what_goes_on_in_a_group_is_quoted_there(town: Town) -> None:
    town.say(LI, "注册志愿者要达到多少比例", group=True)
    town.heard(GROUP)
    assert "第3.1.4条" in town.say(LI, "这条我不同意，太高了", group=True)


def test_without_a_document_there_is_nothing_to_comment_on(town: Town) -> None:
    with town.work() as work:
        work.policy.current()[0].superseded_at = town.now
        work.commit()
    assert "还没有放进政策文件" in town.say(LI, "我觉得积分制应该公开打分")
    assert not kept(town)
    with town.work() as work:
        assert work.talks.open_forms() == 0
