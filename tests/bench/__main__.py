"""Measure everything, print one table (or JSON), and end with status 1 where a target is missed."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.app import build_parser
from bot.settings import Settings
from nlu.policy.library import PolicyLibrary
from tests.bench import cases, ledger, messages, notices, sending, server, understanding
from tests.bench.figures import as_json, as_table
from tests.bench.visitor import ServerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.figures import Figure

FOLDER = Path(__file__).parent.parent.parent / "build" / "bench"
"""In the working copy and not where temporary files go, which may be no disk at all."""


def main() -> int:
    """Run the bench; the exit status."""
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("--json", action="store_true", help="write the figures as JSON to standard output")
    only = ("messages", "sending", "cases", "ledger", "notices")
    options.add_argument("--only", choices=only, help="measure one part")
    options.add_argument("--largest", type=int, default=max(cases.SIZES), help="most cases and entries in the database")
    chosen = options.parse_args()
    try:
        figures = _measure(chosen.only, chosen.largest)
    except (ServerError, RuntimeError) as error:
        print(f"the bench could not be run: {error}", file=sys.stderr)
        return 2
    if chosen.json:
        print(json.dumps({"machine": _machine(), "figures": as_json(figures)}, ensure_ascii=False, indent=2))
    else:
        Console(width=None if sys.stdout.isatty() else 140).print(as_table(figures, _machine()))
    missed = [figure.name.strip() for figure in figures if figure.holds is False]
    print(f"missed: {'; '.join(missed)}" if missed else "every target holds", file=sys.stderr)
    return 1 if missed else 0


def _measure(only: str | None, largest: int) -> list[Figure]:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:

        def steps(description: str, total: int) -> Callable[[], None]:
            task = progress.add_task(description, total=total)
            return lambda: progress.advance(task)

        of_cases = cases.measure(PolicyLibrary(), largest, steps) if only in (None, "cases") else []
        of_ledger = ledger.measure(largest, steps) if only in (None, "ledger") else []
        of_sending = sending.measure(steps) if only in (None, "sending") else []
        of_notices = notices.measure(largest, steps) if only in (None, "notices") else []
        if only in ("cases", "ledger", "sending", "notices"):
            return [*of_sending, *of_cases, *of_ledger, *of_notices]
        # The server comes first: its first start trains the model that the others then find.
        of_server = server.measure(FOLDER / "data", steps("starts of gridbot serve", 1 + server.WARM_STARTS))
        parser, library = build_parser(Settings(data_dir=FOLDER / "data")), PolicyLibrary()
        of_messages = messages.measure(FOLDER, parser, library, steps("rounds of messages", messages.ROUNDS))
        parse = understanding.measure_parse(parser, steps("sentences", len(understanding.sentences())))
        answer = understanding.measure_answer(library, steps("questions", len(understanding.questions())))
    return [*of_messages, *of_server, parse, answer, *of_sending, *of_cases, *of_ledger, *of_notices]


def _machine() -> str:
    return (
        f"{platform.machine()}, {os.cpu_count()} cores at load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (WAL, synchronous=FULL)"
    )


if __name__ == "__main__":
    sys.exit(main())
