"""Several processes that do the same thing on one database at the same moment, each with connections of its own."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Any

from storage.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

    Job = Callable[[Database, int], Any]


def in_processes(url: str, count: int, do: Job, each: int = 1) -> list[Any]:
    """What `do(database, number)` gave for the numbers from 0 on, `each` of them in each of `count` processes.

    `do` is a function of a module, and what it gives can be pickled.
    """
    context = multiprocessing.get_context("spawn")
    ready, results = context.Barrier(count), context.Queue()
    children = [context.Process(target=_run, args=(url, number, each, do, ready, results)) for number in range(count)]
    for child in children:
        child.start()
    found = [result for _ in children for result in results.get(timeout=120)]
    for child in children:
        child.join(60)
    errors = [result for result in found if isinstance(result, BaseException)]
    if errors:
        raise errors[0]
    return found


def _run(url: str, number: int, each: int, do: Job, ready: Barrier, results: Queue[list[Any]]) -> None:
    found: list[Any] = []
    try:
        database = Database(url)
        ready.wait(90)
        found += [do(database, number * each + turn) for turn in range(each)]
        database.close()
    except BaseException as error:
        found.append(RuntimeError(f"{type(error).__name__}: {error}"))
    results.put(found)
