"""The document is read into its clauses, word for word, whatever its shape and its flaws."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.policy.document import Clause, Document, DocumentError, Status, outline, parse
from nlu.policy.header import plain_title
from nlu.policy.search import shipped_document
from nlu.policy.terms import DATA
from tests.nlu.policy.documents import COMPACT, LETTER, NOTICE, OUTLINE_PLAN, PLAN, REGULATION, VERSES

SOURCE = (DATA / "renshou-draft.txt").read_text(encoding="utf-8")

BODY_IDS = ["0", "1", "2", *(f"3.1.{n}" for n in range(1, 5)), *(f"3.2.{n}" for n in range(1, 7))]
BODY_IDS += [*(f"3.3.{n}" for n in range(1, 5)), *(f"4.{n}" for n in range(1, 4))]

UNITS = {
    1: "县委组织部",
    2: "县监察委员会、县公安局、县民政局",
    3: "县委编办、县民政局、县级职能部门",
    4: "县财政局",
    5: "县民政局",
    6: "县民政局、文林镇",
    7: "县民政局、县财政局",
    8: "县民政局、县级有关部门",
    9: "县财政局、县级有关部门",
    10: "县民政局",
    11: "县委宣传部、县民政局",
    12: "县教育和体育局、县文化广播电视和旅游局",
    13: "县司法局、县公安局、县法院、县检察院等",
    14: "县委政法委",
    15: "县融媒体中心、县行政审批局、县大数据科技信息化局、县民政局",
    16: "县委政法委、县发展和改革局、县公安局",
    17: "县民政局、县级相关部门",
    18: "县发展和改革局、县民政局、县人民银行",
    19: "县民政局、县生态环境局、县住房和城乡建设局、县农业农村局、县综合行政执法局",
    20: "县公安局、县应急管理局、县市场监督管理局",
    21: "县发展和改革局、县民政局、县财政局、县自然资源和规划局、县住房和城乡建设局、文林镇",
    22: "县民政局、县级有关部门",
    23: "县委组织部、县民政局、县目标办",
    24: "县委组织部、县民政局、县财政局",
    25: "县委组织部、县教育和体育局、县民政局、县人力资源和社会保障局",
    26: "县委组织部、县人力资源和社会保障局",
    27: "县委组织部、县民政局、县人力资源和社会保障局",
    28: "县委组织部、县民政局、县人力资源和社会保障局",
}


@pytest.fixture(scope="module")
def draft() -> Document:
    return shipped_document()


def ids(document: Document) -> list[str]:
    return [clause.id for clause in document.clauses]


def clause(document: Document, clause_id: str) -> Clause:
    found = document.clause(clause_id)
    assert found is not None
    return found


def test_the_draft_has_exactly_its_48_clauses(draft: Document) -> None:
    assert ids(draft) == BODY_IDS + [f"A{row}" for row in range(1, 29)]


def test_the_draft_says_what_it_is(draft: Document) -> None:
    assert draft.title == "关于进一步加强和完善城乡社区治理的实施意见"
    assert draft.status is Status.DRAFT
    # 川委发〔2018〕11号 is the number of another document.
    assert (draft.number, draft.issuer, draft.date) == (None, None, None)


def test_every_text_is_printed_so(draft: Document) -> None:
    printed = re.sub(r"[\n\t]", "", SOURCE)
    for each in draft.clauses:
        assert each.text in printed


def test_nothing_printed_is_lost(draft: Document) -> None:
    rest = re.sub(r"\s", "", SOURCE)
    read = [piece for each in draft.clauses for piece in (each.text, *each.departments, each.heading, *each.path)]
    for piece in sorted(read, key=len, reverse=True):
        rest = rest.replace(re.sub(r"\s", "", piece), "", 1)
    # What is left are the title, the numbers, the marks between, and the heads of the table's columns.
    rest = rest.replace(draft.title, "").replace("（征求意见稿）", "").replace("附件序号工作任务责任单位", "")
    assert not re.search(r"[^\d一二三四五六（）、，。.]", rest)


def test_headings_and_paths_are_the_printed_ones(draft: Document) -> None:
    assert clause(draft, "3.2.4").heading == "提升社区矛盾预防化解能力"
    assert clause(draft, "3.2.4").path == ("主要任务", "不断提升城乡社区治理水平")
    assert clause(draft, "1").heading == "指导思想"
    assert clause(draft, "4.3").path == ("保障措施",)
    assert clause(draft, "A14").path == ("部门重点任务分工",)


def test_paragraphs_broken_in_a_sentence_are_joined(draft: Document) -> None:
    assert "建档立卡贫困人口、困境儿童" in clause(draft, "3.2.4").text
    assert "开展智慧社区建设，推进大数据普及应用" in clause(draft, "3.2.5").text
    assert len(draft.uncertain) == 3
    assert "按“一、”处理" in draft.uncertain[0]


@pytest.mark.parametrize(("row", "printed"), UNITS.items())
def test_units_of_each_row(draft: Document, row: int, printed: str) -> None:
    assert clause(draft, f"A{row}").departments == tuple(printed.split("、"))


def test_only_rows_name_units(draft: Document) -> None:
    assert all(not each.departments for each in draft.clauses if each.id in BODY_IDS)


def test_outline_shows_every_clause_below_its_headings(draft: Document) -> None:
    shown = outline(draft)
    assert all(f"[{clause_id}]" in shown for clause_id in ids(draft))
    assert "\n  主要任务\n    健全完善城乡社区治理体系\n      [3.1.1]" in shown
    assert "（县司法局、县公安局、县法院、县检察院等）" in shown
    assert shown.count("请核对：") == 3


def test_articles_with_paragraphs_and_items() -> None:
    document = parse(REGULATION)
    assert ids(document) == [str(number) for number in range(1, 9)]
    assert document.title == "清溪县社区菜园管理办法"
    assert document.status is Status.IN_FORCE
    assert (document.date, document.effective) == (date(2023, 3, 1), date(2023, 5, 1))
    assert clause(document, "4").path == ("第二章 申请和使用",)
    assert clause(document, "4").heading == "第四条"
    lines = clause(document, "4").text.split("\n")
    assert lines[1] == "（一）居住证明；"
    assert len(lines) == 4
    assert document.uncertain == ()


def test_a_table_of_contents_is_no_text() -> None:
    contents = "目　　录\n第一章　总　　则\n第二章　申请和使用\n第三章　法律责任\n第四章　附则\n\n"
    text = REGULATION.replace("第一章　总　　则\n", contents + "第一章　总　　则\n", 1)
    assert parse(text).clauses == parse(REGULATION).clauses


def test_chapters_may_stand_above_numbered_parts_and_a_plan_above_its_contents() -> None:
    document = parse(OUTLINE_PLAN)
    assert (document.title, document.status) == ("青石镇社区治理三年规划", Status.DRAFT)
    assert (document.date, document.effective) == (date(2024, 3, 1), date(2024, 3, 1))
    assert ids(document) == ["1.1.1", "1.1.2", "1.2", "2.1", "2.2", "A1", "A2"]
    assert clause(document, "1.1.2").path == ("第一章 发展基础", "第一节 主要成绩")
    assert clause(document, "1.1.2").heading == "人居环境"
    assert document.uncertain == ("标题注明“草案”，按征求意见稿处理。",)


def test_an_annex_is_found_by_its_title_and_read_below_a_header_of_two_lines() -> None:
    document = parse(OUTLINE_PLAN)
    assert clause(document, "A1").path == ("责任分工表",)
    assert clause(document, "A1").text == "配齐网格员"
    assert clause(document, "A2").departments == ("镇便民中心", "镇司法所", "各社区")
    assert clause(document, "A2").text == "清理证明事项\n2024年底"


def test_a_title_is_no_longer_than_titles_are() -> None:
    document = parse("甲乙丙丁" * 80 + REGULATION)
    assert len(document.title) == 200
    assert any("标题太长" in remark for remark in document.uncertain)


def test_page_numbers_are_no_text_and_do_not_part_a_paragraph() -> None:
    before = "每户申请的地块不得超过十平方米，使用期限为"
    for page in ("— 2 —", "- 12 -", "第2页 共8页", "第 2 页"):
        text = REGULATION.replace(before, f"{before}\n\n{page}\n\n")
        assert [each.text for each in parse(text).clauses] == [each.text for each in parse(REGULATION).clauses]


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("清溪县社区菜园管理办法（征求意见稿）", Status.DRAFT),
        ("清溪县社区菜园管理办法征求意见稿", Status.DRAFT),
        ("清溪县社区菜园管理办法（2022年修订草案）", Status.DRAFT),
        ("清溪县社区菜园管理办法（已废止）", Status.REPEALED),
        ("清溪县社区菜园管理办法", Status.IN_FORCE),
    ],
)
def test_a_draft_and_its_final_version_have_one_title(title: str, status: Status) -> None:
    document = parse(REGULATION.replace("清溪县社区菜园管理办法", title, 1))
    assert (document.title, document.status) == ("清溪县社区菜园管理办法", status)
    assert plain_title(f"《{title}》") == "清溪县社区菜园管理办法"


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("本办法自2023年5月1日起施行。", date(2023, 5, 1)),
        ("本办法自二〇二三年五月一日起施行，有效期五年。", date(2023, 5, 1)),
        ("本办法自公布之日起实施。", date(2023, 3, 1)),
        ("本办法由县住房和城乡建设局负责解释。", None),
        ("本办法所称新房，自2023年6月1日起计算。", None),
    ],
)
def test_the_day_a_document_takes_effect(sentence: str, day: date | None) -> None:
    assert parse(REGULATION.replace("本办法自2023年5月1日起施行。", sentence)).effective == day


def test_missing_and_inserted_articles_are_told() -> None:
    text = REGULATION.replace("第六条 菜园内", "第五条之一 租金免收。\n第七条 菜园内").replace(
        "第七条 违反", "第八条 违反", 1
    )
    document = parse(text)
    assert "5-1" in ids(document)
    assert any("第七条" in remark for remark in document.uncertain)


def test_a_notice_with_headings_units_and_a_list() -> None:
    document = parse(NOTICE)
    assert ids(document) == ["0", "1", "2.1", "2.2", "3", "4.1", "4.2"]
    assert document.title == "青石镇人民政府办公室关于开展春季森林防火工作的通知"
    assert document.issuer == "青石镇人民政府办公室"
    assert document.number == "青府办〔2024〕7号"
    assert document.date == date(2024, 1, 2)
    assert clause(document, "1").text.endswith("其中清明节前后十天为特别防火期。")
    assert clause(document, "2.1").departments == ("镇林业站", "各村委会")
    assert clause(document, "2.1").heading == "管住火源"
    assert clause(document, "3").text.split("\n")[1:] == ["1.身份证复印件", "2.体检证明", "3.一寸照片两张"]
    assert clause(document, "4.2").path == ("举报奖励",)


def test_a_village_compact_in_plain_numbers() -> None:
    document = parse(COMPACT)
    assert ids(document) == ["1", "2", "3", "4", "5"]
    assert document.date == date(2023, 6, 18)
    assert clause(document, "5").text == "按时缴纳卫生费，每户每月五元"


def test_verses_are_read_by_stanza() -> None:
    document = parse(VERSES)
    assert (document.title, document.date) == ("红岩村村规民约三字经", date(2023, 6, 18))
    assert clause(document, "2").text == "邻里间，要和睦。\n有矛盾，找调解。\n养家犬，要拴绳。"
    assert len(document.clauses) == 2


def test_verses_without_stanzas_are_read_four_by_four_below_their_preamble() -> None:
    preamble = "为了建设美丽乡村，经村民会议讨论，制定本村规民约，请大家共同遵守："
    lines = [line for line in VERSES.split("\n")[2:] if line]
    document = parse("\n".join(["红岩村村规民约", preamble, *lines]))
    assert [each.text.count("\n") for each in document.clauses] == [0, 3, 1]
    assert clause(document, "1").text == preamble


def test_annex_tables_with_one_row_a_line() -> None:
    document = parse(PLAN)
    assert ids(document) == ["1", "2.1", "2.2", "A1", "A2", "B1", "B2"]
    assert clause(document, "A1").departments == ("镇水利站", "各村委会")
    assert clause(document, "A1").text == "清理河道垃圾\n2024年4月底"
    assert clause(document, "B2").path == ("验收办法",)


def test_a_letter_is_read_by_paragraph_and_said_to_be_so() -> None:
    document = parse(LETTER)
    assert document.issuer == "阳光社区居民委员会"
    assert any("按自然段" in remark for remark in document.uncertain)
    assert clause(document, "3").text.startswith("物业将于下周")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "空的"),
        (" \n\t\n", "空的"),
        ("Dear all, this is no Chinese text.", "不是中文"),
        ("通知", "没有读到正文"),
        ("第一章 总则\n第一条\n第二条", "没有读到可以引用的条文"),
    ],
)
def test_what_is_no_document_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(DocumentError, match=sentence) as refusal:
        parse(text)
    assert str(refusal.value).endswith("。")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SOURCE)), st.integers(0, len(SOURCE)))
def test_a_torn_document_is_read_or_refused(start: int, end: int) -> None:
    torn = SOURCE[min(start, end) : max(start, end)]
    try:
        document = parse(torn)
    except DocumentError:
        return
    assert len(set(ids(document))) == len(document.clauses)
    assert all(each.text for each in document.clauses)
