"""Reads over one connection of the driver itself, which stays open: for the little that is asked thousands of times.

SQLAlchemy's pool would ask whether the connection lives, begin and roll back around each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Engine, Executable
from sqlalchemy.exc import SQLAlchemyError

Found = TypeVar("Found")
Ask = Callable[[Any, Mapping[str, Any]], Sequence[Sequence[Any]]]
"""Takes a statement and its values; returns the rows."""


class Reader:
    """One connection outside of any transaction; used by one thread alone."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pooled: Any = None
        self._raw: Any = None
        self._known: dict[int, tuple[Executable, str, dict[str, Any], Sequence[str] | None]] = {}

    def run(self, read: Callable[[Ask], Found]) -> Found:
        """Return what `read` finds; once more over a new connection where the first had died.

        Raises
        ------
        SQLAlchemyError
            Where the database cannot be read.
        """
        try:
            return self._once(read)
        except Exception as error:  # noqa: BLE001 - each driver has its own; a connection may have died
            self.close()
            try:
                return self._once(read)
            except SQLAlchemyError:
                raise
            except Exception as again:  # noqa: BLE001
                raise SQLAlchemyError(type(again).__name__) from error

    def close(self) -> None:
        """Close the connection, if one is open."""
        if self._raw is not None:
            self._pooled.close()
            self._pooled = self._raw = None

    def _once(self, read: Callable[[Ask], Found]) -> Found:
        if self._raw is None:
            self._pooled = self._engine.raw_connection()
            self._raw = self._pooled.driver_connection
            self._pooled.detach()  # it stays in a state of its own, of no use to others
            if self._engine.dialect.name == "postgresql":
                self._raw.autocommit = True
        return read(self._ask)

    def _ask(self, statement: Any, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        _, text, own, order = self._known.get(id(statement)) or self._prepare(statement)
        given: Any = {**own, **values}
        if order is not None:
            given = [given[name] for name in order]
        rows: Sequence[Sequence[Any]] = self._raw.execute(text, given).fetchall()
        return rows

    def _prepare(self, statement: Any) -> tuple[Executable, str, dict[str, Any], Sequence[str] | None]:
        """Put a statement into the words of the database, once; both drivers then keep it prepared by its words."""
        made = statement.compile(dialect=self._engine.dialect)
        own = {name: value for name, value in made.params.items() if value is not None}
        found = (statement, str(made), own, made.positiontup)
        self._known[id(statement)] = found  # which also keeps the statement, and with it the id
        return found
