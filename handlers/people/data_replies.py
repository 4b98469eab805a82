"""Every sentence that the bot says about the data that it holds on a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.consents import wording
from handlers.keeping import years
from handlers.people.joining_replies import CHANNELS
from handlers.phrases import day, moment
from handlers.turn import Choice, Reply
from nlu.categories import category
from nlu.oneself import building_of
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.retention import DataKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handlers.consents import Wording
    from storage.aid import AidRequest
    from storage.cases import Case
    from storage.consents import Consent, Purpose

NOBODY = "某人"
NO_PHONE = "（电话已删）"
MOST_SHOWN = 5
LONGEST = 3_000
"""Characters of what is taken along that one message holds; the rest the operator hands over as a file."""

ROLES = {
    "resident": "居民",
    "volunteer": "志愿者",
    "grid_member": "网格员",
    "mediator": "调解员",
    "community_admin": "社区管理员",
    "town_admin": "乡镇管理员",
    "county_admin": "县管理员",
}
STATES = {
    "open": "等人接",
    "accepted": "有人接了",
    "in_progress": "正在办",
    "resolved": "办完了",
    "closed": "结了",
    "withdrawn": "撤回了",
}
MEDIATION_STATES = {
    "proposed": "还在问双方愿不愿意",
    "consented": "双方都愿意",
    "in_session": "正在调解",
    "agreed": "调成了",
    "failed": "没调成",
    "ended": "停了",
}
SIDES = {"applicant": "申请人", "respondent": "对方"}
REDEMPTION_STATES = {"reserved": "还没领", "collected": "领了", "cancelled": "取消了"}
PARTS = {
    "name": "姓名",
    "phone": "电话",
    "home": "住址",
    "messages": "聊天记录",
    "locations": "发过的位置",
    "photos": "发过的照片",
}
AID = {"asked": "请人帮", "offered": "能帮", "helped": "去帮"}
TOPICS = {"proposed": "提的", "seconded": "附议的"}
ERASE = Choice("删除我的信息", Intent.DELETE_MY_DATA)
TAKE = Choice("导出我的数据", Intent.DELETE_MY_DATA)


def held(data: dict[str, Any]) -> Reply:
    """What is held, in short."""
    return Reply(
        "您在这里存了这些：\n"
        + "\n".join(f"· {line}" for line in _lines(data))
        + "\n要带走说“导出我的数据”，要删说“删除我的信息”。",
        (TAKE, ERASE),
    )


def _lines(data: dict[str, Any]) -> Iterable[str]:
    yield _profile(data)
    yield f"账号：{'、'.join(_channels(data))}"
    if data["roles"]:
        yield "职务：" + "、".join(f"{each['area']}{ROLES[each['role']]}" for each in data["roles"])
    for offer in data["volunteering"]:
        yield "志愿服务：会的和有空的时候：" + "、".join([*offer["skills"], *offer["times"]])
    yield _counted(data)
    for case in data["cases"][-MOST_SHOWN:]:
        yield f"报过的事 {case['number']}：{_category(case)}，{case['place']}，{STATES.get(case['state'], '')}".replace(
            "，，", "，"
        )
    if data["balance"]:
        yield f"积分：{data['balance']}分"
    yield f"聊天：您说的{len(data['said'])}条，我说的{len(data['heard'])}条，最多留{years(DataKind.INBOX)}"
    unwanted = len(data["unwanted_notices"])
    but = f"，有{unwanted}类您说了不收" if unwanted else ""
    yield f"收通知{but}" if data["profile"]["subscribed"] else "不收通知"


def _profile(data: dict[str, Any]) -> str:
    profile = data["profile"]
    known = [profile[part] and f"{PARTS[part]}{profile[part]}" for part in ("name", "home", "phone")]
    said = "，".join(part for part in known if part)
    confirmed = "（网格员核实过）" if profile["confirmed_at"] else ""
    return f"登记的信息：{said}{confirmed}" if said else "登记的信息：没有存您的姓名、住址、电话"


def _channels(data: dict[str, Any]) -> list[str]:
    return [CHANNELS.get(own["channel"], own["channel"]) for own in data["accounts"]]


def _counted(data: dict[str, Any]) -> str:
    counted = (
        (len(data["cases"]), "报过{}件事"),
        (len(data["followed"]), "跟进{}件别人也报了的事"),
        (len(data["activities"]), "{}次志愿活动"),
        (len(data["mediations"]), "参加过{}次调解"),
        (len(data["led"]), "主持过{}次调解"),
        (len(data["redemptions"]), "兑换过{}次东西"),
        (len(data["opinions"]), "{}条对政策的意见"),
        (len(data["aid"]), "{}次邻里互助"),
        (len(data["topics"]), "提过、附议过{}个议题"),
        (len(data["notices"]), "收过{}条通知"),
        (len(data["meetings"]), "{}次会议邀请"),
        (len(data["attended"]), "到会{}次"),
        (len(data["votes"]), "投过{}次票"),
        (len(data["decisions"]), "会上定了由您办的{}件事"),
    )
    return "记录：" + ("，".join(words.format(number) for number, words in counted if number) or "还没有")


def _category(case: dict[str, Any]) -> str:
    return category(case["category"], case["kind"]).name


def to_take_along(data: dict[str, Any]) -> Reply:
    """Everything, as text; what is too long for a message is handed over as a file."""
    text = readable(data)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…\n（太长了，这里放不下。要完整的文件，请跟社区说，工作人员给您导出来。）"
    return Reply(text, (ERASE,))


def readable(data: dict[str, Any]) -> str:
    """Everything that is held, as a page of text."""
    parts = [_section("概况", _lines(data))]
    parts.append(_section("同意过的", (_consent(line) for line in data["consents"])))
    parts.append(_section("报过的事", (_case(case) for case in data["cases"])))
    parts.append(_section("跟进的事", (_case(case) for case in data["followed"])))
    parts.append(_section("参加的调解", (line for each in data["mediations"] for line in _mediation(each))))
    parts.append(_section("主持的调解", (_led(each) for each in data["led"])))
    offers = ("、".join([*each["skills"], *each["times"]]) for each in data["volunteering"])
    parts.append(_section("会做的事和有空的时候", offers))
    parts.append(_section("志愿活动", (f"{moment(each['start'])} {each['title']}" for each in data["activities"])))
    parts.append(
        _section("积分", (f"{_day(each['at'])} {each['amount']:+d} {each['reason']}" for each in data["points"]))
    )
    parts.append(_section("兑换的东西", (_redemption(each) for each in data["redemptions"])))
    parts.append(
        _section("邻里互助", (f"{_day(each['at'])} {AID[each['did']]}：{each['text']}" for each in data["aid"]))
    )
    parts.append(_section("意见", (f"{_day(each['at'])} {each['text']}" for each in data["opinions"])))
    parts.append(_section("会议", (f"{moment(each['start'])} {each['title']}" for each in data["meetings"])))
    parts.append(_section("到过的会", (f"{moment(each['start'])} {each['title']}" for each in data["attended"])))
    parts.append(
        _section("投过的票", (f"{each['question']}：{each['choice'] or '无记名，查不到'}" for each in data["votes"]))
    )
    parts.append(_section("会上定了由您办的", (f"{each['meeting']}：{each['text']}" for each in data["decisions"])))
    parts.append(
        _section("议题", (f"{_day(each['at'])} {TOPICS[each['did']]}：{each['text']}" for each in data["topics"]))
    )
    parts.append(_section("通知", (f"{moment(each['at'])} {each['text']}" for each in data["notices"])))
    parts.append(_section("您说的", (f"{moment(each['at'])} {each['text']}" for each in data["said"])))
    parts.append(_section("我说的", (f"{moment(each['at'])} {each['text']}" for each in data["heard"])))
    return "\n\n".join(part for part in parts if part)


def _section(title: str, lines: Iterable[str]) -> str:
    found = [line for line in lines if line]
    return "\n".join([f"【{title}】", *found]) if found else ""


def _consent(line: dict[str, Any]) -> str:
    return f"{moment(line['at'])} {'同意' if line['given'] else '收回'}：{line['purpose']}（{line['version']}版）"


def _case(case: dict[str, Any]) -> str:
    anonymous = "（匿名）" if case["anonymous"] else ""
    about = " ".join(filter(None, (case["number"], _category(case), case["place"] + anonymous)))
    return f"{about} {STATES.get(case['state'], '')}：{case['text']}"


def _mediation(each: dict[str, Any]) -> Iterable[str]:
    """A mediation for one of its parties: what it may read of it, and its own words."""
    yield f"{each['number']} {SIDES[each['side']]}，{MEDIATION_STATES[each['state']]}，{_day(each['started_at'])}开始"
    written = (each["name"], each["home"], each["phone"])
    if any(written):
        yield "调解员记下的您：" + "，".join(part for part in written if part)
    if each["consent"] is not None:
        yield f"您{'同意' if each['consent'] else '不同意'}调解" + (
            f"：{each['consent_words']}" if each["consent_words"] else ""
        )
    yield from (f"{moment(told['at'])} 您的说法：{told['text']}" for told in each["statements"])
    yield from (f"{moment(met['start'])} 调解，{met['place']}" for met in each["sessions"])
    yield from (f"协议第{text['version']}版：{text['text']}" for text in each["agreements"])
    for said in each["answers"]:
        yield f"{moment(said['at'])} 您{'同意' if said['agreed'] else '不同意'}第{said['version']}版：{said['words']}"


def _led(each: dict[str, Any]) -> str:
    return f"{each['number']} {MEDIATION_STATES[each['state']]}，{_day(each['started_at'])}开始"


def _redemption(each: dict[str, Any]) -> str:
    return f"{_day(each['at'])} {each['item']} {each['count']}份，{REDEMPTION_STATES[each['state']]}"


def _day(at: Any) -> str:
    return day(at.astimezone(SHANGHAI).date())


def goes(data: dict[str, Any]) -> list[str]:
    """What an erasure takes away."""
    profile = data["profile"]
    known = [PARTS[part] for part in ("name", "phone", "home") if profile[part]]
    lines = ["、".join(known)] if known else []
    lines.append("您的账号、我们说过的话")
    if data["cases"] or data["followed"]:
        lines.append("您和您报过的事的联系，里面写到您的话、照片、位置")
    if data["mediations"]:
        lines.append("调解里您的姓名、电话、说过的话")
    if data["roles"]:
        lines.append("您的职务")
    return lines


def stays(data: dict[str, Any]) -> list[str]:
    """What an erasure leaves, without the person."""
    lines = [_held(hold) for hold in data["holds"]]
    held = {hold["case"] for hold in data["holds"]}
    if any(case["number"] not in held for case in data["cases"]):
        lines.append("报过的事只留编号、种类、大概地方，看不出是谁报的")
    if any(each["number"] not in held for each in data["mediations"]):
        lines.append("调解只留有过这件事和结果，您的姓名、电话、说过的话都不留")
    if data["activities"] or data["points"]:
        lines.append("志愿活动和积分的数字")
    if data["redemptions"]:
        lines.append("兑换过什么、用了多少分，不写是谁")
    if data["aid"]:
        lines.append("邻里互助的次数，不写是谁、帮的什么")
    if data["topics"]:
        lines.append("提的议题和附议的人数，不写是谁")
    if data["votes"] or data["attended"]:
        lines.append("投过的票、到会的人数，不写是谁")
    if data["opinions"]:
        lines.append("对政策的意见，不写是谁")
    lines.append("同意和收回的时间，不写是谁")
    return lines


def _held(hold: dict[str, Any]) -> str:
    return (
        f"{hold['case']}号事项（依法保留：{hold['reason']}，到解除为止，里面有您的姓名、联系方式和您说的话；"
        "一解除就照您今天说的删，删了在这个号上告诉您）"
    )


def erased_after_hold(case: Case, parts: Sequence[str]) -> Reply:
    """To whoever asked for it while the case was on hold."""
    what = "、".join(PARTS[part] for part in PARTS if part in parts)
    whose = f"您的{what}" if what else "里面您的姓名、联系方式和您说的话"
    return Reply(f"{case.number}号事项的依法保留解除了，照您当时说的，{whose}都删了。")


def emergency_first(case: Case) -> str:
    """Whoever comes to help must find the place; the wish to erase waits for that."""
    return f"您报的紧急情况（{case.short}号）还在处理，来的人要找得到地方。处理完了再说“删除我的信息”，马上就删。"


def parts_named(parts: Sequence[str]) -> list[str]:
    """Parts, as people call them."""
    return [f"您的{'、'.join(PARTS[part] for part in PARTS if part in parts)}"]


def stay_beside(holds: Sequence[dict[str, Any]]) -> list[str]:
    """What is left when a part is erased."""
    return ["别的都留着", *map(_held, holds)]


def confirm_erasure(values: dict[str, Any]) -> Reply:
    """Nothing is erased on one word."""
    goes_lines = "\n".join(f"· {line}" for line in values["goes"])
    stay_lines = "\n".join(f"· {line}" for line in values["stays"])
    return Reply(
        f"要删的：\n{goes_lines}\n留下的：\n{stay_lines}\n删了就找不回来了。要删就说“确认删除”。",
        (Choice("确认删除", Intent.AFFIRM), Choice("不删", Intent.DENY)),
    )


def erased(stay: Sequence[str]) -> Reply:
    """Gone."""
    return Reply(
        "都删了。留下的只有：\n" + "\n".join(f"· {line}" for line in stay) + "\n以后您再说话，就当是新来的人。"
    )


def parts_erased(parts: Sequence[str]) -> Reply:
    """Parts are gone."""
    return Reply(f"删了：{''.join(parts_named(parts))}。别的都还在，要全删说“删除我的信息”。")


def not_erased() -> Reply:
    """The person said no."""
    return Reply("好，什么都没有删。")


def about_erasure(_values: dict[str, Any]) -> str:
    """What erasing is called while it is not confirmed."""
    return "删除您的信息"


def only_ones_own() -> Reply:
    """Somebody else's data."""
    return Reply(
        "我只能删您自己的信息。家里人的，请用他本人的账号来说；老人不方便、或者人已经不在了，说“转人工”，网格员核实以后给您办。",
        (Choice("转人工", Intent.TALK_TO_HUMAN), Choice("删除我自己的信息", Intent.DELETE_MY_DATA, "删除我的信息")),
    )


