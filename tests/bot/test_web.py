"""The web chat as a program meets it: what is asked, what is answered, and what then stands in the database."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import func, select, update

from bot.channels import transcript, webchat
from bot.channels.transcript import OVERLAP, PAGE, Cursor
from bot.web import STATIC
from bot.webchat_api import LARGEST_BODY, LONGEST_TEXT
from handlers.turn import Choice, Reply
from nlu.understanding import Intent
from storage.messages import InboxMessage, OutboxMessage
from storage.people import Person
from storage.unit_of_work import UnitOfWork
from tests.bot.web_harness import LI, WANG, House, now, opened, outbox, page_of, settle, sqlite_with_people

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.database import Database


@pytest.fixture
def house(database: Database) -> Iterator[House]:
    """An open house of the demo."""
    settle(database)
    with opened(database) as house:
        yield house


@pytest.fixture
def sqlite_house(tmp_path: Path) -> Iterator[House]:
    """An open house whose database is a file of its own."""
    with opened(sqlite_with_people(tmp_path)) as house:
        yield house


@pytest.fixture
def sqlite_client(sqlite_house: House) -> Iterator[httpx.Client]:
    """Somebody's connection to that house."""
    with httpx.Client(base_url=sqlite_house.url, timeout=10) as client:
        yield client


@pytest.fixture(scope="module")
def still_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An open house for tests that leave it as it is."""
    with opened(sqlite_with_people(tmp_path_factory.mktemp("still"))) as house:
        yield house


@pytest.fixture(scope="module")
def visitor(still_house: House) -> Iterator[httpx.Client]:
    """Somebody's connection to the house that stays as it is."""
    with httpx.Client(base_url=still_house.url, timeout=10) as client:
        yield client


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    """Somebody's connection to the house."""
    with httpx.Client(base_url=house.url, timeout=10) as client:
        yield client


def test_the_page_is_served_and_needs_no_other_host(visitor: httpx.Client) -> None:
    page = visitor.get("/")
    assert page.status_code == 200
    assert "网格小助手" in page.text
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert "static/chat.js" in linked
    for name in linked:
        assert visitor.get(f"/{name}").status_code == 200, name
    for file in STATIC.iterdir():
        text = visitor.get(f"/static/{file.name}").text
        assert text == file.read_text(encoding="utf-8")
        assert not re.findall(
            r"(?:https?:)?//[a-z][a-z.]+\.[a-z]{2,}", text.replace("http://www.w3.org/2000/svg", "")
        ), file


@pytest.mark.parametrize("path", ["/", "/static/chat.js", "/api/welcome", "/api/stream", "/nowhere", "/healthz"])
def test_every_response_carries_the_security_headers(visitor: httpx.Client, path: str) -> None:
    headers = visitor.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("no-store" if path.startswith("/api/") else "no-cache")


def test_the_page_has_no_script_or_style_inside_it() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script[^>]*>", page) == ['<script type="module" src="static/chat.js">']
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    for script in STATIC.glob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", script.read_text())


def test_examples_stand_for_every_role_in_both_chats() -> None:
    examples = json.loads((STATIC / "examples.json").read_text(encoding="utf-8"))
    roles = {"newcomer", "resident", "volunteer", "grid_member", "mediator", "admin"}
    for chat in ("private", "group"):
        assert set(examples[chat]) == roles
        assert all(1 < len(sentences) <= 6 for sentences in examples[chat].values())


def test_the_demo_shows_its_people_with_their_roles(visitor: httpx.Client) -> None:
    welcome = visitor.get("/api/welcome").json()
    assert (welcome["demo"], welcome["community"], welcome["group"]) == (True, "桂花社区", True)
    assert [(p["name"], p["role"], p["role_name"], p["about"]) for p in welcome["people"]] == [
        ("李秀芬", "resident", "居民", "住在1网格，楼上漏水没人管"),
        ("王春梅", "grid_member", "网格员", "1网格的网格员"),
        ("杨晓兰", "community_admin", "社区管理员", "住在老街院子6号"),
    ]


