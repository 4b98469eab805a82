"""The start of `gridbot serve` as a process: how soon it is up and has answered, and what memory it then holds."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from tests.bench.figures import Figure, figure_of
from tests.bench.visitor import ServerError, ask, wait_until_up

if TYPE_CHECKING:
    from collections.abc import Callable

WARM_STARTS = 3
READY_S, MEMORY_MB = 3.0, 400.0
LONGEST_START_S = 120.0
QUESTION = "注册志愿者要达到多少比例"


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds until the first 200 of /healthz and until the first answer, and what was used until then.

    `processor_s` are seconds of processor time, which other work on the machine does not lengthen; MB are 10^6 bytes.
    """

    up_s: float
    answered_s: float
    processor_s: float
    resident_mb: float


def measure(folder: Path, advance: Callable[[], None]) -> list[Figure]:
    """Start the server once cold, with nothing in `folder`, and then warm."""
    cold = start_once(folder)
    advance()
    warm = []
    for _ in range(WARM_STARTS):
        warm.append(start_once(folder))
        advance()
    name = "warm `gridbot serve`"
    return [
        figure_of(f"{name}: up", [start.up_s for start in warm], "s", target=READY_S),
        figure_of(f"{name}: a message answered", [start.answered_s for start in warm], "s", target=READY_S),
        figure_of(f"{name}: processor time until then", [start.processor_s for start in warm], "s"),
        figure_of(f"{name}: resident memory", [start.resident_mb for start in warm], "MB", target=MEMORY_MB),
        Figure("first start, with training: a message answered", cold.answered_s, "s", 1),
    ]


def start_once(folder: Path) -> Start:
    """Start the server with its data in `folder`, ask one question, stop it; raises ServerError with what it wrote."""
    folder.mkdir(parents=True, exist_ok=True)
    port, log = _free_port(), folder / "serve.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRIDBOT_")}
    environment["GRIDBOT_DATA_DIR"] = str(folder)
    command = [sys.executable, "-m", "bot", "serve", "--demo", "--port", str(port)]
    with log.open("wb") as output:
        begin = time.monotonic()
        child = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            return _visit(child, port, begin)
        except (ServerError, httpx.HTTPError) as error:
            raise ServerError(f"gridbot serve: {error}\n{log.read_text(encoding='utf-8')[-2000:]}") from error
        finally:
            child.terminate()
            child.wait(30)


def _visit(child: subprocess.Popen[bytes], port: int, begin: float) -> Start:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
        wait_until_up(client, LONGEST_START_S, lambda: child.poll() is None)
        up = time.monotonic() - begin
        answer = ask(client, QUESTION)
        answered = time.monotonic() - begin
    if "13%" not in answer:
        raise ServerError(f"the answer to {QUESTION} is: {answer}")
    return Start(up, answered, _processor_s(child.pid), _resident_mb(child.pid))


def _processor_s(pid: int) -> float:
    # The name of the program, in brackets, may hold spaces; utime and stime are the 14th and 15th field.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None, status
    return int(found[1]) * 1024 / 1e6


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
