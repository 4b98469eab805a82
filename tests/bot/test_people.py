"""`gridbot people` and `gridbot retention`: roles with their history, codes, exports, erasures and holds."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot import personal_files
from bot.__main__ import app
from bot.schema import SetUpError, open_at_head
from handlers.keeping import kept_for
from handlers.people import retention
from handlers.turn import Desk
from storage.append_only import ERASED
from storage.areas import AreaKind
from storage.cases import CaseFollower
from storage.holds import HeldWish
from storage.mediations import Agreement, Mediation, Party, Side
from storage.messages import OutboxMessage
from storage.people import Role
from storage.retention import DataKind
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, case

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result


PHOTO = f"ab/ab{'c' * 62}.jpg"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one community, two people of one name and one of another, and a case."""
    monkeypatch.setenv("GRIDBOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")
    database = open_at_head(f"sqlite:///{tmp_path / 'gridbot.db'}")
    with UnitOfWork(database) as work:
        county = work.areas.add(AreaKind.COUNTY, "仁和县")
        town = work.areas.add(AreaKind.TOWN, "清溪镇", county)
        for name in ("桂花社区", "柳林社区"):
            community = work.areas.add(AreaKind.COMMUNITY, name, town)
            grid = work.areas.add(AreaKind.GRID, "1网格", community, "1")
        for name in ("王芳", "王芳", "周小满"):
            person = work.people.add(grid, NOW, name=name, phone="13900000077")
            person.home = "老街院子6号"
        work.cases.add(case(grid, community, "20260415-001", reporter=person, text="周小满说漏水", photos=[PHOTO]))
        work.commit()
    database.close()
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def said(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.usefixtures("folder")
def test_roles_are_given_taken_and_remembered() -> None:
    assert "周小满 (3) is now grid_member at 1网格" in said(
        "people", "grant", "周小满", "grid_member", "柳林社区/1网格", "--why", "选出来的"
    )
    listed = said("people", "list", "柳林社区")
    assert "周小满" in listed
    assert "grid_member at 1网格" in listed
    assert "周小满" not in said("people", "list", "桂花社区")
    said("people", "revoke", "3", "grid_member", "柳林社区/1网格", "--why", "搬走了")
    changes = said("people", "list", "--changes")
    assert changes.index("选出来的") < changes.index("搬走了")
    assert changes.count("operator") == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("grant", "王芳", "volunteer", "桂花社区"), "Several are called 王芳: 1, 2"),
        (("grant", "赵无名", "volunteer", "桂花社区"), "There is no '赵无名'"),
        (("grant", "3", "grid_member", "1网格"), "Several are called 1网格"),
        (("grant", "3", "grid_member", "桂花社区"), "A grid_member is one at a grid"),
        (("revoke", "3", "volunteer", "桂花社区"), "is no volunteer"),
        (("hold", "20260415-009", "--why", "x"), "There is no case"),
        (("unhold", "20260415-001"), "There is no hold"),
        (("invite", "桂花社区", "--qr", "a.txt"), "an svg or a png"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_done_is_one_sentence(words: tuple[str, ...], why: str) -> None:
    result = run("people", *words)
    assert isinstance(result.exception, SetUpError)
    assert why in str(result.exception)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_an_invitation_as_a_picture(folder: Path, kind: str) -> None:
    file = folder / f"code.{kind}"
    first = said("people", "invite", "桂花社区", "--qr", str(file))
    assert first == said("people", "invite", "桂花社区")
    assert first.startswith("邀请码 ")
    assert file.read_bytes()[:5] == (b"<?xml" if kind == "svg" else b"\x89PNG\r")


def test_cards_for_households(folder: Path) -> None:
    labels, page = folder / "labels.txt", folder / "cards.html"
    assert "There is no household" in said("people", "household-cards", "柳林社区", "--out", str(page))
    assert not page.exists()
    labels.write_text("2单元301\n\n2单元<302>\n", encoding="utf-8")
    for _ in range(2):
        said("people", "household-cards", "柳林社区/1网格", "--out", str(page), "--add", str(labels))
    written = page.read_text(encoding="utf-8")
    assert written.count("<svg") == 2
    assert "2单元301" in written
    assert "2单元&lt;302&gt;" in written


def test_an_export_goes_with_the_erasure(folder: Path) -> None:
    photo = folder / "photos" / PHOTO
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"")
    out = folder / "exports"
    said("people", "export", "周小满", str(out))
    data = json.loads((out / "person-3.json").read_text(encoding="utf-8"))
    assert data["profile"]["phone"] == "13900000077"
    assert data["cases"][0]["number"] == "20260415-001"
    page = (out / "person-3.html").read_text(encoding="utf-8")
    assert "周小满" in page
    assert "20260415-001" in page
    assert "Person 3 is erased" in said("people", "erase", "周小满", "--yes")
    said("retention")
    assert list(out.iterdir()) == []
    assert not photo.exists()
    assert run("people", "export", "3", str(out)).exit_code == 1


