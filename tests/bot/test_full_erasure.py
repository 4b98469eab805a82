"""Somebody who did everything erases their data: no table, file, log line or export holds any of it; figures stay.

Every table and every column is read as it is in the database, so that one which is added later is covered by itself.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot import logs, personal_files
from handlers.people import retention
from handlers.turn import Attachment, AttachmentKind, Desk
from storage.cases import By, Case, CaseFollower, CaseState
from storage.database import Base
from storage.holds import HeldWish
from storage.lanes import LaneKey
from storage.mediations import Agreement, AgreementAnswer, Mediation, Party, Side
from storage.messages import OutboxState
from storage.opinions import Opinion
from storage.people import Role
from tests.storage.rows import case, outgoing

if TYPE_CHECKING:
    from pathlib import Path

    from storage.people import Person
    from storage.unit_of_work import UnitOfWork
    from tests.town import Town

ACCOUNT, DEVICE = "ouyang-7741", "ouyang-device-88"
NAME, PHONE, HOME = "欧阳晓雯", "13900000741", "桂花苑9栋4单元1702"
LANE = LaneKey("test", "test")
PHOTOS = [f"{n}{n}/{n}{n}{'e' * 62}.jpg" for n in (1, 2)]
SPOKEN = {
    "outcome": "赔了欧阳晓雯八百块",
    "follow": "我娃儿也被吵醒过",
    "statement": "我欠他两千块没还",
    "consent": "愿意调解但我怕他赖账",
    "answer": "我没得那么多钱赔",
    "group": "我昨天在派出所做了笔录",
    "line": "我又去医院缝了五针",
    "told": "她老公外头有个相好的",
    "form": "我跟前夫还有官司",
    "unsure": "我屋头养了三条蛇",
    "question": "低保能不能给刑满的人",
    "waiting": "她说她要离婚了",
}
PRIVATE = (
    *SPOKEN.values(),
    ACCOUNT,
    DEVICE,
    NAME,
    PHONE,
    HOME,
    "4单元1702",
    "30.123456",
    "104.654321",
    "30.987123",
    "104.123987",
    *PHOTOS,
    "510123198001012345",
    "6222020000000741",
    "川A7741X",
    "ouyang@example.org",
    "wx_ouyang7741",
    "ABCD2345",
)


def everything(work: UnitOfWork) -> str:
    """Every value of every column of every table."""
    rows = (row for table in Base.metadata.sorted_tables for row in work.session.execute(select(table)).all())
    return "\n".join(str(row) for row in rows)


def live(town: Town, work: UnitOfWork) -> Person:
    """Somebody who reported, followed, was mediated, told, voted with points, wrote and sent."""
    grid = work.people.living_in(next(iter(work.areas.communities())))[0].area
    community = work.areas.community_of(grid)
    by = By(None, town.now, "test")
    person = work.people.add(grid, town.now, name=NAME, phone=PHONE)
    person.home = HOME
    for sender in (DEVICE, ACCOUNT):
        work.people.add_identity(person, "test", "test", sender, town.now, f"p:{sender}")
    work.people.grant(person, Role.VOLUNTEER, community, town.now)
    neighbour, mediator = work.people.add(grid, town.now, name="何平"), work.people.add(grid, town.now, name="苏敏")
    work.people.grant(mediator, Role.MEDIATOR, community, town.now)
    said = f"水管漏了三天，我叫{NAME}，电话{PHONE}，身份证510123198001012345，卡6222020000000741，车川A7741X，"
    said += "邮箱ouyang@example.org，微信wx_ouyang7741"
    common: dict[str, Any] = {"photos": [PHOTOS[0]], "location": [30.123456, 104.654321]}
    own = work.cases.add(
        case(grid, community, "20260414-001", reporter=person, text=said, place=HOME, **common, state=CaseState.CLOSED)
    )
    own.outcome = SPOKEN["outcome"]
    own.note(By(person, town.now, "test"), "add", f"{SPOKEN['line']}，{NAME}")
    other = work.cases.add(case(grid, community, "20260414-002", reporter=neighbour, text=f"{NAME}家打麻将"))
    follow = {"text": SPOKEN["follow"], "photos": [PHOTOS[1]], "location": [30.987123, 104.123987]}
    other.followers.append(CaseFollower(person=person, since=town.now, **follow))
    names = {"on_behalf_of": NAME, "on_behalf_phone": PHONE}
    work.cases.add(case(grid, community, "20260414-003", reporter=mediator, text=f"{NAME}家停水", place=HOME, **names))
    mediation = Mediation(case=other, mediator=mediator, started_at=town.now, due_at=town.now + timedelta(days=30))
    party = Party(side=Side.RESPONDENT, person=person, name=NAME, phone=PHONE, home=HOME, code="ABCD2345")
    party.consent, party.consent_words = True, SPOKEN["consent"]
    mediation.parties = [party]
    mediation.agreements = [Agreement(version=1, text=f"{NAME}（{PHONE}）晚上不打麻将", written_at=town.now)]
    work.mediations.add(mediation)
    answer = AgreementAnswer(party_id=party.id, agreed=False, words=SPOKEN["answer"], at=town.now)
    mediation.agreements[0].answers.append(answer)
    work.mediations.tell(party, SPOKEN["statement"], town.now)
    entry = work.points.credit(person, 9, "河道清洁", "p1", by)
    work.shop.reserve(work.shop.put(community, "洗衣液", 3, 5), person, 1, entry, "1234", by)
    document = work.policy.add("办法", "现行", "一、好", town.now)
    opinion = {"person": person, "person_id": person.id, "area_id": community.id, "document_id": document.id}
    work.opinions.add(Opinion(**opinion, text=f"要公开，{NAME}，{PHONE}", signed=True, given_at=town.now))
    work.questions.add(SPOKEN["question"], town.now)
    work.unsure.add(SPOKEN["unsure"], [("greet", 0.3)], town.now)
    work.commit()
    return person


def talk(town: Town) -> None:
    """What they said themselves, alone and in the group, and what others said of them."""
    for key in ("unsure", "question", "told", "waiting", "consent"):
        town.say(ACCOUNT, SPOKEN[key])
    town.say(DEVICE, f"我的微信是wx_ouyang7741，{SPOKEN['statement']}")
    town.say(ACCOUNT, SPOKEN["group"], group=True)
    place = Attachment(AttachmentKind.LOCATION, latitude=30.123456, longitude=104.654321)
    town.say(ACCOUNT, "打卡", attachments=(place,))
    town.say("李秀芬", f"{NAME}家住{HOME}，电话{PHONE}")


def wait(town: Town, person_id: int) -> None:
    """Messages of every state, to them and to others, and a form that is half filled."""
    with town.work() as work:
        person = work.people.get(person_id)
        cause = work.messages.receive(
            {
                "channel": "test",
                "account": "test",
                "message_id": "late",
                "chat": f"p:{DEVICE}",
                "sender": DEVICE,
                "text": SPOKEN["waiting"],
                "attachments": [],
                "payload": NAME,
                "private_chat": f"p:{DEVICE}",
                "in_group": False,
                "addressed": True,
                "edited": False,
                "sent_at": town.now,
                "received_at": town.now,
                "state": "done",
                "attempts": 1,
            }
        )
        lane = {"channel": "test", "account": "test", "due_at": town.now, "cause_id": cause}
        for state in (OutboxState.SENDING, OutboxState.SENT, OutboxState.DEAD):
            more = {"state": state, "text": f"{NAME}：{SPOKEN['told']}"}
            own = {"chat": f"p:{ACCOUNT}", "person_id": person.id}
            work.messages.queue(outgoing(f"to them {state}", **lane, **more, **own))
            work.messages.queue(outgoing(f"to others {state}", **lane, **more, chat="p:李秀芬"))
        key = work.talks.in_groups(person)[0]
        key.form = {"name": "report", "values": {"text": SPOKEN["form"], "who": NAME}}
        key.topic = {"said": SPOKEN["form"]}
        work.commit()


def test_nothing_is_found_anywhere_and_the_figures_stay(town: Town, tmp_path: Path) -> None:
    lines: list[str] = []
    logs.set_up("INFO", lines.append)
    exports, photos = tmp_path / "exports", tmp_path / "photos"
    with town.work() as work:
        person = live(town, work)
        person_id = person.id
        for name in PHOTOS:
            (photos / name).parent.mkdir(parents=True)
            (photos / name).write_bytes(b"jpeg")
        exports.mkdir()
        (exports / "person.json").write_text(str(work.own_data.of(person)), encoding="utf-8")
        work.personal_files.note(person, str(exports / "person.json"), town.now)
        work.commit()
    talk(town)
    wait(town, person_id)
    with town.work() as work:
        before = everything(work)
        assert len(PRIVATE) >= 30
        assert [value for value in PRIVATE if value not in before] == []
    assert "要删的" in town.say(ACCOUNT, "删除我的信息")
    assert "都删了" in town.say(ACCOUNT, "确认删除")
    with town.work() as work:
        work.outbox.take_up(LANE, "its sender died", knows_keys=True)
        for row in work.outbox.hand_over(LANE, town.now + timedelta(hours=1), 100):
            assert row.chat != f"p:{ACCOUNT}"
            work.outbox.mark_sent({row.id: None}, town.now)
        personal_files.remove(Desk(work, town.now, "files"), tmp_path)
        work.commit()
    with town.work() as work:
        late = Desk(work, town.now + timedelta(days=8), "late")
        retention.apply(late)
        work.commit()
    with town.work() as work:
        after = everything(work)
        assert [value for value in PRIVATE if value in after] == []
        assert not [value for value in PRIVATE for line in lines if value in line]
        assert not [file for folder in (exports, photos) for file in folder.rglob("*") if file.is_file()]
        person = work.people.get(person_id)
        assert person.is_gone
        assert work.points.balance(person) == 9
        assert work.points.first_broken() is None
        numbers = work.session.scalars(select(Case.number).where(Case.number.startswith("20260414-")))
        assert sorted(numbers) == ["20260414-001", "20260414-002", "20260414-003"]
        assert "水管漏了三天" in after
        assert len(work.opinions.all()) == 1
        assert not work.session.scalars(select(HeldWish)).all()
