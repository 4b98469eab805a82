"""The web chat as people meet it: its page in a real Chromium, over a web chat that is really served."""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from handlers.turn import Choice, Reply
from nlu.understanding import Intent
from tests.bot.web_harness import LI, WANG, House, opened, page_of, sqlite_with_people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

    from handlers.turn import Inbound

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
PHONE = {"width": 390, "height": 844}
WAIT_MS = 10_000
YES_NO = (Choice("对的", Intent.AFFIRM), Choice("不对", Intent.DENY))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none the tests say so, and fail only when they were told that one must be there."""
    if not CHROMIUM.exists():
        sentence = f"there is no {CHROMIUM}, so the web chat was not tried in a browser"
        if os.environ.get("GRIDBOT_REQUIRE_BROWSER") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def context_of(browser: Browser, *, dark: bool = False) -> Iterator[BrowserContext]:
    """A browser of its own, as large as a phone, that lets no fault of a page pass."""
    faults: list[str] = []
    with browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        locale="zh-CN",
        color_scheme="dark" if dark else "light",
    ) as context:
        context.set_default_timeout(WAIT_MS)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        yield context
    assert faults == []


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own."""
    with context_of(browser) as context:
        yield context


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An open house of the demo."""
    with opened(sqlite_with_people(tmp_path)) as house:
        yield house


def enter(context: BrowserContext, house: House, name: str = "李秀芬") -> Page:
    """Open the page, pick somebody, and wait until what was said before stands there."""
    page = context.new_page()
    page.goto(house.url)
    page.get_by_role("button", name=name).click()
    expect_ready(page)
    return page


def expect_ready(page: Page) -> None:
    """Wait until the page has caught up with what was said before."""
    page.locator("#panel-private .log[aria-live=polite]").wait_for(state="attached")


def say(page: Page, text: str) -> None:
    """Write something and send it with the Enter key."""
    page.get_by_label("要说的话").fill(text)
    page.get_by_label("要说的话").press("Enter")


def bubbles(page: Page, chat: str = "private") -> list[str]:
    """What stands in the bubbles of a chat."""
    return page.locator(f"#panel-{chat} .bubble").all_inner_texts()


def wait_for_bubbles(page: Page, expected: list[str], chat: str = "private") -> None:
    """Wait until exactly these bubbles stand in a chat."""
    limit = time.monotonic() + WAIT_MS / 1000
    while bubbles(page, chat) != expected and time.monotonic() < limit:
        page.wait_for_timeout(50)
    assert bubbles(page, chat) == expected


def button(page: Page, label: str) -> Locator:
    """The last button of this label in the private talk, pressed or not."""
    buttons = page.locator("#panel-private .choices").get_by_role("button")
    return buttons.filter(has_text=re.compile(f"^{label}$")).last


def answer_by_text(answers: dict[str, Reply]) -> Callable[[Inbound], list[Reply]]:
    """A bot with fixed answers, silent where it has none."""

    def answer(message: Inbound) -> list[Reply]:
        return [answers[message.text]] if message.text in answers else []

    return answer


def test_a_message_of_the_bot_is_answered_itself(context: BrowserContext, house: House) -> None:
    page = enter(context, house)
    say(page, "接单的事")
    wait_for_bubbles(page, ["接单的事", "听到了：接单的事"])
    page.get_by_role("button", name="回复这一条：听到了：接单的事").click()
    page.get_by_text("回复：听到了：接单的事").wait_for()
    say(page, "接单")
    wait_for_bubbles(page, ["接单的事", "听到了：接单的事", "接单", "听到了：接单"])
    assert not page.get_by_text("回复：听到了：接单的事").is_visible()
    say(page, "没事了")
    wait_for_bubbles(page, ["接单的事", "听到了：接单的事", "接单", "听到了：接单", "没事了", "听到了：没事了"])
    answers = [message.reply_to for message in house.received]
    assert answers[0] is None
    assert answers[1] is not None
    assert answers[2] is None


def test_a_newcomer_picks_somebody_and_talks(context: BrowserContext, house: House) -> None:
    page = context.new_page()
    page.goto(house.url)
    assert page.get_by_role("heading", level=1).inner_text() == "网格小助手"
    cards = page.get_by_role("list", name="您想当哪一位").get_by_role("button").all_inner_texts()
    assert [re.sub(r"\s+", " ", card) for card in cards] == [
        "李 李秀芬居民 住在1网格，楼上漏水没人管",
        "王 王春梅网格员 1网格的网格员",
        "杨 杨晓兰社区管理员 住在老街院子6号",
        "新 新来的居民没登记 还没登记过，从说自己是谁开始",
    ]
    page.get_by_role("button", name="李秀芬").click()
    page.get_by_role("list", name="可以这样说").get_by_role("button", name="楼上天天漏水又不肯修").click()
    assert page.get_by_label("要说的话").input_value() == "楼上天天漏水又不肯修"
    page.get_by_role("button", name="发送").click()
    wait_for_bubbles(page, ["楼上天天漏水又不肯修", "听到了：楼上天天漏水又不肯修"])
    times = page.locator("#panel-private time").all_inner_texts()
    assert all(re.fullmatch(r"\d\d:\d\d", shown) for shown in times)
    assert not page.get_by_role("list", name="可以这样说").is_visible()
    assert house.inbox()[0].sender == LI


def test_the_page_talks_to_no_other_host(context: BrowserContext, house: House) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = enter(context, house)
    say(page, "你好")
    wait_for_bubbles(page, ["你好", "听到了：你好"])
    assert len(asked) > 6
    assert all(url.startswith(f"{house.url}/") for url in asked)
    assert not any(LI in url for url in asked)


def test_what_is_said_is_text_and_keeps_its_lines(context: BrowserContext, house: House) -> None:
    page = enter(context, house)
    evil = "<img src=x onerror=\"document.title='x'\">\n<b>第二行</b>\n  & &amp; 第三行"
    say(page, evil)
    wait_for_bubbles(page, [evil, f"听到了：{evil}"])
    assert page.locator(".bubble *").count() == 0
    assert page.locator("#panel-private .bubble").first.evaluate("bubble => bubble.clientHeight") > 80
    assert page.title() == "网格小助手"


def test_enter_sends_and_shift_enter_begins_a_line(context: BrowserContext, house: House) -> None:
    page = enter(context, house)
    text = page.get_by_label("要说的话")
    text.press_sequentially("第一行")
    text.press("Shift+Enter")
    text.press_sequentially("第二行")
    assert house.inbox() == []
    text.press("Enter")
    wait_for_bubbles(page, ["第一行\n第二行", "听到了：第一行\n第二行"])
    assert text.input_value() == ""


@pytest.mark.parametrize("marks", [{"isComposing": True}, {"keyCode": 229}])
def test_the_enter_of_an_input_method_sends_nothing(
    context: BrowserContext, house: House, marks: dict[str, object]
) -> None:
    page = enter(context, house)
    text = page.get_by_label("要说的话")
    text.fill("loushang")
    text.dispatch_event("keydown", {"key": "Enter", "bubbles": True, "cancelable": True, **marks})
    assert text.input_value() == "loushang"
    assert bubbles(page) == []
    text.press("Enter")
    wait_for_bubbles(page, ["loushang", "听到了：loushang"])


def test_nothing_and_too_much_are_refused_before_they_are_sent(context: BrowserContext, house: House) -> None:
    page = enter(context, house)
    say(page, "  \n ")
    assert page.get_by_role("alert").inner_text() == "还没写字，写了再发。"
    say(page, "长" * 20_001)
    assert "一次最多20000字" in page.get_by_role("alert").inner_text()
    assert len(page.get_by_label("要说的话").input_value()) == 20_001
    say(page, "😀" * 20_000)
    page.locator(".bubble").nth(1).wait_for()
    assert house.inbox()[0].text == "😀" * 20_000


def test_buttons_answer_and_old_answers_cannot_be_pressed(context: BrowserContext, house: House) -> None:
    accept = Choice("接单 007", Intent.ACCEPT_CASE, "接单 20260412-007")
    house.answers = answer_by_text(
        {
            "漏水": Reply("楼上漏水，对不对？", YES_NO),
            "对的": Reply("报上去了。", (accept,)),
            "还有": Reply("还有什么？", YES_NO),
        }
    )
    page = enter(context, house)
    say(page, "漏水")
    button(page, "对的").click()
    wait_for_bubbles(page, ["漏水", "楼上漏水，对不对？", "对的", "报上去了。"])
    assert [row.payload for row in house.inbox()] == [None, "affirm|对的"]
    assert button(page, "对的").is_disabled()
    assert button(page, "不对").is_disabled()
    assert "pressed" in str(button(page, "对的").get_attribute("class"))
    say(page, "还有")
    page.locator("#panel-private .choices").nth(2).wait_for()
    assert button(page, "对的").is_enabled()
    # This one names its case, so it means the same however much was said since.
    assert button(page, "接单 007").is_enabled()
    button(page, "接单 007").dblclick()
    page.wait_for_timeout(300)
    assert [row.payload for row in house.inbox()][-2:] == [None, "accept_case|接单 20260412-007"]
    assert button(page, "对的").is_disabled()


def test_after_a_reload_the_buttons_stand_as_before(context: BrowserContext, house: House) -> None:
    house.answers = answer_by_text({"漏水": Reply("对不对？", YES_NO), "挖沟": Reply("对不对？", YES_NO)})
    page = enter(context, house)
    say(page, "漏水")
    button(page, "不对").click()
    wait_for_bubbles(page, ["漏水", "对不对？", "不对"])
    say(page, "挖沟")
    page.locator("#panel-private .choices").nth(1).wait_for()
    page.reload()
    expect_ready(page)
    wait_for_bubbles(page, ["漏水", "对不对？", "不对", "挖沟", "对不对？"])
    rows = page.locator("#panel-private .choices")
    assert rows.nth(0).get_by_role("button").evaluate_all("all => all.map(b => b.disabled)") == [True, True]
    assert rows.nth(1).get_by_role("button").evaluate_all("all => all.map(b => b.disabled)") == [False, False]
    assert rows.nth(0).locator(".pressed").all_inner_texts() == ["不对"]


def test_a_message_is_tried_again_under_the_same_id(context: BrowserContext, house: House) -> None:
    page = enter(context, house)
    posted: list[str] = []

    def lose(route: Route) -> None:
        posted.append(str(json.loads(route.request.post_data or "{}")["id"]))
        if len(posted) == 1:
            route.abort()
        elif len(posted) == 2:
            # It arrives, and only the answer is lost.
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/messages", lose)
    say(page, "断断续续")
    waiting = page.locator(".message.waiting")
    assert waiting.locator(".bubble").inner_text() == "断断续续"
    page.get_by_text("还没发出去，正在重试").wait_for()
    wait_for_bubbles(page, ["断断续续", "听到了：断断续续"])
    assert waiting.count() == 0
    assert len(set(posted)) == 1
    assert [row.text for row in house.inbox()] == ["断断续续"]


def test_a_refused_message_can_be_taken_back_and_changed(context: BrowserContext, house: House) -> None:
    page = enter(context, house)
    page.route("**/api/messages", lambda route: route.fulfill(status=413, json={"error": "这段话太长了。"}))
    say(page, "说得太多")
    page.get_by_text("没发出去：这段话太长了。").wait_for()
    page.unroute("**/api/messages")
    page.get_by_role("button", name="拿回来改").click()
    assert bubbles(page) == []
    assert page.get_by_label("要说的话").input_value() == "说得太多"
    say(page, "少说点")
    wait_for_bubbles(page, ["少说点", "听到了：少说点"])


def test_the_page_says_when_it_is_offline_and_goes_on_by_itself(context: BrowserContext, house: House) -> None:
    page = enter(context, house)
    say(page, "停电之前")
    wait_for_bubbles(page, ["停电之前", "听到了：停电之前"])
    house.close()
    page.get_by_text("连不上了，正在重新连接").wait_for()
    say(page, "停电时第一句")
    say(page, "停电时第二句")
    assert page.locator(".message.waiting").count() == 2
    house.write("notice", f"p:{LI}", Reply("通知：来电了"))
    house.open()
    page.get_by_text("听到了：停电时第二句").wait_for()
    assert page.locator("#offline").inner_text() == ""
    told = bubbles(page)
    assert [text for text in told if text.startswith("停电时")] == ["停电时第一句", "停电时第二句"]
    assert sorted(told) == sorted(
        ["停电之前", "停电时第一句", "停电时第二句", "通知：来电了"]
        + [f"听到了：{text}" for text in ("停电之前", "停电时第一句", "停电时第二句")]
    )
    assert page.locator(".message.waiting").count() == 0


def test_what_waits_to_be_sent_outlives_a_reload(context: BrowserContext, house: House) -> None:
    page = enter(context, house)
    page.route("**/api/messages", lambda route: route.abort())
    say(page, "别丢了我")
    page.get_by_text("还没发出去，正在重试").wait_for()
    page.unroute("**/api/messages")
    page.reload()
    wait_for_bubbles(page, ["别丢了我", "听到了：别丢了我"])
    assert len(house.inbox()) == 1


def test_the_group_has_names_and_an_unread_mark(context: BrowserContext, house: House) -> None:
    house.answers = lambda message: [Reply("归住建局。")] if message.addressed else []
    page = enter(context, house)
    with httpx.Client(base_url=house.url) as client:
        page_of(client, WANG).post("明天我在文林巷", "w-1", chat="group")
        page_of(client, WANG).post("@小助手 垃圾分类归哪个部门管", "w-2", chat="group")
    tab = page.get_by_role("tab", name="群聊")
    tab.get_by_text("3").wait_for()
    assert re.sub(r"\s", "", tab.inner_text()) == "群聊3条没读"
    assert page.title() == "(3) 网格小助手"
    assert page.locator("#news").inner_text() == "群聊有新消息"
    tab.click()
    assert tab.get_by_text("3").count() == 0
    assert page.title() == "网格小助手"
    names = page.locator("#panel-group .message .name").all_inner_texts()
    assert names == ["王春梅", "王春梅", "小助手"]
    page.get_by_role("button", name="@小助手", exact=True).click()
    page.keyboard.type("议事会好久开")
    page.keyboard.press("Enter")
    expected = ["明天我在文林巷", "@小助手 垃圾分类归哪个部门管", "归住建局。", "@小助手 议事会好久开", "归住建局。"]
    wait_for_bubbles(page, expected, "group")
    page.reload()
    expect_ready(page)
    wait_for_bubbles(page, expected, "group")
    assert page.title() == "网格小助手"
    assert house.inbox()[-1].text == "议事会好久开"
    assert house.inbox()[-1].addressed


def test_what_came_while_the_page_was_closed_is_marked_as_unread(context: BrowserContext, house: House) -> None:
    page = enter(context, house)
    page.get_by_role("tab", name="群聊").click()
    page.get_by_role("tab", name="私聊").click()
    page.goto("about:blank")
    with httpx.Client(base_url=house.url) as client:
        page_of(client, WANG).post("有人吗", "w-1", chat="group")
        with page_of(client, WANG).stream("group") as reader:
            reader.sayings(2)
    page.goto(house.url)
    page.get_by_role("tab", name="群聊").get_by_text("2").wait_for()


def test_two_tabs_are_two_people(context: BrowserContext, house: House) -> None:
    li, wang = enter(context, house, "李秀芬"), enter(context, house, "王春梅")
    say(li, "我是李秀芬")
    say(wang, "我是王春梅")
    wait_for_bubbles(li, ["我是李秀芬", "听到了：我是李秀芬"])
    wait_for_bubbles(wang, ["我是王春梅", "听到了：我是王春梅"])
    li.reload()
    expect_ready(li)
    assert li.get_by_role("heading", level=1).inner_text() == "李秀芬"


def test_the_person_can_be_switched(context: BrowserContext, house: House) -> None:
    page = enter(context, house)
    say(page, "我跟邻居吵架了")
    wait_for_bubbles(page, ["我跟邻居吵架了", "听到了：我跟邻居吵架了"])
    page.get_by_label("要说的话").fill("没写完的")
    page.get_by_role("button", name="换个人").click()
    page.get_by_role("button", name="王春梅").click()
    expect_ready(page)
    assert bubbles(page) == []
    assert page.get_by_label("要说的话").input_value() == ""
    assert page.locator("#my-role").inner_text() == "网格员"
    page.get_by_role("list", name="可以这样说").get_by_role("button", name="我的任务").wait_for()
    say(page, "我的任务")
    wait_for_bubbles(page, ["我的任务", "听到了：我的任务"])
    assert house.inbox()[-1].sender == WANG


def test_a_newcomer_without_a_name_can_talk_too(context: BrowserContext, house: House) -> None:
    page = enter(context, house, "新来的居民")
    say(page, "我叫王小明")
    wait_for_bubbles(page, ["我叫王小明", "听到了：我叫王小明"])
    assert re.fullmatch("[0-9a-f]{32}", house.inbox()[0].sender)


def test_outside_the_demo_one_talks_at_once_and_stays_who_one_is(browser: Browser, tmp_path: Path) -> None:
    with opened(sqlite_with_people(tmp_path), demo=False) as house, context_of(browser) as context:
        page = context.new_page()
        page.goto(house.url)
        expect_ready(page)
        assert not page.get_by_role("tab", name="群聊").is_visible()
        say(page, "你好")
        wait_for_bubbles(page, ["你好", "听到了：你好"])
        page.close()
        again = context.new_page()
        again.goto(house.url)
        wait_for_bubbles(again, ["你好", "听到了：你好"])
        again.on("dialog", lambda dialog: dialog.accept())
        again.get_by_role("button", name="退出").click()
        again.wait_for_function("document.querySelectorAll('.bubble').length === 0")


def test_a_session_that_is_over_leads_back_to_the_beginning(
    context: BrowserContext, house: House, tmp_path: Path
) -> None:
    page = enter(context, house)
    house.close()
    (tmp_path / "new").mkdir()
    fresh = House(sqlite_with_people(tmp_path / "new"), port=house.port)
    with fresh.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM identities")
    fresh.open()
    try:
        page.get_by_text("您的身份过期了，请重新进入。").wait_for()
        assert page.get_by_text("您想当哪一位").is_visible()
    finally:
        fresh.close()
        fresh.database.close()


def test_the_keyboard_reaches_everything(context: BrowserContext, house: House) -> None:
    house.answers = answer_by_text({"漏水": Reply("对不对？", YES_NO)})
    page = context.new_page()
    page.goto(house.url)
    page.get_by_role("button", name="李秀芬").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("李")
    page.keyboard.press("Enter")
    expect_ready(page)
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.type("漏水")
    page.keyboard.press("Enter")
    button(page, "不对").wait_for()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "对的":
            break
    page.keyboard.press("Enter")
    wait_for_bubbles(page, ["漏水", "对不对？", "对的"])
    assert page.evaluate("document.activeElement.id") == "panel-private"
    page.get_by_role("tab", name="私聊").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", name="群聊").get_attribute("aria-selected") == "true"
    assert page.evaluate("document.activeElement.id") == "tab-group"
    assert page.get_by_role("log").get_attribute("aria-label") == "群聊记录"


@pytest.mark.parametrize("dark", [False, True])
def test_everything_is_large_and_stands_out(browser: Browser, house: House, dark: bool) -> None:
    house.answers = answer_by_text({"漏水": Reply("对不对？", YES_NO)})
    with context_of(browser, dark=dark) as context:
        page = enter(context, house)
        say(page, "漏水")
        button(page, "对的").wait_for()
        say(page, "再说一句")
        page.get_by_role("button", name="可以这样说").click()
        found = page.evaluate(MEASURE)
    assert len(found) > 12
    for item in found:
        assert item["contrast"] >= 4.5, item
        assert item["font"] >= 15, item
        assert not item["pressable"] or item["height"] >= 44, item


MEASURE = """() => {
  const number = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const part = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = number(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const shown = [...document.querySelectorAll("#chat *")].filter((node) =>
    [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()) &&
    node.checkVisibility() && !node.closest(".unseen") && node.getBoundingClientRect().width > 2);
  return shown.map((node) => {
    const style = getComputedStyle(node);
    const pair = [light(number(style.color)), light(ground(node))].sort((a, b) => b - a);
    return {
      text: node.textContent.trim().slice(0, 12),
      contrast: (pair[0] + 0.05) / (pair[1] + 0.05),
      font: parseFloat(style.fontSize),
      pressable: node.tagName === "BUTTON",
      height: node.getBoundingClientRect().height,
    };
  });
}"""


def test_nothing_runs_out_of_a_narrow_page(context: BrowserContext, house: House) -> None:
    house.answers = lambda _message: [Reply("x" * 300, tuple(Choice(f"很长的选项{n}" * 4) for n in range(4)))]
    page = enter(context, house)
    page.set_viewport_size({"width": 320, "height": 560})
    say(page, "https://" + "y" * 200)
    page.locator(".choices button").nth(3).wait_for()
    wide = "document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight"
    assert not page.evaluate(wide)
    assert page.evaluate("[...document.querySelectorAll('.message')].every(m => m.scrollWidth <= m.clientWidth + 1)")
    box = page.get_by_role("button", name="发送").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 320
    assert box["y"] + box["height"] <= 560


def test_who_reads_further_up_is_not_pulled_away(context: BrowserContext, house: House) -> None:
    page = enter(context, house)
    for number in range(12):
        say(page, f"第{number}句")
    page.get_by_text("听到了：第11句").wait_for()
    panel = page.locator("#panel-private")
    panel.evaluate("panel => { panel.scrollTop = 0; }")
    page.wait_for_timeout(100)
    house.write("notice", f"p:{LI}", Reply("通知：明天停水"))
    page.get_by_role("button", name="有新消息").wait_for()
    assert panel.evaluate("panel => panel.scrollTop") == 0
    assert page.title() == "(1) 网格小助手"
    page.get_by_role("button", name="有新消息").click()
    assert page.get_by_text("通知：明天停水").is_visible()
    assert not page.get_by_role("button", name="有新消息").is_visible()
    assert page.title() == "网格小助手"


def test_a_page_that_nobody_sees_lets_go_of_its_connection(context: BrowserContext, house: House) -> None:
    context.add_init_script("Object.defineProperty(document, 'hidden', { get: () => window.unseen === true })")
    page = enter(context, house)
    hide = "unseen => { window.unseen = unseen; document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(hide, True)
    limit = time.monotonic() + WAIT_MS / 1000
    while house.web_chat.readers and time.monotonic() < limit:
        page.wait_for_timeout(100)
    assert house.web_chat.readers == 0
    house.write("notice", f"p:{LI}", Reply("通知：明天停水"))
    page.wait_for_timeout(500)
    assert bubbles(page) == []
    assert page.locator("#offline").inner_text() == ""
    page.evaluate(hide, False)
    wait_for_bubbles(page, ["通知：明天停水"])


def test_the_page_can_be_loaded_while_the_server_is_coming(context: BrowserContext, house: House) -> None:
    page = context.new_page()
    page.route("**/api/welcome", lambda route: route.fulfill(status=503, json={"error": "稍后"}))
    page.goto(house.url)
    page.get_by_text("连不上服务器，正在再试").wait_for()
    page.unroute("**/api/welcome")
    page.get_by_role("button", name="李秀芬").wait_for()
