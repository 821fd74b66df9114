"""The whole database as one file, taken while the server runs, and put back into SQLite or PostgreSQL.

The file is a zip of a SQLite database, whatever kind it was taken from, and of a manifest with its level, its rows
and its SHA-256. It holds what people sent, so it is for its owner alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
import zlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, delete, text
from sqlalchemy.exc import SQLAlchemyError

from scheduler.errors import ExportError, Fault, InputError, UsageError
from scheduler.language import Bilingual
from scheduler.server.store.board_tables import SESSION
from scheduler.server.store.changes import change_number
from scheduler.server.store.database import (
    build_level,
    connect,
    level,
    migrate,
    open_database,
    unreachable,
    writing,
)
from scheduler.server.store.tables import CHANGE
from scheduler.server.upkeep.copying import LEVEL_TABLE, copy_tables, count_rows
from scheduler.version import __version__

FORM = "giliran-backup-1"
DATABASE, MANIFEST = "giliran.db", "manifest.json"
CHUNK = 1 << 20
ALWAYS_FILLED = frozenset({CHANGE.name, LEVEL_TABLE})

_NO_BACKUP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    RuntimeError,  # of zipfile, for members under a password, and NotImplementedError for ways of packing it lacks
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself; `rows` by table."""

    level: str
    rows: dict[str, int]
    sha256: str
    made_at: str
    version: str = __version__
    form: str = FORM


def back_up(url: str, file: Path) -> Manifest:
    """Write a backup of the database as it is at one moment; check-ins are taken meanwhile.

    Raises
    ------
    UsageError
        Where the file exists already, or nothing was ever published there.
    ExportError
        Where the database cannot be read or the file not be written.
    """
    if file.exists():
        raise UsageError(
            Bilingual(
                id=f"{file} sudah ada dan tidak ditimpa; pilih nama lain.",
                en=f"{file} exists and is not overwritten; choose another name.",
            )
        )
    engine = _existing(url)
    try:
        with TemporaryDirectory(dir=_folder(file), prefix=".giliran-backup-") as folder:
            copy = Path(folder) / DATABASE
            _copy_out(engine, copy)
            manifest = _describe(copy)
            _pack(copy, manifest, Path(folder) / "packed")
            _put_in_place(Path(folder) / "packed", file)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise unreachable(url, error) from error
    except OSError as error:
        raise _unwritable(file, error) from error
    finally:
        engine.dispose()
    return manifest


def restore(file: Path, url: str) -> Manifest:
    """Put a backup into an empty database of either kind, and bring it to the level of this release.

    All of it comes back but the board's sessions.

    Raises
    ------
    InputError
        Where the file is no backup, or damaged.
    UsageError
        Where the database holds anything already, or the backup is of a later release.
    ExportError
        Where the database cannot be written.
    """
    with TemporaryDirectory(prefix="giliran-restore-") as folder:
        copy = Path(folder) / DATABASE
        manifest = _unpack(file, copy)
        source = connect(f"sqlite:///{copy}")
        try:
            migrate(source)
            target = open_database(url)
            try:
                _copy_in(source, target)
            except SQLAlchemyError as error:
                raise unreachable(url, error) from error
            finally:
                target.dispose()
        finally:
            source.dispose()
    return manifest


