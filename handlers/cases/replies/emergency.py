"""What is said in an emergency: the number to call, the alarm, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.cases.replies import hidden
from handlers.cases.replies.describing import about_case, reporter_line, where
from handlers.forms.replies import YES
from handlers.turn import Choice, Reply
from nlu.categories import category
from nlu.understanding import Intent
from storage.cases import CaseState

if TYPE_CHECKING:
    from storage.cases import Case

ADVICE = {
    "fire": ("119", "马上离开着火的地方，弯腰捂住口鼻走楼梯，不坐电梯，不要回去拿东西。"),
    "gas": (
        "119，再打燃气公司抢修电话；有人头晕、昏倒也打 120",
        "不要开关电器，不要点火，开窗通风，关掉总阀，人先出去再打电话。",
    ),
    "electric": ("120 和 119", "不要用手碰触电的人和电线，先拉闸断电，用干木棍把电线挑开。"),
    "medical": ("120", "不要随便搬动病人，让他侧躺、保持呼吸通畅，叫不醒又没呼吸就做胸外按压。"),
    "drowning": ("119 和 120", "不会救生的不要下水，抛绳子、竹竿、救生圈，大声喊人。"),
    "violence": ("110", "先躲到安全的地方，不要上前劝，记住人往哪边走。"),
    "collapse": ("119", "马上离开房子、边坡和电线杆，到空旷的地方，不要回去。"),
    "self_harm": (
        "110 和 120",
        "陪着他，不要刺激、不要让他一个人，把刀、药、绳子收开，窗户边拉远一点。您很要紧，我们马上叫人来。",
    ),
}
GENERAL_ADVICE = ("110、119 或者 120", "先保证自己安全，离开危险的地方。")


def emergency(kind: str | None, *, reached: bool) -> Reply:
    """The number to call and one line of what to do, before anything else."""
    number, advice = ADVICE.get(kind or "", GENERAL_ADVICE)
    told = "我已经同时通知网格员和社区值班的人。" if reached else "这里没有通知到工作人员，一定要马上打电话！"
    return Reply(f"马上打 {number}！{advice}\n{told}")


def ask_emergency_place(_values: dict[str, Any]) -> Reply:
    """Asked only after help was called."""
    return Reply("电话打了没有？在哪里？说清小区、楼栋、单元，或者发定位，我转给赶过来的人。")


def ask_emergency_more(values: dict[str, Any]) -> Reply:
    """The place is known; what else those who come must know."""
    return Reply(f"地点我记的是：{values['place']}。电话打了没有？有没有人受伤、被困？说了我马上转过去。")


@about_case
def passed_on(case: Case) -> Reply:
    """What was said was passed on."""
    return Reply(f"转过去了，编号{case.short}号。有变化接着跟我说；没打电话的马上打。")


def alarm_stands() -> Reply:
    """The reporter answers no more; the alarm was given and stays."""
    return Reply("好，不问了。报警已经转给网格员和社区值班的人；没打电话的马上打，没事了也跟我说一声。")


@about_case
def alert_more(case: Case, words: str) -> Reply:
    """What the reporter says further."""
    return Reply(
        f"【紧急】{case.short}号（{where(case) or '地点还没说清'}）报告人又说：{hidden.words(case, words)}",
        _going(case),
    )


@about_case
def alert(case: Case, again: int = 0) -> Reply:
    """To every grid member and admin up the tree."""
    urgency = f"【紧急·第{again + 1}次】" if again else "【紧急】"
    what, told = category(case.category, case.kind).name, hidden.words(case, case.text)
    return Reply(
        f"{urgency}{what}：{told}\n地点：{where(case) or '还没说清，正在问'}\n"
        f"报告人：{reporter_line(case)}\n编号{case.number}，看到请马上确认并赶到现场。",
        _going(case),
    )


@about_case
def nobody_confirms(case: Case) -> Reply:
    """To the county, after the last repetition."""
    what = category(case.category, case.kind).name
    return Reply(
        f"【紧急·没有人确认】{what}：{hidden.words(case, case.text)}\n地点：{where(case) or '还没说清'}\n"
        f"报告人：{reporter_line(case)}\n编号{case.number}，已经提醒了{case.alarms}次，网格、社区都没有人确认。"
        "请马上安排人过去，看到请确认。",
        _going(case),
    )


def _going(case: Case) -> tuple[Choice, ...]:
    """What whoever is alarmed may press until somebody has."""
    going = Choice(f"我去 {case.short}", Intent.ACCEPT_CASE, f"接单 {case.number}")
    return (going,) if case.state is CaseState.OPEN else ()


def confirm_over() -> Reply:
    """Nobody is called back on one word."""
    return Reply("好，告诉他们险情解除，对吗？", (YES, Choice("不是，还没解除", Intent.DENY)))


@about_case
def called_off(case: Case, *, silent: bool) -> Reply:
    """To the reporter, who has called it off."""
    after = "" if silent else "为了稳妥，还是会有人跟您联系。"
    return Reply(f"已经告诉网格员和社区值班的人：险情解除。{after}{case.short}号还留着记录，又有危险马上说。")


def alarm_goes_on() -> Reply:
    """The danger is not over."""
    return Reply("好，险情还在，不取消。有变化接着跟我说；没打电话的马上打。")


@about_case
def alert_over(case: Case, words: str, *, silent: bool) -> Reply:
    """To all who were alarmed: the reporter calls it off."""
    after = "请负责的人核实后结案。" if silent else "不能只凭这句话，请还是到现场确认。"
    place = where(case) or "地点没说清"
    return Reply(
        f"【险情解除】{case.short}号（{place}）报告人说险情解除了：{hidden.words(case, words)}\n{after}", _going(case)
    )


@about_case
def alert_place(case: Case) -> Reply:
    """The place, once it is known."""
    return Reply(f"【紧急】{case.short}号的地点：{where(case)}", _going(case))
