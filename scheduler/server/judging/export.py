"""The stored check-ins of one output folder's period as a file of evidence."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from scheduler.checkins.place import Region
from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.read.outputs.order import read_order
from scheduler.server.judging.evidence import log_lines
from scheduler.server.judging.judged import forget_places
from scheduler.server.phone.arrivals import evidence_lines
from scheduler.server.phone.permits import outings
from scheduler.server.publishing.publication import fingerprint_of
from scheduler.server.store.database import open_database, unreachable
from scheduler.server.store.tables import SCENARIO


def export_checkins(url: str, output: Path, path: Path, scenario: Path | None = None) -> int:
    """Write what people of the output's scenario sent in its period, readable by its owner alone.

    Returns
    -------
    int
        How many check-ins there were.

    Raises
    ------
    InputError
        Where the output folder or the scenario's calendar key is not found.
    UsageError
        Where the retention has deleted check-ins of this period: whoever sent them would now be missing.
    ExportError
        Where the database cannot be reached.
    """
    order = read_order(output)
    fingerprint = fingerprint_of(scenario or order.scenario, order.name)
    engine = open_database(url)
    count = 0
    path.touch(mode=0o600)
    try:
        _refuse_purged(engine, fingerprint, order.first)
        with engine.connect() as connection, path.open("w", encoding="utf-8") as file:
            for line in evidence_lines(connection, fingerprint, order.first, order.last):
                file.write(line)
                count += 1
    except SQLAlchemyError as error:
        raise unreachable(url, error) from error
    finally:
        engine.dispose()
    return count


class Log(NamedTuple):
    """What the server keeps besides check-ins: how many lines of evidence, and on which days who may leave the area."""

    lines: int
    outings: Mapping[str, list[tuple[date, date]]]


def export_log(url: str, output: Path, path: Path, scenario: Path | None = None) -> Log:
    """Write activities, calls and Telegram messages of the output's scenario and period as a file of evidence.

    Raises
    ------
    InputError, ExportError
        As `export_checkins`.
    """
    order = read_order(output)
    fingerprint = fingerprint_of(scenario or order.scenario, order.name)
    engine = open_database(url)
    count = 0
    path.touch(mode=0o600)
    try:
        with engine.connect() as connection, path.open("w", encoding="utf-8") as file:
            for line in log_lines(connection, fingerprint, order.first, order.last):
                file.write(line)
                count += 1
            return Log(count, outings(connection, fingerprint))
    except SQLAlchemyError as error:
        raise unreachable(url, error) from error
    finally:
        engine.dispose()


def _refuse_purged(engine: Engine, fingerprint: str, first: date) -> None:
    with engine.connect() as connection:
        wanted = select(SCENARIO.c.purged_until).where(SCENARIO.c.fingerprint == fingerprint)
        purged = connection.execute(wanted).scalar()
    day = datetime.fromtimestamp((purged or 0) / 1000, UTC).date()
    if day > first:
        raise UsageError(
            Bilingual(
                id=f"Presensi sebelum {day} sudah dihapus menurut masa simpan kebijakan; laporan yang sudah dibuat tetap berlaku. Bila dinilai lagi, orang yang hadir akan tampak tidak hadir.",
                en=f"Check-ins before {day} were deleted by the policy's retention; the report made before stands. Judged again, people would be missing who were not.",
            )
        )


def forget_judged(
    url: str,
    output: Path,
    homes: Mapping[str, tuple[float, float]],
    region: Region | None,
    scenario: Path | None = None,
) -> int:
    """Forget where the check-ins of a judged period were, once it is over (`judged.forget_places`); return how many.

    Raises
    ------
    InputError
        Where the output folder or the scenario's calendar key is not found.
    ExportError
        Where the database cannot be reached.
    """
    order = read_order(output)
    fingerprint = fingerprint_of(scenario or order.scenario, order.name)
    engine = open_database(url)
    try:
        return forget_places(engine, fingerprint, order.last, homes, region, time.time())
    except SQLAlchemyError as error:
        raise unreachable(url, error) from error
    finally:
        engine.dispose()