def _existing(url: str) -> Engine:
    from sqlalchemy import make_url

    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise _nothing(url)
    engine = connect(url)
    try:
        at = level(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        raise unreachable(url, error) from error
    if at is None:
        engine.dispose()
        raise _nothing(url)
    return engine


def _nothing(url: str) -> UsageError:
    from sqlalchemy import make_url

    shown = make_url(url).render_as_string(hide_password=True)
    return UsageError(
        Bilingual(
            id=f"{shown}: tidak ada basis data giliran untuk dicadangkan; sebut alamatnya dengan --database.",
            en=f"{shown}: there is no database of giliran to back up; say where it is by --database.",
        )
    )


def _folder(file: Path) -> Path:
    if not file.parent.is_dir():
        raise UsageError(
            Bilingual(id=f"Tidak ada folder {file.parent}.", en=f"There is no folder {file.parent}.")
        )
    return file.parent


def _copy_out(engine: Engine, copy: Path) -> None:
    copy.touch(mode=0o600)
    if engine.dialect.name == "sqlite":
        _copy_sqlite(engine, copy)
        return
    target = connect(f"sqlite:///{copy}")
    try:
        reading = engine.connect().execution_options(isolation_level="REPEATABLE READ")
        with reading as source, source.begin():  # one snapshot of all tables
            build_level(target, str(source.execute(text(f"SELECT version_num FROM {LEVEL_TABLE}")).scalar()))
            with writing(target) as connection:
                copy_tables(source, connection)
        with target.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        target.dispose()


def _copy_sqlite(engine: Engine, copy: Path) -> None:
    """Copy all pages in one step: SQLite's online backup sees one moment, and in WAL keeps no writer waiting."""
    pooled = engine.raw_connection()
    try:
        into = sqlite3.connect(copy)
        try:
            source: Any = pooled.driver_connection
            source.backup(into)
            into.execute("PRAGMA journal_mode=DELETE")
        finally:
            into.close()
    finally:
        pooled.close()


def _copy_in(source: Engine, target: Engine) -> None:
    with source.connect() as reading, writing(target) as connection:
        if target.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": 0x726573746F7265})
        taken = [name for name, rows in count_rows(connection).items() if rows and name not in ALWAYS_FILLED]
        if taken:
            raise UsageError(
                Bilingual(
                    id=f"Basis data tujuan sudah berisi ({', '.join(taken[:3])}) dan tidak ditimpa; sebut yang kosong dengan --database.",
                    en=f"The database is not empty ({', '.join(taken[:3])}) and is not overwritten; name an empty one by --database.",
                )
            )
        before = change_number(connection)
        copy_tables(reading, connection)
        connection.execute(delete(SESSION))  # somebody may have signed out since: all sign in anew
        connection.execute(CHANGE.update().values(number=CHANGE.c.number + before))


def _describe(copy: Path) -> Manifest:
    engine = connect(f"sqlite:///{copy}")
    try:
        with engine.connect() as connection:
            rows = count_rows(connection)
            at = str(connection.execute(text(f"SELECT version_num FROM {LEVEL_TABLE}")).scalar())
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    return Manifest(level=at, rows=rows, sha256=_sha256(copy), made_at=made_at)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _pack(copy: Path, manifest: Manifest, packed: Path) -> None:
    packed.touch(mode=0o600)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        archive.write(copy, DATABASE)
    with packed.open("rb+") as stream:
        os.fsync(stream.fileno())


def _put_in_place(packed: Path, file: Path) -> None:
    try:
        os.link(packed, file)  # unlike a rename, it never replaces what came there meanwhile
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        packed.replace(file)
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unpack(file: Path, copy: Path) -> Manifest:
    copy.touch(mode=0o600)
    try:
        with zipfile.ZipFile(file) as archive:
            told = json.loads(archive.read(MANIFEST))
            if not isinstance(told, dict) or told.get("form") != FORM:
                raise ValueError(MANIFEST)
            manifest = Manifest(**told)
            with archive.open(DATABASE) as packed, copy.open("wb") as stream:
                while part := packed.read(CHUNK):
                    stream.write(part)
    except FileNotFoundError as error:
        raise _faulty(file, Bilingual(id="berkas tidak ditemukan", en="the file does not exist")) from error
    except _NO_BACKUP as error:
        no_backup = Bilingual(
            id="bukan cadangan giliran, atau rusak", en="it is no backup of giliran, or damaged"
        )
        raise _faulty(file, no_backup) from error
    except OSError as error:
        raise _unwritable(file, error) from error
    if _sha256(copy) != manifest.sha256 or not _is_sound(copy):
        raise _faulty(file, Bilingual(id="isinya rusak", en="its content is damaged"))
    return manifest


def _is_sound(copy: Path) -> bool:
    connection = sqlite3.connect(copy)
    try:
        return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
    except sqlite3.Error:
        return False
    finally:
        connection.close()


def _faulty(file: Path, problem: Bilingual) -> InputError:
    remedy = Bilingual(id="Pakai cadangan lain.", en="Use another backup.")
    return InputError([Fault(file=str(file), problem=problem, remedy=remedy)])


def _unwritable(file: Path, error: OSError) -> ExportError:
    return ExportError(
        Bilingual(
            id=f"{file} tidak dapat ditulis atau dibaca ({error.strerror}). Periksa izin dan ruang disk.",
            en=f"{file} cannot be written or read ({error.strerror}). Check permission and disk space.",
        )
    )
