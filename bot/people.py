"""People at the command line: roles, invitations, cards for households, exports, erasures on request, legal holds."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.markup import escape
from rich.table import Table
from sqlalchemy import select

from bot.clock import system_clock
from bot.schema import SetUpError, at_head
from handlers.people import data_replies, role_rules
from handlers.people.erasing import erase, release
from handlers.turn import Desk
from nlu.times import SHANGHAI
from storage.areas import Area
from storage.cases import Case
from storage.people import Person, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.settings import Settings
    from storage.unit_of_work import UnitOfWork

FROM_HERE = "command line"
_SIZE = 8
PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Card:
    """A household as its card shows it; `picture` is the code as SVG."""

    area: str
    label: str
    code: str
    picture: str


@contextmanager
def _desk(settings: Settings) -> Iterator[Desk]:
    with at_head(settings.database) as work:
        now = system_clock()
        yield Desk(work, now, f"operator:{now.isoformat()}")


def listing(settings: Settings, area: str | None) -> Table:
    """Those who hold a role or were confirmed, at or below an area, with the history of roles."""
    shown = Table(title="Roles")
    for column in ("id", "name", "home area", "roles"):
        shown.add_column(column, overflow="fold")
    with at_head(settings.database) as work:
        places = [_area(work, area)] if area else list(work.areas.communities())
        people = {person.id: person for place in places for person in work.people.living_in(place) if person.grants}
        for person in people.values():
            roles = "\n".join(f"{grant.role} at {grant.area.name}" for grant in person.grants)
            shown.add_row(str(person.id), escape(person.name or ""), escape(person.area.name), escape(roles))
    return shown


def history(settings: Settings, area: str | None) -> Table:
    """Every grant and revocation at or below an area: who, when, from where, why."""
    shown = Table(title="Changes of roles")
    for column in ("when", "by", "from", "what", "why"):
        shown.add_column(column, overflow="fold")
    with at_head(settings.database) as work:
        top = select(Area).where(Area.parent_id.is_(None)).order_by(Area.id)
        roots = [_area(work, area)] if area else work.session.scalars(top).all()
        for change in (line for root in roots for line in work.roles.history(root)):
            by = f"{change.actor.name or ''} ({change.actor_id})" if change.actor is not None else "operator"
            verb = "given to" if change.granted else "taken from"
            what = f"{change.role} at {change.area.name} {verb} {change.person.name or ''} ({change.person_id})"
            when = f"{change.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
            shown.add_row(when, *map(escape, (by, change.source, what, change.reason)))
    return shown


def change_role(settings: Settings, person: str, role: Role, area: str, reason: str, *, grant: bool) -> str:
    """Give a role or take it; the sentence that says what was done. Raises SetUpError where that cannot be."""
    with _desk(settings) as desk:
        who, where = find_person(desk.work, person), _area(desk.work, area)
        if where.kind not in role_rules.KINDS[role]:
            kinds = ", ".join(sorted(role_rules.KINDS[role]))
            raise SetUpError(f"A {role} is one at a {kinds}, and {where.name} is a {where.kind}.")
        change = desk.work.roles.grant if grant else desk.work.roles.revoke
        if not change(who, role, where, desk.now, by=None, source=FROM_HERE, reason=reason):
            raise SetUpError(f"{_called(who)} {'is' if grant else 'is no'} {role} at {where.name}{' already' * grant}.")
        desk.work.commit()
        return f"{_called(who)} is {'now' if grant else 'no longer'} {role} at {where.name}."


def invite(settings: Settings, area: str, file: Path | None, link: str) -> str:
    """An invitation code for an area, also as a picture; a phone reads there the link with the code behind it."""
    with _desk(settings) as desk:
        where = _area(desk.work, area)
        code = desk.work.invitation_codes.make(where, None, desk.now).code
        desk.work.commit()
    said = f"{link}{code}" if link else f"邀请码 {code}"
    if file is not None:
        if file.suffix not in (".svg", ".png"):
            raise SetUpError(f"{file}: a picture is an svg or a png.")
        segno.make(said, error="m").save(str(file), scale=_SIZE)
    return said


def household_cards(settings: Settings, area: str, file: Path, labels: Path | None) -> int:
    """Write a page of cards for the households of an area, and how many they are; `labels` adds one for each line."""
    with _desk(settings) as desk:
        where = _area(desk.work, area)
        for label in labels.read_text(encoding="utf-8").splitlines() if labels is not None else ():
            if label.strip():
                desk.work.households.add(where, label.strip()[:60], desk.now)
        households = desk.work.households.below(where)
        cards = [Card(each.area.name, each.label, each.code, _inline(each.code)) for each in households]
        desk.work.commit()
    if cards:
        page = PAGES.get_template("household_cards.html.j2").render(area=where.name, cards=cards)
        file.write_text(page, encoding="utf-8")
    return len(cards)


def export(settings: Settings, person: str, folder: Path) -> list[Path]:
    """Write everything that is held on a person as JSON and as a page; it goes when they erase their data."""
    with _desk(settings) as desk:
        who = find_person(desk.work, person)
        data = desk.work.own_data.of(who)
        folder.mkdir(parents=True, exist_ok=True)
        written = [folder / f"person-{who.id}.json", folder / f"person-{who.id}.html"]
        written[0].write_text(json.dumps(data, ensure_ascii=False, indent=2, default=_plain), encoding="utf-8")
        sections = [part.partition("\n") for part in data_replies.readable(data).split("\n\n")]
        page = PAGES.get_template("own_data.html.j2").render(
            day=f"{desk.now.astimezone(SHANGHAI):%Y-%m-%d}",
            sections=[(title.strip("【】"), text.splitlines()) for title, _, text in sections],
        )
        written[1].write_text(page, encoding="utf-8")
        for file in written:
            desk.work.personal_files.note(who, str(file.resolve()), desk.now)
        desk.work.commit()
    return written


def erase_person(settings: Settings, person: str) -> str:
    """Erase a person who asked for it by another way than the chat; what stays of them is said."""
    with _desk(settings) as desk:
        who = find_person(desk.work, person)
        stays = data_replies.stays(desk.work.own_data.of(who))
        number = who.id
        erase(desk, who)
        desk.work.commit()
    return f"Person {number} is erased. What stays: {'; '.join(stays)}"


def hold(settings: Settings, number: str, reason: str) -> str:
    """Keep a case as it is, also when somebody whom it concerns erases their data."""
    with _desk(settings) as desk:
        case = _case(desk.work, number)
        desk.work.holds.set(case, reason, desk.now)
        desk.work.commit()
        return f"Case {case.number} is kept until the hold is lifted."


def lift_hold(settings: Settings, number: str) -> str:
    """Lift a hold, and do what was asked for meanwhile; the sentences that say so."""
    with _desk(settings) as desk:
        case = _case(desk.work, number)
        held = desk.work.holds.on(case)
        if held is None:
            raise SetUpError(f"There is no hold on case {case.number}.")
        untold = release(desk, held)
        desk.work.commit()
        lines = [f"The hold on case {case.number} is lifted."]
        if untold:
            called = "; ".join(" ".join(filter(None, (each.name, each.phone, each.home))) for each in untold)
            lines.append(
                f"What these asked for meanwhile was erased; they have no account left, write to them: {called}"
            )
        return "\n".join(lines)


def find_person(work: UnitOfWork, called: str) -> Person:
    """Whoever is meant by an id or by a name that only one bears; raises SetUpError for anybody else."""
    same = Person.id == int(called) if called.isdecimal() else Person.name == called
    found = work.session.scalars(
        select(Person).where(same, Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    ).unique()
    people = list(found)
    if len(people) != 1:
        ids = ", ".join(str(person.id) for person in people)
        raise SetUpError(f"Several are called {called}: {ids}. Say which." if people else f"There is no {called!r}.")
    return people[0]


def _area(work: UnitOfWork, called: str) -> Area:
    """The area of this id or name, or of this way down the tree (桂花社区/3网格); raises SetUpError for another."""
    *above, name = called.split("/")
    same = Area.id == int(called) if called.isdecimal() else Area.name == name
    areas: Sequence[Area] = work.session.scalars(select(Area).where(same).order_by(Area.id)).all()
    if above:
        areas = [area for area in areas if area.parent_id and work.areas.get(area.parent_id).name == above[-1]]
    if len(areas) != 1:
        ids = ", ".join(f"{area.id} {area.name}" for area in areas)
        raise SetUpError(f"Several are called {called}: {ids}. Say which." if areas else f"There is no {called!r}.")
    return areas[0]


def _case(work: UnitOfWork, number: str) -> Case:
    cases = work.session.scalars(select(Case).where(Case.number == number)).unique().all()
    if len(cases) != 1:
        raise SetUpError(f"There is no case {number}." if not cases else f"Several communities have a case {number}.")
    return cases[0]


def _called(person: Person) -> str:
    return f"{person.name or 'Person'} ({person.id})"


def _inline(text: str) -> str:
    return segno.make(text, error="m").svg_inline(scale=3)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    raise TypeError(type(value).__name__)
