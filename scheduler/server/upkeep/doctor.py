"""What `giliran doctor` looks at: each finding says how it stands, and what to do where it does not stand well."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from scheduler.errors import SchedulerError
from scheduler.extras import how_to_install
from scheduler.language import Bilingual

PACKAGES = (
    "ortools", "pandas", "icalendar", "holidays", "tzdata", "sqlalchemy", "alembic", "fastapi", "uvicorn", "uvloop",
    "httptools", "psycopg",
)  # fmt: skip
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
LEAST_FREE = 1 << 30
"""Bytes."""
CLOCK_BEHIND = 60
"""Seconds by which the clock may lie behind what was stored last."""
LEFTOVERS = (".new", ".previous", ".trash")
BACKUPS = ".giliran-backup-*"
OVERDUE_DAYS = 2
"""What is so far past its retention shows that no server has run to delete it."""
TIMEOUT = 10
"""Seconds for the public address to answer."""

State = Literal["good", "doubtful", "bad"]


class Finding(NamedTuple):
    """One thing looked at."""

    about: str
    state: State
    said: Bilingual


def examine(url: str, folder: Path, now: float, address: str | None = None) -> Iterator[Finding]:
    """Yield every finding.

    Parameters
    ----------
    url : of the database; it is not brought to another level. Empty where the server is not installed.
    folder : that of the outputs.
    now : seconds since 1970.
    address : where people reach the server, to be tried; None where it is not said.
    """
    yield _versions()
    if url:
        yield from _database(url, now)
        yield _address(address)
    else:
        yield _no_server()
    yield _disk(folder)
    yield _zones(now)
    yield from _holidays(datetime.fromtimestamp(now, ZoneInfo(ZONES[0])).year)
    yield _leftovers(folder)


def _no_server() -> Finding:
    """Return that there is no server here, which is well where nobody wants one."""
    how = how_to_install("server")
    text = Bilingual(
        id=f"tidak terpasang; hanya perlu untuk kalender, presensi ponsel dan papan: {how}",
        en=f"not installed; needed only for feeds, phone check-in and the board: {how}",
    )
    return Finding("server", "good", text)


def _versions() -> Finding:
    import platform

    from scheduler.version import __version__

    found = [
        f"giliran {__version__}",
        f"python {platform.python_version()}",
        f"sqlite {sqlite3.sqlite_version}",
    ]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} –")
    return Finding("versions", "good", _same(", ".join(found)))


def _database(url: str, now: float) -> Iterator[Finding]:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    from scheduler.server.store.database import connect, level, newest_level, unreachable

    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if (
        parsed is not None
        and parsed.get_backend_name() == "sqlite"
        and not Path(parsed.database or "").is_file()
    ):
        text = Bilingual(
            id=f"{url}: belum ada; `giliran publish` membuatnya.",
            en=f"{url}: not there yet; `giliran publish` makes it.",
        )
        yield Finding("database", "doubtful", text)
        return
    try:
        engine = connect(url)
        try:
            at, newest = level(engine), newest_level()
            if at == newest:
                yield Finding("database", "good", Bilingual(id=f"tingkat {at}", en=f"level {at}"))
                yield from _integrity(engine)
                yield _clock(engine, now)
                yield _retention(engine, now)
            else:
                text = Bilingual(
                    id=f"tingkat {at}, rilis ini perlu {newest}; `giliran publish` atau `serve` menaikkannya.",
                    en=f"level {at}, this release needs {newest}; `giliran publish` or `serve` raises it.",
                )
                yield Finding("database", "doubtful" if at is None or at < newest else "bad", text)
        except SQLAlchemyError as error:
            yield Finding("database", "bad", unreachable(url, error).message)
        finally:
            engine.dispose()
    except SchedulerError as error:
        yield Finding("database", "bad", error.message)


def _integrity(engine: object) -> Iterator[Finding]:
    from sqlalchemy import Engine

    assert isinstance(engine, Engine)
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        told = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    if told == "ok":
        yield Finding("integrity", "good", Bilingual(id="berkas SQLite utuh", en="the SQLite file is sound"))
    else:
        text = Bilingual(
            id=f"berkas SQLite rusak ({told}); pulihkan dari cadangan.",
            en=f"the SQLite file is damaged ({told}); restore a backup.",
        )
        yield Finding("integrity", "bad", text)


def _clock(engine: object, now: float) -> Finding:
    from sqlalchemy import Engine

    from scheduler.server.phone.arrivals import newest

    assert isinstance(engine, Engine)
    with engine.connect() as connection:
        last = newest(connection)
    if last is not None and now < last - CLOCK_BEHIND:
        behind = int(last - now)
        text = Bilingual(
            id=f"jam komputer ini {behind} detik di belakang yang terakhir tersimpan; betulkan (NTP), presensi memakai jam ini.",
            en=f"this computer's clock is {behind} seconds behind what was stored last; set it right (NTP), check-ins go by it.",
        )
        return Finding("clock", "bad", text)
    shown = datetime.fromtimestamp(now, ZoneInfo(ZONES[0])).isoformat(timespec="seconds")
    return Finding("clock", "good", _same(shown))


def _retention(engine: object, now: float) -> Finding:
    from sqlalchemy import Engine

    from scheduler.server.board.audit_retention import read_audit_days
    from scheduler.server.upkeep.retention import purge

    assert isinstance(engine, Engine)
    kept = read_audit_days(os.environ)
    overdue = purge(engine, now - OVERDUE_DAYS * 86_400, audit_days=kept, dry_run=True)
    if overdue:
        rows = sum(one.rows for one in overdue)
        text = Bilingual(
            id=f"{rows} kiriman sudah lewat masa simpannya; jalankan peladen, atau `giliran purge --database`.",
            en=f"{rows} rows are past their retention; run the server, or `giliran purge --database`.",
        )
        return Finding("retention", "bad", text)
    return Finding("retention", "good", Bilingual(id="tidak ada yang lewat", en="nothing is past it"))


def _address(address: str | None) -> Finding:
    """Whether phones reach the server, over HTTPS, without which no browser gives a location."""
    from urllib.error import URLError
    from urllib.request import urlopen

    from scheduler.server.links.sheets import is_secure

    if address is None:
        text = Bilingual(
            id="sebut alamat umum peladen dengan --url agar HTTPS-nya diperiksa; tanpa HTTPS ponsel tidak memberi lokasi.",
            en="say the server's public address by --url to have its HTTPS tried; phones give a location over HTTPS only.",
        )
        return Finding("address", "doubtful", text)
    if not is_secure(address):
        text = Bilingual(
            id=f"{address}: bukan HTTPS; peramban tidak memberi lokasi. Pasang TLS di depan peladen.",
            en=f"{address}: not HTTPS; browsers give no location there. Put TLS in front of the server.",
        )
        return Finding("address", "bad", text)
    try:
        with urlopen(f"{address.rstrip('/')}/healthz", timeout=TIMEOUT) as answer:
            well = answer.status == 200
    except (URLError, OSError, ValueError) as error:
        why = getattr(error, "reason", None) or error
        text = Bilingual(
            id=f"{address}/healthz tidak menjawab dengan baik ({why}); periksa sertifikat, proksi dan peladen.",
            en=f"{address}/healthz does not answer well ({why}); look at certificate, proxy and server.",
        )
        return Finding("address", "bad", text)
    return Finding("address", "good" if well else "bad", _same(f"{address}/healthz"))


def _disk(folder: Path) -> Finding:
    place = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(place).free
    amount = f"{free / (1 << 30):.1f} GiB"
    if not os.access(place, os.W_OK):
        return Finding(
            "disk", "bad", Bilingual(id=f"{place} tidak dapat ditulis", en=f"{place} is not writable")
        )
    if free < LEAST_FREE:
        return Finding(
            "disk", "bad", Bilingual(id=f"sisa {amount}; kosongkan disk.", en=f"{amount} free; make room.")
        )
    return Finding("disk", "good", Bilingual(id=f"sisa {amount}", en=f"{amount} free"))


def _zones(now: float) -> Finding:
    wanted = dict(zip(ZONES, (7, 8, 9), strict=True))
    known = available_timezones()
    wrong = [
        zone
        for zone, hours in wanted.items()
        if zone not in known
        or datetime.fromtimestamp(now, ZoneInfo(zone)).utcoffset().total_seconds() != hours * 3600  # type: ignore[union-attr]
    ]
    if wrong:
        text = Bilingual(
            id=f"zona {', '.join(wrong)} hilang atau keliru; pasang tzdata.",
            en=f"zones {', '.join(wrong)} are missing or wrong; install tzdata.",
        )
        return Finding("zones", "bad", text)
    return Finding("zones", "good", Bilingual(id="WIB, WITA, WIT benar", en="WIB, WITA, WIT are right"))


def _holidays(year: int) -> Iterator[Finding]:
    import holidays

    for one in (year, year + 1):
        public = holidays.country_holidays("ID", years=one)
        leave = holidays.country_holidays("ID", years=one, categories=("government",))
        estimated = sum("perkiraan" in name or "estimated" in name for name in public.values())
        if leave and not estimated:
            text = Bilingual(
                id=f"{one}: {len(public)} libur, {len(leave)} cuti bersama",
                en=f"{one}: {len(public)} holidays, {len(leave)} days of collective leave",
            )
            yield Finding("holidays", "good", text)
        else:
            text = Bilingual(
                id=f"{one}: cuti bersama {'diketahui' if leave else 'belum diketahui'}, {estimated} tanggal masih perkiraan; perbarui paket holidays atau isi `extra` di policy.toml.",
                en=f"{one}: collective leave {'known' if leave else 'not known yet'}, {estimated} dates are estimates; update the package holidays or fill in `extra` in policy.toml.",
            )
            yield Finding("holidays", "doubtful", text)


def _leftovers(folder: Path) -> Finding:
    found = (
        sorted(p for p in folder.rglob(".*") if (p.suffix in LEFTOVERS or p.match(BACKUPS)) and p.is_dir())
        if folder.is_dir()
        else []
    )
    if found:
        listed = ", ".join(str(path) for path in found[:5])
        text = Bilingual(
            id=f"sisa penulisan yang terhenti: {listed}; hilang sendiri pada `giliran generate` atau `replan` berikutnya; sisa cadangan boleh dihapus.",
            en=f"left by interrupted writes: {listed}; the next `giliran generate` or `replan` there clears them; those of a backup may be deleted.",
        )
        return Finding("leftovers", "doubtful", text)
    return Finding("leftovers", "good", Bilingual(id="tidak ada", en="none"))


def _same(text: str) -> Bilingual:
    return Bilingual(id=text, en=text)
