"""The models that can rank intents, by their names and each by itself: none falls back on another."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.schema import SetUpError
from nlu import embedded_model, linear_model
from nlu.encoder import EncoderUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings
    from nlu.parser import Model


class ModelName(StrEnum):
    """What a model is called on the command line."""

    EMBEDDED = "embedded"
    LINEAR = "linear"


def load_model(name: ModelName, settings: Settings, say: Callable[[str], None]) -> Model:
    """The model of that name; raises SetUpError where it cannot run."""
    match name:
        case ModelName.EMBEDDED:
            try:
                return embedded_model.load()
            except EncoderUnavailableError as error:
                raise SetUpError(f"The embedded model cannot run: {error}") from error
        case ModelName.LINEAR:
            return linear_model.load_or_train(settings.models, say)
