"""Logging: every line, also those of libraries and traces, passes one processor that masks personal data."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

import structlog

from nlu.personal_data import mask

if TYPE_CHECKING:
    from collections.abc import Callable

    from structlog.typing import EventDict, Processor


def mask_personal_data(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Mask phone numbers and the like in every value of a log line."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return mask(str(value))


SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)


def set_up(level: str, write: Callable[[str], None] | None = None) -> None:
    """Send all logging through the masking processor to standard error, or line by line to `write`.

    Only the level's name is taken from outside; an unknown name raises ValueError.
    """
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*SHARED, mask_personal_data],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"]),
        ],
    )
    handler: logging.Handler = logging.StreamHandler(sys.stderr) if write is None else _Lines(write)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # A scheduler that says every five seconds that it did its work hides what matters, and so does a client that names
    # every call (with the key that may stand in its address).
    for chatty in ("apscheduler", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*SHARED, mask_personal_data, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class _Lines(logging.Handler):
    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__()
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        self._write(self.format(record))
