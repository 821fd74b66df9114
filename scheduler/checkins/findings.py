"""What the evidence comes to: one verdict for every rostered person-day and checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from scheduler.checkins.coverage import SourceReport, may_be_unknown, why_not_missing
from scheduler.checkins.flags import codes
from scheduler.checkins.kinds.base import Outcome
from scheduler.checkins.privacy import keep_position
from scheduler.checkins.roster_days import RosterDays
from scheduler.checkins.settings import Activity, CheckinSettings, Reachability
from scheduler.checkins.verdicts import (
    AGAINST,
    EXCUSED,
    GRADES,
    MISSING,
    NOT_REQUIRED,
    UNPROVABLE,
    Verdict,
)
from scheduler.checkins.windows import Group, Window
from scheduler.problem import ABSENCE_KINDS, Person
from scheduler.roster import OFF

GRADE_NAMES = tuple(GRADES)


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The judged evidence over a roster.

    Attributes
    ----------
    groups : the policy's tables as checkpoints; `windows` gives those of a group's number on a day.
    outcomes : by person index × number of days + day index, pairs of group number and outcomes.
    chosen : by person index, whether the report is about them.
    suspects : days on which an unknown sender may have been the person, by person index.
    members : source and line that show a person in the group, by person index.
    staff : how many people each office has.
    """

    roster: RosterDays
    settings: CheckinSettings
    zone: ZoneInfo
    groups: Sequence[Group]
    windows: Callable[[int, date], tuple[Window, ...]]
    outcomes: Mapping[int, list[tuple[int, list[Outcome]]]]
    sources: Sequence[SourceReport]
    chosen: Sequence[bool]
    has_permit: Callable[[int, date], bool]
    suspects: Mapping[int, set[date]]
    members: Mapping[int, tuple[int, int]]
    as_of: int | None
    staff: Mapping[str, int]

    def verdicts(self) -> Iterator[Verdict]:
        """Yield a verdict for every rostered person-day and checkpoint, in date, unit, list order."""
        chosen = [(n, p) for n, p in enumerate(self.roster.people) if self.chosen[n]]
        groups = {
            n: [g for g, group in enumerate(self.groups) if group.table.for_.takes(p)] for n, p in chosen
        }
        for index, day in enumerate(self.roster.days):
            for number, person in chosen:
                status = self.roster.statuses.get((person.id, day), "")
                if not status or status == OFF:
                    continue
                found = dict(self.outcomes.get(number * len(self.roster.days) + index, ()))
                for group in groups[number]:
                    if self.groups[group].table.when.takes(day):
                        yield from self._checkpoints(number, day, status, group, found.get(group))

    def _checkpoints(
        self, number: int, day: date, status: str, group_number: int, found: list[Outcome] | None
    ) -> Iterator[Verdict]:
        group, person = self.groups[group_number], self.roster.people[number]
        outcomes = found
        if outcomes is None:
            windows = self.windows(group_number, day)
            outcomes = [Outcome(c.label, w, None) for c, w in zip(group.checkpoints, windows, strict=True)]
        if status not in group.table.required_on:
            verdict, reason = self._not_asked(person.id, day, status)
            for outcome in outcomes:
                yield _unseen(day, person, outcome, verdict, reason)
            return
        excuse = self.roster.excuses.get((person.id, day)) or (
            "permit" if self.has_permit(number, day) else ""
        )
        for outcome in outcomes:
            if outcome.sighting is None:
                verdict, reason = (
                    (EXCUSED, excuse) if excuse else self._why(number, day, group, outcome.window)
                )
                yield _unseen(day, person, outcome, verdict, reason)
            else:
                yield self._seen(day, person, outcome, excuse)

    def _not_asked(self, person_id: str, day: date, status: str) -> tuple[str, str]:
        if status in ABSENCE_KINDS:
            return EXCUSED, status
        excuse = self.roster.excuses.get((person_id, day))
        return (EXCUSED, excuse) if excuse else (NOT_REQUIRED, status)

    def _why(self, number: int, day: date, group: Group, window: Window) -> tuple[str, str]:
        """Return the verdict where nothing was seen: missing only where that is proven."""
        unit = self.roster.people[number].unit
        due = window.opens if isinstance(group.table, Activity) else window.due  # an entry is due by, not at
        why = why_not_missing(
            self.sources,
            group.table,
            unit=unit,
            staff=self.staff[unit],
            day=day,
            due=due,
            closes=window.closes,
            as_of=self.as_of,
        )
        if why:
            return UNPROVABLE, why
        if isinstance(group.table, Reachability):
            return NOT_REQUIRED, "no_calls"
        if day in self.suspects.get(number, ()) or may_be_unknown(
            self.sources, group.table, person=number, unit=unit, day=day
        ):
            return UNPROVABLE, "unmatched_sender"
        return MISSING, ""

    def _seen(self, day: date, person: Person, outcome: Outcome, excuse: str) -> Verdict:
        label, window, seen = outcome
        assert seen is not None
        verdict, reason = seen.verdict, seen.reason
        if excuse and verdict in AGAINST:
            verdict, reason = EXCUSED, excuse
        return Verdict(
            day,
            person.id,
            person.unit,
            label,
            window.due,
            window.opens,
            window.closes,
            seen.at,
            verdict,
            GRADE_NAMES[seen.grade],
            self.sources[seen.source].name,
            seen.line,
            seen.distance,
            codes(seen.flags),
            reason,
            seen.in_region,
            keep_position(seen.latitude, seen.longitude, self.settings.privacy),
        )


def _unseen(day: date, person: Person, outcome: Outcome, verdict: str, reason: str) -> Verdict:
    _, opens, closes, _, _ = outcome.window
    return Verdict(
        day, person.id, person.unit, outcome.label, outcome.window.due, opens, closes, None, verdict, "none", "", 0,
        None, (), reason,
    )  # fmt: skip