def test_in_the_demo_anybody_may_be_anybody(visitor: httpx.Client) -> None:
    people = visitor.get("/api/welcome").json()["people"]
    session = visitor.post("/api/session", json={"person": people[1]["id"]}).json()
    assert session == {"token": WANG, "name": "王春梅"}


@pytest.mark.parametrize("person", [999, "demo-li", True, [], 10**30])
def test_a_person_who_is_not_there_cannot_be_picked(visitor: httpx.Client, person: object) -> None:
    answer = visitor.post("/api/session", json={"person": person})
    assert answer.status_code == 400
    assert "重新选" in answer.json()["error"]


def test_outside_the_demo_there_is_nobody_to_pick_and_no_group(tmp_path: Path) -> None:
    with opened(sqlite_with_people(tmp_path), demo=False) as house, httpx.Client(base_url=house.url) as client:
        welcome = client.get("/api/welcome").json()
        assert (welcome["demo"], welcome["people"], welcome["group"]) == (False, [], False)
        assert client.post("/api/session", json={"person": 1}).status_code == 400
        assert page_of(client, LI).post("我是李秀芬", "a").status_code == 401
        token = client.post("/api/session", json={"person": None}).json()["token"]
        assert page_of(client, token).post("有人吗", "a", chat="group").status_code == 400
        assert house.inbox() == []


def test_outside_the_demo_the_database_never_holds_a_usable_token(tmp_path: Path) -> None:
    with opened(sqlite_with_people(tmp_path), demo=False) as house, httpx.Client(base_url=house.url) as client:
        token = client.post("/api/session", json={"person": None}).json()["token"]
        other = client.post("/api/session", json={"person": None}).json()["token"]
        assert token != other
        assert page_of(client, token).post("楼上漏水", "a").status_code == 202
        stored = house.inbox()[0]
        assert re.fullmatch("[0-9a-f]{32}", stored.sender)
        assert (stored.chat, stored.private_chat) == (f"p:{stored.sender}", f"p:{stored.sender}")
        with page_of(client, token).stream("private") as mine:
            assert [event.data["text"] for event in mine.sayings(2)] == ["楼上漏水", "听到了：楼上漏水"]
        with page_of(client, other).stream("private") as theirs:
            assert theirs.until_ready() == []
        # What stands in the database opens nothing.
        assert page_of(client, stored.sender).post("x", "b").status_code == 401
    dump = "\n".join(sqlite3.connect(tmp_path / "house.db").iterdump())
    assert "楼上漏水" in dump
    assert token not in dump


def test_a_message_is_stored_before_it_is_acknowledged(house: House, client: httpx.Client) -> None:
    answer = page_of(client).post("楼上天天漏水\n又不肯修", "m-1")
    assert (answer.status_code, answer.json()) == (202, {"id": "m-1", "new": True})
    row = house.inbox()[0]
    assert (row.channel, row.account, row.chat, row.sender) == ("web", "web", f"p:{LI}", LI)
    assert (row.text, row.in_group, row.addressed, row.private_chat) == (
        "楼上天天漏水\n又不肯修",
        False,
        True,
        f"p:{LI}",
    )


def test_the_same_message_again_is_acknowledged_and_happens_once(house: House, client: httpx.Client) -> None:
    page = page_of(client)
    assert [page.post("接单", "m-1").json()["new"] for _ in range(3)] == [True, False, False]
    assert len(house.inbox()) == 1
    with page.stream("private") as reader:
        assert [event.data["by"] for event in reader.sayings(2)] == ["me", "bot"]


def test_an_id_belongs_to_one_person_in_one_chat(house: House, client: httpx.Client) -> None:
    for page in (page_of(client, LI), page_of(client, WANG)):
        for chat in ("private", "group"):
            assert page.post("在吗", "same", chat=chat).json()["new"]
    assert len(house.inbox()) == 4


