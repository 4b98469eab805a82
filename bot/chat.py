"""`gridbot chat`: the same bot in a terminal, as any of the invented people."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.console import Console

from bot import logs
from bot.app import build, build_parser
from bot.channels.terminal import Terminal, as_inbound
from bot.clock import system_clock
from bot.schema import SetUpError
from bot.set_up import prepare
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.app import App
    from bot.settings import Settings
    from storage.database import Database

HELP = "/as ID 换人  /group 到群里说（叫我要写 @小助手）  /private 私下说  /people 有哪些人  /quit 退出"


class Stage:
    """Who is speaking, and where."""

    def __init__(self, people: dict[str, str], person: str) -> None:
        self.people = people
        self.person = person
        self.in_group = False

    @property
    def prompt(self) -> str:
        """What stands before the cursor."""
        return f"{self.people[self.person]}（{'群里' if self.in_group else '私下'}）> "


def chat(settings: Settings, person: str) -> None:
    """Talk until the input ends; raises SetUpError for a person who does not exist."""
    console = Console()
    logs.set_up("WARNING")
    # A database of its own: a trial at the terminal must not draw away what is meant for people in the web chat.
    settings = settings.model_copy(update={"database_url": f"sqlite:///{settings.data_dir / 'chat.db'}"})
    prepare(settings, console)
    parser = build_parser(settings, console.print)
    terminal = Terminal(lambda _chat, _text: None)
    app = build(settings, [terminal], parser)
    people = _sit_down(app.database)
    try:
        if person not in people:
            raise SetUpError(f"Nobody is called {person!r}. There are: {', '.join(people)}.")
        stage = Stage(people, person)
        terminal.show_with(lambda where, text: _show(console, stage, where, text))
        console.print(HELP)
        with suppress(KeyboardInterrupt, EOFError):
            asyncio.run(_talk(app, stage, console))
    finally:
        app.database.close()


async def _talk(app: App, stage: Stage, console: Console) -> None:
    async with app.running():
        while True:
            line = (await asyncio.to_thread(console.input, stage.prompt)).strip()
            if line == "/quit":
                return
            if line.startswith("/"):
                _command(stage, line, console)
            elif line:
                sender = f"demo-{stage.person}"
                await app.receive(as_inbound(sender, line, system_clock(), in_group=stage.in_group))
                await app.workers.idle()
                await app.delivery.settle()


def _command(stage: Stage, line: str, console: Console) -> None:
    word, _, rest = line.partition(" ")
    if word == "/as" and rest.strip() in stage.people:
        stage.person = rest.strip()
    elif word in ("/group", "/private"):
        stage.in_group = word == "/group"
    elif word == "/people":
        console.print("  ".join(f"{key} {name}" for key, name in stage.people.items()))
    else:
        console.print(HELP)


def _show(console: Console, stage: Stage, chat: str, text: str) -> None:
    person = chat.removeprefix("p:demo-")
    to = "群" if chat == "group" else stage.people.get(person, person)
    console.print(f"[bold]→ {to}[/bold]")
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _sit_down(database: Database) -> dict[str, str]:
    """Give every invented person an account at this terminal; their names by id."""
    people = {}
    with UnitOfWork(database) as work:
        for identity in work.people.identities("web"):
            if not identity.sender.startswith("demo-"):
                continue
            people[identity.sender.removeprefix("demo-")] = identity.person.name or identity.sender
            if work.people.identity(Terminal.name, Terminal.account, identity.sender) is None:
                work.people.add_identity(
                    identity.person,
                    Terminal.name,
                    Terminal.account,
                    identity.sender,
                    system_clock(),
                    private_chat=f"p:{identity.sender}",
                )
        work.commit()
    return people