def test_nobody_is_erased_without_a_yes(folder: Path) -> None:
    CliRunner().invoke(app, ["people", "erase", "周小满"], input="n\n")
    assert "周小满" in said("people", "export", "周小满", str(folder / "out")) + (
        folder / "out" / "person-3.json"
    ).read_text(encoding="utf-8")


def test_a_hold_keeps_what_is_erased_otherwise(folder: Path) -> None:
    said("people", "hold", "20260415-001", "--why", "公安机关调取")
    assert "公安机关调取" in said("people", "erase", "周小满", "--yes")
    with UnitOfWork(open_at_head(f"sqlite:///{folder / 'gridbot.db'}")) as work:
        held = work.holds.concerning(work.people.get(3))
        assert "周小满" in held[0].case.text
    said("people", "unhold", "20260415-001")
    with UnitOfWork(open_at_head(f"sqlite:///{folder / 'gridbot.db'}")) as work:
        person = work.people.get(3)
        assert person.name is None
        assert not work.cases.reported_by(person)


def test_whoever_asked_while_a_hold_stood_is_told_when_it_is_done(folder: Path) -> None:
    database = open_at_head(f"sqlite:///{folder / 'gridbot.db'}")
    with UnitOfWork(database) as work:
        (found,) = work.cases.reported_by(work.people.get(3))
        follower, writer = work.people.get(1), work.people.add(found.area, NOW, name="赵大伯", phone="13900000055")
        for person in (follower, writer):
            found.followers.append(CaseFollower(person=person, since=NOW, text="我也看到了"))
        for sender in ("a", "b"):
            work.people.add_identity(follower, "web", "web", sender, NOW, sender)
        work.commit()
    said("people", "hold", "20260415-001", "--why", "公安机关调取")
    for named in ("1", "赵大伯"):
        assert "公安机关调取" in said("people", "erase", named, "--yes")
    lifted = said("people", "unhold", "20260415-001")
    assert "write to them: 赵大伯 13900000055" in lifted
    assert "王芳" not in lifted
    with UnitOfWork(database) as work:
        row = work.session.scalars(select(OutboxMessage)).one()
        assert (row.chat, row.person_id) == ("b", 1)
        assert "20260415-001号事项的依法保留解除了" in row.text
        (found,) = work.cases.reported_by(work.people.get(3))
        assert (found.reporter_id, [each.text for each in found.followers]) == (3, ["", ""])
        assert not work.session.scalars(select(HeldWish)).all()
    database.close()


def test_a_dry_run_forgets_nothing(folder: Path) -> None:
    database = open_at_head(f"sqlite:///{folder / 'gridbot.db'}")
    with UnitOfWork(database) as work:
        work.questions.add("物业费归谁管", NOW - timedelta(days=400))
        work.commit()
    assert "Would be forgotten" in said("retention", "--dry-run")
    with UnitOfWork(database) as work:
        assert len(work.questions.all()) == 1
    assert "questions" in said("retention")
    with UnitOfWork(database) as work:
        assert not work.questions.all()
    database.close()