GOOD: dict[str, Any] = {"chat": "private", "id": "m-1", "text": "你好"}


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 400, "没看懂"),
        (b"[]", 400, "没看懂"),
        (b"\xff\xfe", 400, "没看懂"),
        (b"[" * 100_000, 400, "没看懂"),
        ({**GOOD, "chat": "p:demo-wang"}, 400, "没有这个聊天"),
        ({**GOOD, "chat": None}, 400, "没有这个聊天"),
        ({**GOOD, "chat": []}, 400, "没有这个聊天"),
        ({**GOOD, "id": ""}, 400, "没有编号"),
        ({**GOOD, "id": "a/b"}, 400, "没有编号"),
        ({**GOOD, "id": "a" * 61}, 400, "没有编号"),
        ({**GOOD, "id": 7}, 400, "没有编号"),
        ({**GOOD, "text": None}, 400, "没看懂"),
        ({**GOOD, "text": " \n\u3000"}, 400, "还没写字"),
        ({**GOOD, "payload": {}}, 400, "没看懂"),
        ({**GOOD, "reply_to": 7}, 400, "回复哪一条"),
        ({**GOOD, "reply_to": "i7"}, 400, "回复哪一条"),
        ({**GOOD, "reply_to": "o" + "9" * 19}, 400, "回复哪一条"),
        ({**GOOD, "payload": "x" * 20_001}, 400, "按钮"),
        ({**GOOD, "payload": "affirm|\x00"}, 400, "按钮"),
        ({**GOOD, "text": "长" * (LONGEST_TEXT + 1)}, 413, "20000字"),
        (b'{"text": "' + b"x" * LARGEST_BODY, 413, "20000字"),
    ],
)
def test_bad_messages_get_one_clear_sentence(
    still_house: House, visitor: httpx.Client, body: Any, status: int, says: str
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = visitor.post("/api/messages", content=content, headers={"Authorization": f"Bearer {LI}"})
    assert answer.status_code == status
    assert says in answer.json()["error"]
    assert still_house.inbox() == []


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer demo-nobody", f"Basic {LI}", "Bearer p:demo-li", "Bearer " + "a" * 42]
)
def test_nobody_speaks_or_reads_without_a_token(visitor: httpx.Client, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    for answer in (
        visitor.post("/api/messages", json=GOOD, headers=headers),
        visitor.get("/api/stream?chat=private", headers=headers),
    ):
        assert answer.status_code == 401
        assert answer.json()["error"] == "您的身份过期了，请重新进入。"


def test_a_message_tells_which_of_ours_it_answers(house: House, client: httpx.Client) -> None:
    page = page_of(client)
    page.post("接单的事", "m-1")
    with page.stream("private") as reader:
        answered = next(event.data for event in iter(reader.next, None) if event.data.get("by") == "bot")
    body = {"chat": "private", "id": "m-2", "text": "接单", "reply_to": answered["id"]}
    assert client.post("/api/messages", json=body, headers=page.headers).status_code == 202
    with UnitOfWork(house.database, read_only=True) as work:
        said = work.session.get_one(OutboxMessage, int(answered["id"].removeprefix("o")))
    assert house.inbox()[-1].reply_to == said.key
    body = {**body, "id": "m-3", "reply_to": "o999999"}
    assert client.post("/api/messages", json=body, headers=page.headers).status_code == 202
    assert house.inbox()[-1].reply_to is None


@pytest.mark.parametrize("letter", ["字", "😀", "\u2028", "<"])
def test_a_message_of_20000_characters_passes_however_it_is_spelled(
    house: House, client: httpx.Client, letter: str
) -> None:
    text = letter * LONGEST_TEXT
    escaped = json.dumps({**GOOD, "text": f"a{text[1:-1]}b"}, ensure_ascii=True)
    answer = client.post("/api/messages", content=escaped, headers={"Authorization": f"Bearer {LI}"})
    assert answer.status_code == 202
    with page_of(client).stream("private") as reader:
        assert reader.next().data["text"] == f"a{text[1:-1]}b" == house.inbox()[0].text


def test_half_characters_and_nulls_are_stored_as_something_readable(house: House, client: httpx.Client) -> None:
    body = b'{"chat": "private", "id": "m-1", "text": "\\ud83d\\u0000ok"}'
    answer = client.post("/api/messages", content=body, headers={"Authorization": f"Bearer {LI}"})
    assert answer.status_code == 202
    assert house.inbox()[0].text == "\ufffd\ufffdok"


def test_a_database_that_is_away_is_said_and_nothing_is_lost(
    sqlite_house: House, sqlite_client: httpx.Client, tmp_path: Path
) -> None:
    page = page_of(sqlite_client)
    sqlite_client.get("/api/welcome")
    with page.stream("private") as reader:
        reader.until_ready()
        take_away(sqlite_house, tmp_path)
        answer = page.post("还在吗", "m-1")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert answer.json()["error"] == "现在存不下，稍后会自动再试。"
        assert sqlite_client.get("/healthz").status_code == 503
        with pytest.raises(EOFError):
            reader.next()
    bring_back(sqlite_house, tmp_path)
    assert sqlite_client.get("/healthz").json() == {"status": "ok"}
    assert page.post("还在吗", "m-1").status_code == 202
    assert [row.text for row in sqlite_house.inbox()] == ["还在吗"]


def take_away(house: House, folder: Path) -> None:
    """Put a folder where the file of the database was."""
    house.database.close()
    for file in list(folder.glob("house.db*")):
        file.rename(folder / f"kept-{file.name}")
    (folder / "house.db").mkdir()


def bring_back(house: House, folder: Path) -> None:
    """Put the database back."""
    house.database.close()
    (folder / "house.db").rmdir()
    for file in list(folder.glob("kept-*")):
        file.rename(folder / file.name.removeprefix("kept-"))


def test_who_waits_for_the_database_holds_up_nobody_else(
    sqlite_house: House, sqlite_client: httpx.Client, tmp_path: Path
) -> None:
    lock = sqlite3.connect(tmp_path / "house.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    answers: list[int] = []
    posting = threading.Thread(target=lambda: answers.append(page_of(sqlite_client).post("等一下", "m-1").status_code))
    posting.start()
    time.sleep(0.3)
    began = time.monotonic()
    assert httpx.get(f"{sqlite_house.url}/api/welcome").status_code == 200
    assert time.monotonic() - began < 1
    assert answers == []
    lock.execute("ROLLBACK")
    lock.close()
    posting.join(10)
    assert answers == [202]


def test_both_sides_of_a_talk_are_streamed_in_order_within_a_second(house: House, client: httpx.Client) -> None:
    house.answers = lambda message: [
        Reply(f"{message.text}？"),
        Reply("对不对？", (Choice("对的", Intent.AFFIRM), Choice("不对", Intent.DENY))),
    ]
    with page_of(client).stream("private") as reader:
        assert reader.until_ready() == []
        began = time.monotonic()
        page_of(client).post("漏水", "m-1")
        mine, first, second = reader.sayings(3)
        assert time.monotonic() - began < 1
    assert (mine.data["id"], mine.data["by"], mine.data["text"]) == ("m-1", "me", "漏水")
    assert (first.data["by"], first.data["name"], first.data["text"]) == ("bot", "小助手", "漏水？")
    assert second.data["choices"] == [
        {"label": "对的", "payload": "affirm|对的", "lasting": False},
        {"label": "不对", "payload": "deny|不对", "lasting": False},
    ]
    assert mine.data["at"] <= first.data["at"] <= second.data["at"]


def test_a_reader_who_comes_back_hears_the_rest_and_nothing_twice(client: httpx.Client) -> None:
    page = page_of(client)
    for number in range(3):
        page.post(f"第{number}句", f"m-{number}")
        with page.stream("private") as reader:
            reader.sayings(2 * number + 2)
    with page.stream("private") as reader:
        everything = reader.sayings(6)
        assert reader.next().kind == "ready"
    texts = [event.data["text"] for event in everything]
    assert texts == [text for n in range(3) for text in (f"第{n}句", f"听到了：第{n}句")]
    for place, event in enumerate(everything):
        with page.stream("private", after=event.id) as reader:
            assert [e.data["text"] for e in reader.until_ready()] == texts[place + 1 :]


def test_a_message_that_was_put_off_reaches_a_reader_who_is_further_on(house: House, client: httpx.Client) -> None:
    chat = f"p:{LI}"
    house.write("notice", chat, Reply("明天停水"), due=now() + timedelta(seconds=1.5))
    page = page_of(client)
    page.post("你好", "m-1")
    with page.stream("private") as reader:
        last = reader.sayings(2)[-1]
        assert [event.data["text"] for event in reader.sayings(1)] == ["明天停水"]
    with page.stream("private", after=last.id) as reader:
        assert [event.data["text"] for event in reader.sayings(1)] == ["明天停水"]


def test_what_another_process_sends_is_found_by_looking(house: House, client: httpx.Client) -> None:
    with page_of(client).stream("private") as reader:
        reader.until_ready()
        time.sleep(0.2)
        with UnitOfWork(house.database) as work:
            work.messages.queue(outbox("other", f"p:{LI}", Reply("议事会改到周六"), sent=True))
            work.commit()
        began = time.monotonic()
        assert reader.sayings(1)[0].data["text"] == "议事会改到周六"
        assert time.monotonic() - began < 2.5


def test_the_group_hears_everybody_by_name(house: House, client: httpx.Client) -> None:
    li, wang = page_of(client, LI), page_of(client, WANG)
    newcomer = page_of(client, client.post("/api/session", json={}).json()["token"])
    with li.stream("group") as reader:
        reader.until_ready()
        li.post("＠小助手，垃圾分类归哪个部门管", "m-1", chat="group")
        reader.sayings(2)
        house.answers = lambda _message: []
        wang.post("我晓得", "m-1", chat="group")
        newcomer.post("我也晓得", "m-1", chat="group")
        heard = [(e.data["by"], e.data["name"], e.data["text"]) for e in reader.sayings(2)]
        assert heard == [("other", "王春梅", "我晓得"), ("other", "一位居民", "我也晓得")]
    with wang.stream("group") as reader:
        told = [(e.data["by"], e.data["name"], e.data["text"]) for e in reader.sayings(4)]
    assert told == [
        ("other", "李秀芬", "@小助手 垃圾分类归哪个部门管"),
        ("bot", "小助手", "听到了：垃圾分类归哪个部门管"),
        ("me", "王春梅", "我晓得"),
        ("other", "一位居民", "我也晓得"),
    ]
    first, second, _third = house.inbox()
    assert (first.text, first.in_group, first.addressed) == ("垃圾分类归哪个部门管", True, True)
    assert (first.chat, first.private_chat) == ("group", f"p:{LI}")
    assert (second.in_group, second.addressed) == (True, False)


def test_a_button_in_the_group_speaks_to_the_bot(house: House, client: httpx.Client) -> None:
    page_of(client).post("参加河道清洁", "m-1", chat="group", payload="join_activity|我要参加河道清洁")
    row = house.inbox()[0]
    assert (row.addressed, row.payload, row.text) == (True, "join_activity|我要参加河道清洁", "参加河道清洁")
    with page_of(client).stream("group") as reader:
        assert reader.next().data["text"] == "参加河道清洁"


def test_one_stream_may_carry_both_chats(client: httpx.Client) -> None:
    page = page_of(client)
    page.post("私下说", "m-1")
    page.post("大家好", "m-2", chat="group")
    with page.stream("private", "group") as reader:
        heard = {(event.data["chat"], event.data["text"]) for event in reader.sayings(4)}
    assert heard == {
        ("private", "私下说"),
        ("private", "听到了：私下说"),
        ("group", "大家好"),
        ("group", "听到了：大家好"),
    }


def test_a_private_talk_is_read_by_nobody_else(client: httpx.Client) -> None:
    page_of(client, LI).post("我跟邻居吵架了", "m-1")
    wang = page_of(client, WANG)
    with wang.stream("private", "group") as reader:
        assert reader.until_ready() == []
    for query in ("chat=p:demo-li", "chat=private&chat=p:demo-li", "chat=", "", "chat=demo-li"):
        answer = client.get(f"/api/stream?{query}", headers=wang.headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "没有这个聊天。")


@pytest.mark.parametrize("after", ["x", "-1", "1.i", "1.x3", "f" * 17, "f" * 16, "1 ", "1.i" + "9" * 30])
def test_what_is_no_cursor_is_refused(visitor: httpx.Client, after: str) -> None:
    answer = visitor.get("/api/stream", params={"chat": "private", "after": after}, headers=page_of(visitor).headers)
    assert answer.status_code == 400
    assert "刷新" in answer.json()["error"]


def test_open_streams_do_not_keep_the_server_from_stopping(house: House, client: httpx.Client) -> None:
    with page_of(client).stream("private") as reader:
        reader.until_ready()
        began = time.monotonic()
        house.close()
        assert time.monotonic() - began < 2
        with pytest.raises(EOFError):
            reader.next()


def test_a_fault_of_ours_is_said_plainly(sqlite_house: House, sqlite_client: httpx.Client) -> None:
    def fail(_message: object) -> list[Reply]:
        raise RuntimeError("a bug")

    sqlite_house.answers = fail
    answer = page_of(sqlite_client).post("你好", "m-1")
    assert (answer.status_code, answer.json()["error"]) == (500, "我们这边出了点问题，请稍后再试。")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("path", "method", "status"), [("/nowhere", "GET", 404), ("/api/messages", "GET", 405)])
def test_other_addresses_are_refused_in_chinese(visitor: httpx.Client, path: str, method: str, status: int) -> None:
    answer = visitor.request(method, path)
    assert answer.status_code == status
    assert answer.json()["error"].endswith("。")


@pytest.mark.parametrize(
    ("text", "kept", "mentioned"),
    [
        ("@小助手 有啥活动", "有啥活动", True),
        ("@小助手，有啥活动", "有啥活动", True),
        ("＠网格小助手有啥活动", "有啥活动", True),
        ("@GridBot\u2005有啥活动", "有啥活动", True),
        ("请问@小助手 有啥活动", "请问 有啥活动", True),
        ("有啥活动 @gridbot", "有啥活动", True),
        ("@小助手\n第一行\n第二行", "第一行\n第二行", True),
        ("@小助手", "", True),
        ("@小助手 @小助手 在吗", "在吗", True),
        ("有啥活动", "有啥活动", False),
        ("小助手在吗", "小助手在吗", False),
        ("写信到 office@gridbot.cn", "写信到 office@gridbot.cn", False),
        ("@gridbots", "@gridbots", False),
        (" 前后有空格 ", " 前后有空格 ", False),
    ],
)
def test_a_mention_is_found_and_taken_out(text: str, kept: str, mentioned: bool) -> None:
    assert webchat.without_mention(text) == (kept, mentioned)


def test_many_mentions_are_read_quickly() -> None:
    began = time.monotonic()
    assert webchat.without_mention("@gridbot " * 2200) == ("", True)
    webchat.without_mention("x@" * 10_000)
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    ("choice", "lasting"),
    [
        (Choice("对的", Intent.AFFIRM), False),
        (Choice("不对", Intent.DENY), False),
        (Choice("算了不填了", Intent.CANCEL), False),
        (Choice("是我家那里"), False),
        (Choice("全部通过", Intent.APPROVE_CHECK_IN), False),
        (Choice("接单 007", Intent.ACCEPT_CASE, "接单 20260412-007"), True),
        (Choice("要来", Intent.ATTEND_MEETING, "停车位议事会我要来"), True),
        (Choice("收到", Intent.ACKNOWLEDGE_NOTICE), True),
        (Choice("转人工", Intent.TALK_TO_HUMAN), True),
    ],
)
def test_a_button_lasts_when_it_says_all_that_it_means(database: Database, choice: Choice, lasting: bool) -> None:
    with UnitOfWork(database) as work:
        work.messages.queue(outbox("k", "p:x", Reply("？", (choice,)), sent=True))
        [saying] = transcript.read(work.session, ["p:x"], Cursor(None, {}))
    assert [(offer.label, offer.payload, offer.lasting) for offer in saying.offers] == [
        (choice.label, choice.payload, lasting)
    ]


