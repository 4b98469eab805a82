"""Questions are brought to one spelling, stripped to their subject, and put in the documents' words."""

from __future__ import annotations

import pytest

from nlu.policy.asked import (
    Asked,
    asked_kinds,
    asks_anything,
    asks_who,
    gives,
    measures_asked,
    measures_given,
    without_who,
)
from nlu.policy.numbering import label_of, number_of, numeral_of
from nlu.policy.search import shipped_document, shipped_search
from nlu.policy.sentences import split_sentences
from nlu.policy.tasks import Units, pair_tasks
from nlu.policy.terms import Thesaurus, bigrams, grams, shipped_thesaurus
from nlu.policy.turns import hear


@pytest.mark.parametrize(
    ("said", "standard"),
    [
        ("网格员要做啥子嘛？", "网格员要做什么"),
        ("咋个办，好久能弄好", "怎么办 什么时候能弄好"),
        ("Ａ１９　归哪个管", "a19 归哪个管"),
        ("自愿者要好多", "志愿者要多少"),
        ("每百户好多平米", "每百户多少平方米"),
    ],
)
def test_one_spelling(said: str, standard: str) -> None:
    assert shipped_thesaurus().standard(said) == standard


def test_fillers_go_unless_they_belong_to_a_word() -> None:
    thesaurus = shipped_thesaurus()
    known = frozenset(bigrams("议事会") + bigrams("业主"))
    assert thesaurus.content("我想问一下议事会是什么", known) == "议事会"
    assert thesaurus.content("业主要不要参加", known) == "业主 参加"


@pytest.mark.parametrize(
    ("said", "document"),
    [
        ("公厕", "厕所革命"),
        ("扯皮", "矛盾纠纷"),
        ("摄像头", "雪亮"),
        ("加分", "积分制"),
        ("三百户", "300户"),
        ("百分之二十", "20%"),
    ],
)
def test_the_documents_words(said: str, document: str) -> None:
    words = {word for entry in shipped_thesaurus().said(f"我们这里{said}怎么办") for word in entry.document}
    assert document in words


def test_only_words_that_the_document_uses_are_searched_for() -> None:
    reading = shipped_search().indexes[0].text.read("半夜工地好吵")
    assert "噪声污染" in reading.synonyms
    assert "建筑施工" not in reading.synonyms


def test_a_thesaurus_without_its_lists_is_refused() -> None:
    with pytest.raises(ValueError, match="synonyms"):
        Thesaurus({"wording": {"啥": "什么"}})


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("派出所电话是多少", Asked.CONTACT),
        ("便民服务站几点上班", Asked.CLOCK),
        ("社区书记工资是多少", Asked.MONEY),
        ("什么时候完成", Asked.DATE),
        ("乱扔垃圾要罚款吗", Asked.PENALTY),
        ("低保怎么申请", Asked.PROCEDURE),
        ("一个社区管几户", Asked.NUMBER),
    ],
)
def test_what_is_asked_for(question: str, kind: Asked) -> None:
    assert kind in asked_kinds(question)


def test_signs_and_boards_are_no_money() -> None:
    assert Asked.MONEY not in asked_kinds("门口可以挂几块牌子")


def test_measures_asked_and_given() -> None:
    assert measures_asked("要达到多少比例") & measures_given("人口总数的13%以上")
    assert not measures_asked("一年要服务多少小时") & measures_given("人口总数的13%以上")
    assert gives("处二百元以上五百元以下的罚款", Asked.MONEY)


@pytest.mark.parametrize(
    "question", ["垃圾分类归哪个部门管", "雪亮工程责任单位", "由谁牵头", "普法这块是司法局还是法院", "绿化哪个单位负责"]
)
def test_who_is_responsible_is_recognised(question: str) -> None:
    assert asks_who(question)


def test_the_subject_of_such_a_question() -> None:
    assert without_who("垃圾分类归哪个部门管") == "垃圾分类"


