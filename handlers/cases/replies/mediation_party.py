"""What the parties of a mediation are told; nothing of what the other said, nor where it lives or how to call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.replies.mediation import last_day, short
from handlers.phrases import moment
from handlers.turn import Choice, Reply
from nlu.categories import category
from nlu.understanding import Intent
from storage.mediations import MediationState, Side

if TYPE_CHECKING:
    from datetime import datetime

    from storage.cases import Case
    from storage.mediations import Agreement, Mediation, MediationSession, Party

WHAT_ELSE = "双方还可以走别的路：仲裁、找行政部门处理，或者去法院起诉。要问怎么走，跟我说“转人工”。"
"""What whoever mediates must say when it comes to nothing (人民调解法 第二十六条)."""

CONFIDENTIAL = "只有调解员看得到，对方和其他人都看不到"

_STATES = {
    MediationState.PROPOSED: "在问双方愿不愿意",
    MediationState.CONSENTED: "双方都同意了，等调解员定时间",
    MediationState.IN_SESSION: "正在调解",
    MediationState.AGREED: "达成了协议",
    MediationState.FAILED: "没有调成",
    MediationState.ENDED: "已经终止",
}


def _mediator(mediation: Mediation) -> str:
    return f"调解员{mediation.mediator.name}" if mediation.mediator.name else "调解员"


def _consent(case: Case) -> tuple[Choice, ...]:
    return (
        Choice("同意调解", Intent.ADD_TO_CASE, f"{case.number} 同意调解", is_yes=True),
        Choice("不同意", Intent.ADD_TO_CASE, f"{case.number} 不同意调解", is_yes=False),
    )


def ask_consent(mediation: Mediation, party: Party) -> Reply:
    """Whether to be mediated: free of charge, of one's own will, and confidential (第四条, 第十七条, 第二十三条)."""
    what = category(mediation.case.category, mediation.case.kind).name
    rights = f"调解不收钱，自愿参加，随时可以退出，不影响去法院。您对我说的，{CONFIDENTIAL}。愿意调解吗？"
    if party.side is Side.APPLICANT:
        hidden = "您是匿名报的，同意调解就要和对方见面，对方会知道是您。" if mediation.case.anonymous else ""
        text = f"您报的{short(mediation)}（{what}），{_mediator(mediation)}想请双方坐下来调解。{hidden}{rights}"
    else:
        text = f"您好，有一件{what}的事（{short(mediation)}），{_mediator(mediation)}想请您来一起调解。{rights}"
    return Reply(text, _consent(mediation.case))


def thanks_for_consent(mediation: Mediation) -> Reply:
    """Noted; now their side of it may be told."""
    both = mediation.state is MediationState.CONSENTED
    then = "双方都同意了，调解员定了时间告诉您。" if both else "等另一方答复了告诉您。"
    return Reply(
        f"好，记下了：您同意{short(mediation)}调解。{then}\n"
        f"您这边是怎么回事，现在就可以跟我说（说“我的说法是……”），{CONFIDENTIAL}。"
    )


def already_consented(mediation: Mediation) -> Reply:
    """Once is enough."""
    return Reply(f"您已经同意{short(mediation)}调解了。不想调了，说“不调解了”。")


def both_consented(mediation: Mediation) -> Reply:
    """To the party that agreed first."""
    return Reply(f"{short(mediation)}双方都同意调解了，{_mediator(mediation)}定了时间地点会告诉您。")


def refusal_noted(mediation: Mediation) -> Reply:
    """To whoever refuses (第十七条)."""
    return Reply(f"好，您不同意，{short(mediation)}就不调解了，没有人会勉强您。{WHAT_ELSE}")


def ended(mediation: Mediation) -> Reply:
    """To the other side: it is over; by whose will is not said."""
    return Reply(f"{short(mediation)}的调解终止了，没有谈成。{WHAT_ELSE}")


def quit_noted(mediation: Mediation) -> Reply:
    """To whoever stops it (第二十三条)."""
    return Reply(f"好，{short(mediation)}的调解终止了。{WHAT_ELSE}")