def test_every_kind_of_data_has_its_time() -> None:
    assert set(kept_for()) == set(DataKind)


def test_it_is_done_at_night_alone(folder: Path) -> None:
    database = open_at_head(f"sqlite:///{folder / 'gridbot.db'}")
    noon, night = NOW.replace(hour=12), NOW.replace(hour=3)
    with UnitOfWork(database) as work:
        work.questions.add("物业费归谁管", NOW - timedelta(days=400))
        retention.at_night(Desk(work, noon, "noon"))
        assert len(work.questions.all()) == 1
        retention.at_night(Desk(work, night, "night"))
        assert not work.questions.all()
    database.close()


def test_the_old_contacts_of_everyone_concerned_go(folder: Path) -> None:
    database = open_at_head(f"sqlite:///{folder / 'gridbot.db'}")
    with UnitOfWork(database) as work:
        (found,) = work.cases.reported_by(work.people.get(3))
        found.state = type(found.state).CLOSED
        found.text, found.on_behalf_of, found.on_behalf_phone = "吴婆婆家漏水，楼上孙大海不管", "吴婆婆", "13900000055"
        found.followers.append(CaseFollower(person=work.people.get(1), since=NOW, text="我也看到了"))
        mediation = Mediation(case=found, mediator=work.people.get(2), started_at=NOW, due_at=NOW)
        party = Party(side=Side.RESPONDENT, name="孙大海", phone="13900000066")
        mediation.parties = [party]
        mediation.agreements = [Agreement(version=1, text="孙大海修好水管", written_at=NOW)]
        work.mediations.add(mediation)
        work.mediations.tell(party, "我孙大海没得钱", NOW)
        assert retention.apply(Desk(work, NOW + timedelta(days=800), "later"))[DataKind.CONTACTS] == 1
        work.session.expire_all()
        assert found.text == "某人家漏水，楼上某人不管"
        assert {found.on_behalf_of, found.on_behalf_phone, party.name, party.phone} == {None}
        assert found.followers[0].text == ""
        assert mediation.agreements[0].text == "某人修好水管"
        assert [each.text for each in work.mediations.archived_statements(mediation)] == [ERASED]
        assert retention.apply(Desk(work, NOW + timedelta(days=801), "again"))[DataKind.CONTACTS] == 0
    database.close()


def test_old_contacts_are_taken_out_of_what_is_finished(folder: Path) -> None:
    database = open_at_head(f"sqlite:///{folder / 'gridbot.db'}")
    with UnitOfWork(database) as work:
        (found,) = work.cases.reported_by(work.people.get(3))
        found.state = type(found.state).CLOSED
        work.session.flush()
        forgotten = retention.apply(Desk(work, NOW + timedelta(days=800), "later"))
        assert forgotten[DataKind.CONTACTS] == 1
        assert not work.cases.reported_by(work.people.get(3))
        assert "周小满" not in found.text
        assert work.people.get(3).roles == {Role.RESIDENT}
    database.close()


def test_a_file_that_cannot_be_removed_is_tried_again_and_nothing_outside_is_touched(folder: Path) -> None:
    database = open_at_head(f"sqlite:///{folder / 'gridbot.db'}")
    (folder / "photos").mkdir()
    (folder / "abc.jpg").write_bytes(b"")
    (folder / "kept").mkdir()
    with UnitOfWork(database) as work:
        person = work.people.get(3)
        work.personal_files.note(person, "../abc.jpg", NOW, is_photo=True, remove=True)
        work.personal_files.note(person, str(folder / "kept"), NOW, remove=True)
        personal_files.remove(Desk(work, NOW, "x"), folder)
        assert (folder / "abc.jpg").exists()
        assert [file.path for file in work.personal_files.to_remove()] == [str(folder / "kept")]
    database.close()
