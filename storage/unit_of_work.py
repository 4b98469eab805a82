"""One transaction over all stores: what is not committed is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from storage.activity_series import SeriesStore
from storage.aid import AidStore
from storage.areas import AreaStore
from storage.binding import BindingStore
from storage.case_search import CaseSearch
from storage.cases import CaseStore
from storage.check_ins import CheckInStore
from storage.clocks import ClockStore
from storage.consents import ConsentStore
from storage.credits import CreditStore
from storage.erasure import ErasureStore
from storage.holds import HoldStore
from storage.households import HouseholdStore
from storage.invitation_codes import InvitationCodeStore
from storage.joining import JoiningStore
from storage.lanes import LaneStore
from storage.mediations import MediationStore
from storage.meetings import MeetingStore
from storage.messages import MessageStore
from storage.notice_optouts import NoticeOptOutStore
from storage.notice_sending import NoticeSendingStore
from storage.notices import NoticeStore
from storage.objections import ObjectionStore
from storage.opinions import OpinionStore
from storage.outbox import OutboxStore
from storage.own_data import OwnDataStore
from storage.people import PeopleStore
from storage.personal_files import PersonalFileStore
from storage.points import PointsStore
from storage.policy import PolicyStore
from storage.questions import QuestionStore
from storage.retention import RetentionStore
from storage.role_changes import RoleStore
from storage.shop import ShopStore
from storage.talks import TalkStore
from storage.ties import TieStore
from storage.topics import TopicStore
from storage.unsure import UnsureStore
from storage.volunteer_profiles import VolunteerProfileStore
from storage.volunteers import VolunteerStore

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType

    from sqlalchemy.orm import Session, SessionTransaction

    from storage.database import Database


class UnitOfWork:
    """One transaction. Use it as a context manager; leaving it without `commit()` rolls everything back."""

    def __init__(self, database: Database, *, read_only: bool = False) -> None:
        self.session: Session = database.session(read_only=read_only)
        self.areas = AreaStore(self.session)
        self.people = PeopleStore(self.session)
        self.aid = AidStore(self.session)
        self.messages = MessageStore(self.session)
        self.outbox = OutboxStore(self.session)
        self.lanes = LaneStore(self.session)
        self.talks = TalkStore(self.session)
        self.cases = CaseStore(self.session)
        self.case_search = CaseSearch(self.session)
        self.mediations = MediationStore(self.session)
        self.clocks = ClockStore(self.session)
        self.volunteers = VolunteerStore(self.session)
        self.series = SeriesStore(self.session)
        self.check_ins = CheckInStore(self.session)
        self.volunteer_profiles = VolunteerProfileStore(self.session)
        self.points = PointsStore(self.session)
        self.shop = ShopStore(self.session)
        self.credits = CreditStore(self.session)
        self.objections = ObjectionStore(self.session)
        self.meetings = MeetingStore(self.session)
        self.topics = TopicStore(self.session)
        self.notices = NoticeStore(self.session)
        self.notice_sending = NoticeSendingStore(self.session)
        self.notice_optouts = NoticeOptOutStore(self.session)
        self.policy = PolicyStore(self.session)
        self.opinions = OpinionStore(self.session)
        self.questions = QuestionStore(self.session)
        self.unsure = UnsureStore(self.session)
        self.consents = ConsentStore(self.session)
        self.roles = RoleStore(self.session)
        self.binding = BindingStore(self.session)
        self.joining = JoiningStore(self.session)
        self.invitation_codes = InvitationCodeStore(self.session)
        self.households = HouseholdStore(self.session)
        self.ties = TieStore(self.session)
        self.own_data = OwnDataStore(self.session)
        self.erasure = ErasureStore(self.session)
        self.holds = HoldStore(self.session)
        self.personal_files = PersonalFileStore(self.session)
        self.retention = RetentionStore(self.session)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()

    def attempt(self) -> AbstractContextManager[SessionTransaction]:
        """A savepoint: leaving it by an exception undoes what was written since, and nothing else."""
        return self.session.begin_nested()

    def commit(self) -> None:
        """Make everything durable, at once."""
        self.session.commit()
