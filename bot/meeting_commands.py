"""`gridbot meeting …`: what the operator does for meetings."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.schema import SetUpError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings


def add_to(app: typer.Typer, settings: Callable[[], Settings]) -> None:
    """Add the commands to the command line."""
    meeting = typer.Typer(no_args_is_help=True, help="Minutes of meetings, and their votes.")
    app.add_typer(meeting, name="meeting")

    @meeting.command()
    def minutes(
        number: Annotated[int, typer.Argument(help="The number of a meeting that was held.")],
        file: Annotated[Path, typer.Argument(help="A txt, docx or pdf file.")],
        yes: Annotated[bool, typer.Option("--yes", help="Publish without asking.")] = False,
    ) -> None:
        """Show what minutes decide, and publish them to those invited."""
        from bot.meetings import publish

        done = publish(settings(), number, file, _say, None if yes else lambda ask: typer.confirm(ask, err=True))
        if done is None:
            raise SetUpError("Nothing was published.")
        _say(done)

    @meeting.command()
    def recount(number: Annotated[int, typer.Argument(help="The number of a ballot that is closed.")]) -> None:
        """Count the votes of a ballot again; exit status 1 where they are not what was announced."""
        from bot.meetings import recount as count

        said, same = count(settings(), number)
        typer.echo(said)
        if not same:
            raise typer.Exit(1)


def _say(sentence: str) -> None:
    Console(stderr=True).print(sentence, markup=False, highlight=False, soft_wrap=True)