def test_a_burst_larger_than_a_page_is_read_to_its_end(database: Database) -> None:
    moment = now()
    with UnitOfWork(database) as work:
        for number in range(3 * PAGE):
            work.messages.queue(outbox(f"k{number}", "group", Reply(str(number)), due=moment, sent=True))
        cursor = Cursor(moment, {})
        heard: list[str] = []
        while page := transcript.read(work.session, ["group"], cursor):
            assert len(page) <= PAGE
            for saying in page:
                cursor = cursor.past(saying)
                heard.append(saying.text)
    assert heard == [str(number) for number in range(3 * PAGE)]


def test_a_cursor_survives_its_way_through_an_address(database: Database) -> None:
    moment = now()
    with UnitOfWork(database) as work:
        for number in range(6):
            due = moment + number * OVERLAP / 3
            work.messages.queue(outbox(f"k{number}", "group", Reply(str(number)), due=due, sent=True))
        cursor = Cursor(None, {})
        for saying in transcript.read(work.session, ["group"], cursor)[:4]:
            cursor = cursor.past(saying)
        # Only what might still be read again is named.
        assert list(cursor.seen) == ["o2", "o3", "o4"]
        for again in (cursor, Cursor.decode(cursor.encode())):
            assert [saying.text for saying in transcript.read(work.session, ["group"], again)] == ["4", "5"]


