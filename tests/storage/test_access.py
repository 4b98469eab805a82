"""Access: a store hands out a row only to a person who may see it, and every method of every store says for whom it is.

The table below names every public method. `Guarded` ones take the person who asks: they are called as everybody in and
outside the subtree, and what each may see is written beside them. All others say why they ask for nobody: they are for
the machinery (the router, duties, the operator), write, or hold nothing of a person. A method that is missing here
fails the test, so that whoever adds one has to think about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from storage.aid import AidMatch, AidOffer, AidRequest, AidState, MatchState, PointsState
from storage.case_search import Wanted
from storage.case_tasks import WantedTasks
from storage.cases import By, Case, CaseFollower, CaseState
from storage.consents import Purpose
from storage.database import Base, Database
from storage.meetings import Meeting, MeetingState
from storage.messages import OutboxState
from storage.notices import Notice, NoticeState, Recipient
from storage.objections import ObjectionKind
from storage.opinions import Opinion
from storage.people import ADMINS, STAFF, Person, Role
from storage.topics import Topic, TopicState
from storage.unit_of_work import UnitOfWork
from storage.volunteers import Activity, ParticipationState
from storage.votes import Ballot, VotesBy
from tests.storage.rows import NOW, case, outgoing, plant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.areas import Area

ROLES = {
    "reporter": ("grid", None, None),
    "hidden": ("grid", None, None),
    "follower": ("grid", None, None),
    "next_door": ("grid", None, None),
    "volunteer": ("grid", Role.VOLUNTEER, "community"),
    "member": ("grid", Role.GRID_MEMBER, "grid"),
    "mediator": ("other_grid", Role.MEDIATOR, "community"),
    "admin": ("other_grid", Role.COMMUNITY_ADMIN, "community"),
    "town_admin": ("other_community", Role.TOWN_ADMIN, "town"),
    "county_admin": ("other_community", Role.COUNTY_ADMIN, "county"),
    "member_beside": ("grid", Role.GRID_MEMBER, "other_grid"),
    "admin_beside": ("grid", Role.COMMUNITY_ADMIN, "other_community"),
    "given_to": ("other_community", Role.MEDIATOR, "other_community"),
    "stranger": ("other_community", None, None),
}
"""Everybody: where they live, and which role they hold where."""

NEIGHBOURS = tuple(
    name for name, (home, _, _) in ROLES.items() if home in ("grid", "other_grid") and name != "reporter"
)
"""Those who live in the community of the one request for help that is open."""

OVER_GRID = ("member", "mediator", "admin", "town_admin", "county_admin")
OVER_COMMUNITY = ("mediator", "admin", "town_admin", "county_admin")
OVER_TOWN = ("town_admin", "county_admin")

BY = By(None, NOW, "test")

Seen = Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class World:
    """Everybody, and rows of everything, by what the test calls them."""

    work: UnitOfWork
    people: dict[str, Person] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    names: dict[tuple[type[Any], int], str] = field(default_factory=dict)

    def called(self, row: Any) -> str:
        return self.names[type(row), row.id]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A method for the person who asks: how it is called, and what each sees; those not named see nothing."""

    call: Callable[[World, Person], Iterable[Any]]
    seen: Seen


def _each(*groups: tuple[tuple[str, ...], tuple[str, ...]]) -> Seen:
    seen: dict[str, tuple[str, ...]] = {}
    for viewers, rows in groups:
        for viewer in viewers:
            seen[viewer] = (*seen.get(viewer, ()), *rows)
    return seen


def _own(attribute: Callable[[World, Person], Iterable[Any]], *viewers: str) -> Guarded:
    """Everybody named sees their own row and nobody else's."""
    return Guarded(attribute, {viewer: (f"of {viewer}",) for viewer in viewers})


IN_REACH = _each(
    (OVER_GRID, ("case", "anonymous case")),
    (OVER_COMMUNITY, ("case beside", "given case")),
    (("member_beside",), ("case beside", "given case")),
    (OVER_TOWN, ("case elsewhere",)),
    (("admin_beside",), ("case elsewhere",)),
    (("given_to",), ("case elsewhere", "given case")),
)
MACHINE = "for the router, delivery or a duty, which act for nobody in particular"
OPERATOR = "for the operator at the command line"
WRITES = "writes; who may was decided before"
NOBODYS = "holds nothing of a person"
MEDIATED = "for the parties and the mediator; tried as everybody in test_mediations"

