"""Every sentence that the bot says about opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers import citing, phrases
from handlers.forms.replies import YES
from handlers.turn import Choice, Reply
from nlu.times import SHANGHAI
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nlu.policy.comments import Place
    from storage.opinions import Opinion

WHOLE = "整个文件"
SIGNED = Choice("对的，署名")
ANOTHER = Choice("不是这一条")
MY_OPINIONS = Choice("我提过哪些意见", Intent.GIVE_OPINION)
MOST_SHOWN = 10
LONGEST_SHOWN = 60


def place_name(place: Place) -> str:
    """What a place is called by those who have the document in hand."""
    return citing.number(place.clause.id) if place.clause is not None else WHOLE


def place_described(place: Place) -> str:
    """The same with the heading."""
    return citing.cited(place.document, place.clause.id) if place.clause is not None else WHOLE


def ask_opinion(values: dict[str, Any]) -> Reply:
    """What the opinion is."""
    on = f"对{_in_full(values['place'])}，" if values.get("place") else ""
    return Reply(f"好，{on}您有什么意见？直接说就行。")


def ask_about(values: dict[str, Any]) -> Reply:
    """Which clause it is about."""
    options = values["options"]
    choices = tuple(Choice(option["name"], says=f"第{number}个") for number, option in enumerate(options, 1))
    several = len({option["document"] for option in options}) > 1
    lines = [
        f"{number}. {_in_full(option) if several else option['described']}" for number, option in enumerate(options, 1)
    ]
    return Reply(
        "\n".join(["您这条意见是对哪一条说的？", *lines, "回数字就行，也可以说条款的编号，或者说是关于什么的。"]),
        choices,
    )


def _in_full(place: dict[str, Any]) -> str:
    return f"《{place['document']}》{place['described']}" if place["clause"] else f"《{place['document']}》"


def read_back(values: dict[str, Any]) -> Reply:
    """What will be kept, and under which name."""
    place = values["place"]
    where = _in_full(place) if place["clause"] else f"{_in_full(place)}（{place['described']}）"
    choices = (YES, SIGNED, ANOTHER) if values["name"] and not values.get("signed") else (YES, ANOTHER)
    return Reply(f"您对{where}的意见：\n“{values['opinion']}”\n{_signature(values)}这样交给起草的人，对吗？", choices)


def _signature(values: dict[str, Any]) -> str:
    if values.get("signed"):
        name = values["name"]
        return f"署名：{name}（{values['community']}）。" if name else f"这里署不了名，只写{values['community']}。"
    hint = f"（想署名就说“{SIGNED.label}”）" if values["name"] else ""
    return f"不署名，只写{values['community']}{hint}。"


def thanks(opinion: Opinion) -> Reply:
    """Kept, with its number."""
    whose = "写了您的名字" if opinion.signature else f"没有写您的名字，只写了{opinion.area.name}"
    return Reply(f"记下了，这是{opinion.id}号意见，谢谢您！起草的人会按条款看到它，{whose}。", (MY_OPINIONS,))


def own(opinions: Sequence[Opinion]) -> Reply:
    """What somebody has said, to look at and to take back; the newest of it."""
    shown = opinions[-MOST_SHOWN:]
    earlier = f"（共{len(opinions)}条，这是最近的{len(shown)}条）" if len(opinions) > len(shown) else ""
    return Reply("\n".join([f"您提过的意见{earlier}：", *map(_line, shown)]), tuple(map(_take_back, shown)))


def which_to_withdraw(opinions: Sequence[Opinion]) -> Reply:
    """Several could be meant."""
    listed = own(opinions)
    return Reply(f"要撤回哪一条？\n{listed.text}", listed.choices)


def _line(opinion: Opinion) -> str:
    where = citing.number(opinion.clause_id) if opinion.clause_id is not None else WHOLE
    day = phrases.day(opinion.given_at.astimezone(SHANGHAI).date())
    return f"· {opinion.id}号（{day}，{where}）：{shortened(opinion.text)}"


def _take_back(opinion: Opinion) -> Choice:
    return Choice(f"撤回{opinion.id}号意见", Intent.GIVE_OPINION)


def shortened(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def none_given() -> Reply:
    """Nothing was said so far."""
    return Reply("您还没有提过意见。对政策文件有什么看法，直接说就行，比如“我觉得积分制应该公开打分”。")


def no_such_opinion(number: int) -> str:
    """No opinion of theirs has that number."""
    return f"没有找到您提的{number}号意见。说“我提过哪些意见”可以看编号。"


def confirm_withdrawal(values: dict[str, Any]) -> Reply:
    """Nothing is withdrawn on one word."""
    return Reply(
        f"要撤回{values['number']}号意见“{values['text']}”吗？撤回以后，起草的人就看不到了。",
        (YES, Choice("不撤", Intent.DENY)),
    )


def withdrawn(number: int) -> Reply:
    """Withdrawn."""
    return Reply(f"{number}号意见撤回了。")


def no_document() -> str:
    """Nothing to comment on."""
    return "还没有放进政策文件，提不了意见。有话可以跟社区办公室说，或者打12345热线。"


def in_private() -> Reply:
    """What somebody said is not listed where others read along."""
    return Reply("您提过的意见，私下问我就给您看。")


def about_opinion(_values: dict[str, Any]) -> str:
    """What giving an opinion is called while it is not finished."""
    return "提意见"


def about_withdrawal(values: dict[str, Any]) -> str:
    """What taking one back is called while it is not confirmed."""
    return f"撤回{values['number']}号意见"