def test_a_newcomer_is_given_the_end_of_a_long_talk(database: Database) -> None:
    begin = now() - timedelta(days=1)
    with UnitOfWork(database) as work:
        for number in range(2 * transcript.HISTORY):
            due = begin + timedelta(minutes=number)
            work.messages.queue(outbox(f"k{number}", "group", Reply(str(number)), due=due, sent=True))
        said = transcript.read(work.session, ["group"], Cursor(None, {}))
    assert [saying.text for saying in said] == [str(n) for n in range(transcript.HISTORY, 2 * transcript.HISTORY)]


def test_with_a_clock_that_stands_still_answers_follow_their_questions(house: House, client: httpx.Client) -> None:
    for number in range(3):
        page_of(client).post(f"问{number}", f"m-{number}")
    with page_of(client).stream("private") as reader:
        reader.sayings(6)
    moment = now()
    with UnitOfWork(house.database) as work:
        work.session.execute(update(InboxMessage).values(received_at=moment))
        work.session.execute(update(OutboxMessage).values(sent_at=moment))
        work.commit()
    with page_of(client).stream("private") as reader:
        told = [event.data["text"] for event in reader.sayings(6)]
    assert told == [text for n in range(3) for text in (f"问{n}", f"听到了：问{n}")]


def test_reading_and_looking_around_writes_nothing(house: House, client: httpx.Client) -> None:
    with page_of(client).stream("private", "group") as reader:
        reader.until_ready()
    client.post("/api/session", json={"person": None})
    with UnitOfWork(house.database, read_only=True) as work:
        counts = [work.session.scalar(select(func.count()).select_from(table)) for table in (InboxMessage, Person)]
    assert counts == [0, 3]