TABLE: Mapping[str, Guarded | str] = {
    "AreaStore.add": NOBODYS,
    "AreaStore.get": NOBODYS,
    "AreaStore.roots": NOBODYS,
    "AreaStore.communities": NOBODYS,
    "AreaStore.community_of": NOBODYS,
    "AreaStore.grids": NOBODYS,
    "AreaStore.below": NOBODYS,
    "AreaStore.grid_of": NOBODYS,
    "AreaStore.grid": NOBODYS,
    "AreaStore.way_up": NOBODYS,
    "AreaStore.named": NOBODYS,
    "PeopleStore.add": WRITES,
    "PeopleStore.get": MACHINE,
    "PeopleStore.identity": MACHINE,
    "PeopleStore.add_identity": WRITES,
    "PeopleStore.saw": WRITES,
    "PeopleStore.identities": OPERATOR,
    "PeopleStore.grant": WRITES,
    "PeopleStore.revoke": WRITES,
    "PeopleStore.address_of": MACHINE,
    "PeopleStore.addresses": MACHINE,
    "PeopleStore.lost": MACHINE,
    "PeopleStore.holding": "says who answers for an area, which is public",
    "PeopleStore.answerable": "says who answers for an area, which is public",
    "PeopleStore.living_in": "for audiences, which are counted and written to, and never shown",
    "PeopleStore.within": "says who answers for an area, which is public",
    "PeopleStore.called": Guarded(
        lambda world, person: [
            found for seat in _seats(person, ADMINS) for found in world.work.people.called("某甲", seat)
        ],
        _each((("admin",), ("member", "mediator")), (OVER_TOWN, ("member", "mediator"))),
    ),
    "PeopleStore.unconfirmed": Guarded(
        lambda world, person: world.work.people.unconfirmed(person, {Role.GRID_MEMBER, *ADMINS}),
        _each((("member", "admin", *OVER_TOWN), ("reporter",))),
    ),
    "PeopleStore.by_household_code": Guarded(
        lambda world, person: filter(None, [world.work.people.by_household_code("HHHHHHHH", person)]),
        _each((OVER_GRID, ("household",))),
    ),
    "CaseStore.add": WRITES,
    "CaseStore.next_number": NOBODYS,
    "CaseStore.reported_by": Guarded(
        lambda world, person: world.work.cases.reported_by(person),
        {"reporter": ("case", "given case"), "hidden": ("anonymous case",), "follower": ("case",)}
        | {"stranger": ("case elsewhere",), "next_door": ("case beside",)},
    ),
    "CaseStore.finished_of": "those of `reported_by` that are over",
    "CaseStore.emergencies_of": "those of `reported_by` that are emergencies",
    "CaseStore.has_one": "says yes or no to whoever reported it",
    "CaseStore.workable_by": Guarded(lambda world, person: world.work.cases.workable_by(person), IN_REACH),
    "CaseStore.called": Guarded(
        lambda world, person: [
            found for n in range(5) for found in world.work.cases.called(person, f"00{n}", NOW.date())
        ],
        IN_REACH,
    ),
    "CaseStore.reachable": Guarded(
        lambda world, person: filter(None, [world.work.cases.reachable(person, row_id) for row_id in range(1, 6)]),
        IN_REACH,
    ),
    "CaseStore.numbers_near": "a few of those that `workable_by` gives",
    "CaseStore.offered": Guarded(lambda world, person: world.work.cases.offered(person), {"given_to": ("given case",)}),
    "CaseStore.offers_over": MACHINE,
    "CaseStore.unanswered_since": MACHINE,
    "CaseStore.merged_into": MACHINE,
    "CaseStore.numbered": OPERATOR,
    "CaseStore.shows_photo": "says yes or no to whoever asks for a photo; tried with the photos",
    "TaskStore.page": Guarded(
        lambda world, person: world.work.case_tasks.page(person, WantedTasks(), NOW, 0, 100).cases, IN_REACH
    ),
    "CaseSearch.find": Guarded(lambda world, person: world.work.case_search.find(person, Wanted()), IN_REACH),
    "ClockStore.to_look_at": MACHINE,
    "ClockStore.waiting_for": Guarded(
        lambda world, person: world.work.clocks.waiting_for(person), {"next_door": ("case beside",)}
    ),
    "ClockStore.marks": MACHINE,
    "ClockStore.remind": WRITES,
    "ClockStore.last_reminded": MACHINE,
    "ClockStore.running": MACHINE,
    "ClockStore.due_from": NOBODYS,
    "ClockStore.deadline": NOBODYS,
    "ClockStore.deadlines": OPERATOR,
    "ClockStore.set_deadline": OPERATOR,
    "ClockStore.knows_calendar": NOBODYS,
    "ClockStore.has_calendars": NOBODYS,
    "ClockStore.learn_calendar": NOBODYS,
    "MediationStore.add": WRITES,
    "MediationStore.joined_by": MEDIATED,
    "MediationStore.led_by": MEDIATED,
    "MediationStore.of_case": MEDIATED,
    "MediationStore.statements": MEDIATED,
    "MediationStore.running_of": MACHINE,
    "MediationStore.lock": MACHINE,
    "MediationStore.invited_with": "whoever says a code was given it",
    "MediationStore.namesakes": "only written to, and never shown",
    "MediationStore.tell": WRITES,
    "MediationStore.parties_of": MACHINE,
    "MediationStore.leaderless": MACHINE,
    "MediationStore.archived": OPERATOR,
    "MediationStore.archived_statements": OPERATOR,
    "MediationStore.sessions_from": MACHINE,
    "MediationStore.running_until": MACHINE,
    "MediationStore.agreed_before": MACHINE,
    "MediationStore.visits_due": MACHINE,
    "CaseStore.assigned_to": Guarded(
        lambda world, person: world.work.cases.assigned_to(person),
        {"given_to": ("given case",), "member": ("case",)},
    ),
    "CaseStore.alike": "only compared with a new report; its reporter is told that there is one, not whose",
    "CaseStore.unconfirmed_alarms": MACHINE,
    "CaseStore.resolved_before": MACHINE,
    "CaseStore.lock": MACHINE,
    "CaseStore.count": NOBODYS,
    "VolunteerStore.add": WRITES,
    "VolunteerStore.lock": WRITES,
    "VolunteerStore.join": WRITES,
    "VolunteerStore.leave": WRITES,
    "VolunteerStore.promote": WRITES,
    "VolunteerStore.coming": NOBODYS,
    "VolunteerStore.with_secret": MACHINE,
    "VolunteerStore.starting_before": MACHINE,
    "VolunteerStore.managed": Guarded(
        lambda world, person: world.work.volunteers.managed(person, ADMINS | {Role.GRID_MEMBER}, NOW),
        _each((("admin", *OVER_TOWN), ("activity",))),
    ),
    "CheckInStore.begin": WRITES,
    "CheckInStore.note_try": WRITES,
    "CheckInStore.mark": WRITES,
    "CheckInStore.forget": WRITES,
    "CheckInStore.tries": MACHINE,
    "CheckInStore.by_code_since": MACHINE,
    "CheckInStore.with_device": MACHINE,
    "CheckInStore.before": MACHINE,
    "CheckInStore.at_work": MACHINE,
    "CheckInStore.not_come": MACHINE,
    "SeriesStore.add": WRITES,
    "SeriesStore.of": NOBODYS,
    "SeriesStore.going_on": NOBODYS,
    "SeriesStore.planned": NOBODYS,
    "SeriesStore.coming": NOBODYS,
    "SeriesStore.begin_reminder": WRITES,
    "VolunteerProfileStore.of": _own(
        lambda world, person: filter(None, [world.work.volunteer_profiles.of(person)]), "volunteer"
    ),
    "VolunteerProfileStore.add": WRITES,
    "VolunteerProfileStore.forget": WRITES,
    "VolunteerProfileStore.figures": NOBODYS,
    "VolunteerProfileStore.residents": NOBODYS,
    "VolunteerStore.by_code": NOBODYS,
    "VolunteerStore.part_in": _own(
        lambda world, person: filter(None, [world.work.volunteers.part_in(_activity(world), person)]),
        "volunteer",
        "next_door",
    ),
    "VolunteerStore.part": "for whoever settles an objection, which handlers check",
    "VolunteerStore.parts_of": _own(
        lambda world, person: world.work.volunteers.parts_of(person, *ParticipationState), "volunteer", "next_door"
    ),
    "VolunteerStore.open_to_check_in": NOBODYS,
    "VolunteerStore.to_approve": Guarded(
        lambda world, person: world.work.volunteers.to_approve(person, ADMINS),
        _each((("admin", *OVER_TOWN), ("of volunteer",))),
    ),
    "PointsStore.credit": WRITES,
    "PointsStore.spend": WRITES,
    "PointsStore.hold": WRITES,
    "PointsStore.reverse": WRITES,
    "PointsStore.join": WRITES,
    "PointsStore.balance": NOBODYS,
    "PointsStore.held": NOBODYS,
    "PointsStore.earned": NOBODYS,
    "PointsStore.lines": _own(
        lambda world, person: [line.entry for line in world.work.points.lines(person) if line.amount > 0],
        "volunteer",
        "next_door",
    ),
    "PointsStore.lock": WRITES,
    "PointsStore.deduct": WRITES,
    "PointsStore.freeze": WRITES,
    "PointsStore.entry": "for whoever decides about it, which handlers check",
    "PointsStore.owner_of": "for whoever decides about it, which handlers check",
    "PointsStore.is_undone": NOBODYS,
    "PointsStore.given": NOBODYS,
    "PointsStore.granted_to": "tells a rule who decided about whom; nobody is shown",
    "PointsStore.published": "public; whoever shows it masks the names",
    "PointsStore.deductions": _own(lambda world, person: world.work.points.deductions(person, NOW), "next_door"),
    "PointsStore.record": _own(
        lambda world, person: [
            line.entry
            for line in world.work.points.record(person, NOW, NOW + timedelta(days=1))
            if line.amount > 0 and line.entry.reverses_id is None
        ],
        "volunteer",
        "next_door",
    ),
    "PointsStore.at_position": OPERATOR,
    "CreditStore.ask": WRITES,
    "CreditStore.waiting": Guarded(
        lambda world, person: world.work.credits.waiting(person, ADMINS),
        _each((OVER_TOWN, ("of volunteer",))),
    ),
    "CreditStore.asked_by": Guarded(
        lambda world, person: world.work.credits.asked_by(person), {"admin": ("of volunteer",)}
    ),
    "CreditStore.of_person": _own(lambda world, person: world.work.credits.of_person(person), "volunteer"),
    "CreditStore.of_participation": "for whoever may approve it",
    "CreditStore.by_hand": NOBODYS,
    "CreditStore.refused": NOBODYS,
    "CreditStore.expired": MACHINE,
    "CreditStore.settle": WRITES,
    "CreditStore.note": WRITES,
    "CreditStore.history": OPERATOR,
    "ObjectionStore.add": WRITES,
    "ObjectionStore.on": "for whoever decides about it; nobody is told who objects",
    "ObjectionStore.of": _own(lambda world, person: world.work.objections.of(person), "next_door"),
    "ObjectionStore.dismissed": NOBODYS,
    "ObjectionStore.to_settle": Guarded(
        lambda world, person: world.work.objections.to_settle(person, ADMINS),
        _each((("admin", *OVER_TOWN), ("of next_door",))),
    ),
    "ObjectionStore.overdue": MACHINE,
    "ObjectionStore.settle": WRITES,
    "TieStore.tie": WRITES,
    "TieStore.untie": WRITES,
    "TieStore.around": "tells a rule who is near to whom; nobody is shown",
    "PointsStore.ranking": "public; whoever shows it masks the names",
    "PointsStore.head": NOBODYS,
    "PointsStore.count": NOBODYS,
    "PointsStore.overdrawn": OPERATOR,
    "PointsStore.first_broken": OPERATOR,
    "ShopStore.put": OPERATOR,
    "ShopStore.offered": NOBODYS,
    "ShopStore.all": OPERATOR,
    "ShopStore.take": WRITES,
    "ShopStore.reserve": WRITES,
    "ShopStore.settle": WRITES,
    "ShopStore.code_is_free": NOBODYS,
    "ShopStore.redeemed": OPERATOR,
    "ShopStore.waiting": _own(lambda world, person: world.work.shop.waiting(person), "volunteer"),
    "ShopStore.by_code": Guarded(
        lambda world, person: filter(None, [world.work.shop.by_code(person, "000001")]),
        _each((("member", "admin", *OVER_TOWN), ("of volunteer",))),
    ),
    "AidStore.add": WRITES,
    "AidStore.get": MACHINE,
    "AidStore.lock": MACHINE,
    "AidStore.near": Guarded(
        lambda world, person: world.work.aid.near(person, NOW),
        dict.fromkeys(NEIGHBOURS, ("aid",)),
    ),
    "AidStore.called": Guarded(
        lambda world, person: filter(None, [world.work.aid.called(person, number) for number in (1, 2)]),
        {
            **dict.fromkeys((*NEIGHBOURS, "reporter", "town_admin", "county_admin"), ("aid",)),
            **dict.fromkeys((*OVER_GRID, "next_door", "volunteer"), ("aid", "settled aid")),
        },
    ),
    "AidStore.asked_by": Guarded(
        lambda world, person: world.work.aid.asked_by(person, *AidState),
        {"reporter": ("aid",), "next_door": ("settled aid",)},
    ),
    "AidStore.helped_by": _own(lambda world, person: world.work.aid.helped_by(person, *MatchState), "volunteer"),
    "AidStore.points_of": _own(lambda world, person: world.work.aid.points_of(person), "volunteer"),
    "AidStore.points_to_decide": Guarded(
        lambda world, person: world.work.aid.points_to_decide(person, {Role.GRID_MEMBER, *ADMINS}),
        _each((("member", "admin", *OVER_TOWN), ("of volunteer",))),
    ),
    "AidStore.offered_by": _own(lambda world, person: world.work.aid.offered_by(person, NOW), "volunteer"),
    "AidStore.offers_near": "only written to, and never shown",
    "AidStore.untaken": Guarded(
        lambda world, person: world.work.aid.untaken(person, STAFF, NOW), dict.fromkeys(OVER_GRID, ("aid",))
    ),
    "AidStore.alone": MACHINE,
    "AidStore.untold": MACHINE,
    "AidStore.run_out": MACHINE,
    "AidStore.over": MACHINE,
    "AidStore.is_complained_of": "says yes or no, and nobody is told why",
    "AidStore.rewarded": NOBODYS,
    "AidStore.forget_phones": WRITES,
    "MeetingStore.add": WRITES,
    "MeetingStore.invite": WRITES,
    "MeetingStore.answer": WRITES,
    "MeetingStore.begin_reminder": MACHINE,
    "MeetingStore.starting_before": MACHINE,
    "MeetingStore.over": MACHINE,
    "MeetingStore.called_off": "those of `coming` that are cancelled; who is concerned is found as there",
    "MeetingStore.lock": MACHINE,
    "MeetingStore.reminded_at": MACHINE,
    "MeetingStore.note_reminder": MACHINE,
    "MeetingStore.forget_reminders": MACHINE,
    "MeetingStore.promote": WRITES,
    "MeetingStore.invitation": _own(
        lambda world, person: filter(None, [world.work.meetings.invitation(_meeting(world), person)]), "given_to"
    ),
    "MeetingStore.managed": Guarded(
        lambda world, person: world.work.meetings.managed(person, {Role.GRID_MEMBER, *ADMINS}, NOW),
        dict.fromkeys(("member", "admin", *OVER_TOWN), ("meeting",)),
    ),
    "MeetingStore.coming": Guarded(
        lambda world, person: world.work.meetings.coming(person, NOW),
        _each(
            (
                ("reporter", "hidden", "follower", "next_door", "volunteer", "member_beside", "admin_beside"),
                ("meeting",),
            ),
            ((*OVER_GRID, "given_to"), ("meeting",)),
        ),
    ),
    "MeetingStore.begun": Guarded(
        lambda world, person: world.work.meetings.begun(person, NOW + timedelta(days=2), NOW),
        _each(
            (
                ("reporter", "hidden", "follower", "next_door", "volunteer", "member_beside", "admin_beside"),
                ("meeting",),
            ),
            ((*OVER_GRID, "given_to"), ("meeting",)),
        ),
    ),
    "TopicStore.add": WRITES,
    "TopicStore.lock": MACHINE,
    "TopicStore.of_community": "public in the community; who proposed or seconded is never shown",
    "TopicStore.of_meeting": "public in the community; who proposed or seconded is never shown",
    "TopicStore.followed_by": Guarded(
        lambda world, person: world.work.topics.followed_by(person), {"reporter": ("topic",), "next_door": ("topic",)}
    ),
    "TopicStore.second": WRITES,
    "TopicStore.take_back": WRITES,
    "TopicStore.unanswered": MACHINE,
    "TopicStore.to_answer": Guarded(
        lambda world, person: world.work.topics.to_answer(person, {Role.GRID_MEMBER, *ADMINS}),
        dict.fromkeys(("member", "admin", *OVER_TOWN), ("topic",)),
    ),
    "VoteStore.add": WRITES,
    "VoteStore.get": "what was voted on, which is public; who chose what is in no row of it",
    "VoteStore.lock": MACHINE,
    "VoteStore.open_to": Guarded(
        lambda world, person: world.work.votes.open_to(person, NOW),
        dict.fromkeys(
            ("reporter", "hidden", "follower", "next_door", "volunteer", "member", "member_beside", "admin_beside"),
            ("ballot",),
        ),
    ),
    "VoteStore.concerning": Guarded(
        lambda world, person: world.work.votes.concerning(person, NOW),
        dict.fromkeys(
            (
                *("reporter", "hidden", "follower", "next_door", "volunteer", "member_beside", "admin_beside"),
                *OVER_GRID,
            ),
            ("ballot",),
        ),
    ),
    "VoteStore.managed": Guarded(
        lambda world, person: world.work.votes.managed(person, ADMINS),
        dict.fromkeys(("admin", *OVER_TOWN), ("ballot",)),
    ),
    "VoteStore.of_meeting": "public to those whom the meeting concerns; who chose what is in no row of it",
    "VoteStore.cast": WRITES,
    "VoteStore.has_voted": "says yes or no of one's own household, and never what was chosen",
    "VoteStore.voters": "for those who are told a result or reminded, and never shown",
    "VoteStore.homes": "as `voters`, for those who are reminded, and never shown",
    "VoteStore.turnout": NOBODYS,
    "VoteStore.due": MACHINE,
    "VoteStore.close": MACHINE,
    "VoteStore.call_off": WRITES,
    "VoteStore.recount": NOBODYS,
    "VoteStore.join": WRITES,
    "VoteStore.forget": WRITES,
    "MinutesStore.attend": WRITES,
    "MinutesStore.attendances": "for whoever organises a meeting that they were handed; shown to nobody else",
    "MinutesStore.attended": NOBODYS,
    "MinutesStore.of": "published; for those whom the meeting concerns, which is found by them",
    "MinutesStore.decisions": "published; for those whom the meeting concerns, which is found by them",
    "MinutesStore.given_to": "the meetings that gave somebody something to do, for that person alone",
    "MinutesStore.publish": WRITES,
    "MinutesStore.to_remind": MACHINE,
    "StatisticsStore.cases": NOBODYS,
    "StatisticsStore.mediations": NOBODYS,
    "StatisticsStore.meetings": NOBODYS,
    "StatisticsStore.notices": NOBODYS,
    "NoticeStore.add": WRITES,
    "NoticeStore.due": MACHINE,
    "NoticeStore.unacknowledged": _own(
        lambda world, person: world.work.notices.unacknowledged(person), "reporter", "stranger"
    ),
    "NoticeStore.sending": MACHINE,
    "NoticeStore.to_call_about": MACHINE,
    "NoticeStore.lock": MACHINE,
    "NoticeStore.readable_by": Guarded(
        lambda world, person: world.work.notices.readable_by(person, None, None, (), 9),
        {
            name: ("notice in the grid" if home == "grid" else "notice elsewhere",)
            for name, (home, _, _) in ROLES.items()
            if home in ("grid", "other_community")
        },
    ),
    "NoticeStore.managed": Guarded(
        lambda world, person: world.work.notices.managed(person, {Role.GRID_MEMBER, *ADMINS}),
        _each(
            (("member", "admin", *OVER_TOWN), ("notice in the grid",)),
            (("admin_beside", *OVER_TOWN), ("notice elsewhere",)),
        ),
    ),
    "NoticeStore.reaching": Guarded(
        lambda world, person: world.work.notices.reaching(person, {Role.GRID_MEMBER, *ADMINS}),
        {"member": ("notice in the grid",), "admin_beside": ("notice elsewhere",)},
    ),
    **{
        f"NoticeSendingStore.{name}": "for whoever gives out a notice: the feature checks that it is theirs"
        for name in ("count", "channels", "size", "figures", "reasons", "unread")
    },
    **{f"NoticeSendingStore.{name}": WRITES for name in ("freeze", "freeze_correction", "freeze_retraction", "cancel")},
    **{f"NoticeSendingStore.{name}": WRITES for name in ("feed", "remind")},
    **{f"NoticeSendingStore.{name}": MACHINE for name in ("is_fed", "left_out", "is_waiting")},
    "NoticeOptOutStore.of": "what one person does not want, for that person alone",
    "NoticeOptOutStore.opt_out": WRITES,
    "NoticeOptOutStore.opt_in": WRITES,
    "PolicyStore.add": NOBODYS,
    "PolicyStore.all": NOBODYS,
    "PolicyStore.current": NOBODYS,
    "PolicyStore.current_of": NOBODYS,
    "PolicyStore.is_empty": NOBODYS,
    "PolicyStore.supersede": NOBODYS,
    "OpinionStore.add": WRITES,
    "OpinionStore.of": _own(lambda world, person: world.work.opinions.of(person), "reporter", "stranger"),
    "OpinionStore.all": OPERATOR,
    "OpinionStore.unlink": WRITES,
    "QuestionStore.add": NOBODYS,
    "QuestionStore.all": OPERATOR,
    "UnsureStore.add": NOBODYS,
    "UnsureStore.get": NOBODYS,
    "UnsureStore.in_state": OPERATOR,
    "UnsureStore.label": OPERATOR,
    "UnsureStore.drop": OPERATOR,
    "UnsureStore.forget": WRITES,
    "MessageStore.receive": MACHINE,
    "MessageStore.get": MACHINE,
    "MessageStore.forget_location": MACHINE,
    "MessageStore.rewrite": MACHINE,
    "MessageStore.next_stored": MACHINE,
    "MessageStore.waiting_talks": MACHINE,
    "MessageStore.queue": MACHINE,
    "MessageStore.cancel": MACHINE,
    "MessageStore.hush": WRITES,
    "MessageStore.last_to": MACHINE,
    "OutboxStore.has_due": MACHINE,
    "OutboxStore.waiting": MACHINE,
    "OutboxStore.hand_over": MACHINE,
    "OutboxStore.mark_sent": MACHINE,
    "OutboxStore.mark_retry": MACHINE,
    "OutboxStore.mark_dead": MACHINE,
    "OutboxStore.mark_unknown": MACHINE,
    "OutboxStore.put_back": MACHINE,
    "OutboxStore.alarms": MACHINE,
    "OutboxStore.send_elsewhere": MACHINE,
    "OutboxStore.take_up": MACHINE,
    "LaneStore.hold": NOBODYS,
    "LaneStore.is_left": NOBODYS,
    "LaneStore.let_go": NOBODYS,
    "LaneStore.count": NOBODYS,
    "LaneStore.handed_on": NOBODYS,
    "LaneStore.rest": NOBODYS,
    "LaneStore.rests": NOBODYS,
    "LaneStore.go_on": NOBODYS,
    "MessageStore.answered": MACHINE,
    "MessageStore.cases_spoken_of": MACHINE,
    "TalkStore.lock": MACHINE,
    "TalkStore.peek": MACHINE,
    "TalkStore.in_groups": MACHINE,
    "TalkStore.begin": MACHINE,
    "TalkStore.find": MACHINE,
    "TalkStore.left_open": MACHINE,
    "TalkStore.open_forms": NOBODYS,
    "ConsentStore.record": WRITES,
    "ConsentStore.lines": _own(lambda world, person: world.work.consents.lines(person), "reporter", "stranger"),
    "ConsentStore.standing": _own(
        lambda world, person: world.work.consents.standing(person).values(), "reporter", "stranger"
    ),
    "ConsentStore.stands": NOBODYS,
    "RoleStore.grant": WRITES,
    "RoleStore.revoke": WRITES,
    "RoleStore.history": OPERATOR,
    "BindingStore.issue": WRITES,
    "BindingStore.standing": "whoever says a code was given it",
    "JoiningStore.join": WRITES,
    "InvitationCodeStore.make": WRITES,
    "InvitationCodeStore.standing": NOBODYS,
    "HouseholdStore.add": WRITES,
    "HouseholdStore.below": OPERATOR,
    "OwnDataStore.selves": MACHINE,
    "OwnDataStore.written_by": MACHINE,
    "OwnDataStore.accounts": _own(lambda world, person: world.work.own_data.accounts(person), "reporter", "stranger"),
    "OwnDataStore.of": "everything of one person, for them; tested below for what it must not hold",
    "ErasureStore.erase": WRITES,
    "ErasureStore.erase_messages": WRITES,
    "ErasureStore.carry_out": OPERATOR,
    "ErasureStore.mask_messages": WRITES,
    "ErasureStore.unlink": WRITES,
    "ErasureStore.unname": WRITES,
    "ErasureStore.forget_party": WRITES,
    "ErasureStore.forget_followers": WRITES,
    "ErasureStore.forget_places": WRITES,
    "ErasureStore.forget_photos": WRITES,
    "ErasureStore.replace_everywhere": WRITES,
    "ErasureStore.is_only_one_called": NOBODYS,
    "HoldStore.set": OPERATOR,
    "HoldStore.on": OPERATOR,
    "HoldStore.concerning": _own(lambda world, person: world.work.holds.concerning(person), "stranger"),
    "HoldStore.keep_wish": WRITES,
    "HoldStore.wishes": OPERATOR,
    "HoldStore.release": OPERATOR,
    "HoldStore.done": WRITES,
    "PersonalFileStore.note": WRITES,
    "PersonalFileStore.remove_all": WRITES,
    "PersonalFileStore.to_remove": MACHINE,
    "PersonalFileStore.forget": MACHINE,
    "RetentionStore.count": NOBODYS,
    "RetentionStore.forget": MACHINE,
    "RetentionStore.with_old_contact": MACHINE,
}

