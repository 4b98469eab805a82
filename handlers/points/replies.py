"""Every sentence that the bot says about points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.phrases import day
from handlers.turn import Choice, Reply
from nlu.times import SHANGHAI
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.earning import Kind, Rules
    from handlers.points.rules import Span
    from storage.areas import Area
    from storage.points import Line, Place
    from storage.shop import Redemption, ShopItem
    from storage.volunteers import Activity


def balance(points: int, held: int, lines: Sequence[Line]) -> Reply:
    """The balance with what is frozen and the last entries."""
    if not lines:
        return Reply(f"您现在有{points}分，还没有积分记录。参加志愿活动、审核通过以后就有了。")
    listed = [f"· {day(line.entry.at.astimezone(SHANGHAI))} {line.amount:+d} {line.entry.reason}" for line in lines]
    frozen = f"，另有{held}分冻结（有人提了异议，核实后有结果）" if held else ""
    return Reply(f"您现在有{points}分{frozen}。最近的记录：\n" + "\n".join(listed))


TAKEN_BACK = "退回兑换"
"""What the ledger says of a redemption that was taken back."""


def spent_on(values: dict[str, Any]) -> str:
    """What the ledger says of a redemption."""
    return f"兑换{_pieces(values['name'], values['count'])}"


def _pieces(name: str, count: int) -> str:
    return name if count == 1 else f"{name}×{count}"


def shop_is_empty() -> Reply:
    """Nothing is offered where the person lives."""
    return Reply("您那里的积分超市还没有上架东西。有了会贴出来，您的积分都留着。")


def shop(items: Sequence[ShopItem], points: int) -> Reply:
    """What is offered, with the price of a piece; what one can pay for may be pressed."""
    lines = [f"· {item.name}：{item.cost}分" + ("" if item.stock else "（没货了）") for item in items]
    within = [item for item in items if item.stock and item.cost <= points]
    choices = tuple(Choice(f"换{item.name}", Intent.REDEEM_POINTS, beside=True) for item in within)
    return Reply(f"您有{points}分。可以换：\n" + "\n".join(lines) + "\n想换哪样，直接说。", choices)


def too_many(most: int) -> str:
    """More than one redemption may take."""
    return f"一次最多换{most}件。"


def out_of_stock(item: ShopItem) -> str:
    """There are fewer pieces than were wanted."""
    return f"{item.name}只剩{item.stock}件了。" if item.stock else f"{item.name}没货了，换别的或者过几天再来。"


def too_few_points(item: ShopItem, count: int, points: int) -> str:
    """The balance is less than the price."""
    return f"{_pieces(item.name, count)}要{item.cost * count}分，您有{points}分，还差{item.cost * count - points}分。"


def price_has_changed() -> str:
    """What was read back holds no longer."""
    return "这样东西刚刚改了价或者下架了，没有换。再说一次想换什么，我按新的来。"


def about_redemption(values: dict[str, Any]) -> str:
    """What a redemption is called while it is not confirmed."""
    return spent_on(values)


def confirm_redemption(values: dict[str, Any]) -> Reply:
    """Nothing is spent on one word."""
    left = values["balance"] - values["cost"]
    return Reply(
        f"换{_pieces(values['name'], values['count'])}，用{values['cost']}分，换完还有{left}分。换吗？",
        (YES, Choice("不换", Intent.DENY)),
    )


def redeemed(made: Redemption, points: int) -> Reply:
    """It is reserved, with the code to show."""
    return Reply(
        f"换好了：{_pieces(made.item.name, made.count)}。取货码 {made.code}，到社区给工作人员看这个码就能领。"
        f"您还有{points}分。没领之前不想要了，说“不换了，退回积分”。"
    )


def nothing_to_take_back() -> Reply:
    """Nothing waits to be picked up."""
    return Reply("您没有等着领的东西。已经领走的退不了，有问题找社区工作人员。")


def about_taking_back(values: dict[str, Any]) -> str:
    """What taking a redemption back is called while it is not confirmed."""
    return f"退回{_pieces(values['name'], values['count'])}"


def confirm_taking_back(values: dict[str, Any]) -> Reply:
    """Nothing is taken back on one word."""
    what = _pieces(values["name"], values["count"])
    return Reply(f"不要{what}了，退回{values['cost']}分，对吗？", (YES, Choice("还是要", Intent.DENY)))


def taken_back(redemption: Redemption, points: int) -> Reply:
    """The points are back."""
    return Reply(f"退了：{_pieces(redemption.item.name, redemption.count)}，积分已经退回，您现在有{points}分。")


def picked_up_already() -> str:
    """It was handed out in the meantime."""
    return "这件已经领走或者退过了，没有再退。"


def no_such_code() -> Reply:
    """To the counter: nothing waits under this code in their area."""
    return Reply("没有这个取货码，或者已经领过、退了，或者不在您负责的范围。")


def not_your_own_code() -> str:
    """Nobody hands out to themselves."""
    return "自己换的要请别的工作人员核销。"


def handed_out(redemption: Redemption) -> Reply:
    """To the counter."""
    return Reply(f"核销了：{_pieces(redemption.item.name, redemption.count)}，可以给他。")


def picked_up(redemption: Redemption) -> Reply:
    """To whoever redeemed: somebody picked it up."""
    return Reply(f"{_pieces(redemption.item.name, redemption.count)}已经领走了。不是您领的，马上告诉我或者社区。")


def shop_for_all(items: Sequence[ShopItem]) -> Reply:
    """What points buy, for whoever asks, also in a group."""
    if not items:
        return shop_is_empty()
    lines = [f"· {item.name}：{item.cost}分" + ("" if item.stock else "（没货了）") for item in items]
    return Reply("积分可以换：\n" + "\n".join(lines) + "\n想换哪样，私聊跟我说。")


def earns_nothing(kind: Kind, holding: Rules) -> Reply:
    """What somebody asks about neither earns nor costs points."""
    earning = "、".join(each.name for each in holding.earns)
    return Reply(f"{kind.name}现在不加分（{holding.version}版规则）。能加分的是：{earning}。")


def costs(holding: Rules, appeal_days: int) -> Reply:
    """What costs points, and that one may appeal."""
    if not holding.costs:
        return Reply(f"现在的规则（{holding.version}版）只加分，没有扣分的项目。加错了的会更正，有记录可查。")
    lines = [f"· {cost.name}：{cost.says}扣{cost.points}分" for cost in holding.costs]
    end = f"别的都不扣分。不认可的，{appeal_days}天内可以申诉，由另外的人核实。"
    return Reply("\n".join([f"会扣分的只有这些（{holding.version}版规则）：", *lines, end]))


def points_rules(holding: Rules, activities: Sequence[Activity]) -> Reply:
    """What earns points, with the activities that are coming."""
    lines = [
        *(f"· {kind.name}：{kind.says}" for kind in holding.earns),
        f"· 每人每天最多{holding.day}分，每月最多{holding.month}分",
        *(f"· {each.title}（{day(each.start.astimezone(SHANGHAI))}）：每次{each.points}分" for each in activities),
    ]
    return Reply(f"积分这样来（{holding.version}版规则）：\n" + "\n".join(lines))


def spoken_of(documents: Sequence[tuple[str, Sequence[str]]]) -> Reply | None:
    """Where the documents speak of points; their own words come from there."""
    if not documents:
        return None
    lines = [f"《{title}》{'、'.join(clauses)}" for title, clauses in documents]
    choice = Choice("文件里积分制怎么说", Intent.ASK_POLICY, beside=True)
    return Reply(f"文件里说到积分的：{'；'.join(lines)}。", (choice,))


def ranking(area: Area, span: Span, shown: Sequence[tuple[Place, str]], own: Place | None, *, alone: bool) -> Reply:
    """The places with masked names, and one's own where nobody else reads it."""
    if not shown:
        return Reply(f"{area.name}{span.name}还没有人得分。")
    lines = [f"{place.place}. {name} {place.earned}分" for place, name in shown]
    mine = f"您第{own.place}名，{own.earned}分。" if own else "您这段时间还没有得分。"
    mine += "想在榜上写名字，说“同意：积分榜上写名字”。"
    return Reply("\n".join([f"{area.name}{span.name}积分榜（得分，不算兑换）：", *lines, *([mine] if alone else [])]))
