"""Judges points of time, and pairs of arrival and departure: the best sighting for each."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.checkins.evidence.base import Evidence
from scheduler.checkins.kinds.base import RANKS, Outcome, Sighting, placed_verdict, reason_code, sight
from scheduler.checkins.place import Found
from scheduler.checkins.settings import Placed
from scheduler.checkins.verdicts import EARLY, EXCUSED, LATE, ON_TIME, OUT_OF_AREA, UNPROVABLE
from scheduler.checkins.windows import Checkpoint, Window

SIGNS = frozenset({"position", "place", "entry"})
"""Kinds of evidence that show a person at one moment."""


class PointJudge:
    """One person, one day, one table of points.

    Parameters
    ----------
    asks_place : whether a place is asked for that can be checked.
    """

    __slots__ = ("_asks_place", "_checkpoints", "_reasons", "_seen", "_table", "_windows")

    def __init__(
        self, table: Placed, checkpoints: Sequence[Checkpoint], windows: Sequence[Window], asks_place: bool
    ) -> None:
        self._table = table
        self._checkpoints = checkpoints
        self._windows = windows
        self._asks_place = asks_place
        self._seen: dict[tuple[int, ...], list[Sighting]] = {}  # by the checkpoints of which it may show one
        self._reasons: dict[int, tuple[int, int, int, str]] = {}

    def add(self, item: Evidence, at: int, source: int, found: Found | None) -> None:
        """Take one piece of evidence for one checkpoint: whose window holds it, else that it is nearest to."""
        if item.kind in SIGNS:
            if indices := self._near(at, item):
                self._take(indices, item, at, source, found)
            if item.kind == "entry" and item.text:
                self._take_reason(item, at, source)
        elif item.kind == "live" and item.until is not None:
            for index, window in enumerate(self._windows):
                if at <= window.closes and item.until >= window.opens:
                    self._take_live(index, window, item, at, source)
        elif item.kind == "withheld" and not item.is_doubtful:
            self._take_withheld(item, at, source)
        elif item.kind == "text":
            self._take_reason(item, at, source)

    def _near(self, at: int, item: Evidence) -> tuple[int, ...]:
        """Return the checkpoints whose windows hold `at`, else the one nearest within what counts as early or late."""
        holding, best, best_gap = [], None, None
        for index, (_, opens, closes, early_from, late_until) in enumerate(self._windows):
            kind = self._checkpoints[index].kind
            if (
                item.direction
                and kind in ("arrival", "departure")
                and (item.direction == "in") != (kind == "arrival")
            ):
                continue
            if opens <= at <= closes:
                holding.append(index)
            elif early_from <= at <= late_until:
                gap = opens - at if at < opens else at - closes
                if best_gap is None or gap < best_gap:
                    best, best_gap = index, gap
        return tuple(holding) if holding or best is None else (best,)

    def _take(
        self, indices: tuple[int, ...], item: Evidence, at: int, source: int, found: Found | None
    ) -> None:
        window = self._windows[indices[0]]
        in_time = ON_TIME if window.opens <= at <= window.closes else EARLY if at < window.opens else LATE
        verdict, reason = placed_verdict(in_time, item, found, self._table, self._asks_place)
        self._keep(
            indices, sight(item, at, source, found=found, verdict=verdict, reason=reason, table=self._table)
        )

    def _take_live(self, index: int, window: Window, item: Evidence, at: int, source: int) -> None:
        """A live location without its track may have shown the person at any checkpoint it may have reached."""
        shows_start = item.grade != "self_declared" and window.opens <= at and not self._asks_place
        verdict, reason = (ON_TIME, "") if shows_start else (UNPROVABLE, "live_location")
        self._keep(
            (index,), sight(item, at, source, found=None, verdict=verdict, reason=reason, table=self._table)
        )

    def _take_withheld(self, item: Evidence, at: int, source: int) -> None:
        """What was deleted within a window may have been the check-in: nobody is missing by that."""
        for index, window in enumerate(self._windows):
            if window.opens <= at <= window.closes:
                self._keep(
                    (index,),
                    sight(
                        item, at, source, found=None, verdict=UNPROVABLE, reason="withheld", table=self._table
                    ),
                )

    def _take_reason(self, item: Evidence, at: int, source: int) -> None:
        code = reason_code(item.text, self._table)
        if code and not item.is_doubtful:
            for index, window in enumerate(self._windows):
                if window.early_from <= at <= window.late_until:
                    mark = (at, source, item.line, code)
                    self._reasons[index] = min(self._reasons.get(index, mark), mark)

    def _keep(self, indices: tuple[int, ...], sighting: Sighting) -> None:
        """Keep as many of the best sightings as there are checkpoints that they may show.

        What two files show of the same moment is one sighting: two exports of a chat hold the same message.
        """
        kept = self._seen.setdefault(indices, [])
        kept.append(sighting)
        kept.sort(key=lambda one: one[:5])
        first = {one.at: one for one in reversed(kept)}
        kept[:] = [one for one in kept if first[one.at] is one][: len(indices)]

    def _shared_out(self) -> dict[int, Sighting]:
        """Give each sighting to one checkpoint, the best first, so that as many as can be are shown (Kuhn, 1955)."""
        sightings = sorted(
            ((one, indices) for indices, kept in self._seen.items() for one in kept),
            key=lambda pair: (pair[0][:5], pair[1]),
        )
        holder: dict[int, int] = {}

        def place(number: int, tried: set[int]) -> bool:
            for index in sightings[number][1]:
                if index not in tried:
                    tried.add(index)
                    if index not in holder or place(holder[index], tried):
                        holder[index] = number
                        return True
            return False

        for number in range(len(sightings)):
            place(number, set())
        return {index: sightings[number][0] for index, number in holder.items()}

    def outcomes(self) -> list[Outcome]:
        """Return the best sighting of each checkpoint; a reason given in the window excuses being away."""
        found, best = [], self._shared_out()
        for index, (checkpoint, window) in enumerate(zip(self._checkpoints, self._windows, strict=True)):
            sighting = best.get(index)
            if sighting is not None and sighting.verdict == OUT_OF_AREA and index in self._reasons:
                code = self._reasons[index][3]
                sighting = sighting._replace(verdict=EXCUSED, reason=code, rank=RANKS[EXCUSED])
            found.append(Outcome(checkpoint.label, window, sighting))
        return found