def ways_to_agree(words: Wording) -> tuple[str, ...]:
    """What one says to agree to a purpose."""
    return (f"同意：{words.name}", f"同意:{words.name}", f"同意{words.name}")


def agreed(words: Wording) -> Reply:
    """Agreed, and to what."""
    return Reply(f"好，记下您同意“{words.name}”：存{words.keeps}，{words.why}，{words.until}。想收回随时说“收回同意”。")


def agreed_to(standing: Sequence[Purpose], lines: Sequence[Consent], open_to: Sequence[Purpose]) -> Reply:
    """What somebody agrees to, and to what they may."""
    choices = tuple(Choice(ways_to_agree(wording(each))[0], Intent.DELETE_MY_DATA, beside=True) for each in open_to)
    if not standing:
        return Reply("您现在没有同意过我存什么。", choices)
    since = {line.purpose: line for line in lines if line.given}
    shown = [_agreed(wording(purpose), since.get(purpose)) for purpose in standing]
    return Reply("您同意过：\n" + "\n".join(shown) + "\n要收回哪一样，说“收回同意”。", choices)


def _agreed(words: Wording, line: Consent | None) -> str:
    when = f"（{_day(line.at)}）" if line is not None else ""
    return f"· {words.name}{when}：存{words.keeps}，{words.why}，{words.until}"


