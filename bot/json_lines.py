"""JSON lines: one object a line in, one a line out, in order; for a line that cannot be read, an error in its place."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Answer = dict[str, Any]


class LineError(ValueError):
    """A line that says something other than what the command reads; its text is the error."""


def answer_lines(lines: Iterable[str], answer: Callable[[dict[str, Any]], Answer]) -> Iterator[tuple[Answer, bool]]:
    """Answer every line that is not blank: the object to write, and whether the line could be read."""
    for line in lines:
        if not line.strip():
            continue
        try:
            yield answer(_object(line)), True
        except LineError as error:
            yield {"error": str(error)}, False


def run(answer: Callable[[dict[str, Any]], Answer]) -> int:
    """Answer standard input on standard output; the exit status."""
    status = 0
    for result, readable in answer_lines(sys.stdin, answer):
        status = status if readable else 1
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return status


def text_of(data: dict[str, Any], name: str) -> str:
    """A text that the line must hold; raises LineError."""
    value = data.get(name)
    if not isinstance(value, str):
        raise LineError(f'"{name}" must be a text')
    return value


def _object(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise LineError(f"not JSON: {error}") from error
    if not isinstance(data, dict):
        raise LineError("not a JSON object")
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise LineError("half of a character pair, which is no text") from error
    return data
