"""Once a period is judged, its check-ins keep how far from home they were, and no longer where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import Engine, RowMapping, bindparam, select, update

from scheduler.checkins.place import Region, metres
from scheduler.checkins.privacy import keep_position
from scheduler.checkins.settings import Privacy
from scheduler.server.phone.arrivals import DAY_MS
from scheduler.server.store.database import writing
from scheduler.server.store.tables import CHECKIN, SCENARIO, SUBJECT, TELEGRAM_MESSAGE

BATCH = 1_000
Kept = tuple[int | None, bool | None]
"""Metres from home; whether in the region."""


def forget_places(
    engine: Engine,
    fingerprint: str,
    last: date,
    homes: Mapping[str, tuple[float, float]],
    region: Region | None,
    now: float,
) -> int:
    """Replace the coordinates of what a scenario's people sent up to a day by what judging it again needs.

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
        How many check-ins and Telegram messages no longer have exact coordinates.
    """
    until = int(datetime.combine(last, time(), UTC).timestamp()) * 1000 + 2 * DAY_MS
    if now * 1000 < until:
        return 0
    forget = _Forget(engine, fingerprint, until, homes, region, now)
    return _forget_checkins(forget) + _forget_messages(forget)


class _Forget(NamedTuple):
    engine: Engine
    fingerprint: str
    until: int
    homes: Mapping[str, tuple[float, float]]
    region: Region | None
    now: float

    def kept(self, person: str, latitude: float, longitude: float, accuracy: float | None) -> Kept:
        """Return what judging a place again needs: the distance from home, and whether in the region."""
        home = self.homes.get(person)
        distance = round(metres(*home, latitude, longitude)) if home else None
        return distance, _in_region(latitude, longitude, accuracy, self.region)


def _forget_checkins(forget: _Forget) -> int:
    joined = CHECKIN.join(SUBJECT, CHECKIN.c.subject_id == SUBJECT.c.id)
    joined = joined.join(SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id)
    c = CHECKIN.c
    wanted = (
        select(c.id, c.latitude, c.longitude, c.accuracy, SUBJECT.c.key, SCENARIO.c.decimals)
        .select_from(joined)
        .where(SCENARIO.c.fingerprint == forget.fingerprint, c.happened_at < forget.until)
        .where(c.judged_at.is_(None), c.latitude.is_not(None))
        .limit(BATCH)
    )
    change = update(CHECKIN).where(c.id == bindparam("row"))
    count = 0
    while True:
        with writing(forget.engine) as connection:
            rows = connection.execute(wanted).mappings().all()
            if not rows:
                return count
            connection.execute(change, [_forgotten(row, forget) for row in rows])
        count += len(rows)


def _forgotten(row: RowMapping, forget: _Forget) -> dict[str, Any]:
    latitude, longitude = row["latitude"], row["longitude"]
    decimals = row["decimals"]
    privacy = Privacy() if decimals is None else Privacy(coordinates="round", decimals=decimals)
    position = keep_position(latitude, longitude, privacy) or (None, None)
    distance, inside = forget.kept(row["key"], latitude, longitude, row["accuracy"])
    return {
        "row": row["id"],
        "distance_m": distance,
        "in_region": inside,
        "latitude": position[0],
        "longitude": position[1],
        "judged_at": int(forget.now * 1000),
    }


def _forget_messages(forget: _Forget) -> int:
    """Do the same with what came by Telegram, where the place stands in the message itself."""
    joined = TELEGRAM_MESSAGE.join(SUBJECT, TELEGRAM_MESSAGE.c.subject_id == SUBJECT.c.id)
    joined = joined.join(SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id)
    c = TELEGRAM_MESSAGE.c
    wanted = (
        select(c.id, c.content, SUBJECT.c.key)
        .select_from(joined)
        .where(SCENARIO.c.fingerprint == forget.fingerprint, c.at < forget.until // 1000)
        .where(c.content.like('%"latitude"%'), c.id > bindparam("after"))
        .order_by(c.id)
        .limit(BATCH)
    )
    change = update(TELEGRAM_MESSAGE).where(c.id == bindparam("row"))
    count, after = 0, 0
    while True:
        with writing(forget.engine) as connection:
            rows = connection.execute(wanted, {"after": after}).all()
            if not rows:
                return count
            changed = [
                {"row": row, "content": json.dumps(found, ensure_ascii=False)}
                for row, content, person in rows
                if (found := _without_place(json.loads(content), person, forget)) is not None
            ]
            if changed:
                connection.execute(change, changed)
        count, after = count + len(changed), rows[-1][0]


def _without_place(content: dict[str, Any], person: str, forget: _Forget) -> dict[str, Any] | None:
    for message in content.values():
        where = message.get("location") if isinstance(message, dict) else None
        if isinstance(where, dict) and "latitude" in where:
            latitude, longitude = where.pop("latitude"), where.pop("longitude", 0.0)
            accuracy = where.get("horizontal_accuracy")
            return {**content, "kept": forget.kept(person, latitude, longitude, accuracy)}
    return None


def _in_region(
    latitude: float, longitude: float, accuracy: float | None, region: Region | None
) -> bool | None:
    """Whether it lies inside; None where no region is given, or where its accuracy leaves that open."""
    if region is None:
        return None
    if region.holds(latitude, longitude):
        return True
    return None if accuracy and region.metres_to(latitude, longitude) <= accuracy else False