GUARDED = {name: entry for name, entry in TABLE.items() if isinstance(entry, Guarded)}


def _seats(person: Person, roles: Iterable[Role]) -> list[Area]:
    return [grant.area for grant in person.grants if grant.role in roles]


def _meeting(world: World) -> Meeting:
    return world.work.session.get_one(Meeting, 1)


def _activity(world: World) -> Activity:
    return world.work.session.get_one(Activity, 1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('access') / 'test.db'}")
    Base.metadata.create_all(database.engine)
    with UnitOfWork(database) as work:
        yield _furnish(World(work))
    database.close()


def _furnish(world: World) -> World:
    work, tree = world.work, plant(world.work)
    world.areas = {
        name: getattr(tree, name) for name in ("grid", "other_grid", "community", "other_community", "town", "county")
    }
    for name, (home, role, seat) in ROLES.items():
        person = work.people.add(world.areas[home], NOW, name="某甲" if name in ("member", "mediator") else name)
        world.people[name] = person
        world.names[Person, person.id] = name
        if role is not None and seat is not None:
            work.people.grant(person, role, world.areas[seat], NOW)
    world.people["reporter"].home = "桂花苑3栋"
    _add_cases(world)
    _add_work(world)
    _add_words(world)
    _add_aid(world)
    work.session.flush()
    return world


