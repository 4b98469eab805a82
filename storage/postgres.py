"""The cursor on PostgreSQL: it describes the columns of a result to those who look, and to nobody else.

psycopg makes an object of every column of every result, with a dozen calls each. SQLAlchemy asks for them each time,
and reads them the first time that it sees a statement: among wide rows that is a tenth of all that a message costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import psycopg

if TYPE_CHECKING:
    from psycopg import Column


class Cursor(psycopg.Cursor[Any]):
    """A cursor whose `description` is made when it is read."""

    @property
    def description(self) -> Sequence[Column] | None:  # type: ignore[override]
        """The columns of the result, or None where there is none."""
        result = self.pgresult
        return _Columns(self, result.nfields) if result is not None and result.nfields else None


class _Columns(Sequence["Column"]):
    """The columns of the result that a cursor holds now."""

    def __init__(self, cursor: Cursor, count: int) -> None:
        self._cursor = cursor
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Column: ...
    @overload
    def __getitem__(self, place: slice) -> list[Column]: ...
    def __getitem__(self, place: int | slice) -> Column | list[Column]:
        return self._made[place]

    @cached_property
    def _made(self) -> list[Column]:
        return [psycopg.Column(self._cursor, number) for number in range(self._count)]
