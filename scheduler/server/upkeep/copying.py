"""Every row of a database copied into another of the same level, SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, MetaData, Table, delete, func, insert, select, text

LEVEL_TABLE = "alembic_version"
BATCH = 2_000


def copy_tables(source: Connection, target: Connection) -> None:
    """Copy every row of every table but the level's, parents first; the target's own rows go."""
    tables = [table for table in _tables(target) if table.name != LEVEL_TABLE]
    for table in reversed(tables):
        target.execute(delete(table))
    originals = {table.name: table for table in _tables(source)}
    for table in tables:
        for rows in _batches(source, originals[table.name]):
            target.execute(insert(table), rows)
    if target.dialect.name == "postgresql":
        for table in tables:
            _count_on(target, table)


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = source.execution_options(yield_per=BATCH).execute(select(table)).mappings()
    for part in found.partitions(BATCH):
        yield [dict(row) for row in part]


def _count_on(target: Connection, table: Table) -> None:
    """Have PostgreSQL number new rows after those that were copied."""
    if "id" not in table.c:
        return
    sequence = target.execute(text("SELECT pg_get_serial_sequence(:t, 'id')"), {"t": table.name}).scalar()
    highest = target.execute(select(func.max(table.c.id))).scalar()
    if sequence is not None and highest is not None:
        target.execute(text("SELECT setval(:s, :n)"), {"s": sequence, "n": highest})


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return found.sorted_tables


def count_rows(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in _tables(connection)
    }