def ended_with_case(mediation: Mediation) -> Reply:
    """The case was taken back or closed."""
    return Reply(f"{short(mediation)}已经撤回或者结案，调解不再进行，您不用来了。")


def agreed_otherwise(mediation: Mediation) -> Reply:
    """The case was closed with success, without a written agreement in here."""
    return Reply(f"{short(mediation)}记为调解成功，已经结案。有不对的地方，跟{_mediator(mediation)}说。")


def failed(mediation: Mediation) -> Reply:
    """Nothing came of it."""
    return Reply(f"{short(mediation)}没有调解成功，调解结束了。{WHAT_ELSE}")


def statement_kept(mediation: Mediation) -> Reply:
    """A statement is kept; who will see it is said."""
    return Reply(f"记下了，这是您对{short(mediation)}的说法。只有{_mediator(mediation)}看得到，对方和其他人都看不到。")


def what_is_your_side() -> str:
    """The words are missing."""
    return f"您说，您这边是怎么回事？{CONFIDENTIAL}。"


def others_words_are_theirs(mediation: Mediation) -> Reply:
    """A party asks what the other said, or how to reach it."""
    return Reply(
        f"对方说了什么、电话住址这些，我不能告诉您；您说的也一样不会告诉对方。"
        f"要知道怎么谈，问{_mediator(mediation)}，或者等调解的时候当面说。"
    )


def scheduled(mediation: Mediation, session: MediationSession, *, moved: bool) -> Reply:
    """When and where to come."""
    verb = "改到" if moved else "定在"
    return Reply(
        f"{short(mediation)}的调解{verb}{moment(session.start)}，在{session.place}，{_mediator(mediation)}等您。"
        "来不了早点说“我来不了”。"
    )


def session_reminder(mediation: Mediation, session: MediationSession) -> Reply:
    """A day and an hour before."""
    return Reply(f"提醒您：{short(mediation)}{moment(session.start)}在{session.place}调解，来不了说“我来不了”。")


def told_the_mediator(mediation: Mediation) -> Reply:
    """What was said about the meeting was passed on."""
    return Reply(f"告诉{_mediator(mediation)}了。")


def read_agreement(mediation: Mediation, agreement: Agreement) -> Reply:
    """The agreement, to be agreed to or not (第二十三条: of one's own will)."""
    number, version = mediation.case.number, agreement.version
    changed = "（改过的，以这一版为准）" if version > 1 else ""
    return Reply(
        f"{short(mediation)}的调解协议{changed}：\n{agreement.text}\n看清楚了再答：同意吗？哪里不对直接说“有异议，……”。",
        (
            Choice("同意协议", Intent.ADD_TO_CASE, f"{number} 同意协议第{version}版", is_yes=True),
            Choice("有异议", Intent.ADD_TO_CASE, f"{number} 有异议第{version}版", is_yes=False),
        ),
    )


def agreement_was_changed(mediation: Mediation, agreement: Agreement) -> Reply:
    """An answer to an older version counts for nothing."""
    newest = read_agreement(mediation, agreement)
    return Reply(f"协议已经改过了，前面那一版不算。{newest.text}", newest.choices)


def no_agreement_yet(mediation: Mediation) -> str:
    """There is nothing to agree to."""
    return f"{short(mediation)}还没有写好的协议，写好了会发给您看。"


def your_yes_is_noted(mediation: Mediation) -> Reply:
    """The other side has not answered yet."""
    return Reply(f"记下了，您同意{short(mediation)}的协议。另一方也同意了就告诉您。")


def your_objection_is_noted(mediation: Mediation) -> Reply:
    """An objection goes to the mediator alone."""
    return Reply(
        f"记下了，您的意见只告诉{_mediator(mediation)}。协议改好了再发给您看，不同意的协议不算数。哪里不对还可以接着说。"
    )


