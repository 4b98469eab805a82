"""What people do with their opinions on the policy: give one, look at their own, take one back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from handlers import forms
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.opinions import replies
from handlers.routes import InGroup, Routes
from nlu import answers, opinions
from nlu.personal_data import mask
from nlu.policy.comments import Place, likeliest, places_meant, wholes
from nlu.policy.library import Source
from nlu.understanding import Intent
from storage.opinions import Opinion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.turn import Reply, Turn
    from nlu.policy.search import PolicySearch

routes = Routes()
LONGEST = 2_000
"""Characters of an opinion that are kept."""

LONGEST_SIGNATURE = 8
"""Characters of a wish to sign; in more the word is part of an opinion (志愿者应该实名登记)."""

QUOTED_WITHIN = timedelta(minutes=30)
"""「这条」 means what was quoted within this time."""


@routes.on(Intent.GIVE_OPINION, in_group=InGroup.ACT)
def give_opinion(turn: Turn) -> Reply:
    """Take down an opinion on a clause or on the whole document; list or take back what the person said before."""
    if not opinions.is_about_own(turn.text):
        return forms.begin(turn, OPINION)
    if turn.message.in_group:
        return replies.in_private()
    own = turn.work.opinions.of(turn.person)
    if not own:
        return replies.none_given()
    return _take_back(turn, own) if opinions.takes_back(turn.text) else replies.own(own)


def _find_opinion(said: Said) -> str | None:
    found = opinions.opinion_in(said.text)
    return mask(found)[:LONGEST] if found else None


def _accept_opinion(said: Said) -> str | None:
    text = said.text
    says_nothing = answers.read_yes_no(text) or answers.is_skip(text) or answers.is_done(text)
    return None if says_nothing else _find_opinion(said)


def _find_about(said: Said) -> str | None:
    return said.text if opinions.is_another(said.text) else opinions.place_in(said.text)


def _read_about(said: Said) -> str | None:
    if answers.is_skip(said.text):
        return replies.WHOLE
    return said.text if answers.read_number(said.text) is not None else _find_about(said)


def _accept_about(said: Said) -> str | None:
    says_nothing = answers.read_yes_no(said.text) or opinions.is_about_own(said.text)
    return None if says_nothing else said.text.strip() or None


def _find_signed(said: Said) -> bool | None:
    return opinions.wants_signature(said.text) if len(said.text) <= LONGEST_SIGNATURE else None


def _story(values: Values, said: Said) -> None:
    if opinions.is_about_own(said.text):
        return
    signed = _find_signed(said)
    if signed is not None:
        values["signed"] = signed
        return
    told = (values.get("opinion"), mask(said.text.strip()))
    values["opinion"] = "；".join(part for part in told if part)[:LONGEST]


def _context(turn: Turn, values: Values) -> None:
    search = _search(turn)
    community = turn.work.areas.community_of(turn.person.area)
    values["community"], values["name"] = community.name, None if turn.message.in_group else turn.person.name
    place, about = values.get("place"), values.get("about")
    if about is not None and (place is None or about != place["name"]):
        _look_up(turn, search, values, about)
    elif "options" not in values and values.get("opinion"):
        _look_up(turn, search, values, values["opinion"])


def _look_up(turn: Turn, search: PolicySearch, values: Values, said: str) -> None:
    """Note which place is meant by what was said, or else between which the person has to choose."""
    options, place = values.get("options", []), _chosen(said, values.get("options", []))
    if opinions.is_another(said):
        options = _other_options(search, values)
    elif place is None:
        found = places_meant(said, search, _quoted(turn, search))
        place = _as_option(found[0]) if len(found) == 1 else None
        options = _options(search, found) if found or not options else options
    values["options"], values["place"] = options, place
    values["about"] = place["name"] if place else None


def _other_options(search: PolicySearch, values: Values) -> list[dict[str, Any]]:
    """What else the opinion may be about than the place that was read back."""
    likely = _options(search, likeliest(values["opinion"], search))
    return [option for option in likely if option != values.get("place")]


def _chosen(said: str, options: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The option that an answer names by its number or, where only one has it, by its name."""
    number = answers.read_number(said)
    if number is not None:
        return options[number - 1] if 1 <= number <= len(options) else None
    named = [option for option in options if option["name"] == said.strip()]
    return named[0] if len(named) == 1 else None


