"""What several tests of understanding stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from structlog.typing import EventDict


@pytest.fixture
def told() -> Iterator[list[EventDict]]:
    """What the operator is told."""
    with structlog.testing.capture_logs() as lines:
        yield lines