def agreed(mediation: Mediation, court_until: datetime) -> Reply:
    """Both agree: what holds now, and what the court can do (第三十一条, 第三十三条)."""
    return Reply(
        f"{short(mediation)}调解成功，双方都同意协议。请按约定办；协议书要签名，{_mediator(mediation)}会找您。\n"
        f"觉得有必要的，{last_day(court_until)}前可以和对方一起去法院申请司法确认，不收钱；"
        "确认了，一方不办，另一方可以请法院强制执行。"
    )


def court_reminder(mediation: Mediation, court_until: datetime) -> Reply:
    """A week before the thirty days are over (第三十三条)."""
    return Reply(
        f"{short(mediation)}的协议，要申请司法确认的只剩一周：{last_day(court_until)}前双方一起去法院申请。"
        "确认了，一方不办，另一方可以请法院强制执行；不需要就不用管。"
    )


def ask_extension(mediation: Mediation, until: datetime) -> Reply:
    """Whether to go on longer; only if both agree."""
    number = mediation.case.number
    return Reply(
        f"{short(mediation)}的调解{last_day(mediation.due_at)}到期，想延到{last_day(until)}，双方都同意才延。您同意吗？",
        (
            Choice("同意延期", Intent.ADD_TO_CASE, f"{number} 同意延期", is_yes=True),
            Choice("不同意延期", Intent.ADD_TO_CASE, f"{number} 不同意延期", is_yes=False),
        ),
    )


def extension_yes_noted(mediation: Mediation) -> Reply:
    """The other side has not answered yet."""
    return Reply(f"记下了，您同意{short(mediation)}延期，还要另一方也同意。")


def extended(mediation: Mediation) -> Reply:
    """Both said yes."""
    return Reply(f"{short(mediation)}双方都同意延期，调解到{last_day(mediation.due_at)}。")


def not_extended(mediation: Mediation) -> Reply:
    """One said no; which is not said."""
    return Reply(f"{short(mediation)}不延期，调解期限还是{last_day(mediation.due_at)}。")


def is_over(mediation: Mediation) -> Reply:
    """An answer that comes too late."""
    return Reply(f"{short(mediation)}的调解已经结束了（{_STATES[mediation.state]}），不用再答复。")


def wrong_code() -> str:
    """Unknown, used or over."""
    return "这个调解码不对，或者已经过期了。请找给您码的调解员再要一个。"


def your_own_code() -> str:
    """The applicant cannot be the respondent too."""
    return "这个调解码是给对方用的，您已经在这件调解里了。"


def code_already_used() -> str:
    """Somebody has joined with it."""
    return "这个调解码已经有人用过了。请找给您码的调解员问一下。"


def status(mediation: Mediation, now: datetime) -> Reply:
    """How it stands, for a party."""
    text = f"{short(mediation)}的调解：{_STATES[mediation.state]}。"
    if mediation.is_running:
        session = mediation.next_session(now)
        if session is not None:
            text += f"下次{moment(session.start)}，在{session.place}。"
        text += f"最迟{last_day(mediation.due_at)}有结果。"
    return Reply(text)


def application_passed_on(case: Case) -> Reply:
    """The reporter's wish to be mediated."""
    return Reply(f"好，{case.short}号您申请调解，已经告诉办理的人。调解要对方也愿意，有消息告诉您。")


def told_in_group() -> Reply:
    """The one neutral line in a group."""
    return Reply("这件事我们私下说，请看我发给您的私信（没有收到就直接私聊我）。")


def said_in_group(words: str) -> Reply:
    """In private: what was said in a group was not taken."""
    return Reply(
        f"调解的事不在群里说，群里那句我没有记。要记就按下面，或者在这里再说一遍：\n{words}",
        (Choice("在这里记", Intent.ADD_TO_CASE, words),),
    )


def led_by_another(mediation: Mediation) -> Reply:
    """Another leads it from now on, and reads what was told to the one before."""
    return Reply(
        f"{short(mediation)}的调解换了调解员，以后由{_mediator(mediation)}负责。您之前说的情况只有新的调解员看得到；"
        "不愿意的话，随时可以说“不调解了”。"
    )