def _add_cases(world: World) -> None:
    rows: dict[str, tuple[str, str, str, dict[str, Any]]] = {
        "case": ("grid", "community", "reporter", {"assignee": world.people["member"]}),
        "anonymous case": ("grid", "community", "hidden", {"anonymous": True}),
        "case beside": ("other_grid", "community", "next_door", {"waiting_since": NOW}),
        "given case": (
            *("other_grid", "community", "reporter"),
            {"assignee": world.people["given_to"], "offered_to": world.people["given_to"]},
        ),
        "case elsewhere": ("other_community", "other_community", "stranger", {}),
    }
    for number, (name, (area, community, reporter, more)) in enumerate(rows.items()):
        row = case(
            world.areas[area],
            world.areas[community],
            f"20260415-00{number}",
            reporter=world.people[reporter],
            state=CaseState.OPEN,
            **more,
        )
        world.work.cases.add(row)
        world.names[Case, row.id] = name
        if name == "case":
            row.followers.append(CaseFollower(person=world.people["follower"], since=NOW))
        if name == "case elsewhere":
            _name(world, world.work.holds.set(row, "调取", NOW), "stranger")


def _add_work(world: World) -> None:
    activity = Activity(
        area_id=world.areas["community"].id,
        area=world.areas["community"],
        title="河道清洁",
        place="码头",
        start=NOW,
        end=NOW + timedelta(hours=2),
        points=5,
        code="1234",
        created_at=NOW,
        participations=[],
    )
    world.work.volunteers.add(activity)
    world.names[Activity, activity.id] = "activity"
    profile = world.work.volunteer_profiles.add(world.people["volunteer"], ["理发"], ["周末"], NOW)
    _name(world, profile, "volunteer")
    for who, state in (("volunteer", ParticipationState.CHECKED_OUT), ("next_door", ParticipationState.SIGNED_UP)):
        part = world.work.volunteers.join(activity, world.people[who], NOW)
        part.state = state
        _name(world, part, who)
        _name(world, world.work.points.credit(world.people[who], 5, "河道清洁", who, BY), who)
    volunteer = world.people["volunteer"]
    item = world.work.shop.put(world.areas["community"], "洗衣粉", 5, 3)
    spent = world.work.points.spend(volunteer, 5, "兑换", "redemption", BY)
    _name(world, world.work.shop.reserve(item, volunteer, 1, spent, "000001", BY), "volunteer")
    asked = By(world.people["admin"], NOW, "test")
    _name(world, world.work.credits.ask(volunteer, 5, "补记", asked, NOW + timedelta(days=3)), "volunteer")
    taken = world.work.points.deduct(world.people["next_door"], 1, "报名不到", "deduction", BY)
    assert taken is not None
    _name(world, taken, "next_door")
    against = world.people["next_door"], world.people["volunteer"]
    entry = world.work.points.lines(volunteer)[-1].entry
    _name(world, world.work.objections.add(ObjectionKind.OBJECTION, entry, *against, "没来", NOW), "next_door")
    meeting = Meeting(
        area_id=world.areas["grid"].id,
        area=world.areas["grid"],
        kind="议事会",
        title="停车",
        start=NOW + timedelta(days=1),
        place="会议室",
        topics=[],
        state=MeetingState.CALLED,
        created_at=NOW,
        invitations=[],
    )
    world.work.meetings.add(meeting)
    world.work.meetings.invite(meeting, [world.people["given_to"]])
    _name(world, meeting.invitations[0], "given_to")
    world.names[Meeting, meeting.id] = "meeting"
    topic = Topic(
        community_id=world.areas["community"].id,
        area_id=world.areas["grid"].id,
        area=world.areas["grid"],
        proposer_id=world.people["reporter"].id,
        text="停车",
        state=TopicState.PROPOSED,
        created_at=NOW,
        asked_at=NOW,
        told_count=0,
        answer="",
        seconds=[],
    )
    world.work.topics.add(topic)
    world.work.topics.second(topic, world.people["next_door"], NOW)
    world.names[Topic, topic.id] = "topic"
    ballot = Ballot(
        area_id=world.areas["grid"].id,
        area=world.areas["grid"],
        question="同意吗",
        options=["同意", "不同意"],
        per=VotesBy.PERSON,
        secret=True,
        opens_at=NOW,
        closes_at=NOW + timedelta(days=1),
        electorate=3,
    )
    world.names[Ballot, world.work.votes.add(ballot).id] = "ballot"
    household = world.work.households.add(world.areas["grid"], "2单元301", NOW)
    household.code = "HHHHHHHH"
    world.names[type(household), household.id] = "household"


