"""Routes: every intent has an action, under the right conditions."""

from __future__ import annotations

import pytest

from handlers import features
from handlers.routes import InGroup, Routes
from handlers.turn import Choice
from nlu.understanding import Intent
from storage.people import STAFF, Role

YES, PRIVATE, NO = "yes", "private", "no"
IN_GROUP = {YES: {InGroup.ACT}, PRIVATE: {InGroup.MOVE, InGroup.ASK}, NO: {InGroup.IGNORE}}

ANYONE = {
    Intent.GREET: NO,
    Intent.GOODBYE: NO,
    Intent.THANKS: NO,
    Intent.HELP: YES,
    Intent.AFFIRM: YES,
    Intent.DENY: YES,
    Intent.CANCEL: YES,
    Intent.TALK_TO_HUMAN: PRIVATE,
    Intent.OUT_OF_SCOPE: NO,
    Intent.ASK_POLICY: YES,
    Intent.ASK_DEPARTMENT: YES,
    Intent.GIVE_OPINION: YES,
    Intent.REPORT_DISPUTE: PRIVATE,
    Intent.REPORT_INCIDENT: YES,
    Intent.REPORT_EMERGENCY: YES,
    Intent.CHECK_CASE: PRIVATE,
    Intent.ADD_TO_CASE: PRIVATE,
    Intent.WITHDRAW_CASE: PRIVATE,
    Intent.RATE_CASE: PRIVATE,
    Intent.REGISTER_VOLUNTEER: YES,
    Intent.LIST_ACTIVITIES: YES,
    Intent.JOIN_ACTIVITY: YES,
    Intent.CHECK_IN: YES,
    Intent.CHECK_OUT: YES,
    Intent.CHECK_POINTS: PRIVATE,
    Intent.ASK_POINTS_RULES: YES,
    Intent.POINTS_RANKING: YES,
    Intent.REDEEM_POINTS: PRIVATE,
    Intent.LIST_MEETINGS: YES,
    Intent.ATTEND_MEETING: YES,
    Intent.DECLINE_MEETING: YES,
    Intent.PROPOSE_TOPIC: YES,
    Intent.ASK_MEETING_RESULT: YES,
    Intent.VOTE: PRIVATE,
    Intent.LIST_NOTICES: YES,
    Intent.ACKNOWLEDGE_NOTICE: YES,
    Intent.SUBSCRIBE: PRIVATE,
    Intent.UNSUBSCRIBE: PRIVATE,
    Intent.BIND_PROFILE: PRIVATE,
    Intent.DELETE_MY_DATA: PRIVATE,
    Intent.REQUEST_MUTUAL_AID: YES,
    Intent.OFFER_MUTUAL_AID: YES,
}
"""What anyone may want, and whether the bot may act on it in a group."""

STAFF_ONLY = (
    Intent.MY_TASKS,
    Intent.ACCEPT_CASE,
    Intent.UPDATE_CASE,
    Intent.TRANSFER_CASE,
    Intent.CLOSE_CASE,
    Intent.CREATE_ACTIVITY,
    Intent.APPROVE_CHECK_IN,
    Intent.SCHEDULE_MEETING,
    Intent.PUBLISH_MINUTES,
    Intent.BROADCAST_NOTICE,
    Intent.VIEW_STATISTICS,
)
"""What only grid members, mediators and admins may, and nobody in a group."""

TABLE = {**ANYONE, **dict.fromkeys(STAFF_ONLY, PRIVATE)}


def test_the_table_holds_every_intent() -> None:
    assert set(TABLE) == set(Intent)
    assert not set(ANYONE) & set(STAFF_ONLY)


def test_every_intent_has_an_action() -> None:
    assert {route.intent for route in features.ROUTES} == set(Intent)


@pytest.mark.parametrize("intent", Intent)
def test_the_group_column_is_kept(intent: Intent) -> None:
    route = features.ROUTES.get(intent)
    assert route is not None
    assert route.in_group in IN_GROUP[TABLE[intent]]


@pytest.mark.parametrize("intent", Intent)
def test_staff_intents_ask_for_a_role_of_staff_and_others_for_none(intent: Intent) -> None:
    route = features.ROUTES.get(intent)
    assert route is not None
    if intent in STAFF_ONLY:
        assert route.roles
        assert route.roles <= STAFF
        assert Role.RESIDENT not in route.roles
    else:
        assert route.roles == frozenset()


def test_an_action_is_named_as_its_intent() -> None:
    assert all(route.action.__name__.rstrip("_") == route.intent for route in features.ROUTES)


def test_an_intent_cannot_be_routed_twice() -> None:
    route = next(iter(features.ROUTES))
    with pytest.raises(ValueError, match="routed twice"):
        Routes([route, route])


def test_duties_have_names_of_their_own() -> None:
    names = [duty.name for duty in features.DUTIES]
    assert len(names) == len(set(names))
    assert all(duty.seconds > 0 for duty in features.DUTIES)


@pytest.mark.parametrize("intent", [None, *Intent])
def test_a_pressed_button_means_what_it_was_made_for(intent: Intent | None) -> None:
    choice = Choice("看看", intent, "有|竖线的话")
    read = Choice.from_payload(choice.payload)
    assert read is not None
    assert (read.intent, read.says) == (intent, "有|竖线的话")


@pytest.mark.parametrize("payload", ["", "accept_case", "accept_case|", "no_such_intent|007", "|"])
def test_what_is_no_button_of_ours_means_nothing(payload: str) -> None:
    assert Choice.from_payload(payload) is None
