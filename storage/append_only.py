"""Tables whose rows nobody can change or remove: the database itself refuses it, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import DDL, event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Table

ERASED = "（已按本人要求删除）"
"""What stands in place of a person's words after they had their data erased; the one change that is allowed."""

_SQLITE = (
    """CREATE TRIGGER {table}_keep_update BEFORE UPDATE ON {table} WHEN NOT ({same})
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""",
    """CREATE TRIGGER {table}_keep_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION {table}_keep() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{table} is append-only'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER {table}_keep_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NOT ({same}))
EXECUTE FUNCTION {table}_keep()""",
    "CREATE TRIGGER {table}_keep_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_keep()",
)


def statements(dialect: str, table: str, columns: Iterable[str], erasable: str | None = None) -> list[str]:
    """The SQL that makes `table` append-only, for `sqlite` or `postgresql`.

    Only the words in the column `erasable` may give way to ERASED. A migration names the `columns` that the table has
    at that version; one that adds a column makes the triggers anew.
    """
    is_same = "{0} IS {1}" if dialect == "sqlite" else "{0} IS NOT DISTINCT FROM {1}"
    kept = [is_same.format(f"NEW.{column}", f"OLD.{column}") for column in columns if column != erasable]
    erased = [f"(NEW.{erasable} = '{ERASED}' OR NEW.{erasable} = OLD.{erasable})"] if erasable else []
    same = " AND ".join([*kept, *erased])
    return [text.format(table=table, same=same) for text in (_SQLITE if dialect == "sqlite" else _POSTGRESQL)]


def dropping(dialect: str, table: str) -> list[str]:
    """The SQL that makes `table` an ordinary one again."""
    on = "" if dialect == "sqlite" else f" ON {table}"
    triggers = [f"DROP TRIGGER {table}_keep_{change}{on}" for change in ("update", "delete")]
    return triggers if dialect == "sqlite" else [*triggers, f"DROP FUNCTION {table}_keep()"]


KEPT: set[str] = set()
"""The tables that are append-only: of their rows, only the words that a person has erased may change, to ERASED."""


def keep(table: Table, erasable: str | None = None) -> None:
    """Make `table` append-only wherever it is created from the models (migrations say it for themselves)."""
    KEPT.add(table.name)
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(dialect, table.name, [column.name for column in table.columns], erasable):
            made = DDL(statement)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", made.execute_if(dialect=dialect))
