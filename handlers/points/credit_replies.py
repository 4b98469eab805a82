"""Every sentence about points that are given by hand, taken by a rule, or shown to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.approving import Bar
from handlers.forms.replies import YES
from handlers.phrases import day, moment
from handlers.seconding_replies import named, nobody_to_second
from handlers.turn import Choice, Reply
from nlu.times import SHANGHAI
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.earning import Cost, Rules
    from storage.credits import CreditRequest
    from storage.ledger import PointsEntry
    from storage.people import Person
    from storage.points import Credit

__all__ = ["nobody_to_second"]

MOST_OFFERED = 6
MOST_PUBLIC = 30
BY_HAND = "手工补记："
"""How the reason of an entry begins that has no check-in behind it."""


def nobody_called(name: str) -> str:
    """Nobody of that name within reach."""
    return f"您管的地方没有登记过叫{name}的人。"


def several_called(name: str, people: Sequence[Person]) -> str:
    """Several bear the name."""
    lines = [f"{number}. {_described(person)}" for number, person in enumerate(people[:MOST_OFFERED], 1)]
    return "\n".join([f"叫{name}的不止一个，您说的是哪一个？", *lines, "回数字就行。"])


def choices_of(people: Sequence[Person], said: str, name: str) -> list[Choice]:
    """Those of one name, to be pressed."""
    return [
        Choice(_described(person), Intent.CHECK_POINTS, said.replace(name, f"{name}（居民{person.id}）", 1))
        for person in people[:MOST_OFFERED]
    ]


def _described(person: Person) -> str:
    return f"{named(person)}（{person.home or person.area.name}）"


def by_hand_reason(words: str) -> str:
    """What the ledger says of points that were typed in."""
    return f"{BY_HAND}{words}"


def no_hours_by_hand() -> str:
    """Hours come from a check-in and a check-out."""
    return (
        "志愿时长只按签到、签退算，谁都不能手工补。确实做了、没签上的，可以补记积分："
        "说“给某某补记5分，哪天做了什么”，要第二个人确认。"
    )


def how_many() -> str:
    """An amount that is none."""
    return "补几分？再说一次，比如“给某某补记5分，周六帮社区搬桌子”。"


def barred(why: Bar) -> str:
    """Why the speaker may not give these points."""
    match why:
        case Bar.ONESELF:
            return "自己不能给自己加分，要由别人来办。"
        case Bar.HOUSEHOLD:
            return "他是您家里人，您不能给他加分，要由别人来办。"
        case Bar.MUTUAL:
            return "最近您家里人的积分是他家里人批的，两家不能互相批，要由别人来办。"


def barred_from_seconding(why: Bar) -> str:
    """Why the speaker may not be the second one."""
    match why:
        case Bar.ONESELF:
            return "这是给您自己加分的申请，要由别人确认。"
        case Bar.HOUSEHOLD:
            return "这件事跟您家里人有关，要由别人确认。"
        case Bar.MUTUAL:
            return "最近您家里人的积分是他家里人批的，两家不能互相批，要由别人确认。"


def too_much_by_hand(most: int, left: int) -> str:
    """More than may be typed in for one person in a month."""
    return f"手工补记每人每月最多{most}分（等确认的也算），他这个月还能补{left}分。"


def ask_reason(_values: dict[str, Any]) -> Reply:
    """What for."""
    return Reply("补记要写清楚：哪天、做了什么？这句话会公示。")


def about_by_hand(values: dict[str, Any]) -> str:
    """What typing in points is called while it is not confirmed."""
    return f"给{values['name'] or '一位居民'}补记{values['amount']}分"


def confirm_by_hand(values: dict[str, Any]) -> Reply:
    """Nothing is asked for on one word."""
    return Reply(
        f"给{values['name'] or '一位居民'}补记{values['amount']}分，理由：{values['reason']}。没有签到记录，"
        "要另一家的第二个人确认才到账，到账后公示（写明手工补记）。提交吗？",
        (YES, Choice("不提交", Intent.DENY)),
    )


def asked(request: CreditRequest) -> Reply:
    """To whoever asked."""
    return Reply(
        f"提交了，是积分申请{request.id}，已经请人确认，{moment(request.expires_at)}以前没人确认就作废。结果会告诉您。"
    )


def request_line(request: CreditRequest) -> str:
    """A request as approvers read it."""
    return f"申请{request.id}：给{named(request.person)}加{request.amount}分，{request.reason}"


def which_request(waiting: Sequence[CreditRequest]) -> str:
    """Several wait."""
    return "\n".join(["等确认的不止一个，请带上编号：", *(f"· {request_line(each)}" for each in waiting)])


def no_such_request() -> str:
    """Nothing of that number waits for the speaker."""
    return "没有等您确认的这个积分申请：编号不对、已经处理过、过期了，或者不在您管的地方。"


def not_ones_own_request() -> str:
    """Whoever asked is not the second one."""
    return "自己提出的积分申请不能自己确认，要等另一家的第二个人。"


def refused(request: CreditRequest) -> Reply:
    """To the second person."""
    return Reply(f"没有同意积分申请{request.id}，已经告诉提出的人。")


def was_refused(request: CreditRequest, why: str) -> Reply:
    """To whoever asked."""
    because = f"，理由：{why}" if why else ""
    return Reply(
        f"积分申请{request.id}（给{named(request.person)}加{request.amount}分）没有被同意{because}。没有加分。"
    )


def is_stale(request: CreditRequest) -> Reply:
    """Things have changed since it was asked for."""
    return Reply(f"积分申请{request.id}的情况变了（人、职务或者打卡已经处理过），作废了，没有加分。")


def confirmed(request: CreditRequest, given: int) -> Reply:
    """To the second person."""
    return Reply(
        f"同意了积分申请{request.id}，{named(request.person)}加了{given}分{_limited(request, given)}。会公示。"
    )


def was_confirmed(request: CreditRequest, given: int) -> Reply:
    """To whoever asked."""
    return Reply(f"积分申请{request.id}确认了，{named(request.person)}加了{given}分{_limited(request, given)}。")


def _limited(request: CreditRequest, given: int) -> str:
    return "（今天或者这个月到上限了）" if given < request.amount else ""


def you_were_given(request: CreditRequest, given: int, balance: int) -> Reply:
    """To whoever got them."""
    return Reply(f"给您加了{given}分{_limited(request, given)}：{request.reason}。您现在有{balance}分。")


def you_were_given_nothing(request: CreditRequest) -> Reply:
    """To whoever was to get them for help that a neighbour has thanked for."""
    return Reply(f"{request.reason}的积分没有审核通过。有疑问可以说“转人工”。")


def has_expired(request: CreditRequest) -> Reply:
    """To whoever asked: nobody agreed in time."""
    listed = request.participation_id is not None or request.aid_match_id is not None
    again = "这一条还在等审核的单子里。" if listed else "还要办就重新提。"
    return Reply(
        f"积分申请{request.id}（给{named(request.person)}加{request.amount}分）到期没人确认，作废了，没有加分。{again}"
    )


def public_line(number: int, credit: Credit, name: str) -> str:
    """One credit as everybody may read it."""
    entry = credit.entry
    undone = "（已撤销）" if credit.undone else ""
    return f"{number}. {day(entry.at.astimezone(SHANGHAI))} {name} {entry.reason} +{entry.amount}分{undone}"


def public(area: str, days: int, lines: Sequence[str], more: int) -> Reply:
    """What a community has given of late."""
    if not lines:
        return Reply(f"{area}最近{days}天没有人加分。")
    rest = f"\n还有{more}条更早的没有列出来。" if more else ""
    return Reply(
        f"{area}积分公示（最近{days}天，名字只露姓）：\n"
        + "\n".join(lines)
        + rest
        + "\n哪条不对，私下跟我说，比如“我对第3条有异议，他那天没来”。不会告诉他是谁提的。"
    )


def not_in_group() -> Reply:
    """An objection is not for others to read."""
    return Reply("这件事请私下跟我说，我不会告诉别人是谁提的。")


def no_such_rule(holding: Rules) -> str:
    """Points are taken only by a rule."""
    if not holding.costs:
        return f"现在的规则（{holding.version}版）没有扣分的项目，不能扣。"
    lines = [f"· {cost.name}：{cost.says}扣{cost.points}分" for cost in holding.costs]
    return "\n".join([f"扣分只能按规则（{holding.version}版）来，请说明是哪一条：", *lines])


def another_amount(cost: Cost) -> str:
    """A rule says how many."""
    return f"{cost.name}按规则扣{cost.points}分，不能多也不能少。"


def not_from_oneself_or_family(why: Bar) -> str:
    """Nobody takes points where they would not be believed."""
    return "自己的分要由别人来扣。" if why is Bar.ONESELF else "他是您家里人，扣分要由别人来办。"


def about_deduction(values: dict[str, Any]) -> str:
    """What a deduction is called while it is not confirmed."""
    return f"扣{values['name'] or '一位居民'}{values['points']}分"


def confirm_deduction(values: dict[str, Any]) -> Reply:
    """Nothing is taken on one word."""
    return Reply(
        f"按“{values['rule']}”扣{values['name'] or '一位居民'}{values['points']}分，依据：{values['why']}。"
        f"他会收到通知，{values['days']}天内可以申诉，申诉由别人来核实。扣吗？",
        (YES, Choice("不扣", Intent.DENY)),
    )


def deduction_reason(rule: str, version: str) -> str:
    """What the ledger says of a deduction."""
    return f"扣分：{rule}（{version}版规则）"


def nothing_to_deduct(person: Person) -> str:
    """There are no points."""
    return f"{named(person)}没有可以扣的分，没有扣。"


def deducted(person: Person, entry: PointsEntry) -> Reply:
    """To whoever took them."""
    return Reply(f"扣了{named(person)}{entry.amount}分，已经告诉他可以申诉。")


def you_lost(entry: PointsEntry, why: str, balance: int, days: int) -> Reply:
    """To whoever lost them."""
    return Reply(
        f"您被扣了{entry.amount}分，{entry.reason}，依据：{why}。您现在有{balance}分。"
        f"不认可的话，{days}天内跟我说“申诉”加理由，由另外的人核实。"
    )
