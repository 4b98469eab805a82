"""The shop: points for small goods, read back, paid in one transaction, handed out against a code."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from handlers import forms
from handlers.errors import Refusal
from handlers.forms import Form
from handlers.points import replies
from handlers.routes import InGroup, Routes
from nlu import answers
from nlu.counts import find_counts
from nlu.understanding import Intent
from storage.points import InsufficientPointsError
from storage.shop import COUNTER, OutOfStockError, RedemptionState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.forms import Values
    from handlers.turn import Reply, Turn
    from storage.shop import Redemption, ShopItem

MOST = 20
"""Pieces that one redemption may take."""

CODE_DIGITS = 6
_TAKES_BACK = re.compile(r"不换了|不要了|不兑了|取消兑换|退(?:掉|回|换)?(?:兑换|积分|了)|撤(?:回|销)兑换")
_COUNTER = re.compile(rf"^\s*(?:核销|领取|兑换码|取货码|领货)\s*[:：]?\s*(?P<code>[0-9]{{{CODE_DIGITS}}})\s*$")

routes = Routes()


@routes.on(Intent.REDEEM_POINTS, in_group=InGroup.MOVE)
def redeem_points(turn: Turn) -> Reply:
    """Redeem what is named, once it is confirmed; show the shop where nothing is; take the last redemption back."""
    if _TAKES_BACK.search(turn.text):
        return _begin_taking_back(turn)
    items = turn.work.shop.offered(turn.person)
    if not items:
        return replies.shop_is_empty()
    named = _named(turn.text, items)
    balance = turn.work.points.balance(turn.person)
    if len(named) != 1:
        return replies.shop(named or items, balance)
    item, count = named[0], _count(turn.text, named[0].name)
    _check(item, count, balance)
    values = {"item": item.id, "name": item.name, "count": count, "cost": item.cost * count, "balance": balance}
    return forms.begin(turn, REDEEM, values)


def _check(item: ShopItem, count: int, balance: int) -> None:
    if count > MOST:
        raise Refusal(replies.too_many(MOST))
    if item.stock < count:
        raise Refusal(replies.out_of_stock(item))
    if balance < item.cost * count:
        raise Refusal(replies.too_few_points(item, count, balance))


def _redeem(turn: Turn, values: Values) -> Reply:
    item = next((each for each in turn.work.shop.offered(turn.person) if each.id == values["item"]), None)
    if item is None or item.cost * values["count"] != values["cost"]:
        raise Refusal(replies.price_has_changed(), final=True)
    try:
        item = turn.work.shop.take(item, values["count"])
        source = f"redemption:{turn.key}"
        entry = turn.work.points.spend(turn.person, values["cost"], replies.spent_on(values), source, turn.by)
    except OutOfStockError:
        raise Refusal(replies.out_of_stock(item), final=True) from None
    except InsufficientPointsError:
        left = turn.work.points.balance(turn.person)
        raise Refusal(replies.too_few_points(item, values["count"], left), final=True) from None
    made = turn.work.shop.reserve(item, turn.person, values["count"], entry, _code(turn), turn.by)
    return replies.redeemed(made, turn.work.points.balance(turn.person))


def _code(turn: Turn) -> str:
    """A pick-up code under which nothing else waits."""
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        if turn.work.shop.code_is_free(code):
            return code


REDEEM = Form("redeem", Intent.REDEEM_POINTS, (), replies.confirm_redemption, _redeem, about=replies.about_redemption)


def _begin_taking_back(turn: Turn) -> Reply:
    waiting = turn.work.shop.waiting(turn.person)
    named = [each for each in waiting if each.item.name in turn.text] or list(waiting)
    if not named:
        return replies.nothing_to_take_back()
    last = named[0]
    values = {"redemption": last.id, "name": last.item.name, "count": last.count, "cost": last.entry.amount}
    return forms.begin(turn, TAKE_BACK, values)


def _take_back(turn: Turn, values: Values) -> Reply:
    waiting = turn.work.shop.waiting(turn.person)
    found = next((each for each in waiting if each.id == values["redemption"]), None)
    if found is None:
        raise Refusal(replies.picked_up_already(), final=True)
    # The item before the ledger, as for a redemption: two who lock in one order never wait for each other.
    turn.work.shop.settle(found, RedemptionState.CANCELLED, turn.by)
    turn.work.points.reverse(found.entry, replies.TAKEN_BACK, turn.by)
    return replies.taken_back(found, turn.work.points.balance(turn.person))


TAKE_BACK = Form(
    "take_back_redemption",
    Intent.REDEEM_POINTS,
    (),
    replies.confirm_taking_back,
    _take_back,
    about=replies.about_taking_back,
)


def hand_out(turn: Turn) -> Reply | None:
    """Whoever keeps the counter says the code that somebody shows; None for everything else."""
    said = _COUNTER.match(turn.text)
    if said is None or turn.message.in_group or not turn.person.roles & COUNTER:
        return None
    found: Redemption | None = turn.work.shop.by_code(turn.person, said["code"])
    if found is None:
        return replies.no_such_code()
    if found.person_id == turn.person.id:
        raise Refusal(replies.not_your_own_code())
    turn.work.shop.settle(found, RedemptionState.COLLECTED, turn.by)
    turn.tell(found.person, replies.picked_up(found))
    return replies.handed_out(found)


def _named(text: str, items: Sequence[ShopItem]) -> list[ShopItem]:
    """The items that the words name: in whole, or else by most of their characters in a row."""
    whole = [item for item in items if item.name in text]
    if whole:
        longest = max(len(item.name) for item in whole)
        return [item for item in whole if len(item.name) == longest]
    shared = {item.id: _shared(item.name, text) for item in items}
    best = max(shared.values())
    return [item for item in items if shared[item.id] == best] if best > 1 else []


def _shared(name: str, text: str) -> int:
    """How many characters of `name` stand in a row in `text`."""
    parts = (name[start:end] for start in range(len(name)) for end in range(start + 1, len(name) + 1))
    return max((len(part) for part in parts if part in text), default=0)


def _count(text: str, name: str) -> int:
    """How many pieces: 「两袋」, 「3个」; one where the words say nothing. Numbers of the name itself are none."""
    rest = text.replace(name, "，")
    counts = [count.value for count in find_counts(rest) if "分" not in rest[count.start : count.end + 1]]
    number = counts[0] if counts else answers.read_number(rest)
    return number if number and number > 0 else 1


FORMS = (REDEEM, TAKE_BACK)