def nothing_to_take_back() -> Reply:
    """Nothing was agreed to."""
    return Reply("您现在没有同意过我存什么，没有要收回的。", (Choice("看看存了我什么", Intent.DELETE_MY_DATA),))


def which_to_take_back(wordings: Sequence[Wording]) -> Reply:
    """Several could be meant."""
    choices = tuple(Choice(each.name, Intent.DELETE_MY_DATA, f"收回同意：{each.name}") for each in wordings)
    names = "\n".join(f"{number}. {each.name}" for number, each in enumerate(wordings, 1))
    return Reply(f"要收回哪一样？\n{names}\n回数字就行。", choices)


def confirm_taking_back(words: Wording) -> Reply:
    """With the consent goes what it was given for."""
    return Reply(
        f"收回“{words.name}”的同意，{words.gone}就删掉，以后网格员联系不上您。确认吗？",
        (Choice("确认收回", Intent.AFFIRM), Choice("不收回", Intent.DENY)),
    )


def taken_back(words: Wording) -> Reply:
    """Taken back, and what it meant."""
    verb = "" if words.gone.startswith(("不", "积分")) else "删掉了："
    return Reply(f"收回了。{verb}{words.gone}。")


def not_taken_back() -> Reply:
    """The person said no."""
    return Reply("好，没有收回，跟原来一样。")


