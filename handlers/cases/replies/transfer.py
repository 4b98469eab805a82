"""What is said while a case is passed on: to whoever passes it, whoever gets it, and the reporter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.cases.replies.describing import about_case, by, described, named
from handlers.phrases import moment
from handlers.turn import Choice, Reply
from nlu.personal_data import mask
from nlu.understanding import Intent

if TYPE_CHECKING:
    from storage.cases import Case
    from storage.people import Person

WHICH_PERSON = "转给哪一位？"
"""Several are called so, or hold that office."""

REASONS = ("不归我管", "忙不过来", "我该回避")


def _name(person: Person | None) -> str:
    return (person.name if person is not None else None) or "同事"


def _because(why: str) -> str:
    return f"原因：{why}" if why else ""


@about_case
def offered(case: Case, by_whom: Person | None, why: str) -> Reply:
    """To whoever is to take the case over."""
    until = f"{moment(case.offered_until)}前请回话。" if case.offered_until else ""
    reason = f"\n{_because(mask(why) if case.anonymous else why)}" if why else ""
    return Reply(
        f"{_name(by_whom)}转给您一件，请接单：{described(case)}{reason}\n{until}{by(case, case.due_at, '办结')}。",
        (
            Choice(f"接单 {case.short}", Intent.ACCEPT_CASE, f"接单 {case.number}"),
            Choice(f"退回 {case.short}", Intent.TRANSFER_CASE, f"退回 {case.number}"),
        ),
    )


@about_case
def passed(case: Case, to: Person) -> Reply:
    """To whoever passed it on: they answer for it until it is accepted (首问负责, clause 3.2.1)."""
    if case.offered_to_id is None:
        return Reply(f"{named(case)}派给{_name(to)}了，等{_name(to)}接单。")
    until = f"，{moment(case.offered_until)}前没回话就退回来" if case.offered_until else ""
    return Reply(f"{named(case)}转给{_name(to)}了{until}。{_name(to)}接之前，还是由{_name(case.assignee)}负责。")


@about_case
def passed_by_another(case: Case, by_whom: Person, to: Person) -> Reply:
    """To the handler: whoever stands above gives the case to somebody else."""
    return Reply(f"{_name(by_whom)}把{named(case)}转给{_name(to)}了。{_name(to)}接之前，还是由您负责。")


@about_case
def to_unit(case: Case) -> Reply:
    """To whoever passed it on to a unit outside."""
    return Reply(
        f"{named(case)}记为已转{case.unit}，报告人也知道了。您还是这件事的负责人，请跟进："
        f"有消息说“{case.short}号……”，办好了说“{case.short}号……，结案”。"
    )


@about_case
def your_case_went_to(case: Case) -> Reply:
    """To the reporter: a unit outside has it now."""
    return Reply(f"{case.short}号转给{case.unit}办了，{_name(case.assignee)}会继续跟进，有结果告诉您。")


@about_case
def taken_over(case: Case) -> Reply:
    """To the handler before: the new one accepted."""
    return Reply(f"{named(case)}由{_name(case.assignee)}接了，您不用再办。")


@about_case
def no_longer_yours(case: Case) -> Reply:
    """To whoever was offered it: the old handler goes on after all."""
    return Reply(f"{named(case)}不用您接了，{_name(case.assignee)}自己接着办。")


@about_case
def came_back(case: Case, who: Person | None, why: str) -> Reply:
    """To the handler before: it was returned."""
    reason = f"（{why}）" if why else ""
    return Reply(f"{named(case)}，{_name(who)}退回了{reason}，还是由您办，{by(case, case.due_at, '办结')}。")


@about_case
def nobody_answered(case: Case, who: Person | None) -> Reply:
    """To the handler before: the time to answer is over."""
    return Reply(f"{named(case)}转给{_name(who)}后没有等到回话，还是由您办，{by(case, case.due_at, '办结')}。")


@about_case
def too_late(case: Case) -> Reply:
    """To whoever did not answer."""
    return Reply(f"转给您的{named(case)}没等到回话，已经退回{_name(case.assignee)}。")


@about_case
def returned(case: Case) -> Reply:
    """To whoever returned it."""
    return Reply(f"{named(case)}退回给{_name(case.assignee)}了。")


@about_case
def sent_back(case: Case) -> Reply:
    """To the admin who wants it done again."""
    return Reply(f"{named(case)}退回重办了，已经告诉{_name(case.assignee)}。")


@about_case
def do_it_again(case: Case, why: str) -> Reply:
    """To the handler: whoever stands above is not content."""
    return Reply(f"{named(case)}被退回重办，请接着办。{_because(why)}")


def ask_reason(values: dict[str, Any]) -> Reply:
    """Why it is returned."""
    return Reply(f"{values['name']}为什么退回？说一句就行。", tuple(Choice(reason) for reason in REASONS))


def ask_target(case: Case) -> str:
    """Nothing says to whom."""
    return f"{named(case)}转给谁？说名字、“调解员”、“2网格”或者单位都行，比如“{case.short}转给司法所”。"


def nobody_called(name: str) -> str:
    """Absent and out of reach look alike."""
    return f"能转的人里没有{name}。可以转给本社区的同事、上一级，或者说一个单位，比如“转给司法所”。"


def no_such_grid(name: str) -> str:
    """The community has no such grid."""
    return f"没有{name}这个网格。"


def nobody_holds(office: str) -> str:
    """The office is vacant."""
    return f"{office}现在没有人，转不过去。可以换个人，或者说一个单位。"


def yours_already(case: Case) -> str:
    """Passed on to oneself."""
    return f"{named(case)}本来就在您手上。"


def his_already(case: Case, to: Person) -> str:
    """Passed on to whoever has it."""
    return f"{named(case)}已经在{_name(to)}手上。"


def waits_already(case: Case) -> str:
    """It was passed on before and is not answered yet."""
    return f"{named(case)}已经转给{_name(case.offered_to)}，等对方接。"
