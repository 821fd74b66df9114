"""Putting many rows that phones sent into a table, those that are there already left as they are.

PostgreSQL gets them as one text of JSON in one statement, which is a transaction of its own: one way there and back, and
one plan for any number of rows. The statement also reads the change number and puts nothing where it is another than
that by which the rows' subjects were looked up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql

from scheduler.server.store.tables import CHANGE


class OutdatedError(Exception):
    """Links or rosters have changed since the subjects were looked up; nothing was put."""


def put(
    connection: Connection, table: Table, rows: list[dict[str, Any]], number: int | None = None
) -> Iterable[Any]:
    """Put rows into a table; return (subject, client_id) of those that were not there yet.

    Parameters
    ----------
    number : the change number that must still hold; None where the transaction sees to that.

    Raises
    ------
    OutdatedError
        Where it does not hold.
    """
    if connection.dialect.name != "postgresql":
        return connection.execute(_put_rows(table), rows)
    given = {"rows": json.dumps(rows), "number": number}
    found = connection.exec_driver_sql(_put_text(table, tuple(rows[0])), given).all()
    if number is not None and found[0][0] != number:
        raise OutdatedError
    return [(subject, client_id) for _, subject, client_id in found if subject is not None]


@cache
def _put_rows(table: Table) -> Any:
    from sqlalchemy.dialects.sqlite import insert

    return insert(table).on_conflict_do_nothing().returning(table.c.subject_id, table.c.client_id)


@cache
def _put_text(table: Table, names: tuple[str, ...]) -> str:
    """Return the statement; the driver has it prepared after a few times, by its text."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    kinds = ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in names)
    columns = ", ".join(names)
    return (
        f"WITH present AS (SELECT number FROM {CHANGE.name}), added AS ("
        f"INSERT INTO {table.name} ({columns}) SELECT {columns} "
        f"FROM json_to_recordset(%(rows)s::json) AS given({kinds}), present "
        "WHERE present.number = %(number)s::bigint OR %(number)s::bigint IS NULL "
        "ON CONFLICT DO NOTHING RETURNING subject_id, client_id) "
        "SELECT present.number, added.subject_id, added.client_id FROM present LEFT JOIN added ON true"
    )
