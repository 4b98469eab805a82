"""The settings: environment variables that begin with GRIDBOT_, read once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, Secret
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things are kept, where the bot listens and what understands for it."""

    model_config = SettingsConfigDict(env_prefix="GRIDBOT_", hide_input_in_errors=True)

    data_dir: Path = Path("data")
    """The folder for the SQLite database and for what is trained on the spot."""

    database_url: str = ""
    """A SQLAlchemy URL, for example postgresql://user@host/name; without one, SQLite in the data folder."""

    host: str = "127.0.0.1"
    port: int = 8000

    demo: bool = False
    """Whether the web chat lets a visitor pick one of the invented people; never for a real community."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    nlu: Literal["embedded", "rasa"] = "embedded"
    """Which model ranks intents: the one in the process, or a Rasa server with the first to fall back on."""

    rasa_url: HttpUrl = HttpUrl("http://127.0.0.1:5005")
    """Where the Rasa server stands, by default where `make rasa` puts it; `?token=` is passed on."""

    rasa_timeout: Annotated[float, Field(gt=0, le=60)] = 1.0
    """Seconds that a message may wait for the Rasa server before the embedded model takes over."""

    llm_url: HttpUrl | None = None
    """Where a language model stands (`/chat/completions` is added), if one may rephrase questions and retell quotes."""

    llm_model: str = ""
    """The name of the model, where the server has several."""

    llm_key: Secret[Annotated[str, Field(pattern=r"^[!-~]*$")]] = Secret("")
    """What the server wants to be shown; it goes into a header, so it has no blanks and no letters beyond ASCII."""

    llm_timeout: Annotated[float, Field(gt=0, le=20)] = 4.0
    """Seconds that an answer may wait for the language model before it goes out without it."""

    @property
    def models(self) -> Path:
        """The folder for what is learned on the spot and kept for the next start."""
        return self.data_dir / "models"

    @property
    def photos(self) -> Path:
        """The folder for the photos that people send."""
        return self.data_dir / "photos"

    @property
    def database(self) -> str:
        """The URL of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'gridbot.db'}"
