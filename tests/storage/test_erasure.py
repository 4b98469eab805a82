"""Erasure: nothing of a person is found in any table, whatever stays stands without them, others lose nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from storage.aid import AidMatch, AidOffer, AidRequest, AidState, MatchState
from storage.cases import By, Case, CaseEvent, CaseFollower, CaseState
from storage.consents import Purpose
from storage.database import Base, Database
from storage.erasure import Hiding
from storage.holds import HeldWish
from storage.mediations import Agreement, AgreementAnswer, Mediation, Party, Side
from storage.meetings import Meeting, MeetingState
from storage.messages import InboxMessage, OutboxMessage, OutboxState
from storage.minutes import AttendedBy, Decision
from storage.opinions import Opinion
from storage.people import Role
from storage.retention import DataKind
from storage.topics import Topic, TopicState
from storage.unit_of_work import UnitOfWork
from storage.unsure import UnsureMessage
from storage.votes import Ballot, VotesBy
from tests.storage.rows import NOW, TALK, arriving, case, outgoing, plant

if TYPE_CHECKING:
    from storage.people import Person
    from tests.storage.rows import Tree

NAME, PHONE, HOME = "王小明", "13900000099", "桂花苑2栋3单元501"
SECRET = "我家那口子欠了债"
HIDING = Hiding(
    lambda text: text.replace(PHONE, "*").replace("3单元501", "***"), {NAME: "某人", PHONE: "*", HOME: "桂花苑2栋***"}
)


def everything(work: UnitOfWork) -> str:
    """Every value of every table."""
    return "\n".join(
        str(row) for table in Base.metadata.sorted_tables for row in work.session.execute(select(table)).all()
    )


def someone(work: UnitOfWork, tree: Tree) -> Person:
    """Somebody with a row in every table that could name them."""
    person = work.people.add(tree.grid, NOW, name=NAME, phone=PHONE)
    person.home = HOME
    other = work.people.add(tree.grid, NOW, name="李秀芬")
    work.people.add_identity(person, TALK.channel, TALK.account, TALK.sender, NOW, TALK.chat)
    work.people.grant(person, Role.VOLUNTEER, tree.community, NOW)
    said = work.messages.receive(arriving("1", text=f"{SECRET}，我叫{NAME}，电话{PHONE}", state="done"))
    work.messages.receive(
        arriving("2", text=f"{NAME}家住{HOME}，电话{PHONE}", sender="周德明", chat="p:zhou", state="done")
    )
    for number, (changes) in enumerate(
        (
            {"person_id": person.id, "text": f"{NAME}，登记好了"},
            {"person_id": other.id, "text": f"{NAME}：{SECRET}", "chat": "p:zhou", "state": OutboxState.SENT},
        )
    ):
        work.messages.queue(outgoing(f"k{number}", cause_id=said, **changes))
    work.messages.queue(outgoing("k9", person_id=other.id, text=f"请联系{NAME}（{PHONE}）", chat="p:zhou"))
    talk = work.talks.begin(TALK, person, NOW, in_group=False)
    talk.form = {"name": "report", "values": {"text": SECRET}}
    theirs = work.talks.begin(TALK._replace(sender="周德明", chat="p:zhou"), other, NOW, in_group=False)
    theirs.form = {"name": "role", "values": {"name": NAME, "more": [PHONE]}}
    own = work.cases.add(
        case(
            tree.grid,
            tree.community,
            "20260415-001",
            reporter=person,
            text=f"{NAME}说楼上漏水，电话{PHONE}",
            place=HOME,
            photos=["abc.jpg"],
            location=[30.0, 104.0],
            state=CaseState.ACCEPTED,
        )
    )
    own.history.append(
        CaseEvent(
            at=NOW, actor_id=person.id, action="add", to_state=CaseState.OPEN, source="test", note=f"打{PHONE}找{NAME}"
        )
    )
    foreign = work.cases.add(case(tree.grid, tree.community, "20260415-002", text=f"{NAME}家狗叫"))
    foreign.followers.append(CaseFollower(person=person, since=NOW))
    work.unsure.add("某人家那口子欠了债", [("greet", 0.3)], NOW - timedelta(days=1))
    work.unsure.add(f"{SECRET}，我叫某人，电话***", [("greet", 0.3)], NOW - timedelta(days=1))
    work.unsure.add("别人说的另外一件事", [("greet", 0.3)], NOW - timedelta(days=1))
    work.questions.add("物业费归谁管", NOW)
    work.points.credit(person, 5, "河道清洁", "p1", By(None, NOW, "test"))
    work.consents.record(person, Purpose.PROFILE, NOW, given=True, source="web", version="1")
    work.binding.issue(person, NOW)
    document = work.policy.add("方案", "现行", "一、好", NOW)
    work.opinions.add(
        Opinion(
            person_id=person.id,
            person=person,
            area_id=tree.community.id,
            document_id=document.id,
            text=f"要公开，{NAME}",
            signed=True,
            given_at=NOW,
        )
    )
    work.personal_files.note(person, "/somewhere/person-1.json", NOW)
    _propose(work, tree, person, other)
    _consult(work, tree, person)
    _ask_for_help(work, tree, person, other)
    _ask_for_help(work, tree, other, person)
    return person


def _propose(work: UnitOfWork, tree: Tree, proposes: Person, seconds: Person) -> None:
    topic = Topic(
        community_id=tree.community.id,
        area_id=tree.grid.id,
        proposer_id=proposes.id,
        text=f"{NAME}家门口的停车位",
        state=TopicState.PROPOSED,
        created_at=NOW,
        asked_at=NOW,
        told_count=0,
        answer="",
        seconds=[],
    )
    work.topics.second(work.topics.add(topic), seconds, NOW)


def _consult(work: UnitOfWork, tree: Tree, person: Person) -> None:
    """Somebody votes, is at a meeting, and has something to do afterwards."""
    meeting = work.meetings.add(
        Meeting(
            area_id=tree.grid.id,
            area=tree.grid,
            kind="议事会",
            title="停车",
            start=NOW,
            place="会议室",
            topics=[],
            state=MeetingState.HELD,
            created_at=NOW,
        )
    )
    work.minutes.attend(meeting, person, NAME, AttendedBy.LIST, NOW)
    work.minutes.attend(meeting, None, "赵婆婆", AttendedBy.LIST, NOW)
    todo = Decision(what="收集意见", who=NAME, person=person, note="")
    work.minutes.publish(meeting, f"由{NAME}收集意见", [todo], None, NOW)
    ballot = Ballot(
        area_id=tree.grid.id,
        area=tree.grid,
        question="同意吗",
        options=["同意", "不同意"],
        per=VotesBy.PERSON,
        secret=False,
        opens_at=NOW,
        closes_at=NOW,
        electorate=2,
    )
    work.votes.cast(work.votes.add(ballot), person, 1)
    work.votes.close(ballot, NOW)


def _ask_for_help(work: UnitOfWork, tree: Tree, asks: Person, helps: Person) -> None:
    """Somebody asks for help, somebody else helps, and each knows the telephone of the other."""
    said = SECRET if asks.name == NAME else "买药"
    request = AidRequest(
        community_id=tree.community.id,
        area_id=tree.grid.id,
        requester_id=asks.id,
        kind="medicine",
        what=said,
        for_whom="我妈",
        place=asks.home or "",
        wanted=1,
        state=AidState.TAKEN,
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    work.aid.add(request)
    work.aid.add(
        AidMatch(
            request=request,
            helper_id=helps.id,
            state=MatchState.AGREED,
            made_at=NOW,
            until=NOW,
            helper_phone=helps.phone,
            requester_phone=asks.phone,
            complaint=SECRET if asks.name == NAME else "",
            complaint_by_id=asks.id if asks.name == NAME else None,
        )
    )
    work.aid.add(
        AidOffer(
            community_id=tree.community.id,
            person_id=asks.id,
            kind="medicine",
            what=said,
            created_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )
    )


@pytest.mark.parametrize("with_talk", [True, False])
def test_nothing_is_found_in_any_table(database: Database, with_talk: bool) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = someone(work, tree)
        ids = person.id, tree.county.id
        work.commit()
    with UnitOfWork(database) as work:
        person = work.people.get(ids[0])
        talk = work.talks.peek(TALK) if with_talk else None
        assert NAME in everything(work)
        work.erasure.erase(person, NOW, HIDING, talk)
        work.commit()
    with UnitOfWork(database) as work:
        found = everything(work)
        for secret in (NAME, PHONE, HOME, SECRET, "欠了债", "30.0"):
            assert secret not in found, secret
        person = work.people.get(ids[0])
        assert person.erased_at == NOW
        assert person.is_gone
        assert person.identities == []
        assert person.grants == []
        assert work.talks.open_forms() == 1
        assert [each.name for each in work.people.living_in(work.areas.get(ids[1]))] == ["李秀芬"]


def test_figures_and_what_is_not_theirs_stay(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = someone(work, tree)
        ids = person.id, tree.grid.id
        work.erasure.erase(person, NOW, HIDING)
        work.commit()
    with UnitOfWork(database) as work:
        person = work.people.get(ids[0])
        own, foreign = work.session.scalars(select(Case).order_by(Case.id)).unique().all()
        assert (own.number, own.reporter_id, own.area_id, own.state) == (
            "20260415-001",
            None,
            ids[1],
            CaseState.ACCEPTED,
        )
        assert "漏水" in own.text
        assert (own.photos, own.location) == ([], None)
        assert foreign.text == "某人家狗叫"
        assert work.points.balance(person) == 5
        assert work.points.first_broken() is None
        assert [(opinion.person_id, opinion.signed) for opinion in work.opinions.all()] == [(None, False)]
        assert [row.text for row in work.session.scalars(select(UnsureMessage))] == ["别人说的另外一件事"]
        assert len(work.consents.lines(person)) == 1
        asked = work.session.scalars(select(AidRequest).order_by(AidRequest.id)).unique().all()
        assert [(each.what, each.state) for each in asked] == [("", AidState.WITHDRAWN), ("买药", AidState.TAKEN)]
        assert [match.state for each in asked for match in each.matches] == [MatchState.QUIT, MatchState.QUIT]
        topic = work.session.scalars(select(Topic)).unique().one()
        assert (topic.proposer_id, topic.text, len(topic.seconds)) == (None, "某人家门口的停车位", 1)
        (meeting,) = work.session.scalars(select(Meeting)).all()
        assert work.minutes.attended(meeting) == 2
        assert [(each.who, each.person_id) for each in work.minutes.decisions(meeting)] == [("某人", None)]
        (ballot,) = work.session.scalars(select(Ballot)).unique()
        assert (work.votes.recount(ballot), work.votes.voters(ballot)) == ([0, 1], [])
        assert [offer.what for offer in work.session.scalars(select(AidOffer))] == ["买药"]
        removed = {file.path for file in work.personal_files.to_remove()}
        assert removed == {"abc.jpg", "/somewhere/person-1.json"}
        kept = work.session.scalars(select(OutboxMessage).where(OutboxMessage.key == "k9")).one()
        assert (kept.text, kept.state) == ("请联系某人（*）", OutboxState.DUE)
        cancelled = work.session.scalars(select(OutboxMessage).where(OutboxMessage.key == "k0")).one()
        assert (cancelled.text, cancelled.state) == ("", OutboxState.CANCELLED)
        texts = work.session.scalars(select(InboxMessage.text).order_by(InboxMessage.id)).all()
        assert texts == ["", "某人家住桂花苑2栋***，电话*"]


def test_a_shared_photo_stays(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = someone(work, tree)
        work.cases.add(case(tree.grid, tree.community, "20260415-003", photos=["abc.jpg"]))
        work.erasure.erase(person, NOW, HIDING)
        assert {file.path for file in work.personal_files.to_remove()} == {"/somewhere/person-1.json"}


def wish_of(work: UnitOfWork, person: Person, *parts: str) -> None:
    """Ask for an erasure as the handlers do: first what holds keep is remembered."""
    kept = {"name": person.name, "phone": person.phone, "home": person.home}
    for hold in work.holds.concerning(person):
        work.holds.keep_wish(hold, person, NOW, parts=parts, kept=kept, address=None)


def test_what_is_on_legal_hold_stays_until_it_is_lifted(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = someone(work, tree)
        (own,) = [found for found in work.cases.reported_by(person) if found.reporter_id == person.id]
        hold = work.holds.set(own, "公安机关调取", NOW)
        assert work.holds.set(own, "again", NOW) is hold
        ids = person.id, tree.grid.id
        wish_of(work, person)
        work.erasure.erase(person, NOW, HIDING)
        work.commit()
    with UnitOfWork(database) as work:
        person = work.people.get(ids[0])
        assert (person.name, person.phone, person.home) == (None, None, None)
        (hold,) = work.holds.concerning(person)
        (wish,) = work.holds.wishes(hold)
        assert wish.kept == {"name": NAME, "phone": PHONE, "home": HOME}
        assert NAME in hold.case.text
        work.holds.release(hold, NOW)
        work.erasure.carry_out(wish, HIDING, NOW)
        work.commit()
    with UnitOfWork(database) as work:
        found = everything(work)
        assert NAME not in found
        assert PHONE not in found


def held_case(work: UnitOfWork, tree: Tree) -> tuple[Case, list[Person]]:
    """A dispute with a follower and two parties who all told something, and the people of it."""
    names = ("赵明远", "钱小慧", "孙大海")
    people = [work.people.add(tree.grid, NOW, name=name, phone=f"1390000011{n}") for n, name in enumerate(names)]
    reporter, follower, respondent = people
    mediator = work.people.add(tree.community, NOW, name="周正")
    row = case(tree.grid, tree.community, "20260415-007", reporter=reporter, text="赵明远说孙大海打麻将")
    row.followers.append(
        CaseFollower(person=follower, since=NOW, text="钱小慧也听到了", photos=["f.jpg"], location=[30])
    )
    work.cases.add(row)
    mediation = Mediation(case=row, mediator=mediator, started_at=NOW, due_at=NOW)
    mediation.parties = [
        Party(side=Side.APPLICANT, person=reporter, name=reporter.name),
        Party(side=Side.RESPONDENT, person=respondent, name=respondent.name, phone=respondent.phone),
    ]
    mediation.agreements = [Agreement(version=1, text="孙大海晚上不打麻将", written_at=NOW)]
    work.mediations.add(mediation)
    work.mediations.tell(mediation.parties[1], "我孙大海只打到九点", NOW)
    answer = AgreementAnswer(party_id=mediation.parties[1].id, agreed=False, words="孙大海不服", at=NOW)
    mediation.agreements[0].answers.append(answer)
    work.session.flush()
    return row, people


def hiding(person: Person) -> Hiding:
    name, phone = person.name or "", person.phone or ""
    return Hiding(lambda text: text.replace(name, "某人").replace(phone, "*"), {name: "某人", phone: "*"})


def of_the_case(work: UnitOfWork) -> str:
    """Every value of the case and of its mediation."""
    names = {"cases", "case_followers", "case_events"}
    tables = [t for t in Base.metadata.sorted_tables if t.name in names or t.name.startswith("mediation")]
    return "\n".join(str(row) for table in tables for row in work.session.execute(select(table)).all())


def test_a_hold_protects_everything_for_everyone_and_its_release_does_what_each_asked(database: Database) -> None:
    with UnitOfWork(database) as work:
        row, people = held_case(work, plant(work))
        hold = work.holds.set(row, "公安机关调取", NOW)
        before = of_the_case(work)
        hidings = [hiding(person) for person in people]
        for person, hidden in zip(people, hidings, strict=True):
            assert work.holds.concerning(person) == [hold]
            wish_of(work, person)
            work.erasure.erase(person, NOW, hidden)
        assert of_the_case(work) == before
        assert not work.personal_files.to_remove()
        work.holds.release(hold, NOW)
        for wish, hidden in zip(work.holds.wishes(hold), hidings, strict=True):
            work.erasure.carry_out(wish, hidden, NOW)
        work.commit()
    with UnitOfWork(database) as work:
        found = everything(work)
        for gone in ("赵明远", "钱小慧", "孙大海", "13900001", "也听到了", "只打到九点", "不服", "[30]"):
            assert gone not in found, gone
        assert "某人说某人打麻将" in found
        assert "某人晚上不打麻将" in found
        assert [file.path for file in work.personal_files.to_remove()] == ["f.jpg"]
        assert not work.session.scalars(select(HeldWish)).all()


def test_a_part_that_was_asked_for_waits_for_the_release_too(database: Database) -> None:
    with UnitOfWork(database) as work:
        row, (reporter, follower, _) = held_case(work, plant(work))
        row.location, row.photos = [30, 104], ["r.jpg"]
        hold = work.holds.set(row, "公安机关调取", NOW)
        for person, parts in ((reporter, ("locations", "photos")), (follower, ("photos",)), (follower, ("locations",))):
            wish_of(work, person, *parts)
            work.erasure.forget_places(person)
            work.erasure.forget_photos(person, NOW)
        assert (row.location, row.photos, row.followers[0].photos) == ([30, 104], ["r.jpg"], ["f.jpg"])
        assert row.followers[0].location == [30]
        work.holds.release(hold, NOW)
        for wish in work.holds.wishes(hold):
            work.erasure.carry_out(wish, Hiding(str, {}), NOW)
        assert [row.location, row.followers[0].location] == [None, None]
        assert [row.photos, row.followers[0].photos] == [[], []]
        assert (row.reporter, row.followers[0].text) == (reporter, "钱小慧也听到了")
        assert {file.path for file in work.personal_files.to_remove()} == {"r.jpg", "f.jpg"}


def test_for_whom_a_case_was_reported_is_found_by_their_telephone(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        old = work.people.add(tree.grid, NOW, name="吴婆婆", phone="13900000123")
        member = work.people.add(tree.grid, NOW, name="刘志强")
        names = {"on_behalf_of": "吴婆婆", "on_behalf_phone": "13900000123"}
        row = case(tree.grid, tree.community, "20260415-008", reporter=member, text="吴婆婆家水管爆了", **names)
        hold = work.holds.set(work.cases.add(row), "调取", NOW)
        hidden = hiding(old)
        wish_of(work, old)
        work.erasure.erase(old, NOW, hidden)
        assert (row.on_behalf_of, row.text) == ("吴婆婆", "吴婆婆家水管爆了")
        work.holds.release(hold, NOW)
        work.erasure.carry_out(work.holds.wishes(hold)[0], hidden, NOW)
        assert (row.on_behalf_of, row.on_behalf_phone, row.text) == (None, None, "某人家水管爆了")
        assert row.reporter == member


def test_what_is_on_its_way_is_not_sent_again_and_what_others_wait_for_goes_afterwards(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person, other = work.people.add(tree.grid, NOW), work.people.add(tree.grid, NOW)
        work.people.add_identity(person, TALK.channel, TALK.account, TALK.sender, NOW, TALK.chat)
        said = work.messages.receive(arriving("1", text=SECRET, state="done"))
        for key, changes in {
            "to them": {"person_id": person.id, "state": OutboxState.SENDING},
            "due": {"person_id": other.id, "chat": "p:zhou"},
            "sending": {"person_id": other.id, "chat": "p:zhou", "state": OutboxState.SENDING},
        }.items():
            work.messages.queue(outgoing(key, cause_id=said, text=SECRET, **changes))
        work.erasure.erase(person, NOW, Hiding(str, {}))
        rows = {row.key: row for row in work.session.scalars(select(OutboxMessage)).all()}
        assert (rows["to them"].state, rows["to them"].text) == (OutboxState.CANCELLED, "")
        work.outbox.mark_retry(rows["to them"].id, NOW, "timeout", NOW)
        work.session.expire_all()
        assert rows["to them"].state is OutboxState.CANCELLED
        assert (rows["due"].text, rows["sending"].text) == (SECRET, SECRET)
        later = NOW + timedelta(days=2)
        assert work.retention.forget(DataKind.FLEETING, later) == 0
        work.outbox.mark_sent({rows[key].id: None for key in ("due", "sending")}, NOW)
        assert work.retention.forget(DataKind.FLEETING, later) == 2
        assert SECRET not in everything(work)


def test_a_name_that_somebody_else_bears_is_not_theirs_alone(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.grid, NOW, name=NAME)
        assert work.erasure.is_only_one_called(NAME, person.id)
        work.people.add(tree.other_grid, NOW, name=NAME)
        assert not work.erasure.is_only_one_called(NAME, person.id)


def test_percent_signs_and_quotes_are_plain_words(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        other = work.people.add(tree.grid, NOW)
        talk = work.talks.begin(TALK, other, NOW, in_group=False)
        talk.form = {"a": '甲%乙"_丙', "b": "甲和乙丙"}
        work.erasure.replace_everywhere({'甲%乙"_丙': "某人"})
        assert work.talks.peek(TALK).form == {"a": "某人", "b": "甲和乙丙"}  # type: ignore[union-attr]


def test_a_follower_takes_along_their_own_words_and_nobody_elses(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        reporter, follower = work.people.add(tree.grid, NOW), work.people.add(tree.grid, NOW)
        row = case(
            tree.grid, tree.community, "20260415-001", reporter=reporter, text="楼上打麻将", place="桂花苑3栋501"
        )
        work.cases.add(row).followers.append(
            CaseFollower(person=follower, since=NOW, text="我也听到了", photos=["b.jpg"])
        )
        work.session.flush()
        [followed] = work.own_data.of(follower)["followed"]
        assert (followed["text"], followed["photos"]) == ("我也听到了", ["b.jpg"])
        assert not {"楼上打麻将", "桂花苑3栋501"} & {str(value) for value in followed.values()}
        work.erasure.erase(follower, NOW, HIDING)
        kept = work.session.scalars(select(CaseFollower)).one()
        assert (kept.text, kept.photos, kept.location) == ("", [], None)
        assert [file.path for file in work.personal_files.to_remove()] == ["b.jpg"]
