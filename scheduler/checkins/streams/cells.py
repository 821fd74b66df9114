"""Times and numbers as tables hold them: ISO, Indonesian and American dates, month names, epochs, zone letters."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

from scheduler.checkins.streams.dates import Order, Triple, as_date
from scheduler.checkins.streams.tables import Cell
from scheduler.checkins.streams.times import LocalClock
from scheduler.language import MONTHS_EN, MONTHS_ID

_NUMERIC = re.compile(r"\s*(?:[^\W\d_]{3,9}'?[^\W\d_]*,?\s+)?(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})(?!\d)")
_WORDED = re.compile(r"\s*(?:[^\W\d_]{3,9}'?[^\W\d_]*,\s*)?(\d{1,2})[\s\-]+([^\W\d_]{3,10})\.?[\s\-]+(\d{4})")
_CLOCK = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|WIB|WITA|WIT|[+-]\d{2}:?\d{2}|(?:GMT|UTC)(?:[+-]\d{1,2}(?::?\d{2})?)?)?\s*\Z",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\s*(1\d{9})(\d{3})?(?:\.0+)?\s*\Z")
_ZONES = {"Z": 0, "WIB": 7 * 3600, "WITA": 8 * 3600, "WIT": 9 * 3600}
_MONTHS = {
    name[:3].casefold(): number
    for names in (MONTHS_ID, MONTHS_EN)
    for number, name in enumerate(names, start=1)
} | {"agt": 8, "ags": 8, "nop": 11}  # fmt: skip


class Moment(NamedTuple):
    """What a cell says of time: a day, an instant, or both; `precision` in seconds."""

    day: date | None = None
    at: int | None = None
    flags: int = 0
    precision: int = 1


def date_triple(cell: Cell) -> Triple | None:
    """Return the three numbers of a date whose order is open; none where the year stands first."""
    found = _NUMERIC.match(cell) if isinstance(cell, str) else None
    return (int(found[1]), int(found[3]), int(found[4])) if found and len(found[1]) < 4 else None


def parse_moment(cell: Cell, clock_cell: Cell, order: Order, clock: LocalClock) -> Moment:
    """Return the moment of a cell, or of a date and a clock time in two cells; empty where unreadable."""
    if isinstance(cell, str) and (epoch := _EPOCH.match(cell)):
        return Moment(at=int(epoch[1]))
    if isinstance(cell, int | float) and 1e9 <= cell < 2e13:
        return Moment(at=int(cell // 1000 if cell > 1e11 else cell))
    day, rest = _day(cell, order)
    if day is None:
        return Moment()
    hands = _hands(clock_cell if clock_cell not in (None, "") else rest)
    if hands is None:
        return Moment(day=day)
    hour, minute, second, offset = hands
    try:
        if offset is not None:
            hand = time(hour, minute, second or 0)
            local = datetime.combine(day, hand, tzinfo=timezone(timedelta(seconds=offset)))
            return Moment(day, int(local.timestamp()), 0, 1 if second is not None else 60)
        at, flags = clock.instant(day, hour, minute, second or 0)
    except ValueError:
        return Moment()
    return Moment(day, at, flags, 1 if second is not None else 60)


def parse_number(cell: Cell) -> float | None:
    """Return a number, decimal commas taken; None where there is none."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return float(cell)
    try:
        return float(str(cell).strip().replace(",", ".")) if str(cell).strip() else None
    except ValueError:
        return None


def cell_text(cell: Cell) -> str:
    """Return a cell as text; whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _day(cell: Cell, order: Order) -> tuple[date | None, Cell]:
    if isinstance(cell, datetime):
        return cell.date(), cell.timetz() if cell.time() != time() else None
    if isinstance(cell, date):
        return cell, None
    if not isinstance(cell, str):
        return None, None
    if found := _NUMERIC.match(cell):
        triple = (int(found[1]), int(found[3]), int(found[4]))
        return as_date(triple, "ymd" if len(found[1]) == 4 else order), cell[found.end() :]
    if found := _WORDED.match(cell):
        month = _MONTHS.get(found[2][:3].casefold())
        return (as_date((int(found[3]), month, int(found[1])), "ymd") if month else None), cell[found.end() :]
    return None, None


def _hands(cell: Cell) -> tuple[int, int, int | None, int | None] | None:
    """Return hour, minute, second and offset of a clock time."""
    if isinstance(cell, datetime):
        cell = cell.timetz()
    if isinstance(cell, time):
        return cell.hour, cell.minute, cell.second, None
    if isinstance(cell, float) and 0 <= cell < 1:  # a fraction of a day, as sheets keep clock times
        seconds = round(cell * 86400)
        return seconds // 3600, seconds // 60 % 60, seconds % 60, None
    found = _CLOCK.search(cell.strip()) if isinstance(cell, str) else None
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    if found[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[4][0] in "Pp" else 0)
    return hour, minute, int(found[3]) if found[3] else None, _offset(found[5])


def _offset(text: str | None) -> int | None:
    if not text:
        return None
    upper = text.upper()
    if upper in _ZONES:
        return _ZONES[upper]
    signed = upper.removeprefix("GMT").removeprefix("UTC").replace(":", "")
    if not signed:
        return 0
    hours, minutes = (signed[1:], "0") if len(signed) < 4 else (signed[1:-2], signed[-2:])
    seconds = int(hours) * 3600 + int(minutes) * 60
    return -seconds if signed[0] == "-" else seconds
