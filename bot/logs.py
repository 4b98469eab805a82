"""Logging: every line, also those of libraries and traces, passes one processor that masks personal data.

What the bot itself says in its log is English; whatever else there is in a line are the words of people, which errors
quote. So numbers and addresses are masked, and what is not ASCII, as every name and text of a person, is left out.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any

import structlog

from nlu.personal_data import mask

if TYPE_CHECKING:
    from collections.abc import Callable

    from structlog.typing import EventDict, Processor


_WORDS = re.compile(r"[^\x00-\x7f]+")
"""What people say."""

_ESCAPED = re.compile(r"(?:\\+x[0-9a-fA-F]{2})+|\\+u[0-9a-fA-F]{4}")
"""The same as bytes and JSON show it; it is read before it is masked, for what a number is its neighbours tell."""

LEFT_OUT = "~"
"""Stands in a line where words were."""


def mask_personal_data(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Mask phone numbers and the like, and leave out the words of people, in every value of a log line."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return _WORDS.sub(LEFT_OUT, mask(_ESCAPED.sub(_unescaped, str(value))))


def _unescaped(match: re.Match[str]) -> str:
    text = match[0]
    if "u" in text:
        return chr(int(text.lstrip("\\u"), 16))
    return bytes.fromhex(re.sub(r"\\+x", "", text)).decode(errors="replace")


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
