"""What an answer offers works by pressing, by number and by label, and keeps the clause it was offered with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from nlu.policy.document import parse
from storage.messages import OutboxMessage
from tests.nlu.policy.documents import REGULATION

if TYPE_CHECKING:
    from tests.town import Town

LI = "李秀芬"
VOLUNTEERS = "注册志愿者要达到多少比例"


def offers(town: Town) -> list[Any]:
    """What the last message to 李秀芬 offers."""
    with town.work() as work:
        wanted = select(OutboxMessage.choices).where(OutboxMessage.chat == f"p:{LI}").order_by(OutboxMessage.id.desc())
        return list(work.session.scalars(wanted).first() or [])


def press(town: Town, label: str, offered: list[Any]) -> str:
    payload = next(offer["payload"] for offer in offered if offer["label"] == label)
    message = replace(town.message(LI, label), payload=payload)
    town.inbox.receive(message)
    town.router.work_off(message.talk)
    town.deliver()
    return town.heard(LI)


def labels(offered: list[Any]) -> list[str]:
    return [offer["label"] for offer in offered]


@pytest.mark.parametrize("way", ["press", "number", "label"])
@pytest.mark.parametrize(
    ("label", "hears"), [("全文", "鼓励和支持建立社区老年协会"), ("归哪个管", "附件第6项："), ("转人工", "王春梅")]
)
def test_each_offer_works_in_each_way(town: Town, label: str, hears: str, way: str) -> None:
    town.say(LI, VOLUNTEERS)
    offered = offers(town)
    assert labels(offered) == ["全文", "归哪个管", "提意见", "转人工"]
    if way == "press":
        heard = press(town, label, offered)
    else:
        heard = town.say(LI, label if way == "label" else str(labels(offered).index(label) + 1))
    assert hears in heard


def test_an_opinion_is_offered_with_its_clause(town: Town) -> None:
    town.say(LI, VOLUNTEERS)
    assert "give_opinion|对第3.1.4条提意见" in [offer["payload"] for offer in offers(town)]


def test_an_old_button_keeps_its_clause(town: Town) -> None:
    town.say(LI, VOLUNTEERS)
    offered = offers(town)
    town.say(LI, "物业怎么管")
    assert "红白理事会" in press(town, "全文", offered)


def test_a_bare_yes_or_no_takes_nothing_that_was_only_offered(town: Town) -> None:
    for word in ("好的", "不是", "可以"):
        town.say(LI, "县民政局管哪些")
        assert labels(offers(town)) == ["转人工"]
        town.say(LI, word)
        assert not town.heard("王春梅"), word


def test_what_was_understood_is_not_answered_again(town: Town) -> None:
    town.say(LI, VOLUNTEERS)
    for word in ("哦", "懂了", "明白了", "原来如此"):
        assert "13%" not in town.say(LI, word), word


def test_of_several_documents_each_is_named(town: Town) -> None:
    with town.work() as work:
        document = parse(REGULATION)
        work.policy.add(document.title, document.status, REGULATION, town.now)
        work.commit()
    heard = town.say(LI, "社区菜园每户的地块最多多少平方米")
    assert "不得超过十平方米。\n第5条" in heard
    assert "《清溪县社区菜园管理办法》" in heard
    town.say(LI, VOLUNTEERS)
    payload = next(offer["payload"] for offer in offers(town) if offer["label"] == "全文")
    assert payload == "ask_policy|《关于进一步加强和完善城乡社区治理的实施意见》第3.1.4条全文"
    assert "红白理事会" in press(town, "全文", offers(town))
    assert "都没有写" in town.say(LI, "低保标准在文件里是好多")


def test_in_force_there_is_nothing_to_comment_on(town: Town) -> None:
    with town.work() as work:
        document = parse(REGULATION)
        work.policy.add(document.title, document.status, REGULATION, town.now)
        work.commit()
    town.say(LI, "社区菜园每户的地块最多多少平方米")
    assert "提意见" not in labels(offers(town))
