"""Photos over the web chat: what is taken, and to whom one is shown."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.photos import LARGEST, PhotoStore
from handlers.turn import AttachmentKind
from storage.cases import Case, CaseKind
from storage.unit_of_work import UnitOfWork
from tests.bot.test_photos import picture
from tests.bot.web_harness import LI, WANG, YANG, House, now, sqlite_with_people

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(sqlite_with_people(tmp_path), photos=PhotoStore(tmp_path / "photos"))
    house.open()
    yield house
    house.close()
    house.database.close()


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house.url, timeout=10) as client:
        yield client


def as_(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def sent(client: httpx.Client, token: str = LI, data: bytes | None = None) -> httpx.Response:
    return client.post("/api/photos", content=picture() if data is None else data, headers=as_(token))


def case_with(house: House, name: str) -> int:
    """A case of 李秀芬 in the grid of 王春梅 with one photo."""
    with UnitOfWork(house.database) as work:
        li = work.people.identity("web", "web", LI)
        assert li is not None
        area = li.person.area
        case = Case(
            number="20260415-001", community_id=work.areas.community_of(area).id, area_id=area.id, area=area,
            kind=CaseKind.INCIDENT, category="road", place="文林路", text="有个坑", anonymous=False, reporter=li.person,
            photos=[name], created_at=now(), respond_by=now(), due_at=now(),
        )  # fmt: skip
        work.cases.add(case)
        work.commit()
        return case.id


def test_a_photo_is_taken_and_carried_by_a_message(house: House, client: httpx.Client) -> None:
    assert client.get("/api/welcome").json()["photos"] is True
    name = sent(client).json()["photo"]
    message = {"chat": "private", "id": secrets.token_hex(8), "text": "", "photos": [name]}
    assert client.post("/api/messages", json=message, headers=as_(LI)).status_code == 202
    attachment = house.received[-1].attachments[0]
    assert (attachment.kind, attachment.ref) == (AttachmentKind.PHOTO, name)


def test_ones_own_photo_is_shown_and_nobody_elses(client: httpx.Client) -> None:
    name = sent(client).json()["photo"]
    message = {"chat": "private", "id": secrets.token_hex(8), "text": "有个坑", "photos": [name]}
    client.post("/api/messages", json=message, headers=as_(LI))
    mine = client.get(f"/api/photos/{name}", headers=as_(LI))
    assert (mine.status_code, mine.headers["content-type"]) == (200, "image/jpeg")
    assert mine.headers["cache-control"] == "no-store"
    assert client.get(f"/api/photos/{name}", headers=as_(WANG)).status_code == 404
    assert client.get(f"/api/photos/{name}").status_code == 401


def test_a_photo_of_a_case_is_shown_to_those_who_handle_it(house: House, client: httpx.Client) -> None:
    name, other = sent(client).json()["photo"], sent(client, data=picture("PNG")).json()["photo"]
    case = case_with(house, name)
    for token, status in ((WANG, 200), (YANG, 200), (secrets.token_urlsafe(32), 404), (LI, 404)):
        assert client.get(f"/api/photos/{name}", params={"case": case}, headers=as_(token)).status_code == status
    for params in ({"case": case + 1}, {"case": "x"}, {"case": "9" * 30}, {}):
        assert client.get(f"/api/photos/{name}", params=params, headers=as_(WANG)).status_code == 404
    assert client.get(f"/api/photos/{other}", params={"case": case}, headers=as_(WANG)).status_code == 404


@pytest.mark.parametrize(
    ("data", "status"), [(b"", 415), (b"hello", 415), (picture("GIF"), 415), (b"x" * (LARGEST + 1), 413)]
)
def test_what_is_no_photo_is_refused_in_chinese(client: httpx.Client, data: bytes, status: int) -> None:
    refused = sent(client, data=data)
    assert refused.status_code == status
    assert "照片" in refused.json()["error"]


@pytest.mark.parametrize("photos", ["x", ["x"], ["../../etc/passwd"], [1], ["ab/" + "0" * 64 + ".jpg"], [None] * 10])
def test_a_message_carries_only_photos_of_ours(client: httpx.Client, photos: object) -> None:
    message = {"chat": "private", "id": secrets.token_hex(8), "text": "看", "photos": photos}
    assert client.post("/api/messages", json=message, headers=as_(LI)).status_code == 400


def test_without_a_token_nothing_is_taken(client: httpx.Client) -> None:
    assert client.post("/api/photos", content=picture()).status_code == 401
    assert client.get("/api/photos/..%2f..%2fhouse.db", headers=as_(LI)).status_code == 404
