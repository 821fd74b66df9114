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

    __slots__ = ("_asks_place", "_best", "_checkpoints", "_reasons", "_table", "_windows")

    def __init__(
        self, table: Placed, checkpoints: Sequence[Checkpoint], windows: Sequence[Window], asks_place: bool
    ) -> None:
        self._table = table
        self._checkpoints = checkpoints
        self._windows = windows
        self._asks_place = asks_place
        self._best: list[Sighting | None] = [None] * len(windows)
        self._reasons: dict[int, tuple[int, int, int, str]] = {}

    def add(self, item: Evidence, at: int, source: int, found: Found | None) -> None:
        """Take one piece of evidence for the one checkpoint that it is nearest to."""
        if item.kind in SIGNS:
            index = self._nearest(at, item)
            if index is not None:
                self._take(index, item, at, source, found)
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

    def _nearest(self, at: int, item: Evidence) -> int | None:
        """Return the checkpoint whose window holds `at`, else the one nearest within what counts as early or late."""
        best, best_gap = None, None
        for index, (_, opens, closes, early_from, late_until) in enumerate(self._windows):
            kind = self._checkpoints[index].kind
            if (
                item.direction
                and kind in ("arrival", "departure")
                and (item.direction == "in") != (kind == "arrival")
            ):
                continue
            if opens <= at <= closes:
                return index
            if early_from <= at <= late_until:
                gap = opens - at if at < opens else at - closes
                if best_gap is None or gap < best_gap:
                    best, best_gap = index, gap
        return best

    def _take(self, index: int, item: Evidence, at: int, source: int, found: Found | None) -> None:
        window = self._windows[index]
        in_time = ON_TIME if window.opens <= at <= window.closes else EARLY if at < window.opens else LATE
        verdict, reason = placed_verdict(in_time, item, found, self._table, self._asks_place)
        self._keep(
            index, sight(item, at, source, found=found, verdict=verdict, reason=reason, table=self._table)
        )

    def _take_live(self, index: int, window: Window, item: Evidence, at: int, source: int) -> None:
        """A live location without its track may have shown the person at any checkpoint it may have reached."""
        shows_start = item.grade != "self_declared" and window.opens <= at and not self._asks_place
        verdict, reason = (ON_TIME, "") if shows_start else (UNPROVABLE, "live_location")
        self._keep(
            index, sight(item, at, source, found=None, verdict=verdict, reason=reason, table=self._table)
        )

    def _take_withheld(self, item: Evidence, at: int, source: int) -> None:
        """What was deleted within a window may have been the check-in: nobody is missing by that."""
        for index, window in enumerate(self._windows):
            if window.opens <= at <= window.closes:
                self._keep(
                    index,
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

    def _keep(self, index: int, sighting: Sighting) -> None:
        best = self._best[index]
        if best is None or sighting[:5] < best[:5]:
            self._best[index] = sighting

    def outcomes(self) -> list[Outcome]:
        """Return the best sighting of each checkpoint; a reason given in the window excuses being away."""
        found = []
        for index, (checkpoint, window) in enumerate(zip(self._checkpoints, self._windows, strict=True)):
            sighting = self._best[index]
            if sighting is not None and sighting.verdict == OUT_OF_AREA and index in self._reasons:
                code = self._reasons[index][3]
                sighting = sighting._replace(verdict=EXCUSED, reason=code, rank=RANKS[EXCUSED])
            found.append(Outcome(checkpoint.label, window, sighting))
        return found
