"""Sending notices: whatever happens, every recipient has one row and one state, and nobody is written to twice."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from storage.erasure import Hiding
from storage.messages import OutboxMessage, OutboxState, Priority
from storage.notice_sending import UNCERTAIN, Audience, Body
from storage.notices import Notice, NoticeState, Recipient, RecipientState, Skipped, Variant
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.areas import Area
    from storage.database import Database
    from storage.people import Person

BODY = Body({None: "停水", Variant.DESPITE: "停水（安全）", Variant.CORRECTION: "更正：停水"}, [], Priority.NOTICE)


def notice(work: UnitOfWork, area: Area, **changes: Any) -> Notice:
    values = {
        "text": "停水",
        "needs_ack": True,
        "send_at": NOW,
        "state": NoticeState.SENDING,
        "created_at": NOW,
        "kind": "general",
        "areas": [area],
        **changes,
    }
    return work.notices.add(Notice(area_id=area.id, area=area, **values))


def resident(work: UnitOfWork, area: Area, name: str, *channels: str) -> Person:
    person = work.people.add(area, NOW, name=name)
    for number, channel in enumerate(channels):
        work.people.add_identity(person, channel, "bot", name, NOW + timedelta(hours=number), f"p:{name}")
    return person


def names(work: UnitOfWork, each: Notice) -> dict[str | None, str | None]:
    work.session.expire_all()
    return {recipient.person.name: recipient.skipped for recipient in each.recipients}


def test_an_audience_is_areas_and_roles_and_each_person_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        resident(work, tree.grid, "甲", "web")
        house = resident(work, tree.building, "乙", "web")
        resident(work, tree.other_grid, "丙", "web")
        away = resident(work, tree.other_community, "丁", "web")
        work.people.grant(away, Role.GRID_MEMBER, tree.grid, NOW)
        work.people.grant(house, Role.VOLUNTEER, tree.community, NOW)
        erased = resident(work, tree.grid, "戊", "web")
        erased.erased_at = NOW
        audiences = {
            "甲乙": Audience(((tree.grid, tree.grid.id), (tree.building, tree.grid.id))),
            "甲乙丙": Audience(((tree.community, None),)),
            "丁": Audience(((tree.grid, tree.grid.id),), (Role.GRID_MEMBER,)),
            "乙": Audience(((tree.grid, tree.grid.id), (tree.other_grid, tree.other_grid.id)), (Role.VOLUNTEER,)),
        }
        for expected, audience in audiences.items():
            each = notice(work, tree.community)
            work.notice_sending.freeze(each, audience, despite=False)
            assert set(names(work, each)) == set(expected)
            assert work.notice_sending.count(audience) == len(expected)
            if expected == "甲乙丙":
                assert {r.person.name: r.grid_id for r in each.recipients} == {
                    "甲": tree.grid.id,
                    "乙": tree.grid.id,
                    "丙": tree.other_grid.id,
                }


def test_who_is_skipped_and_why_and_what_comes_all_the_same(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        resident(work, tree.grid, "甲", "web")
        resident(work, tree.grid, "乙", "web").subscribed = False
        work.notice_optouts.opt_out(resident(work, tree.grid, "丙", "web"), "general", NOW)
        work.notice_optouts.opt_out(resident(work, tree.grid, "丁", "web"), "other", NOW)
        resident(work, tree.grid, "戊")
        audience = Audience(((tree.grid, tree.grid.id),))
        plain, safety = notice(work, tree.grid), notice(work, tree.grid)
        work.session.flush()
        work.notice_sending.freeze(plain, audience, despite=False)
        work.notice_sending.freeze(safety, audience, despite=True)
        skipped = {"乙": Skipped.UNSUBSCRIBED, "丙": Skipped.OPTED_OUT, "戊": Skipped.NO_ACCOUNT}
        assert names(work, plain) == {"甲": None, "丁": None, **skipped}
        assert names(work, safety) == {"甲": None, "乙": None, "丙": None, "丁": None, "戊": Skipped.NO_ACCOUNT}
        assert work.notice_sending.channels(audience, "general", despite=False) == {("web", "bot"): 2}
        assert work.notice_sending.feed(safety, BODY, NOW)
        assert not work.notice_sending.feed(safety, BODY, NOW)
        texts = Counter(work.session.scalars(select(OutboxMessage.text)))
        assert texts == {"停水": 2, "停水（安全）": 2}
        assert work.notice_sending.reasons(plain) == [
            (RecipientState.SKIPPED, why, 1) for why in (Skipped.NO_ACCOUNT, Skipped.OPTED_OUT, Skipped.UNSUBSCRIBED)
        ]


def test_what_is_not_sent_yet_waits_fails_or_nobody_knows(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        for name in "甲乙丙丁戊":
            resident(work, tree.grid, name, "web")
        each = notice(work, tree.grid)
        work.notice_sending.freeze(each, Audience(((tree.grid, tree.grid.id),)), despite=False)
        work.notice_sending.feed(each, BODY, NOW)
        states = [OutboxState.DUE, OutboxState.DUE, OutboxState.DUE, OutboxState.DEAD, OutboxState.UNKNOWN]
        for recipient, state in zip(each.recipients, states, strict=True):
            assert recipient.outbox is not None
            recipient.outbox.state, recipient.outbox.error = state, "blocked"
        later, again = each.recipients[1].outbox, each.recipients[2].outbox
        assert later is not None and again is not None
        later.due_at = again.due_at = NOW + timedelta(hours=1)
        again.attempts = 1
        work.session.flush()
        counted = {RecipientState.PENDING: 2, RecipientState.DEFERRED: 1, RecipientState.FAILED: 2}
        assert work.notice_sending.figures(each, NOW) == {tree.grid.id: counted}
        held = {RecipientState.DEFERRED: 3, RecipientState.FAILED: 2}
        assert work.notice_sending.figures(each, NOW, held=True) == {tree.grid.id: held}
        assert work.notice_sending.reasons(each) == [
            (RecipientState.FAILED, "blocked", 1),
            (RecipientState.FAILED, UNCERTAIN, 1),
        ]


def test_a_correction_goes_to_those_who_have_the_notice_and_to_those_who_do_not_yet(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        for name in "甲乙丙":
            resident(work, tree.grid, name, "web")
        old, new, back = (notice(work, tree.grid) for _ in range(3))
        work.notice_sending.freeze(old, Audience(((tree.grid, tree.grid.id),)), despite=False)
        work.notice_sending.feed(old, BODY, NOW, most=2)
        assert old.recipients[0].outbox is not None
        old.recipients[0].outbox.state = OutboxState.SENT
        assert work.notice_sending.cancel(old) == 2
        work.notice_sending.freeze_correction(new, old)
        assert work.notice_sending.freeze_retraction(back, old) == 1
        work.session.expire_all()
        assert [(r.variant, r.skipped) for r in new.recipients] == [
            (Variant.CORRECTION, None),
            (None, None),
            (None, None),
        ]
        assert work.notice_sending.figures(old, NOW) == {
            tree.grid.id: {RecipientState.SENT: 1, RecipientState.SKIPPED: 2}
        }


def test_taking_back_a_correction_that_never_went_out_tells_those_who_have_the_first(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        for name in "甲乙":
            resident(work, tree.grid, name, "web")
        old, queued, unfed, back = (notice(work, tree.grid) for _ in range(4))
        work.notice_sending.freeze(old, Audience(((tree.grid, tree.grid.id),)), despite=False)
        work.notice_sending.feed(old, BODY, NOW, most=1)
        assert old.recipients[0].outbox is not None
        old.recipients[0].outbox.state = OutboxState.SENT
        work.notice_sending.cancel(old)
        work.notice_sending.freeze_correction(queued, old)
        work.notice_sending.feed(queued, BODY, NOW)
        assert work.notice_sending.cancel(queued) == 2
        work.notice_sending.freeze_correction(unfed, queued)
        assert work.notice_sending.cancel(unfed) == 2
        assert work.notice_sending.freeze_retraction(back, unfed) == 1


def test_reminders_go_once_each_time_to_those_who_have_not_confirmed(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        people = {name: resident(work, tree.grid, name, "web") for name in "甲乙丙丁"}
        each = notice(work, tree.grid)
        work.notice_sending.freeze(each, Audience(((tree.grid, tree.grid.id),)), despite=False)
        work.notice_sending.feed(each, BODY, NOW)
        for recipient in each.recipients[:3]:
            assert recipient.outbox is not None
            recipient.outbox.state = OutboxState.SENT
        each.recipients[0].acknowledged_at = NOW
        people["乙"].subscribed = False
        assert work.notice_sending.remind(each, BODY, NOW) == 1
        assert work.notice_sending.remind(each, BODY, NOW) == 1
        keys = select(OutboxMessage.key).where(
            OutboxMessage.key.contains("remind"), OutboxMessage.person_id.is_not(None)
        )
        assert {*work.session.scalars(keys)} == {f"notice:{each.id}:{people['丙'].id}:remind:{time}" for time in (1, 2)}
        assert work.notice_sending.cancel(each) == 1
        work.session.expire_all()
        assert OutboxState.DUE not in set(work.session.scalars(select(OutboxMessage.state)))


def test_whoever_is_erased_stays_in_the_figures_and_is_written_to_no_more(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        people = [resident(work, tree.grid, name, "web") for name in "甲乙"]
        work.notice_optouts.opt_out(people[0], "activity", NOW)
        queued, frozen = notice(work, tree.grid), notice(work, tree.grid)
        for each in (queued, frozen):
            work.notice_sending.freeze(each, Audience(((tree.grid, tree.grid.id),)), despite=False)
        work.notice_sending.feed(queued, BODY, NOW)
        work.erasure.erase(people[0], NOW, Hiding(masked=str, words={}))
        work.notice_sending.feed(frozen, BODY, NOW)
        assert work.notice_optouts.of(people[0]) == []
        for each in (queued, frozen):
            figures = work.notice_sending.figures(each, NOW)[tree.grid.id]
            assert figures == {RecipientState.SKIPPED: 1, RecipientState.PENDING: 1}


@pytest.mark.parametrize("seed", range(3))
def test_the_states_sum_up_to_the_audience_whatever_happens(database: Database, seed: int) -> None:
    """Random steps, each in a transaction of its own that may be lost; the sum holds after every one of them."""
    chance = random.Random(seed)
    with UnitOfWork(database) as work:
        tree = plant(work)
        for number in range(12):
            channels = chance.sample(["web", "wechat"], chance.randint(0, 2))
            resident(work, chance.choice([tree.grid, tree.other_grid]), f"{number}", *channels)
        number = notice(work, tree.community).id
        work.commit()

    def freeze(work: UnitOfWork, each: Notice) -> None:
        if work.notice_sending.size(each) == 0:
            work.notice_sending.freeze(each, Audience(((tree.community, None),)), despite=chance.random() < 0.5)

    def feed(work: UnitOfWork, each: Notice) -> None:
        each.fed_to = chance.choice([each.fed_to, 0])
        work.notice_sending.feed(each, BODY, NOW, most=chance.randint(1, 5))

    def deliver(work: UnitOfWork, _each: Notice) -> None:
        for message in work.session.scalars(select(OutboxMessage).where(OutboxMessage.state == OutboxState.DUE)):
            message.state = chance.choice([OutboxState.DUE, OutboxState.SENT, OutboxState.DEAD, OutboxState.UNKNOWN])

    def confirm(_work: UnitOfWork, each: Notice) -> None:
        if each.recipients:
            chance.choice(each.recipients).acknowledged_at = NOW

    def forget(work: UnitOfWork, _each: Notice) -> None:
        person = work.people.get(chance.randint(1, 12))
        for identity in work.people.identities("web"):
            if identity.person_id == person.id:
                work.session.delete(identity)
        work.session.execute(update(OutboxMessage).where(OutboxMessage.person_id == person.id).values(text=""))

    steps: list[Callable[[UnitOfWork, Notice], object]] = [
        freeze,
        feed,
        feed,
        deliver,
        confirm,
        forget,
        lambda work, each: work.notice_sending.cancel(each) if chance.random() < 0.1 else None,
    ]
    frozen = 0
    for _ in range(30):
        with UnitOfWork(database) as work:
            chance.choice(steps)(work, work.session.get_one(Notice, number))
            if chance.random() < 0.7:
                work.commit()
        with UnitOfWork(database, read_only=True) as work:
            each = work.session.get_one(Notice, number)
            size = work.notice_sending.size(each)
            figures = work.notice_sending.figures(each, NOW)
            assert sum(sum(states.values()) for states in figures.values()) == size
            assert frozen in (0, size)
            frozen = size
            sent = Counter(
                (row.person_id, row.channel)
                for row in work.session.scalars(select(OutboxMessage))
                if row.state is not OutboxState.DEAD
            )
            assert all(count == 1 for count in sent.values())
            assert len({person for person, _ in sent}) == len(sent), "one live message a person"
            recipients = Counter(work.session.scalars(select(Recipient.person_id)))
            assert all(count == 1 for count in recipients.values())