def _add_words(world: World) -> None:
    document = world.work.policy.add("方案", "现行", "一、好", NOW)
    for number, who in enumerate(("reporter", "stranger")):
        person = world.people[who]
        sent = outgoing(f"n{number}", person_id=person.id, state=OutboxState.SENT)
        recipient = Recipient(person=person, outbox=sent)
        notice = Notice(
            area_id=person.area_id,
            areas=[person.area],
            text="停水",
            needs_ack=True,
            send_at=NOW,
            state=NoticeState.SENT,
            created_at=NOW,
            recipients=[recipient],
        )
        world.work.notices.add(notice)
        world.names[Notice, notice.id] = "notice in the grid" if who == "reporter" else "notice elsewhere"
        opinion = Opinion(
            person_id=person.id, area_id=person.area_id, document_id=document.id, text="好", signed=False, given_at=NOW
        )
        world.work.opinions.add(opinion)
        line = world.work.consents.record(person, Purpose.PROFILE, NOW, given=True, source="web", version="1")
        identity = world.work.people.add_identity(person, "web", "bot", who, NOW)
        for row in (recipient, opinion, line, identity):
            _name(world, row, who)


def _add_aid(world: World) -> None:
    def asked(who: str, state: AidState) -> AidRequest:
        request = AidRequest(
            community_id=world.areas["community"].id,
            area_id=world.areas["grid"].id,
            area=world.areas["grid"],
            requester_id=world.people[who].id,
            kind="medicine",
            what="买药",
            for_whom="",
            place="",
            wanted=1,
            state=state,
            created_at=NOW,
            expires_at=NOW + timedelta(days=1),
            matches=[],
        )
        world.work.aid.add(request)
        return request

    world.names[AidRequest, asked("reporter", AidState.OPEN).id] = "aid"
    settled = asked("next_door", AidState.TAKEN)
    world.names[AidRequest, settled.id] = "settled aid"
    helper = world.people["volunteer"]
    match = AidMatch(
        request=settled, helper_id=helper.id, state=MatchState.AGREED, made_at=NOW, until=NOW, complaint=""
    )
    match.points = PointsState.ASKED
    offer = AidOffer(
        community_id=settled.community_id,
        person_id=helper.id,
        kind="medicine",
        what="买药",
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    for row in (match, offer):
        world.work.aid.add(row)
        _name(world, row, "volunteer")


def _name(world: World, row: Any, who: str) -> None:
    world.names[type(row), row.id] = f"of {who}"


@pytest.mark.parametrize("viewer", ROLES)
@pytest.mark.parametrize("method", GUARDED)
def test_everybody_sees_what_they_may_and_nothing_else(world: World, method: str, viewer: str) -> None:
    entry = GUARDED[method]
    found = [world.called(row) for row in entry.call(world, world.people[viewer])]
    assert sorted(found) == sorted(entry.seen.get(viewer, ()))


@pytest.mark.parametrize("viewer", ROLES)
def test_what_is_held_on_somebody_names_nobody_else(world: World, viewer: str) -> None:
    data = world.work.own_data.of(world.people[viewer])
    others = [name for name in ROLES if name not in (viewer, "member", "mediator", "admin", "volunteer")]
    assert not [name for name in others if f"'{name}'" in str(data)]
    own = {found.number for found in world.work.cases.reported_by(world.people[viewer])}
    assert {each["number"] for each in [*data["cases"], *data["followed"]]} == own


def test_every_method_of_every_store_is_in_the_table(world: World) -> None:
    stores = [store for store in vars(world.work).values() if type(store).__name__.endswith(("Store", "Search"))]
    methods = {
        f"{type(store).__name__}.{name}"
        for store in stores
        for name in vars(type(store))
        if not name.startswith("_") and callable(getattr(store, name))
    }
    assert methods == set(TABLE)


def test_every_guarded_method_is_tried_by_somebody_who_may() -> None:
    assert all(entry.seen for entry in GUARDED.values())
    assert {viewer for entry in GUARDED.values() for viewer in entry.seen} <= set(ROLES)
    assert {role for _, role, _ in ROLES.values() if role} >= STAFF | {Role.VOLUNTEER}
