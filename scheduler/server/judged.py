"""Once a period is judged, its check-ins keep how far from home they were, and no longer where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Engine, RowMapping, bindparam, select, update

from scheduler.checkins.place import Region, metres
from scheduler.checkins.privacy import keep_position
from scheduler.checkins.settings import Privacy
from scheduler.server.arrivals import DAY_MS
from scheduler.server.database import writing
from scheduler.server.tables import CHECKIN, SCENARIO, SUBJECT

BATCH = 1_000


def forget_places(
    engine: Engine,
    fingerprint: str,
    last: date,
    homes: Mapping[str, tuple[float, float]],
    region: Region | None,
    now: float,
) -> int:
    """Replace the coordinates of a scenario's check-ins up to a day by what judging them again needs.

    That is the distance from home, and whether they lie in the region. The coordinates themselves are rounded or
    dropped, as the policy's `[checkins.privacy]` says; `giliran checkins` then gives the same verdicts as before.

    Parameters
    ----------
    fingerprint : of the scenario's calendar key.
    last : the last day of the period judged; nothing happens before two days after it, as windows may reach over
        midnight in any zone.
    homes : latitude and longitude by person id.
    now : seconds since 1970.

    Returns
    -------
    int
        How many check-ins no longer have exact coordinates.
    """
    until = int(datetime.combine(last, time(), UTC).timestamp()) * 1000 + 2 * DAY_MS
    if now * 1000 < until:
        return 0
    joined = CHECKIN.join(SUBJECT, CHECKIN.c.subject_id == SUBJECT.c.id)
    joined = joined.join(SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id)
    c = CHECKIN.c
    wanted = (
        select(c.id, c.latitude, c.longitude, c.accuracy, SUBJECT.c.key, SCENARIO.c.decimals)
        .select_from(joined)
        .where(SCENARIO.c.fingerprint == fingerprint, c.happened_at < until)
        .where(c.judged_at.is_(None), c.latitude.is_not(None))
        .limit(BATCH)
    )
    change = update(CHECKIN).where(c.id == bindparam("row"))
    count = 0
    while True:
        with writing(engine) as connection:
            rows = connection.execute(wanted).mappings().all()
            if not rows:
                return count
            kept = [_kept(row, homes.get(row["key"]), region, now) for row in rows]
            connection.execute(change, kept)
        count += len(rows)


def _kept(
    row: RowMapping, home: tuple[float, float] | None, region: Region | None, now: float
) -> dict[str, Any]:
    latitude, longitude = row["latitude"], row["longitude"]
    decimals = row["decimals"]
    privacy = Privacy() if decimals is None else Privacy(coordinates="round", decimals=decimals)
    position = keep_position(latitude, longitude, privacy) or (None, None)
    return {
        "row": row["id"],
        "distance_m": round(metres(*home, latitude, longitude)) if home else None,
        "in_region": _in_region(latitude, longitude, row["accuracy"], region),
        "latitude": position[0],
        "longitude": position[1],
        "judged_at": int(now * 1000),
    }


def _in_region(
    latitude: float, longitude: float, accuracy: float | None, region: Region | None
) -> bool | None:
    """Whether it lies inside; None where no region is given, or where its accuracy leaves that open."""
    if region is None:
        return None
    if region.holds(latitude, longitude):
        return True
    return None if accuracy and region.metres_to(latitude, longitude) <= accuracy else False
