"""`gridbot people …` and `gridbot retention`: what the operator does for people and their data."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from storage.people import Role  # noqa: TC001 - typer reads the annotations

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings

Who = Annotated[str, typer.Argument(metavar="PERSON", help="An id, or a name that only one bears.")]
Where = Annotated[str, typer.Argument(metavar="AREA", help="An id, a name, or a way down the tree: 桂花社区/3网格.")]
Why = Annotated[str, typer.Option("--why", help="The reason, which is kept in the history.")]
Number = Annotated[str, typer.Argument(metavar="CASE", help="The whole number: 20260415-001.")]


def add_to(app: typer.Typer, settings: Callable[[], Settings]) -> None:
    """Add the commands to the command line."""
    people = typer.Typer(no_args_is_help=True, help="Roles, invitations, and the data held on people.")
    app.add_typer(people, name="people")
    _add_roles(people, settings)
    _add_codes(people, settings)
    _add_data(people, settings)
    _add_retention(app, settings)


def _say(sentence: str) -> None:
    Console(stderr=True).print(sentence, markup=False, highlight=False, soft_wrap=True)


def _add_roles(people: typer.Typer, settings: Callable[[], Settings]) -> None:
    @people.command("list")
    def list_(
        area: Annotated[str | None, typer.Argument(help="An area; by default all communities.")] = None,
        changes: Annotated[bool, typer.Option("--changes", help="Every grant and revocation instead.")] = False,
    ) -> None:
        """List who holds which role, or how that came about."""
        from bot import people as work

        Console().print((work.history if changes else work.listing)(settings(), area))

    @people.command()
    def grant(person: Who, role: Role, area: Where, why: Why = "") -> None:
        """Give a role at an area."""
        from bot import people as work

        _say(work.change_role(settings(), person, role, area, why, grant=True))

    @people.command()
    def revoke(person: Who, role: Role, area: Where, why: Why = "") -> None:
        """Take a role at an area."""
        from bot import people as work

        _say(work.change_role(settings(), person, role, area, why, grant=False))


def _add_codes(people: typer.Typer, settings: Callable[[], Settings]) -> None:
    @people.command()
    def invite(
        area: Where,
        qr: Annotated[Path | None, typer.Option("--qr", help="Write it as a picture, too: svg or png.")] = None,
        link: Annotated[str, typer.Option(help="What stands before the code in the picture, an address.")] = "",
    ) -> None:
        """Print an invitation code: whoever says it on a new account lives in that area."""
        from bot import people as work

        typer.echo(work.invite(settings(), area, qr, link))

    @people.command("household-cards")
    def household_cards(
        area: Where,
        out: Annotated[Path, typer.Option("--out", help="The page to write.")],
        add: Annotated[Path | None, typer.Option("--add", help="A text with a household a line: 2单元301.")] = None,
    ) -> None:
        """Write a page of cards with codes for the households without a telephone."""
        from bot import people as work

        count = work.household_cards(settings(), area, out, add)
        _say(f"Wrote {count} cards to {out}." if count else "There is no household; add some with --add.")


def _add_data(people: typer.Typer, settings: Callable[[], Settings]) -> None:
    @people.command()
    def export(person: Who, folder: Annotated[Path, typer.Argument(help="The folder to write to.")]) -> None:
        """Write all that is held on a person, as JSON and as a page; the files go when they erase their data."""
        from bot import people as work

        for file in work.export(settings(), person, folder):
            _say(f"Wrote {file}.")

    @people.command()
    def erase(person: Who, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
        """Erase a person who asked for it by letter or at the office."""
        from bot import people as work

        if yes or typer.confirm(f"Erase {person}? Nothing brings it back.", err=True):
            _say(work.erase_person(settings(), person))

    @people.command()
    def hold(number: Number, why: Why) -> None:
        """Keep a case as the law demands, also when somebody whom it concerns erases their data."""
        from bot import people as work

        _say(work.hold(settings(), number, why))

    @people.command()
    def unhold(number: Number) -> None:
        """Lift the hold on a case; what people asked to have erased of it meanwhile goes, and they are told."""
        from bot import people as work

        _say(work.lift_hold(settings(), number))


def _add_retention(app: typer.Typer, settings: Callable[[], Settings]) -> None:
    @app.command()
    def retention(
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Say what would be forgotten, and forget nothing.")
        ] = False,
    ) -> None:
        """Forget what is older than its kind may be, as it is done every night."""
        from bot.retention import run

        Console().print(run(settings(), dry_run=dry_run))
