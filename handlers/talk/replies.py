"""Every sentence that the bot says about the talk itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.turn import Choice, Reply
from nlu.categories import category, naming_word
from nlu.understanding import EntityKind, Intent
from storage.people import ADMINS, STAFF, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nlu.understanding import Understanding
    from storage.people import Person

FOR_RESIDENTS = (
    "· 问政策：比如“注册志愿者要达到多少比例”“垃圾分类归哪个部门管”\n"
    "· 提意见：对政策文件有看法直接说，比如“我觉得积分制应该公开打分”\n"
    "· 报纠纷、报隐患：直接说发生了什么、在哪里，比如“楼上天天漏水又不肯修”\n"
    "· 查进展：“我报的事咋样了”\n"
    "· 志愿活动：“有啥活动”“我要参加”“签到”“签退”\n"
    "· 积分：“我有多少分”\n"
    "· 邻里互助：“哪个能帮我妈买下药，今天下午”“我会修水管，周末有空”“有哪些要帮忙的”\n"
    "· 会议和通知：“议事会好久开”“建议议一下停车位”“有哪些议题”“最近有啥通知”\n"
    "· 找人：“转人工”\n"
    "遇到火情、燃气、伤人，直接说，我马上告诉您打哪个电话并通知工作人员。"
)
DO_IT_HERE = "在这里办"
FOR_STAFF = (
    "· 办事项：“我的任务”“接单 007”“007号已上门”“007号调解成功，结案”“007转给司法所”，直接回复那条消息也行\n"
    "· 帮人报：“帮3栋张婆婆报一个：她家水管爆了，她同意的”\n"
)
FOR_ORGANISERS = (
    "· 发活动：“发布活动：周六上午9点到11点河道清洁，河滨步道码头，20人，每人5分”\n"
    "· 审核打卡：“把今天的打卡都审核通过”\n"
    "· 开会：“周五下午三点在社区会议室开议事会，议停车位，通知1网格的居民”\n"
    "· 发通知：“发通知给1网格：明天8点到18点停水，收到请回复”\n"
)

PASS_ON = Choice("可以，一起转", is_yes=True)
KEEP_BACK = Choice("不转这些", is_yes=False)
NONE_OF_THESE = "都不是"
LABELS = {
    Intent.HELP: "看我能做什么",
    Intent.TALK_TO_HUMAN: "找工作人员",
    Intent.ASK_POLICY: "问政策",
    Intent.ASK_DEPARTMENT: "问归哪个部门管",
    Intent.GIVE_OPINION: "给政策提意见",
    Intent.REPORT_DISPUTE: "报纠纷",
    Intent.REPORT_INCIDENT: "报问题",
    Intent.REPORT_EMERGENCY: "报紧急险情",
    Intent.CHECK_CASE: "查之前报的事",
    Intent.ADD_TO_CASE: "补充之前报的事",
    Intent.WITHDRAW_CASE: "撤回之前报的事",
    Intent.RATE_CASE: "评价处理结果",
    Intent.REGISTER_VOLUNTEER: "当志愿者",
    Intent.LIST_ACTIVITIES: "看志愿活动",
    Intent.JOIN_ACTIVITY: "报名志愿活动",
    Intent.CHECK_IN: "活动签到",
    Intent.CHECK_OUT: "活动签退",
    Intent.CHECK_POINTS: "查我的积分",
    Intent.ASK_POINTS_RULES: "问积分怎么算",
    Intent.POINTS_RANKING: "看积分榜",
    Intent.REDEEM_POINTS: "用积分换东西",
    Intent.LIST_MEETINGS: "看最近开什么会",
    Intent.ATTEND_MEETING: "回复会议要来",
    Intent.DECLINE_MEETING: "会议请假",
    Intent.PROPOSE_TOPIC: "给议事会提议题",
    Intent.ASK_MEETING_RESULT: "问会议结果",
    Intent.VOTE: "投票",
    Intent.LIST_NOTICES: "看最近的通知",
    Intent.ACKNOWLEDGE_NOTICE: "确认收到通知",
    Intent.SUBSCRIBE: "订阅通知",
    Intent.UNSUBSCRIBE: "不再收通知",
    Intent.BIND_PROFILE: "登记我的姓名住址",
    Intent.DELETE_MY_DATA: "查看或删除我的信息",
    Intent.REQUEST_MUTUAL_AID: "找邻居帮忙",
    Intent.OFFER_MUTUAL_AID: "给邻居帮忙",
    Intent.MY_TASKS: "看我手上的事项",
    Intent.ACCEPT_CASE: "接单",
    Intent.UPDATE_CASE: "记录办理进展",
    Intent.TRANSFER_CASE: "转办事项",
    Intent.CLOSE_CASE: "结案",
    Intent.CREATE_ACTIVITY: "发布志愿活动",
    Intent.APPROVE_CHECK_IN: "审核打卡",
    Intent.SCHEDULE_MEETING: "召集会议",
    Intent.PUBLISH_MINUTES: "发布会议纪要",
    Intent.BROADCAST_NOTICE: "发通知",
    Intent.VIEW_STATISTICS: "看统计数字",
}
"""What the bot calls each wish when it offers it; small talk is never offered."""

_BY_NUMBER = {
    Intent.CHECK_CASE: "查{}",
    Intent.ADD_TO_CASE: "补充{}",
    Intent.WITHDRAW_CASE: "撤回{}",
    Intent.RATE_CASE: "评价{}",
    Intent.ACCEPT_CASE: "接单{}",
    Intent.UPDATE_CASE: "记录{}的进展",
    Intent.TRANSFER_CASE: "转办{}",
    Intent.CLOSE_CASE: "结案{}",
}
_LONGEST_PLACE, _LONGEST_THING = 8, 4


def greeting(person: Person, *, in_group: bool) -> Reply:
    """Hello; nobody is named in a group."""
    name = f"{person.name}，" if person.name and not in_group else ""
    return Reply(f"{name}您好，我是网格小助手。要问政策、报纠纷、找活动、看通知，直接说就行；说“帮助”看我能做什么。")


def goodbye() -> Reply:
    """Good-bye."""
    return Reply("好的，有事随时找我。")


def welcome() -> Reply:
    """You are welcome."""
    return Reply("不客气，应该的。")


def help_for(person: Person) -> Reply:
    """What the bot can do for this person."""
    roles = person.roles
    staff = FOR_STAFF if roles & STAFF else ""
    organisers = FOR_ORGANISERS if roles & (ADMINS | {Role.GRID_MEMBER}) else ""
    return Reply(f"我能做这些：\n{staff}{organisers}{FOR_RESIDENTS}")


def nothing_asked() -> Reply:
    """A yes or no that answers nothing."""
    return Reply("现在没有要您确认的事。要办什么，直接说就行。")


def nothing_open() -> Reply:
    """Nothing to cancel."""
    return Reply("现在没有正在填的东西。要撤回报过的事，说“撤回”加编号；不想收通知，说“不要发通知了”。")


def passed_to(human: Person | None) -> Reply:
    """A human was told."""
    if human is None or not human.name:
        return Reply("请直接联系社区办公室，或者打12345；有危险打110、119、120。")
    phone = f"（{human.phone}）" if human.phone else ""
    return Reply(f"已经告诉{human.name}{phone}，会尽快联系您。急事请打12345，有危险打110、119、120。")


def somebody_wants_you(person: Person, text: str) -> Reply:
    """To the human: who it is and how to reach them, and no more than that takes."""
    name = person.name or "一位居民"
    contact = person.phone or person.home
    return Reply(f"{name}想找您本人{f'（{contact}）' if contact else ''}，原话：{text}")


def about_human(_values: dict[str, Any]) -> str:
    """What asking for a human is called while it is not finished."""
    return "找工作人员"


def ask_to_pass_on(values: dict[str, Any]) -> Reply:
    """Personal data go to somebody who does not have them yet."""
    who = values["to"] or "工作人员"
    return Reply(f"您话里的姓名、电话、住址，可以一起转给{who}吗？只用来联系您。", (PASS_ON, KEEP_BACK))


def out_of_scope(human: Person | None) -> Reply:
    """Not what the bot does."""
    who = f"也可以找{human.name}，" if human is not None and human.name else ""
    return Reply(
        f"这个我办不了，手上的政策文件里也没有写。我能答政策、收纠纷和隐患、管活动积分、通知会议；别的事{who}或者打12345问。",
        (Choice("看看能做什么", Intent.HELP, "帮助"), Choice("转人工", Intent.TALK_TO_HUMAN)),
    )


def label_of(intent: Intent, said: Understanding | None = None) -> str:
    """What the bot calls a wish; what was `said` makes it concrete (报桂花苑3栋漏水, 查007号)."""
    if said is None:
        return LABELS[intent]
    number = said.first(EntityKind.CASE_NUMBER)
    if number is not None and intent in _BY_NUMBER:
        return _BY_NUMBER[intent].format(number.text)
    what = said.first(EntityKind.CATEGORY)
    if what is None or intent not in (Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT):
        return LABELS[intent]
    word = naming_word(said.text, str(what.value))
    thing = word if word and len(word) <= _LONGEST_THING else category(str(what.value)).name
    where = said.first(EntityKind.PLACE)
    return f"报{where.text if where and len(where.text) <= _LONGEST_PLACE else ''}{thing}"


def did_you_mean(offered: Sequence[Choice], said: str) -> Reply:
    """The bot is unsure: the likeliest wishes, to choose from by number, by name or by pressing."""
    choices = (*offered, Choice(NONE_OF_THESE, Intent.OUT_OF_SCOPE, said, is_yes=False))
    danger = "有火情、燃气泄漏、伤人这样的危险，先打110、119、120！\n" if _has_danger(offered) else ""
    menu = " ".join(f"{number} {choice.label}" for number, choice in enumerate(choices, 1))
    return Reply(f"{danger}我没太听准。您是想：{menu}？回数字就行，也可以换个说法再说一遍。", choices)


def _has_danger(offered: Sequence[Choice]) -> bool:
    return any(choice.intent is Intent.REPORT_EMERGENCY for choice in offered)


def one_by_one(first: str | None, later: Sequence[str]) -> str:
    """Wishes that all need questions: which comes first; None where it is the one that was spoken of before."""
    then = "、再".join(later)
    return f"一件一件来：先{first}，再{then}。" if first else f"先把这件说完，再{then}。"


def once_it_is_safe(labels: Sequence[str], first: int) -> str:
    """What else was wished for beside an alarm, numbered from `first` on; said after all that is about the danger."""
    menu = " ".join(f"{number} {label}" for number, label in enumerate(labels, first))
    return f"先顾安全。您另外说的等会儿再办，要办就回数字：{menu}。"


def not_allowed() -> str:
    """A staff intent from somebody without the role."""
    return "这件事只有网格员、调解员或者管理员能办，您的账号没有这个权限，什么都没有改动。"


def in_private() -> Reply:
    """The one neutral line in a group."""
    return Reply("这件事我们私下说，请看我发给您的私信（没有收到就直接私聊我）。")


def from_group() -> Reply:
    """In private, once the person comes: what they said in the group goes on here."""
    return Reply("您之前在群里说的那件事，我们在这里接着说，群里看不到。")


def said_in_group(text: str, choice: Choice) -> Reply:
    """In private: what was said in the group can be done here."""
    return Reply(f"您刚才在群里说“{text}”，群里不办这个。要在这里办吗？", (choice,))


def heard_voice(transcript: str, wrong: str) -> Reply:
    """What was understood of a voice message, to be confirmed before it counts."""
    return Reply(f"我听到的是：“{transcript}”\n对不对？", (Choice("对的", is_yes=True), Choice(wrong, is_yes=False)))


def say_it_again() -> Reply:
    """A voice message was misheard."""
    return Reply("好，刚才那段不算。请再说一遍，说慢一点，也可以打字。")


def our_fault() -> Reply:
    """A bug of ours."""
    return Reply("刚才出了点问题，这句没有办成，什么都没有改动。请稍后再说一次，急事请打12345。")


def too_long(limit: int) -> Reply:
    """More text than a message may hold."""
    return Reply(f"这段话太长了（超过{limit}字），我没法一次看完。请分几次说，先说发生了什么、在哪里。")


def empty() -> Reply:
    """Nothing that can be read."""
    return Reply("没看到文字。有什么事，直接说就行；说“帮助”看我能做什么。")


def nothing_to_attach() -> Reply:
    """A photo or a location without a report: it is kept for the words that follow."""
    return Reply("收到了。是什么事？说一声发生了什么、在哪里，刚才发的一起报上去。")
