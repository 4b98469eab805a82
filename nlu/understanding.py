"""The vocabulary that a text is understood in: intents, entities and an understanding that holds both."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from nlu.times import TimeSpan


class Intent(StrEnum):
    """What a person wants with one message; each has a handler."""

    GREET = "greet"
    GOODBYE = "goodbye"
    THANKS = "thanks"
    HELP = "help"
    AFFIRM = "affirm"
    DENY = "deny"
    CANCEL = "cancel"
    TALK_TO_HUMAN = "talk_to_human"
    OUT_OF_SCOPE = "out_of_scope"
    ASK_POLICY = "ask_policy"
    ASK_DEPARTMENT = "ask_department"
    GIVE_OPINION = "give_opinion"
    REPORT_DISPUTE = "report_dispute"
    REPORT_INCIDENT = "report_incident"
    REPORT_EMERGENCY = "report_emergency"
    CHECK_CASE = "check_case"
    ADD_TO_CASE = "add_to_case"
    WITHDRAW_CASE = "withdraw_case"
    RATE_CASE = "rate_case"
    REGISTER_VOLUNTEER = "register_volunteer"
    LIST_ACTIVITIES = "list_activities"
    JOIN_ACTIVITY = "join_activity"
    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    CHECK_POINTS = "check_points"
    ASK_POINTS_RULES = "ask_points_rules"
    POINTS_RANKING = "points_ranking"
    REDEEM_POINTS = "redeem_points"
    LIST_MEETINGS = "list_meetings"
    ATTEND_MEETING = "attend_meeting"
    DECLINE_MEETING = "decline_meeting"
    PROPOSE_TOPIC = "propose_topic"
    ASK_MEETING_RESULT = "ask_meeting_result"
    VOTE = "vote"
    LIST_NOTICES = "list_notices"
    ACKNOWLEDGE_NOTICE = "acknowledge_notice"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    BIND_PROFILE = "bind_profile"
    DELETE_MY_DATA = "delete_my_data"
    REQUEST_MUTUAL_AID = "request_mutual_aid"
    OFFER_MUTUAL_AID = "offer_mutual_aid"
    MY_TASKS = "my_tasks"
    ACCEPT_CASE = "accept_case"
    UPDATE_CASE = "update_case"
    TRANSFER_CASE = "transfer_case"
    CLOSE_CASE = "close_case"
    CREATE_ACTIVITY = "create_activity"
    APPROVE_CHECK_IN = "approve_check_in"
    SCHEDULE_MEETING = "schedule_meeting"
    PUBLISH_MINUTES = "publish_minutes"
    BROADCAST_NOTICE = "broadcast_notice"
    VIEW_STATISTICS = "view_statistics"


class EntityKind(StrEnum):
    """The kinds of entity that are read out of a text."""

    PLACE = "place"
    PERSON = "person"
    TIME = "time"
    CASE_NUMBER = "case_number"
    COUNT = "count"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Entity:
    """A piece of the text that names something.

    `start` and `end` are offsets in characters of the text as it was written (`text[start:end] == Entity.text`).
    `value` is the normalised form: a `TimeSpan` for times, an `int` for counts, a slug for categories, else a `str`.
    """

    kind: EntityKind
    start: int
    end: int
    text: str
    value: str | int | TimeSpan


Ranking = tuple[tuple[Intent, float], ...]
"""Intents with their confidence between 0 and 1, best first."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a talk is about when something is said in it, which short words lean on (「可以」「第二个」「那农村呢」).

    `form` is the intent of the form under way and `confirming` whether it waits for a yes; `offered` are the intents
    that the bot's last message offered to press; `last` is what the person's message before this one was about.
    """

    form: Intent | None = None
    confirming: bool = False
    offered: frozenset[Intent] = frozenset()
    last: Intent | None = None


NO_CONTEXT = Context()


class Judgement(NamedTuple):
    """What a text seems to mean, and how sure that is, between 0 and 1."""

    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True)
class Danger:
    """What words say of danger: its kind, the slug of a category, and whether it is real and present.

    `clause` is the part of the text that says so, in the spelling of `normalise`; `plainly` whether it does in words
    that hardly ever say anything else (着火了).
    """

    kind: str
    present: bool
    clause: str = field(default="", compare=False)
    plainly: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the parser made of one text: the best intent, the ranking it came from, and the entities.

    `ranking` holds (intent, confidence in 0..1) pairs, best first; its first intent is not always `intent`, because an
    emergency, a low confidence or the category of a report overrides the model. `confidence` is that of `intent`; where
    the category chose it, it is the sum of those that it chose between, which all stood for the one wish. `alone` is
    what the words would mean outside the open form, and `danger` what they say of danger, whatever the model thinks.
    """

    text: str
    intent: Intent
    confidence: float
    ranking: Ranking = ()
    entities: tuple[Entity, ...] = ()
    alone: Judgement | None = None
    danger: Danger | None = None

    def first(self, kind: EntityKind) -> Entity | None:
        """The first entity of `kind`, or None."""
        return next((entity for entity in self.entities if entity.kind is kind), None)
