"""The settings: environment variables that begin with GRIDBOT_, read once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things are kept and where the bot listens."""

    model_config = SettingsConfigDict(env_prefix="GRIDBOT_")

    data_dir: Path = Path("data")
    """The folder for the SQLite database and for what is trained on the spot."""

    database_url: str = ""
    """A SQLAlchemy URL, for example postgresql://user@host/name; without one, SQLite in the data folder."""

    host: str = "127.0.0.1"
    port: int = 8000

    demo: bool = False
    """Whether the web chat lets a visitor pick one of the invented people; never for a real community."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def models(self) -> Path:
        """The folder for what is learned on the spot and kept for the next start."""
        return self.data_dir / "models"

    @property
    def database(self) -> str:
        """The URL of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'gridbot.db'}"
