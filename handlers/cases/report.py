"""The report form: what a dispute or an incident needs, taken out of what the person says or asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from handlers import areas, forms
from handlers.addresses import amend, inside, part_alone
from handlers.cases import filing, merging, on_behalf, reporter, rules, telling
from handlers.cases.replies import report as replies
from handlers.cases.replies import staff as staff_replies
from handlers.cases.sameness import Thing, same_thing
from handlers.cases.scene import scene_in
from handlers.forms import Form, Said, Slot, Values
from handlers.keeping_replies import kept_of_a_report
from handlers.turn import Reply
from nlu import answers
from nlu.anonymity import asks_about_secrecy
from nlu.categories import category, category_named, category_of
from nlu.understanding import EntityKind, Intent
from storage.cases import CaseKind

if TYPE_CHECKING:
    from handlers.turn import Turn
    from nlu.answers import Correction

CATCH_ALL = {CaseKind.DISPUTE: "neighbour", CaseKind.INCIDENT: "other"}
_ORDINARY = frozenset(str(kind) for kind in CATCH_ALL)
_KINDS = {Intent.REPORT_DISPUTE: CaseKind.DISPUTE, Intent.REPORT_INCIDENT: CaseKind.INCIDENT}
_MY_HOME = re.compile(r"我们?家|我们?屋(?:头|里)?")
_KNOWN_HOME = re.compile(r"(?:晓得|知道|清楚|有)我.{0,4}住(?:在)?(?:哪|啥)|登记(?:过|了)?的(?:那个)?(?:地址|住址|地方)")
"""Says that the bot knows where the speaker lives."""

_AT_HOME = re.compile(rf"(?:就|是|在)*(?:{_MY_HOME.pattern})(?:[那这](?:里|儿|边)|里头|里面)?[的嘛哦啊呀噻撒]*")
_ASKS_WHY = re.compile(
    r"(?:为(?:啥|什么|何)|凭啥|[咋怎]么?)(?:子)?(?:还|非)?(?:要|得)?(?:问|晓得|知道)|问(?:这|那)(?:个|些)?(?:干|做|来干|来做)(?:啥|什么)"
    r"|(?:要|晓得|知道)(?:这|那)(?:个|些)(?:干|做)(?:啥|什么)"
)
LONGEST_ASIDE = 20
"""Characters of a question about the asking."""

LONGEST_NAMING = 12
"""Characters that name a category when it is put right (「不对，是井盖」)."""


def _place_meant(values: Values, said: Said) -> str | None:
    """The place that a bare answer to `ask_place` means."""
    home, near = values.get("home"), values.get("near")
    answer = answers.read_yes_no(said.text)
    if home and (_MY_HOME.search(said.text) or _KNOWN_HOME.search(said.text)):
        return str(home)
    if answer is not None and answer.yes and not answer.rest:
        return home if home and _is_dispute(values) else near
    return near if answers.is_skip(said.text) else None


def _story(values: Values, said: Said) -> None:
    values["text"] = "；".join(part for part in (values.get("text"), said.text.strip()) if part)
    values["photos"] = [*values.get("photos", []), *filing.photos(said.attachments)]
    located = filing.location(said.attachments)
    if located is not None:
        values["location"], values["sent_location"] = located, None


def place_by_sent_location(values: Values) -> None:
    """Let a location that came before any words stand for a place that nobody told; never in an anonymous report.

    Where one was is not where the thing is, and who reports without a name may have been at home.
    """
    sent = values.get("sent_location")
    if sent is None:
        return
    is_used = values.get("location") == sent
    if not values.get("anonymous") and not values.get("place") and not values.get("location"):
        values["location"], values["place"] = sent, values.get("near") or replies.AT_LOCATION
        values["place_of_location"] = values["place"]
    elif is_used and values.get("anonymous"):
        values["location"] = None
        values["place"] = values["place"] if values["place"] != values.get("place_of_location") else None
    elif is_used and values.get("place") != values.get("place_of_location"):
        values["location"] = None


def _context(turn: Turn, values: Values) -> None:
    text = values.get("text") or ""
    if text and values.pop("kind_open", False):
        values["kind"] = kind_of(text) or _KINDS.get(turn.understanding.intent) or values["kind"]
    kinds = frozenset({str(values["kind"])})
    known = values.get("category")
    if known in (None, *CATCH_ALL.values()):
        values["category"] = category_of(text, kinds) or CATCH_ALL[CaseKind(values["kind"])]
    values["in_group"] = turn.message.in_group
    values["home"], values["near"] = (
        None if turn.message.in_group else on_behalf.home_of(turn, values),
        values.get("near") or scene_in(text),
    )
    if values.get("place") is None and (place := _place_meant(values, _said(turn))) is not None:
        values["place"] = place
    elif values.get("place") and values["home"]:
        # 「就是我家隔壁那个院子」 tells a stranger nothing until the home stands in it.
        # So does 「楼上601」: it is a door of the house in which the home is.
        at_home = _AT_HOME.fullmatch(values["place"]) is not None
        values["place"] = values["home"] if at_home else _MY_HOME.sub(values["home"], values["place"], count=1)
        if part_alone(values["place"], rooms=True):
            values["place"] = inside(values["home"], values["place"])
    elif values.get("location") and not values.get("place"):
        values["place"] = values["near"] or replies.AT_LOCATION
    place_by_sent_location(values)
    values["place"] = areas.look_up(turn, values, values.get("place"))


def _said(turn: Turn) -> Said:
    return Said(turn.text, turn.understanding, turn.message.attachments, turn.message.sent_at)


def _is_dispute(values: Values) -> bool:
    return bool(values["kind"] == CaseKind.DISPUTE)


def _file(turn: Turn, values: Values) -> Reply:
    """Make the case, or a follower of the one that is about the same thing, and tell whoever handles it.

    Ten who report at once make one case: nobody else files in the community between the look and the writing.
    """
    area = areas.looked_up(turn, values, values["place"])
    community = turn.work.areas.community_of(area)
    number = filing.next_number(turn, community)
    kind = CaseKind(values["kind"])
    thing = Thing(kind, values["category"], values["place"], values["text"], values.get("location"))
    same = same_thing(thing, turn.work.cases.alike(community, thing.category, turn.now - rules.SAME_WITHIN))
    if same is not None:
        return merging.follow(turn, turn.work.cases.lock(same), values)
    case = filing.open_case(turn, area, values, number=number)
    turn.talk.remember(case=case.id)
    turn.tell(case.assignee, staff_replies.new_case(case))
    on_behalf.tell(turn, case)
    receipt = replies.receipt(case, case.assignee)
    is_first = case.reporter_id == turn.person.id and turn.work.cases.has_one(turn.person)
    return receipt.followed_by(Reply(kept_of_a_report())) if is_first else receipt


def put_category_right(values: Values, correction: Correction) -> Values | None:
    """「不是路灯，是井盖」: another category, and with it perhaps another kind; the words of the story follow."""
    slug = category_named(correction.right, _ORDINARY)
    named_wrong = category_named(correction.wrong, _ORDINARY) == values.get("category") if correction.wrong else True
    if slug is None or slug == values.get("category") or not named_wrong or len(correction.right) > LONGEST_NAMING:
        return None
    text = values.get("text")
    if text and correction.wrong:
        text = text.replace(correction.wrong, correction.right)
    return {**values, "category": slug, "kind": category(slug).kind, "text": text}


def _beside(turn: Turn) -> Reply | None:
    """What is asked about the asking, and a photo of another case: answered before the form reads it."""
    answer = None
    photos = () if turn.message.in_group else filing.photos(turn.message.attachments)
    number = turn.value(EntityKind.CASE_NUMBER)
    if photos and number and any(case.is_called(str(number)) for case in turn.work.cases.reported_by(turn.person)):
        answer = reporter.add_to_case(turn)
    elif asks_about_secrecy(turn.text):
        answer = replies.about_secrecy()
    elif _ASKS_WHY.search(turn.text) and len(turn.text) <= LONGEST_ASIDE:
        answer = replies.why_it_is_asked()
    return answer.followed_by(forms.back_to(REPORT, turn.talk)) if answer is not None else None


REPORT = Form(
    name="report",
    intent=Intent.REPORT_DISPUTE,
    slots=(
        Slot("text", replies.ask_what, accept=telling.accept_what),
        Slot(
            "place",
            replies.ask_place,
            telling.read_place,
            telling.accept_place,
            telling.find_place,
            amend,
            called=telling.PLACE_WORDS,
            part=telling.part_of_place,
        ),
        areas.SLOT,
        Slot(
            "since",
            replies.ask_since,
            telling.read_since,
            telling.accept_since,
            telling.find_since,
            needed=_is_dispute,
            beside=telling.beside_since,
            called=("时间",),
        ),
        Slot(
            "anonymous",
            replies.ask_anonymous,
            telling.read_anonymous,
            find=telling.find_anonymous,
            needed=_is_dispute,
        ),
    ),
    read_back=replies.read_back,
    finish=_file,
    words=("text",),
    owns=frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT, Intent.ADD_TO_CASE, Intent.BIND_PROFILE}),
    story=_story,
    tells=frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT, Intent.ADD_TO_CASE}),
    context=_context,
    about=replies.about_report,
    corrects=put_category_right,
    ahead=_beside,
)


def _kind_told(turn: Turn, understood: CaseKind) -> CaseKind:
    """The kind of the category that the words name, where the model was unsure and nobody else reads along."""
    unsure = turn.understanding.confidence < forms.SURE and not turn.message.in_group
    return (kind_of(turn.text) if unsure else None) or understood


def kind_of(text: str) -> CaseKind | None:
    """The kind of the ordinary category that words name, or None."""
    slug = category_of(text)
    kind = CaseKind(category(slug).kind) if slug else None
    return kind if kind in CATCH_ALL else None


def begin(turn: Turn, kind: CaseKind) -> Reply:
    """Begin a report of this kind with everything that the first message holds.

    Words overheard in a group while their speaker's report of this kind is open there are more of it, not another.
    """
    open_form = turn.talk.form
    if (
        turn.message.in_group
        and open_form
        and (open_form["name"], open_form["values"].get("kind")) == (REPORT.name, kind)
    ):
        turn.meant = True
        return forms.carry_on(turn, REPORT) or replies.read_back(open_form["values"])
    kind = _kind_told(turn, kind)
    opening = telling.OPENING.fullmatch(turn.text.strip()) is not None
    text = None if opening else turn.text.strip()
    values: dict[str, Any] = {"kind": kind, "text": text, "kind_open": opening, **filing.sent_before(turn)}
    return forms.begin(turn, REPORT, values)
