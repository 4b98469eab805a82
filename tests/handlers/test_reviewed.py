"""What went wrong once and must not again: rights of followers, second emergencies, numbers of another day, homes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.cases import Case, CaseState

if TYPE_CHECKING:
    from tests.town import Town


def report(town: Town, who: str, text: str) -> None:
    town.say(who, text)
    town.say(who, "对的")


def cases(town: Town) -> list[Case]:
    with town.work() as work:
        return list(work.session.query(Case).order_by(Case.id))


def test_a_follower_decides_nothing_about_a_case(town: Town) -> None:
    report(town, "李秀芬", "文林巷8号门口的路灯坏了")
    report(town, "张建国", "文林巷8号门口的路灯坏了，黑得很")
    assert len(cases(town)) == 1
    town.say("张建国", "撤回001号")
    town.say("张建国", "对的")
    assert cases(town)[0].state is CaseState.OPEN
    assert "001号" not in town.say("张建国", "001号咋样了")


def test_another_emergency_of_the_same_person_is_another_alarm(town: Town) -> None:
    town.say("李秀芬", "桂花苑3栋着火了")
    town.heard("刘志强")
    town.say("李秀芬", "滨河花园有人掉河里了")
    assert "滨河花园" in town.heard("刘志强")
    assert [case.category for case in cases(town)] == ["fire", "drowning"]


def test_an_alarm_whose_place_is_in_another_grid_tells_the_people_there_everything(town: Town) -> None:
    town.say("李秀芬", "着火了")
    assert town.heard("刘志强") == ""
    town.say("李秀芬", "在滨河花园3栋")
    assert "火情" in town.heard("刘志强")


def test_a_short_number_means_ones_own_case_that_can_be_worked(town: Town) -> None:
    report(town, "李秀芬", "文林巷8号门口的路灯坏了")
    town.say("王春梅", "接单001")
    town.later(days=1)
    report(town, "张建国", "桂花苑5栋外面的井盖没得了")
    town.say("王春梅", "001号已经上门看过了")
    town.say("王春梅", "001号换了灯，结案")
    first, second = cases(town)
    assert (first.category, first.state) == ("street_light", CaseState.RESOLVED)
    assert (second.category, second.state) == ("manhole", CaseState.OPEN)


def test_nobodys_home_is_said_in_the_group(town: Town) -> None:
    heard = town.say("李秀芬", "我家门口的路灯坏了", group=True)
    assert "桂花苑" not in heard
    assert "在哪里" in heard
