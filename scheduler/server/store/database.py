"""Opening the database: SQLite by a file, PostgreSQL by a URL, brought to the level that this release needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from scheduler.errors import ExportError, UsageError
from scheduler.language import Bilingual

DEFAULT_URL = "sqlite:///output/giliran.db"
VARIABLE = "GILIRAN_DATABASE"
WRITES = "giliran_writes"
MIGRATION_LOCK = 0x67696C6972616E
"""Of PostgreSQL's advisory locks: "giliran" in ASCII."""


def database_url(given: str | None) -> str:
    """Return the URL given, else that of the environment's `GILIRAN_DATABASE`, else `DEFAULT_URL`."""
    return given or os.environ.get(VARIABLE) or DEFAULT_URL


def open_database(url: str) -> Engine:
    """Return an engine on a database of the present level; a new or older one is brought there.

    SQLite runs in WAL with an fsync at every commit; its file is for its owner alone.

    Raises
    ------
    UsageError
        Where the URL is none, is of another kind of database, or a later release has been here.
    ExportError
        Where the database cannot be reached or written.
    """
    engine = connect(url)
    try:
        migrate(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        raise unreachable(url, error) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def connect(url: str) -> Engine:
    """Return an engine as `open_database` does, but leave the database at the level where it is."""
    try:
        parsed = make_url(url)
        kind = parsed.get_backend_name()
    except ArgumentError:
        kind = ""
    if kind not in ("sqlite", "postgresql"):
        raise UsageError(
            Bilingual(
                id="--database: bukan alamat basis data. Yang boleh: sqlite:///berkas.db atau postgresql+psycopg://…",
                en="--database: no address of a database. Allowed: sqlite:///file.db or postgresql+psycopg://…",
            )
        )
    try:
        if kind == "postgresql":
            plain = parsed.set(drivername="postgresql+psycopg")
            return create_engine(
                plain, pool_pre_ping=True, pool_size=20, max_overflow=10, hide_parameters=True
            )
        return _sqlite(parsed.database or "")
    except (OSError, ImportError) as error:
        raise unreachable(url, error) from error


def _sqlite(file: str) -> Engine:
    if file in ("", ":memory:"):
        raise UsageError(
            Bilingual(
                id="--database: SQLite perlu sebuah berkas, seperti sqlite:///output/giliran.db.",
                en="--database: SQLite needs a file, such as sqlite:///output/giliran.db.",
            )
        )
    path = Path(file)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": 30, "check_same_thread": False},
        hide_parameters=True,  # of statements that fail, in logs: they hold places
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin below, not where sqlite3 guesses
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that writes; it is committed at the end, on the disk by then."""
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        yield connection


def migrate(engine: Engine) -> None:
    """Bring the database to the present level; of several processes that begin at once, one does it."""
    from alembic import command

    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        at, newest = _level(connection), newest_level()
        if at == newest:
            return
        if at is not None and at not in _levels():
            raise UsageError(
                Bilingual(
                    id=f"Basis data ini dari giliran yang lebih baru (tingkat {at}; rilis ini sampai {newest}). Pakai rilis itu.",
                    en=f"This database is of a later giliran (level {at}; this release knows up to {newest}). Use that release.",
                )
            )
        command.upgrade(_config(connection), "head")


def build_level(engine: Engine, wanted: str) -> None:
    """Build an empty database of a level, such as that of a backup."""
    from alembic import command

    with writing(engine) as connection:
        command.upgrade(_config(connection), wanted)


def level(engine: Engine) -> str | None:
    """Return the level of a database, or None where nothing has been built."""
    with engine.connect() as connection:
        return _level(connection)


def newest_level() -> str:
    """Return the level of this release."""
    return _levels()[0]


def _level(connection: Connection) -> str | None:
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _levels() -> list[str]:
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config(connection: Connection | None = None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def unreachable(url: str, error: Exception) -> ExportError:
    """Return the error that says that a database cannot be used, without its password."""
    try:
        shown = make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        shown = "--database"
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()
    why = cause[0] if cause else type(error).__name__
    return ExportError(
        Bilingual(
            id=f"{shown}: basis data tidak dapat dipakai ({why}). Periksa alamat, izin dan ruang disk.",
            en=f"{shown}: the database cannot be used ({why}). Check address, permission and disk space.",
        )
    )
