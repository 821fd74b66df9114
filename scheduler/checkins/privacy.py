"""What is kept, and for how long: coordinates dropped or rounded, raw evidence purged (UU PDP 27/2022)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from scheduler.checkins.settings import Privacy


def keep_position(
    latitude: float | None, longitude: float | None, privacy: Privacy
) -> tuple[float, float] | None:
    """Return the coordinates as the policy keeps them: None, or rounded.

    Examples
    --------
    >>> keep_position(-2.548123, 120.321987, Privacy(coordinates="round", decimals=2))
    (-2.55, 120.32)
    """
    if privacy.coordinates == "drop" or latitude is None or longitude is None:
        return None
    return round(latitude, privacy.decimals), round(longitude, privacy.decimals)


class Stored(NamedTuple):
    """A file of raw evidence with the last day that it tells of."""

    path: str
    last: date


def expired(stored: Iterable[Stored], today: date, privacy: Privacy) -> list[Stored]:
    """Return what is to be purged: whatever tells of nothing within the last `retention_days` days."""
    oldest_kept = today - timedelta(days=privacy.retention_days)
    return [item for item in stored if item.last < oldest_kept]