def test_each_row_has_the_clause_of_its_task() -> None:
    pairs = pair_tasks(shipped_document())
    assert len(pairs) == 28
    assert {row: pairs[row] for row in ("A6", "A14", "A19", "A28")} == {
        "A6": "3.1.4",
        "A14": "3.2.4",
        "A19": "3.3.1",
        "A28": "4.3",
    }


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("民政局管什么", ["县民政局"]),
        ("人社局和发改局", ["县人力资源和社会保障局", "县发展和改革局"]),
        ("文广旅局归谁", ["县文化广播电视和旅游局"]),
        ("检察院要做什么", ["县检察院"]),
        ("哪个局管", []),
        ("县水利局管什么", []),
        ("财政预算包括什么", []),
        ("归财政管不", ["县财政局"]),
        ("财政给的钱", []),
        ("发改那边参与几项", ["县发展和改革局"]),
    ],
)
def test_units_by_their_short_names(question: str, units: list[str]) -> None:
    index = shipped_search().indexes[0].text
    assert list(Units(shipped_document(), shipped_thesaurus()).named_in(question, index.pairs_known)[0]) == units


@pytest.mark.parametrize(
    ("text", "meant", "denied"),
    [
        ("不是书记述职 是年度党建那个", "年度党建那个", "书记述职"),
        ("我说的是乡镇的 不是村上的", "乡镇的", "村上的"),
        ("搞错了 我问的是厕所", "厕所", ""),
        ("财政预算我知道了 问的是捐赠", "捐赠", "财政预算"),
        ("不是要建厕所吗", "不是要建厕所吗", ""),
        ("垃圾分类归哪个部门管", "垃圾分类归哪个部门管", ""),
    ],
)
def test_a_correction_is_told_from_what_it_denies(text: str, meant: str, denied: str) -> None:
    turn = hear(text)
    assert (turn.meant, turn.denied, turn.corrects) == (meant, denied, meant != text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [("刚才电梯里没信号", False), ("农村的", False), ("归谁管", True), ("有吗", True)],
)
def test_a_question_is_told_from_a_remark(text: str, asks: bool) -> None:
    assert asks_anything(text) == asks


def test_sentences_are_pieces_of_the_text() -> None:
    text = "甲应当到场；乙可以不到。应当提交：\n（一）证明；\n（二）照片。\n“丙”说：“好。”完。"
    sentences = split_sentences(text)
    assert [sentence.text for sentence in sentences] == [text[sentence.start : sentence.end] for sentence in sentences]
    assert sentences[0].text == "甲应当到场；"
    assert text[sentences[0].full_start : sentences[0].full_end] == "甲应当到场；乙可以不到。"
    assert "（二）照片。" in [sentence.text for sentence in sentences]
    assert [sentence.text for sentence in sentences][-2:] == ["“丙”说：“好。”", "完。"]


@pytest.mark.parametrize(
    ("numeral", "number"), [("十六", 16), ("二十", 20), ("一百零三", 103), ("二〇", 20), ("七", 7), ("88", 88)]
)
def test_numerals(numeral: str, number: int) -> None:
    assert number_of(numeral) == number


def test_numerals_there_and_back() -> None:
    assert all(number_of(numeral_of(number)) == number for number in range(1, 130))
    with pytest.raises(ValueError, match="not a numeral"):
        number_of("甲")


@pytest.mark.parametrize(
    ("line", "rank", "number"),
    [("一、总则", 1, 1), ("（十二）其他", 2, 12), ("3.要求", 3, 3), ("（4）说明", 4, 4), ("②说明", 4, 2)],
)
def test_labels(line: str, rank: int, number: int) -> None:
    label = label_of(line)
    assert label is not None
    assert (label.rank, label.number) == (rank, number)


@pytest.mark.parametrize("line", ["1.5米以内", "一般情况下", "2020年以前", "（注）"])
def test_lines_without_label(line: str) -> None:
    assert label_of(line) is None


def test_runs_of_characters() -> None:
    assert grams("甲乙丙 丁") == {"甲": 1, "乙": 1, "丙": 1, "丁": 1, "甲乙": 1, "乙丙": 1, "甲乙丙": 1}
