"""Judges a live location of hours: only a bot's track proves it, an export proves its start at most."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

from scheduler.checkins.evidence.base import Evidence
from scheduler.checkins.flags import BIT
from scheduler.checkins.kinds.base import Outcome, Sighting, placed_verdict, sight
from scheduler.checkins.place import Found
from scheduler.checkins.settings import Interval
from scheduler.checkins.verdicts import EARLY, EXCUSED, LATE, ON_TIME, OUT_OF_AREA, UNPROVABLE
from scheduler.checkins.windows import Checkpoint, Window


class IntervalJudge:
    """One person, one day, one interval.

    Kept are the stretches without too large a gap, the first and the last position of the track, the first
    one away from where it should be, and the best claim without a track. Where somebody is before the start is not
    asked, nor once the length is over, counted from when they began.

    Parameters
    ----------
    live_seconds : live periods below this are flagged; `speed` in km/h likewise for the steps of the track.
    """

    __slots__ = (
        "_asks_place", "_away", "_checkpoint", "_claim", "_first", "_flags", "_last", "_live_seconds",
        "_started", "_stretches", "_table", "_window",
    )  # fmt: skip

    def __init__(
        self,
        table: Interval,
        checkpoints: Sequence[Checkpoint],
        windows: Sequence[Window],
        asks_place: bool,
        live_seconds: int,
    ) -> None:
        self._table = table
        self._checkpoint = checkpoints[0]
        self._window = windows[0]
        self._asks_place = asks_place
        self._live_seconds = live_seconds
        self._stretches: list[tuple[int, int]] = []
        self._first: Sighting | None = None
        self._last: Sighting | None = None
        self._away: Sighting | None = None
        self._claim: Sighting | None = None
        self._started: int | None = None
        self._flags = 0

    def add(self, item: Evidence, at: int, source: int, found: Found | None) -> None:
        """Take a position of a track, or a claim of a live location; anything else proves no interval."""
        length = self._table.length_minutes * 60
        if not self._window.early_from <= at <= self._window.late_until + length:
            return
        if item.live_period is not None and item.live_period < self._live_seconds:
            self._flags |= BIT["short_live_period"]
        if item.kind == "position" and item.grade == "track":
            self._add_track(item, at, source, found)
        elif item.kind == "live":
            self._add_claim(item, at, source, None)
        elif item.kind == "position" and item.live_period is not None:
            self._add_claim(item, at, source, found)

    def _add_track(self, item: Evidence, at: int, source: int, found: Found | None) -> None:
        verdict, reason = placed_verdict(ON_TIME, item, found, self._table, self._asks_place)
        sighting = sight(item, at, source, found=found, verdict=verdict, reason=reason, table=self._table)
        order = (at, source, item.line)
        if verdict == OUT_OF_AREA:
            if at < self._window.due:
                return
            if self._away is None or order < self._away[2:5]:
                self._away = sighting
        elif verdict == EXCUSED and self._claim is None:
            self._claim = sighting
        if self._first is None or order < self._first[2:5]:
            self._first = sighting
        if self._last is None or order > self._last[2:5]:
            self._last = sighting
        self._join(at)

    def _join(self, at: int) -> None:
        """Merge an instant with the stretches within the largest gap on either side."""
        gap = self._table.largest_gap_minutes * 60
        stretches = self._stretches
        start = end = at
        index = bisect_left(stretches, (at, at))
        while index > 0 and stretches[index - 1][1] >= start - gap:
            index -= 1
            start, end = min(start, stretches[index][0]), max(end, stretches[index][1])
            del stretches[index]
        while index < len(stretches) and stretches[index][0] <= end + gap:
            end = max(end, stretches[index][1])
            del stretches[index]
        insort(stretches, (start, end))

    def _add_claim(self, item: Evidence, at: int, source: int, found: Found | None) -> None:
        """A live location without a track: its start is the server's or the sender's word, its length nobody's."""
        if found is None and at <= self._window.late_until:
            self._started = at if self._started is None else min(self._started, at)
        if found is not None:
            verdict, reason = placed_verdict(UNPROVABLE, item, found, self._table, self._asks_place)
            if verdict != OUT_OF_AREA or at < self._window.due:
                return  # the start itself comes as a "live"
        elif at > self._window.closes and item.grade != "self_declared":
            verdict, reason = LATE, ""
        elif at > self._window.late_until:
            return
        else:
            verdict, reason = UNPROVABLE, "length" if item.grade != "self_declared" else "live_location"
        claim = sight(item, at, source, found=found, verdict=verdict, reason=reason, table=self._table)
        if verdict == OUT_OF_AREA:
            if self._away is None or (at, source, item.line) < self._away[2:5]:
                self._away = claim
        elif self._claim is None or claim[:5] < self._claim[:5]:
            self._claim = claim

    def outcomes(self) -> list[Outcome]:
        """Return what the track shows; without one, what was claimed."""
        found = self._judge()
        if found is not None and self._flags:
            found = found._replace(flags=found.flags | self._flags)
        return [Outcome(self._checkpoint.label, self._window, found)]

    def _began(self) -> int:
        """Return when the length began: with the track, with the claim, or when at the latest it should have."""
        if self._first is not None:
            return self._first.at
        return self._window.closes if self._started is None else self._started

    def _judge(self) -> Sighting | None:
        first, last = self._first, self._last
        if self._away is not None and self._away.at <= self._began() + self._table.length_minutes * 60:
            return self._away
        if first is None or last is None or first.at > self._window.late_until:
            return self._claim
        if first.verdict != ON_TIME:
            return first
        needed = first.at + (self._table.length_minutes - self._table.largest_gap_minutes) * 60
        is_whole = self._stretches[0][1] >= needed
        if is_whole:
            return first._replace(verdict=ON_TIME if first.at <= self._window.closes else LATE)
        if len(self._stretches) > 1:
            return first._replace(verdict=UNPROVABLE, reason="gap", flags=first.flags | BIT["track_gap"])
        return last._replace(verdict=EARLY, flags=last.flags | first.flags)
