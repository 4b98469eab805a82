"""The application: builds every part once and joins them; nothing else constructs a part."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import memory, personal_files, schema
from bot.clock import Clock, system_clock
from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.router import Router
from bot.timetable import Timetable
from bot.workers import Workers
from handlers import features
from nlu import embedded_model, linear_model
from nlu.encoder import EncoderUnavailableError
from nlu.language_model import LanguageModel
from nlu.parser import Parser
from nlu.policy.clauses import Status
from nlu.policy.consulting import Consultant
from nlu.policy.library import PolicyLibrary, Source
from nlu.rasa_model import RasaModel, RasaServer
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from bot.channels.channel import Channel
    from bot.settings import Settings
    from handlers.turn import Inbound
    from nlu.parser import Model
    from storage.database import Database


@dataclass(slots=True)
class App:
    """The joined parts of one process."""

    database: Database
    inbox: Inbox
    workers: Workers
    delivery: Delivery
    timetable: Timetable
    library: PolicyLibrary

    async def receive(self, message: Inbound) -> bool:
        """Store a message, and have it worked; True when it is new. Once this returns it will not be lost."""
        is_new = await asyncio.to_thread(self.inbox.receive, message)
        self.workers.submit(message.talk)
        return is_new

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver, keep the timetable and take up what a crash left, until the block is left."""
        sending = asyncio.create_task(self.delivery.run())
        # The documents are read beside the first messages; a question that comes sooner waits for them, nothing else.
        warming = asyncio.create_task(asyncio.to_thread(_warm_up, self.database, self.library))
        self.timetable.start()
        await self.timetable.recover(timedelta(0))
        try:
            yield
        finally:
            self.timetable.stop()
            await self.workers.close()
            sending.cancel()
            await asyncio.gather(sending, warming, return_exceptions=True)
            self.database.close()


def open_database(settings: Settings) -> Database:
    """The database of the settings, at the newest version; raises SetUpError where that cannot be had."""
    return schema.open_at_head(settings.database)


def build_parser(settings: Settings, say: Callable[[str], None] = lambda _line: None) -> Parser:
    """The parser with the model of the settings."""
    model = _embedded_model(settings.models, say)
    if settings.nlu == "rasa":
        model = RasaModel(RasaServer(str(settings.rasa_url), settings.rasa_timeout), fallback=model)
    return Parser(model)


def _embedded_model(models: Path, say: Callable[[str], None]) -> Model:
    """The model in this process: the encoder's, or the linear one where the encoder cannot run."""
    linear = linear_model.load_or_train(models, say)
    try:
        return embedded_model.load(linear)
    except EncoderUnavailableError as error:
        say(f"understanding is weaker than it could be, because the encoder cannot run: {error}")
        return linear


def build_consultant(settings: Settings) -> Consultant | None:
    """Who asks the language model of the settings, or None where there is none."""
    if settings.llm_url is None:
        return None
    key = settings.llm_key.get_secret_value()
    return Consultant(LanguageModel(str(settings.llm_url), settings.llm_model, key, settings.llm_timeout))


def build(settings: Settings, channels: Sequence[Channel], parser: Parser, clock: Clock = system_clock) -> App:
    """Build the application around these channels."""
    database = open_database(settings)
    library = PolicyLibrary(settings.models)
    inbox = Inbox(database, clock)
    router = Router(database, parser, library, clock, features.ROUTES, features.FORMS, build_consultant(settings))
    delivery = Delivery(database, channels, clock)
    workers = Workers(router, delivery.nudge)
    duties = (*features.DUTIES, personal_files.duty(settings.data_dir))
    timetable = Timetable(database, clock, duties, inbox, workers.submit, delivery.nudge)
    return App(database, inbox, workers, delivery, timetable, library)


def _warm_up(database: Database, library: PolicyLibrary) -> None:
    """Read the documents before the first question, which would otherwise wait for it."""
    with UnitOfWork(database, read_only=True) as work:
        sources = [Source(each.id, each.text, Status(each.status)) for each in work.policy.current()]
    if sources:
        library.search_over(sources)
    memory.give_back()
