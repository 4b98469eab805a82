"""The page with the code of the minute: who gets which codes, that no secret leaves, and how it looks in a browser."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from handlers.volunteers import codes
from storage.unit_of_work import UnitOfWork
from storage.volunteers import Activity
from tests.bot.test_browser import browser, context, house
from tests.bot.web_harness import LI, WANG, YANG, House, now, opened, sqlite_with_people

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

__all__ = ["browser", "context", "house"]


def plan(house: House, title: str, *, starts_in: timedelta, organiser: str = WANG) -> Activity:
    """Put an activity into the grid."""
    with UnitOfWork(house.database) as work:
        identity = work.people.identity("web", "web", organiser)
        assert identity is not None
        area = identity.person.area
        activity = work.volunteers.add(
            Activity(
                area_id=area.id,
                area=area,
                organiser_id=identity.person_id,
                title=title,
                place="河滨步道码头",
                start=now() + starts_in,
                end=now() + starts_in + timedelta(hours=2),
                points=5,
                secret=codes.new_secret(),
                created_at=now(),
                participations=[],
            )
        )
        work.commit()
        return activity


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house.url, timeout=10) as client:
        yield client


def codes_of(client: httpx.Client, token: str) -> list[dict[str, object]]:
    response = client.get("/api/check-in-codes", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200
    found: list[dict[str, object]] = response.json()["activities"]
    return found


def test_the_code_goes_to_those_who_answer_for_the_activity(house: House, client: httpx.Client) -> None:
    activity = plan(house, "河道清洁", starts_in=timedelta(minutes=10))
    for who in (WANG, YANG):
        [shown] = codes_of(client, who)
        assert codes.is_right(activity, str(shown["code"]), now())
        assert 0 < float(str(shown["seconds"])) <= 60
        assert str(shown["qr"]).startswith("<svg")
    assert codes_of(client, LI) == []
    assert client.get("/api/check-in-codes").status_code == 401


def test_no_code_is_shown_before_check_in_opens_and_no_secret_ever(house: House, client: httpx.Client) -> None:
    secrets = [
        plan(house, "河道清洁", starts_in=timedelta(minutes=45)).secret,
        plan(house, "交通劝导", starts_in=timedelta(hours=5)).secret,
        plan(house, "敬老院慰问", starts_in=timedelta(minutes=5)).secret,
    ]
    shown = {each["title"]: each["code"] for each in codes_of(client, WANG)}
    assert set(shown) == {"河道清洁", "敬老院慰问"}
    assert shown["河道清洁"] is None
    assert re.fullmatch("[0-9]{6}", str(shown["敬老院慰问"]))
    said = client.get("/api/check-in-codes", headers={"Authorization": f"Bearer {WANG}"}).text
    assert not any(secret and secret in said for secret in secrets)


def test_a_browser_is_known_by_a_hash_alone(house: House, client: httpx.Client) -> None:
    device = "0123456789abcdef0123"
    for number, told in enumerate((device, "short", 5, None)):
        body = {"chat": "private", "id": f"m{number}", "text": "你好", "device": told}
        assert client.post("/api/messages", json=body, headers={"Authorization": f"Bearer {LI}"}).status_code == 202
    hashed = hashlib.sha256(device.encode()).hexdigest()[:32]
    assert [row.device for row in house.inbox()] == [hashed, None, None, None]


@pytest.mark.browser
def test_the_page_shows_the_code_and_changes_it_by_itself(house: House, context: BrowserContext) -> None:
    activity = plan(house, "河道清洁", starts_in=timedelta(minutes=10))
    page = context.new_page()
    page.goto(house.url)
    page.get_by_role("button", name="王春梅").click()
    with context.expect_page() as opened_page:
        page.get_by_role("link", name="签到码").click()
    screen = opened_page.value
    digits = screen.locator("#digits")
    digits.filter(has_text=re.compile("^[0-9]{6}$")).wait_for()
    first = digits.inner_text()
    assert codes.is_right(activity, first, now())
    screen.locator("#qr[src^='blob:']").wait_for()
    assert screen.locator("#qr").evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 100
    # A minute later, as the server sees it: the page fetches another code when the first has run out.
    with UnitOfWork(house.database) as work:
        work.session.get_one(Activity, activity.id).secret = codes.new_secret()
        work.commit()
    digits.filter(has_not_text=first).wait_for(timeout=15_000)
    assert re.fullmatch("[0-9]{6}", digits.inner_text())


@pytest.mark.browser
def test_nobody_else_finds_the_page_of_any_use(house: House, context: BrowserContext) -> None:
    plan(house, "河道清洁", starts_in=timedelta(minutes=10))
    page = context.new_page()
    page.goto(house.url)
    page.get_by_role("button", name="李秀芬").click()
    page.get_by_role("tab", name="私聊").wait_for()
    assert not page.get_by_role("link", name="签到码").is_visible()
    page.goto(f"{house.url}/code")
    page.get_by_text("您现在没有能签到的活动").wait_for()


def test_the_page_is_refused_nothing_by_its_own_rules(tmp_path: Path) -> None:
    """Every script and style of the page is a file of ours, as the security headers ask."""
    with opened(sqlite_with_people(tmp_path)) as house, httpx.Client(base_url=house.url) as client:
        page = client.get("/code")
        assert page.status_code == 200
        assert re.findall(r"<script[^>]*>", page.text) == ['<script type="module" src="static/code.js">']
        for path in ("/static/code.js", "/static/code.css"):
            assert client.get(path).status_code == 200