def _options(search: PolicySearch, places: Iterable[Place]) -> list[dict[str, Any]]:
    return [_as_option(place) for place in dict.fromkeys((*places, *wholes(search)))]


def _as_option(place: Place) -> dict[str, Any]:
    return {
        "name": replies.place_name(place),
        "described": replies.place_described(place),
        "document": place.document.title,
        "clause": place.clause.id if place.clause is not None else None,
    }


def _search(turn: Turn) -> PolicySearch:
    sources = [Source(document.id, document.text) for document in turn.work.policy.current()]
    if not sources:
        raise Refusal(replies.no_document(), final=True)
    return turn.library.search_over(sources)


def _quoted(turn: Turn, search: PolicySearch) -> tuple[Place, ...]:
    """What was quoted last in the talk, if that is not long ago."""
    quoted = turn.talk.topic.get("quoted")
    if quoted is None or turn.now - datetime.fromisoformat(quoted["at"]) > QUOTED_WITHIN:
        return ()
    documents = [index.document for index in search.indexes if index.document.title == quoted["document"]]
    places = [Place(document, document.clause(clause_id)) for document in documents for clause_id in quoted["clauses"]]
    return tuple(place for place in places if place.clause is not None)


def _keep(turn: Turn, values: Values) -> Reply:
    document = turn.work.policy.current_of(values["place"]["document"])
    if document is None:
        raise Refusal(replies.no_document(), final=True)
    community = turn.work.areas.community_of(turn.person.area)
    opinion = Opinion(
        person_id=turn.person.id,
        person=turn.person,
        area_id=community.id,
        area=community,
        document_id=document.id,
        document=document,
        clause_id=values["place"]["clause"],
        text=values["opinion"],
        signed=bool(values.get("signed") and values["name"]),
        given_at=turn.now,
    )
    return replies.thanks(turn.work.opinions.add(opinion))


OPINION = Form(
    name="give_opinion",
    intent=Intent.GIVE_OPINION,
    slots=(
        Slot("opinion", replies.ask_opinion, accept=_accept_opinion, find=_find_opinion, greedy=True),
        Slot("about", replies.ask_about, read=_read_about, accept=_accept_about, find=_find_about),
        Slot("signed", replies.ask_opinion, find=_find_signed, needed=lambda _values: False),
    ),
    read_back=replies.read_back,
    finish=_keep,
    owns=frozenset({Intent.PROPOSE_TOPIC}),
    story=_story,
    words=("opinion",),
    context=_context,
    about=replies.about_opinion,
)


def _take_back(turn: Turn, own: Iterable[Opinion]) -> Reply:
    number = opinions.opinion_number(turn.text)
    meant = [opinion for opinion in own if number in (None, opinion.id)]
    if number is not None and not meant:
        raise Refusal(replies.no_such_opinion(number))
    if len(meant) > 1:
        return replies.which_to_withdraw(meant)
    text = replies.shortened(meant[0].text)
    return forms.begin(turn, WITHDRAWAL, {"number": meant[0].id, "text": text})


def _withdraw(turn: Turn, values: Values) -> Reply:
    meant = next((own for own in turn.work.opinions.of(turn.person) if own.id == values["number"]), None)
    if meant is None:
        raise Refusal(replies.no_such_opinion(values["number"]))
    meant.withdraw(turn.now)
    return replies.withdrawn(meant.id)


WITHDRAWAL = Form(
    "withdraw_opinion",
    Intent.GIVE_OPINION,
    (),
    replies.confirm_withdrawal,
    _withdraw,
    about=replies.about_withdrawal,
)

FORMS = (OPINION, WITHDRAWAL)
