"""Flags that need more than one check-in: implied speed, and the very same coordinates elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler.checkins.flags import BIT
from scheduler.checkins.kinds.base import Sighting
from scheduler.checkins.place import metres

JITTER_METRES = 500
"""Positions nearer than this imply no speed: satellites and cells wander that much."""
DAY_SECONDS = 86_400


def fast_steps(sightings: Iterable[Sighting], speed_kmh: int) -> Iterator[Sighting]:
    """Yield each sighting that one person can hardly have reached from the one before.

    Parameters
    ----------
    sightings : of one person, with coordinates, in order of time.
    """
    before: Sighting | None = None
    for now in sightings:
        if before is not None and _is_fast(before, now, speed_kmh):
            yield now
        before = now


def _is_fast(before: Sighting, now: Sighting, speed_kmh: int) -> bool:
    seconds = now.at - before.at
    if seconds > DAY_SECONDS or None in (before.latitude, now.latitude):
        return False
    apart = metres(before.latitude or 0.0, before.longitude or 0.0, now.latitude or 0.0, now.longitude or 0.0)
    if apart <= JITTER_METRES:
        return False
    at_most = seconds + max(before.precision, now.precision)  # minutes without seconds hide up to one minute
    return apart / at_most * 3.6 > speed_kmh


class SamePlaces:
    """Remembers who was seen where first, to six decimals (some 10 cm), and which days and people share it."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}
        self._other_day: set[int] = set()
        self._other_person: set[int] = set()

    def see(self, sighting: Sighting, person: int, day: int) -> None:
        """Note one sighting with coordinates."""
        place = _place(sighting)
        when = person << 20 | day
        first = self._first.setdefault(place, when)
        if first != when:
            (self._other_day if first >> 20 == person else self._other_person).add(place)

    def flags(self, sighting: Sighting) -> int:
        """Return the flags of a sighting once all have been seen."""
        place = _place(sighting)
        bits = BIT["same_place_other_person"] if place in self._other_person else 0
        return bits | (BIT["same_place_other_day"] if place in self._other_day else 0)


def _place(sighting: Sighting) -> int:
    """Return the coordinates to six decimals as one number, which takes a third of a pair's memory."""
    return round((sighting.latitude or 0.0) * 1e6) * 1_000_000_000 + round((sighting.longitude or 0.0) * 1e6)
