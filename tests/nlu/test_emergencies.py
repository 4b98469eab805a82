"""Present danger: sentences of each side, sentence by sentence and in sum, and what holds for any text."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.categories import load_categories
from nlu.emergencies import find_danger, says_over, without_talk
from nlu.training_data import load_examples
from nlu.understanding import Danger, Intent
from tests.nlu.tables import read, read_all

if TYPE_CHECKING:
    from nlu.parser import Parser

TABLES = read_all("emergencies")
DANGER = [(say, kind) for table in TABLES for kind, says in table.get("danger", {}).items() for say in says]
CALM = [say for table in TABLES for say in table.get("calm", [])]
HEARD = read("emergencies_heard")
HEARD_DANGER = [(say, kind) for kind, says in HEARD["danger"].items() for say in says]
CHARACTERS = st.text(
    st.sampled_from("着火了煤气漏人掉河里拿刀砍昨天如果没有房子要垮救命快来，。电打老演练a "), max_size=40
)


def present_kind(text: str) -> str | None:
    danger = find_danger(text)
    return danger.kind if danger is not None and danger.present else None


@pytest.mark.parametrize(("say", "kind"), DANGER)
def test_present_danger_is_found(say: str, kind: str) -> None:
    assert present_kind(say) == kind


@pytest.mark.parametrize("say", CALM)
def test_what_is_no_danger_is_none(say: str) -> None:
    assert present_kind(say) is None


@pytest.mark.parametrize(
    ("talk", "alarm"),
    [
        ("昨天楼下着火了", "楼下着火了"),
        ("昨天有人落水了", "昨天有人落水了，到现在还没捞起来"),
        ("如果煤气漏了咋办", "煤气漏了咋办"),
        ("没有着火", "着火了，没有水"),
        ("他说要打架，已经调解了", "他们打起来了，快来调解"),
        ("007号那个打架的", "007号那家人正在打架，快来"),
        ("防止有人触电", "有人触电"),
        ("刚才着火了，已经扑灭了", "刚才着火了，扑不灭"),
        ("气死我了", "气都出不来了，快救人"),
        ("周五楼下着火了", "周五的会我来不了，楼下着火了"),
        ("昨天的事，楼下打起来了", "昨天的单子我要撤回，楼下打起来了"),
        ("楼下着火的事报名写进议题", "我要报名，楼下着火了"),
        ("电视里说，有个楼着火了", "电视坏了，有个楼着火了"),
        ("要是楼上煤气漏了", "我要是来得了就来。楼上煤气漏了"),
        ("着火了。没事了", "没事了，对了楼下着火了"),
        ("007号打起来了没", "007号那家又打起来了"),
        ("楼下着火保险赔不赔", "保险咋个赔，另外楼下着火了"),
    ],
)
def test_the_same_danger_as_talk_and_as_an_alarm(talk: str, alarm: str) -> None:
    assert present_kind(talk) is None
    assert present_kind(alarm) is not None


@pytest.mark.parametrize(
    ("say", "kind"),
    [
        ("电梯里关了个孕妇，灯都熄了", "safety_hazard"),
        ("我妈有点痴呆，出去三个小时没回来", "safety_hazard"),
        ("我老汉走丢了", "safety_hazard"),
        ("娃儿走丢了找不到", "safety_hazard"),
        ("狗走丢了找不到", None),
        ("娃儿的书包不见了", None),
        ("电梯里头关到人了", "safety_hazard"),
        ("三岁的娃儿遭反锁在车里头，太阳大得很，哭了半天", "safety_hazard"),
        ("电梯里关了个老人，心脏不好，喘不上气", "medical"),
        ("电梯又坏了，上下楼累死人", None),
        ("电梯困过人，好久来修", None),
    ],
)
def test_danger_to_life_without_a_kind_of_its_own(say: str, kind: str | None) -> None:
    assert present_kind(say) == kind


@pytest.mark.parametrize(
    ("say", "danger"),
    [
        ("昨天楼下着火了，已经扑灭了", Danger("fire", present=False)),
        ("万一煤气漏了咋办", Danger("gas", present=False)),
        ("煤气漏了", Danger("gas", present=True)),
        ("火锅店好火", None),
        ("没有着火", None),
        ("我的药吃完了，哪个顺便帮我带一点", None),
    ],
)
def test_danger_that_is_spoken_of_but_not_present(say: str, danger: Danger | None) -> None:
    assert find_danger(say) == danger


def test_every_kind_is_a_category() -> None:
    slugs = {category.slug for category in load_categories() if category.kind == "emergency"}
    assert {kind for _, kind in DANGER} == slugs | {"safety_hazard"}


def test_the_training_sentences_keep_the_rates(parser: Parser) -> None:
    real = [example.text for example in load_examples() if example.intent is Intent.REPORT_EMERGENCY]
    other = [example.text for example in load_examples() if example.intent is not Intent.REPORT_EMERGENCY]
    # By words alone: what they miss of them, the model has learnt.
    assert sum(present_kind(text) is not None for text in real) >= 0.95 * len(real)
    # The words of some ordinary sentences sound like danger; the model tells most of these apart.
    sounding = [text for text in other if present_kind(text) is not None]
    assert len(sounding) <= 0.005 * len(other)
    assert sum(parser.judge(text).intent is Intent.REPORT_EMERGENCY for text in sounding) <= 0.002 * len(other)


@pytest.mark.parametrize("filler", ["今天天气好得很，", "社区里大家都很热情。", "我们这里一直都好"])
def test_danger_is_found_in_the_midst_of_a_long_text(filler: str) -> None:
    around = filler * (2_000 // len(filler))
    assert present_kind(f"{around}，三单元着火了，{around}") == "fire"
    assert present_kind(around * 2) is None


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("哦看错了是隔壁在炒菜", True),
        ("没得事了哈 莫来了", True),
        ("灭了灭了没得事了", True),
        ("是开玩笑的", True),
        ("火已经扑灭了", True),
        ("娃儿找到了", True),
        ("不用派人来了", True),
        ("味道散了", True),
        ("没得事", True),
        ("火还没灭", False),
        ("灭了又燃起来了", False),
        ("救上来了，没得气了，快来", False),
        ("灭不了", False),
        ("打了", False),
        ("还有两个人", False),
        ("没得人在里头", False),
        ("你们来没来哦", False),
        ("桂花苑4栋3单元6楼", False),
        ("没看到人出来", False),
    ],
)
def test_whether_words_call_an_alarm_off(text: str, over: bool) -> None:
    assert says_over(text) is over


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("有人在楼道里抽烟", ""),
        ("她老公在外面有人", "她老公"),
        ("几个娃儿在加油站旁边抽烟", "几个娃儿在加油站旁边抽烟"),
        ("有人在煤气罐边抽烟", "有人在煤气罐边抽烟"),
        ("加油站里头有人抽烟", "加油站里头有人抽烟"),
        ("老头吸了烟，呛得不行", "老头吸了烟，呛得不行"),
        ("他在床上抽烟睡着了", "他在床上抽烟睡着了"),
    ],
)
def test_what_only_sounds_like_danger_is_kept_from_the_model(text: str, left: str) -> None:
    assert without_talk(text) == left


@given(st.one_of(st.text(max_size=60), CHARACTERS))
def test_any_text_is_read_and_in_any_width(text: str) -> None:
    wide = text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert present_kind(text) == present_kind(wide)


@pytest.mark.parametrize(
    "piece", ["人掉河", "刀人", "火", "着火了，", "没有", "电线", "墙倒压人", "他", "车撞人", "药"]
)
def test_a_very_long_text_is_read_in_time(piece: str) -> None:
    begun = time.perf_counter()
    present_kind((piece * 20_000)[:20_000])
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("say", HEARD["calm"])
def test_words_and_model_together_take_what_is_said_lightly_for_no_alarm(parser: Parser, say: str) -> None:
    assert parser.judge(say).intent is not Intent.REPORT_EMERGENCY


@pytest.mark.parametrize(("say", "kind"), HEARD_DANGER)
def test_words_and_model_together_hear_what_is_said_indirectly(parser: Parser, say: str, kind: str) -> None:
    assert parser.judge(say).intent is Intent.REPORT_EMERGENCY, kind