def about_taking_back(_values: dict[str, Any]) -> str:
    """What taking a consent back is called while it is not confirmed."""
    return "收回同意"


def reporter_is_gone(case: Case) -> Reply:
    """To whoever works on the case."""
    return Reply(
        f"{case.short}号（{_where(case)}）的报事人删掉了自己的信息，联系不上了。这件事请照常办完，办完直接结案。"
    )


def _where(case: Case) -> str:
    """The place; of an anonymous case, which may be at its reporter's own door, the building alone."""
    return building_of(case.place) if case.anonymous else case.place


def handed_over(case: Case) -> Reply:
    """To the next one who answers for a case."""
    return Reply(f"{case.short}号（{_where(case)}）原来的经办人不在了，转给您了。说“接单 {case.short}”接过去。")


def helper_is_gone(request: AidRequest) -> Reply:
    """To a neighbour whom somebody was to help who is erased."""
    return Reply(
        f"互助{request.id}号说好来帮的邻居来不了了，时间没过就接着给您找人，急的话说“转人工”。",
        (Choice("转人工", Intent.TALK_TO_HUMAN),),
    )


def needs_no_help(request: AidRequest) -> Reply:
    """To a neighbour who was to help somebody who is erased."""
    return Reply(f"互助{request.id}号撤了，不用去了，谢谢您！")
