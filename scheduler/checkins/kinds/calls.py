"""Judges reachability: every call in working hours is to be answered within minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.checkins.evidence.base import Evidence
from scheduler.checkins.flags import BIT
from scheduler.checkins.kinds.base import Outcome, Sighting, sight
from scheduler.checkins.place import Found
from scheduler.checkins.settings import Reachability
from scheduler.checkins.verdicts import GRADE_ORDER, LATE, MISSING, ON_TIME, UNPROVABLE
from scheduler.checkins.windows import Checkpoint, Window

MOST_CALLS = 200
"""Judged of one person on one day, the earliest; more would be a fault of the log."""


class CallJudge:
    """One person, one day: one outcome for each call, or one without a sighting where nobody called."""

    __slots__ = ("_calls", "_checkpoint", "_hours", "_table", "_zone")

    def __init__(
        self,
        table: Reachability,
        checkpoints: Sequence[Checkpoint],
        windows: Sequence[Window],
        zone: ZoneInfo,
    ) -> None:
        self._table = table
        self._checkpoint = checkpoints[0]
        self._hours = windows[0]
        self._zone = zone
        self._calls: dict[tuple[int, int, int], Outcome] = {}

    def add(self, item: Evidence, at: int, source: int, found: Found | None) -> None:
        """Take one call in working hours."""
        if (
            item.kind != "call"
            or not self._hours.opens <= at <= self._hours.closes
            or len(self._calls) >= MOST_CALLS
        ):
            return
        closes = at + self._table.within_minutes * 60
        window = Window(at, at, closes, at, closes)
        label = f"{self._checkpoint.label} {datetime.fromtimestamp(at, self._zone):%H:%M}"
        self._calls[at, source, item.line] = Outcome(label, window, self._judge(item, at, closes, source))

    def _judge(self, item: Evidence, at: int, closes: int, source: int) -> Sighting:
        def seen(verdict: str, reason: str = "", *, when: int = at, flags: int = 0) -> Sighting:
            return sight(
                item, when, source, found=None, verdict=verdict, reason=reason, table=self._table, flags=flags
            )

        if item.answered is not None and item.answered + 60 < at:
            return seen(UNPROVABLE, "unreadable_time", flags=BIT["clock_jump"])
        if item.answered is not None:
            verdict = ON_TIME if item.answered <= closes else LATE
            return seen(verdict, when=max(at, item.answered))
        if item.text == "yes":
            return seen(ON_TIME)
        if not item.is_answer_known:
            return seen(UNPROVABLE, "no_answer_column")
        return Sighting(9, GRADE_ORDER[item.grade], at, source, item.line, MISSING, "", item.flags)

    def outcomes(self) -> list[Outcome]:
        """Return one outcome for each call, in order of time."""
        if not self._calls:
            return [Outcome(self._checkpoint.label, self._hours, None)]
        return [self._calls[key] for key in sorted(self._calls)]
