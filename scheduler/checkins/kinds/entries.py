"""Judges activities: so many entries a day, each against a target."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence

from scheduler.checkins.evidence.base import Evidence
from scheduler.checkins.flags import BIT
from scheduler.checkins.kinds.base import Outcome, Sighting, sight
from scheduler.checkins.place import Found
from scheduler.checkins.settings import Activity
from scheduler.checkins.verdicts import LATE, ON_TIME, UNPROVABLE
from scheduler.checkins.windows import Checkpoint, Window


class EntryJudge:
    """One person, one day: the earliest entries with a target and without, no more than are asked for."""

    __slots__ = ("_bare", "_checkpoint", "_full", "_table", "_window", "_words")

    def __init__(self, table: Activity, checkpoints: Sequence[Checkpoint], windows: Sequence[Window]) -> None:
        self._table = table
        self._checkpoint = checkpoints[0]
        self._window = windows[0]
        self._words = tuple(w.casefold() for w in table.words)
        self._full: list[Sighting] = []
        self._bare: list[Sighting] = []

    def add(self, item: Evidence, at: int, source: int, found: Found | None) -> None:
        """Take one entry; `at` is when it was made, or the due time where only the day is known."""
        if item.kind == "text":
            plain = item.text.casefold()
            if not any(word in plain for word in self._words):
                return
            has_target = "target" in plain or "skp" in plain
        elif item.kind == "activity":
            has_target = bool(item.target)
        else:
            return
        is_full = has_target or not self._table.needs_target
        verdict = ON_TIME if at <= self._window.closes else LATE
        sighting = sight(
            item,
            at,
            source,
            found=None,
            verdict=verdict,
            reason="",
            table=self._table,
            flags=0 if has_target else BIT["no_target"],
        )
        kept = self._full if is_full and sighting.verdict == verdict else self._bare
        insort(kept, sighting, key=lambda s: s[2:5])
        del kept[self._table.at_least :]

    def outcomes(self) -> list[Outcome]:
        """Return the entry that completes the number asked for; entries without a target leave it unproven."""
        least = self._table.at_least
        found: Sighting | None = None
        if len(self._full) >= least:
            found = self._full[least - 1]
        elif len(self._full) + len(self._bare) >= least:
            last = max([*self._full, *self._bare], key=lambda s: s[2:5])
            reason = last.reason or "no_target"
            found = last._replace(verdict=UNPROVABLE, reason=reason)
        return [Outcome(self._checkpoint.label, self._window, found)]
