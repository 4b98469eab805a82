"""Several threads that do the same thing at the same moment, as several processes on one database would."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


def at_once(count: int, do: Callable[[int], Result]) -> list[Result]:
    """What `do(0)` to `do(count - 1)` gave, each called in a thread of its own once all threads stood ready."""
    ready = Barrier(count)

    def run(number: int) -> Result:
        ready.wait(timeout=30)
        return do(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count), timeout=60))
