"""Decides for every person, scheduled day and checkpoint what can be shown.

    take(evidence) … take(evidence) → settle() → Findings.verdicts()

Memory is bounded by the roster, whatever the size of the evidence, and the order of the lines does not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.checkins.coverage import SourceReport
from scheduler.checkins.evidence.base import Evidence
from scheduler.checkins.findings import Findings
from scheduler.checkins.flags import BIT
from scheduler.checkins.kinds.base import Judge, Outcome, Sighting
from scheduler.checkins.kinds.calls import CallJudge
from scheduler.checkins.kinds.entries import EntryJudge
from scheduler.checkins.kinds.intervals import IntervalJudge
from scheduler.checkins.kinds.points import PointJudge
from scheduler.checkins.names import phone_digits
from scheduler.checkins.people import AMBIGUOUS, STRANGER, Directory, Unknown
from scheduler.checkins.place import Found, Places, Region, home_of
from scheduler.checkins.review import SamePlaces, fast_steps
from scheduler.checkins.roster_days import RosterDays
from scheduler.checkins.settings import Activity, CheckinSettings, Interval, Placed, Reachability, Table
from scheduler.checkins.streams.times import LocalClock, LocalDays
from scheduler.checkins.windows import Window, groups_of

COUNTABLE = frozenset({"position", "place", "live", "entry", "call", "activity"})
"""Kinds of evidence whose senders must be found, or are listed as unmatched."""


GROUPS = frozenset({"whatsapp", "telegram", "bot", "members"})
"""Sources that show people in a group: they spoke, joined or are listed there."""


class UnmatchedLine(NamedTuple):
    """One line that found no person, or whose time cannot be read."""

    source: str
    line: int
    sender: str
    at: int | None
    kind: str
    reason: str
    near: tuple[int, ...]


class Validator:
    """Judges streams of evidence against a roster.

    Parameters
    ----------
    roster : everybody, so that senders of other offices are recognised, and all days, which settle dates.
    zone : of the policy's clock times.
    since, until : the days judged, both included.
    permits : (first, last) days by person id in which leaving the area is allowed, as dated.
    units : the offices reported on; None for all.
    as_of : now, seconds since 1970; what is not due yet is unprovable. None for the past.
    unmatched : called with every line that found no person.
    """

    def __init__(
        self,
        roster: RosterDays,
        settings: CheckinSettings,
        zone: ZoneInfo,
        *,
        since: date | None = None,
        until: date | None = None,
        aliases: Mapping[str, str] | None = None,
        permits: Mapping[str, Sequence[tuple[date, date]]] | None = None,
        region: Region | None = None,
        units: Collection[str] | None = None,
        as_of: int | None = None,
        unmatched: Callable[[UnmatchedLine], None] = lambda line: None,
    ) -> None:
        self.known_days = frozenset(roster.days)
        self.roster = roster = roster.between(since, until)
        self.settings = settings
        self.zone = zone
        self.directory = Directory(roster.people, aliases)
        self.sources: list[SourceReport] = []
        self.members: dict[int, tuple[int, int]] = {}
        self._unmatched = unmatched
        self._as_of = as_of
        self._permits = permits or {}
        self._places = Places([home_of(p.latitude, p.longitude) for p in roster.people], region)
        self._region = region
        self._clock = LocalClock(zone)
        self._local = LocalDays(zone)
        self._groups = groups_of(settings)
        self._nightly = any(group.leaves_its_day for group in self._groups)
        self._reads_text = bool(settings.words)
        self._chosen = [units is None or p.unit in units for p in roster.people]
        self._days = {day: index for index, day in enumerate(roster.days)}
        self._windows: dict[tuple[int, date], tuple[Window, ...]] = {}
        self._judges: dict[int, list[tuple[int, Judge]]] = {}
        self._outcomes: dict[int, list[tuple[int, list[Outcome]]]] = {}
        self._suspects: dict[int, set[date]] = {}
        self._groups_for: dict[int, tuple[int, ...]] = {}

    # Taking evidence ---------------------------------------------------------------------------------------

    def take(self, item: Evidence, source_index: int) -> None:
        """Take one piece of evidence of the file `sources[source_index]`."""
        source = self.sources[source_index]
        day = item.day or (self._local.day_of(item.at) if item.at is not None else None)
        if day is not None and not item.is_doubtful:
            source.see(day, item.at)
        if not item.sender and not item.ids:
            return
        counts = item.kind in COUNTABLE
        source.evidence += counts
        person = self.directory.match(item.sender, item.ids)
        if person == STRANGER:
            return
        if person < 0:
            if counts or (person == AMBIGUOUS and item.kind == "member"):
                self._take_unknown(item, source, day)
            return
        if counts or (person, day) not in source.seen:
            source.hear(person, self.roster.people[person].unit, counts=counts)
            if day in self._days:
                source.seen.add((person, day))
        source.matched += counts
        if not item.is_doubtful and source.channel in GROUPS:
            self.members.setdefault(person, (source_index, item.line))
        if day is None:
            if counts and self._chosen[person]:
                self._unmatched(
                    UnmatchedLine(
                        source.name, item.line, item.sender, None, item.kind, "unreadable_time", (person,)
                    )
                )
            return
        if self._chosen[person] and (
            counts or item.kind == "withheld" or (self._reads_text and item.kind == "text")
        ):
            self._take_on(item, source_index, person, day)
            if self._nightly and item.at is not None:
                self._take_on(item, source_index, person, day - timedelta(days=1), is_beside=True)
            if (self._nightly and item.at is not None) or self._lasts_beyond(item, day):
                self._take_on(item, source_index, person, day + timedelta(days=1), is_beside=True)

    def _lasts_beyond(self, item: Evidence, day: date) -> bool:
        """Whether a live location begun that day may have shown the person on the next."""
        return item.kind == "live" and item.until is not None and self._local.day_of(item.until) > day

    def _take_unknown(self, item: Evidence, source: SourceReport, day: date | None) -> None:
        source.unmatched += 1
        unknown = self.directory.note_unknown(item.sender, item.ids, source.name, item.line, day)
        if day is not None and day in self._days:
            source.unknown_days.add(day)
            if phone_digits(item.sender):
                source.number_days.add(day)
            for person in unknown.near if not item.is_doubtful else ():
                self._suspects.setdefault(person, set()).add(day)
        if self._may_show(unknown):
            self._unmatched(
                UnmatchedLine(
                    source.name, item.line, item.sender, item.at, item.kind, unknown.reason, unknown.near
                )
            )

    def _may_show(self, unknown: Unknown) -> bool:
        """Whether the sender may be named in this report: one office's report holds nobody else's people."""
        return all(self._chosen) or any(self._chosen[person] for person in unknown.near)

    def shown_unknown(self) -> list[Unknown]:
        """Return the unknown senders that this report may name, most lines first."""
        shown = [unknown for unknown in self.directory.unknown.values() if self._may_show(unknown)]
        return sorted(shown, key=lambda unknown: (-unknown.lines, unknown.sender))

    def _take_on(
        self, item: Evidence, source_index: int, person: int, day: date, *, is_beside: bool = False
    ) -> None:
        """Hand the item to the day's judges; of another day than its own, where it or a window may reach over midnight."""
        index = self._days.get(day)
        if index is None:
            return
        key = person * len(self._days) + index
        judges = self._judges.get(key)
        if judges is None:
            judges = self._judges[key] = self._new_judges(person, day)
        for number, judge in judges:
            group = self._groups[number]
            table = group.table
            lasts = item.kind == "live" and isinstance(judge, PointJudge)
            if not table.counts(item.channel) or (is_beside and not group.leaves_its_day and not lasts):
                continue
            found, flags = self._look(item, table, person, day)
            at = item.at if item.at is not None else self._window(number, day)[0].due
            judge.add(item._replace(flags=item.flags | flags) if flags else item, at, source_index, found)

    def _look(self, item: Evidence, table: Table, person: int, day: date) -> tuple[Found | None, int]:
        """Return what the position shows for this table, and the flags it earns."""
        if item.kept is None and (item.latitude is None or item.longitude is None):
            return None, 0
        flags = 0
        if item.accuracy is not None:
            flags |= BIT["accuracy_poor"] if item.accuracy > self.settings.review.accuracy_metres else 0
        elif item.has_accuracy:
            flags |= BIT["accuracy_missing"]
        asks = isinstance(table, Placed) and not self._has_permit(person, day)
        within = table.within_metres if asks and isinstance(table, Placed) else None
        ask_region = asks and isinstance(table, Placed) and table.in_region
        if item.kept is not None or item.latitude is None or item.longitude is None:
            distance, inside = item.kept or (None, None)
            found = self._places.judge_again(
                distance, inside, item.accuracy, within=within, ask_region=ask_region
            )
        else:
            found = self._places.judge(
                person, item.latitude, item.longitude, item.accuracy, within=within, ask_region=ask_region
            )
        if found.in_region is False and asks:
            flags |= BIT["outside_region"]
        return found, flags

    def _has_permit(self, person: int, day: date) -> bool:
        if not self._permits:
            return False
        return any(
            first <= day <= last for first, last in self._permits.get(self.roster.people[person].id, ())
        )

    def _new_judges(self, person: int, day: date) -> list[tuple[int, Judge]]:
        someone = self.roster.people[person]
        status = self.roster.statuses.get((someone.id, day), "")
        return [
            (number, self._new_judge(number, person, day))
            for number in self._groups_of(person)
            if self._groups[number].table.asks(someone, day, status)
        ]

    def _new_judge(self, number: int, person: int, day: date) -> Judge:
        group, windows = self._groups[number], self._window(number, day)
        table = group.table
        if isinstance(table, Reachability):
            return CallJudge(table, group.checkpoints, windows, self.zone)
        if isinstance(table, Activity):
            return EntryJudge(table, group.checkpoints, windows)
        assert isinstance(table, Placed)
        knows_radius = table.within_metres is not None and self._places.knows_home(person)
        asks_place = (
            knows_radius or (self._region is not None and table.in_region)
        ) and not self._has_permit(person, day)
        if isinstance(table, Interval):
            seconds = self.settings.review.live_period_seconds
            return IntervalJudge(table, group.checkpoints, windows, asks_place, seconds)
        return PointJudge(table, group.checkpoints, windows, asks_place)

    def _groups_of(self, person: int) -> tuple[int, ...]:
        """Return the groups whose table selects the person, whatever the day."""
        found = self._groups_for.get(person)
        if found is None:
            someone = self.roster.people[person]
            found = tuple(n for n, group in enumerate(self._groups) if group.table.for_.takes(someone))
            self._groups_for[person] = found
        return found

    def _window(self, number: int, day: date) -> tuple[Window, ...]:
        windows = self._windows.get((number, day))
        if windows is None:
            windows = self._windows[number, day] = self._groups[number].windows(day, self._clock)
        return windows

    # What it comes to ----------------------------------------------------------------------------------------

    def settle(self) -> Findings:
        """Close the taking of evidence: ask the judges, and add the flags that need more than one check-in."""
        for key in list(self._judges):
            judges = self._judges.pop(key)
            outcomes = [(number, judge.outcomes()) for number, judge in judges]
            if any(o.sighting for _, found in outcomes for o in found):
                self._outcomes[key] = outcomes
        same = SamePlaces()
        width = len(self._days)
        fast: set[Sighting] = set()
        located: dict[int, list[Sighting]] = {}
        for key, outcomes in self._outcomes.items():
            person, day = divmod(key, width)
            for sighting in _located(outcomes):
                same.see(sighting, person, day)
                located.setdefault(person, []).append(sighting)
        for sightings in located.values():
            sightings.sort(key=lambda s: s[2:5])
            fast.update(fast_steps(sightings, self.settings.review.speed_kmh))
        for outcomes in self._outcomes.values():
            for _, found in outcomes:
                found[:] = [self._reviewed(outcome, same, fast) for outcome in found]
        return Findings(
            roster=self.roster,
            settings=self.settings,
            zone=self.zone,
            groups=self._groups,
            windows=self._window,
            outcomes=self._outcomes,
            sources=self.sources,
            chosen=self._chosen,
            has_permit=self._has_permit,
            suspects=self._suspects,
            members=self.members,
            as_of=self._as_of,
            staff=Counter(p.unit for p in self.roster.people),
        )

    def _reviewed(self, outcome: Outcome, same: SamePlaces, fast: set[Sighting]) -> Outcome:
        seen = outcome.sighting
        if seen is None:
            return outcome
        flags = seen.flags
        if seen.latitude is not None:
            flags |= same.flags(seen) | (BIT["fast_travel"] if seen in fast else 0)
        if flags & BIT["clock_jump"] and self.sources[seen.source].is_shuffled:
            flags &= ~BIT["clock_jump"]
        return outcome if flags == seen.flags else outcome._replace(sighting=seen._replace(flags=flags))


def _located(outcomes: Sequence[tuple[int, list[Outcome]]]) -> Iterator[Sighting]:
    for _, found in outcomes:
        for outcome in found:
            if outcome.sighting is not None and outcome.sighting.latitude is not None:
                yield outcome.sighting
