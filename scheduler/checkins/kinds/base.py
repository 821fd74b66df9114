"""What the judges share: sightings, their order of preference, and what an open place leaves to say."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from scheduler.checkins.evidence.base import Evidence
from scheduler.checkins.place import Found
from scheduler.checkins.settings import Placed, Table
from scheduler.checkins.verdicts import (
    EARLY,
    EXCUSED,
    GRADE_ORDER,
    LATE,
    ON_TIME,
    OUT_OF_AREA,
    UNPROVABLE,
)
from scheduler.checkins.windows import Window

RANKS = {ON_TIME: 0, EXCUSED: 1, UNPROVABLE: 2, LATE: 3, EARLY: 4, OUT_OF_AREA: 5}
"""Lower is better for the person: what may be in time weighs more than what is surely late."""
WEAK_RANK = 6
"""Of what must not outweigh anything provable: too weak a grade, or perhaps no message of this person."""


class Sighting(NamedTuple):
    """A verdict that one line of evidence supports; sorts by what is best for the person, then strongest, earliest.

    `grade`, `source` are positions in their lists; `distance` in metres; `flags` bits.
    """

    rank: int
    grade: int
    at: int
    source: int
    line: int
    verdict: str
    reason: str
    flags: int
    distance: int | None = None
    in_region: bool | None = None
    latitude: float | None = None
    longitude: float | None = None
    precision: int = 1


class Outcome(NamedTuple):
    """What a judge says in the end of one checkpoint; `sighting` is None where nothing was seen."""

    label: str
    window: Window
    sighting: Sighting | None


class Judge(Protocol):
    """Collects one table's evidence for one person and day."""

    def add(self, item: Evidence, at: int, source: int, found: Found | None) -> None:
        """Take one piece of evidence; `found` is its place, None without a position."""

    def outcomes(self) -> list[Outcome]:
        """Return what is known of each checkpoint."""


def sight(
    item: Evidence,
    at: int,
    source: int,
    *,
    found: Found | None,
    verdict: str,
    reason: str,
    table: Table,
    flags: int = 0,
) -> Sighting:
    """Return the sighting of one item, weakened where the grade is too low or the line may be forged."""
    rank = RANKS[verdict]
    grade = GRADE_ORDER[item.grade]
    if item.is_doubtful:
        verdict, reason, rank = UNPROVABLE, "forged", WEAK_RANK
    elif grade > table.weakest:
        verdict, reason, rank = UNPROVABLE, "grade", WEAK_RANK
    if found is None:
        return Sighting(
            rank, grade, at, source, item.line, verdict, reason, item.flags | flags, precision=item.precision
        )
    return Sighting(
        rank, grade, at, source, item.line, verdict, reason, item.flags | flags, found.distance, found.in_region,
        item.latitude, item.longitude, item.precision,
    )  # fmt: skip


def placed_verdict(
    verdict: str, item: Evidence, found: Found | None, table: Placed, asks_place: bool
) -> tuple[str, str]:
    """Return the verdict once the place is looked at, and its reason.

    Parameters
    ----------
    asks_place : whether a place is asked for that can be checked: a radius and a known home, or a region.
    """
    if found is None:
        return (UNPROVABLE, "place") if asks_place else (verdict, "")
    if not found.problem:
        return verdict, ""
    if found.problem == "accuracy":
        return UNPROVABLE, "accuracy"
    code = reason_code(item.text, table)
    return (EXCUSED, code) if code else (OUT_OF_AREA, "")


def reason_code(text: str, table: Table) -> str:
    """Return the code of the policy's `reasons` whose words the text holds, or an empty text."""
    if not text or not isinstance(table, Placed) or not table.reasons:
        return ""
    plain = text.casefold()
    return next(
        (code for code, words in table.reasons.items() if any(w.casefold() in plain for w in words)), ""
    )
