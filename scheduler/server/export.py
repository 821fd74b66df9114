"""The stored check-ins of one output folder's period as a file of evidence."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from scheduler.read.outputs.order import read_order
from scheduler.server.arrivals import evidence_lines
from scheduler.server.database import open_database, unreachable
from scheduler.server.publication import fingerprint_of


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
    ExportError
        Where the database cannot be reached.
    """
    order = read_order(output)
    fingerprint = fingerprint_of(scenario or order.scenario, order.name)
    engine = open_database(url)
    count = 0
    path.touch(mode=0o600)
    try:
        with engine.connect() as connection, path.open("w", encoding="utf-8") as file:
            for line in evidence_lines(connection, fingerprint, order.first, order.last):
                file.write(line)
                count += 1
    except SQLAlchemyError as error:
        raise unreachable(url, error) from error
    finally:
        engine.dispose()
    return count
