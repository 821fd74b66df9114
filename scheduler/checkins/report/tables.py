"""The tables for programs; text cells are guarded against running as formulas (`scheduler.table_format`)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

from scheduler.checkins.coverage import SourceReport
from scheduler.checkins.findings import Findings
from scheduler.checkins.people import Unknown
from scheduler.checkins.validate import UnmatchedLine
from scheduler.checkins.verdicts import Verdict
from scheduler.problem import Person
from scheduler.table_format import guard

CHECKIN_COLUMNS = (
    "date", "person_id", "unit", "checkpoint", "due", "window_from", "window_to", "seen_at", "verdict", "grade",
    "source", "line", "distance_m", "flags", "reason", "in_region",
)  # fmt: skip
POSITION_COLUMNS = ("latitude_rounded", "longitude_rounded")
UNMATCHED_COLUMNS = ("source", "line", "sender", "seen_at", "kind", "reason", "suggestions")
ALIAS_COLUMNS = ("sender", "person_id", "suggestions", "lines", "first_source", "first_line")
SOURCE_COLUMNS = (
    "source", "sha256", "kind", "channel", "messages", "evidence", "matched", "unmatched", "first_day", "last_day",
    "zone", "date_order", "state", "faults",
)  # fmt: skip
MEMBER_COLUMNS = ("person_id", "unit", "name", "member", "source", "line")

_MOST_REMEMBERED = 200_000


class Instants:
    """Instants as local ISO 8601 with offset, each worked out once: due times come in thousands."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[int, str] = {}

    def text(self, at: int | None) -> str:
        """Return the text of an instant; empty where there is none, or none that a calendar has."""
        if at is None:
            return ""
        found = self._known.get(at)
        if found is None:
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
            try:
                found = datetime.fromtimestamp(at, self._zone).isoformat()
            except (OverflowError, ValueError, OSError):
                found = str(at)
            self._known[at] = found
        return found


def write_verdicts(stream: IO[str], findings: Findings) -> Iterator[Verdict]:
    """Write checkins.csv line by line, handing each verdict on as it is written."""
    write = csv.writer(stream, lineterminator="\n").writerow
    keeps = findings.settings.privacy.coordinates == "round"
    write((*CHECKIN_COLUMNS, *POSITION_COLUMNS) if keeps else CHECKIN_COLUMNS)
    text = Instants(findings.zone).text
    guarded: dict[str, str] = {}
    for row in findings.verdicts():
        day, person_id, unit, checkpoint, due, opens, closes, seen, verdict, grade, source, line, distance, flags, reason, inside, position = row  # fmt: skip
        for word in (person_id, unit, checkpoint, source):
            if word not in guarded:
                guarded[word] = guard(word)
        cells = [
            day.isoformat(), guarded[person_id], guarded[unit], guarded[checkpoint], text(due), text(opens),
            text(closes), text(seen), verdict, grade, guarded[source], line or "",
            "" if distance is None else distance, ";".join(flags) if flags else "", reason,
            "" if inside is None else "yes" if inside else "no",
        ]  # fmt: skip
        if keeps:
            cells += [str(part) for part in position or ("", "")]
        write(cells)
        yield row


def unmatched_writer(
    stream: IO[str], zone: ZoneInfo, people: Sequence[Person]
) -> Callable[[UnmatchedLine], None]:
    """Write the heading of unmatched.csv and return what writes its lines; no content and no coordinates."""
    write = csv.writer(stream, lineterminator="\n").writerow
    write(UNMATCHED_COLUMNS)
    text = Instants(zone).text
    names: dict[tuple[int, ...], str] = {}

    def line(found: UnmatchedLine) -> None:
        near = names.get(found.near)
        if near is None:
            near = names[found.near] = suggestions(found.near, people)
        write(
            (guard(found.source), found.line, guard(one_line(found.sender)), text(found.at), found.kind, found.reason, guard(near))
        )  # fmt: skip

    return line


def suggestions(near: Iterable[int], people: Sequence[Person]) -> str:
    """Return near people as "id (name); id (name)"."""
    return "; ".join(f"{people[n].id} ({people[n].name})" for n in near)


def write_aliases(
    stream: IO[str], unknown: Sequence[Unknown], kept: Mapping[str, str], people: Sequence[Person]
) -> None:
    """Write aliases.csv, ready to be filled in: what was filled in before stays on top, the column is empty else."""
    write = csv.writer(stream, lineterminator="\n").writerow
    write(ALIAS_COLUMNS)
    for sender, person_id in kept.items():
        write((guard(sender), guard(person_id), "", "", "", ""))
    for entry in unknown:
        if entry.sender not in kept:
            near = suggestions(entry.near, people)
            write(
                (guard(one_line(entry.sender) or ";".join(entry.ids)), "", guard(near), entry.lines, guard(entry.source), entry.line)
            )  # fmt: skip


def write_sources(stream: IO[str], sources: Sequence[SourceReport]) -> None:
    """Write sources.csv: each file with its hash, its reach, and how its times were read."""
    write = csv.writer(stream, lineterminator="\n").writerow
    write(SOURCE_COLUMNS)
    for s in sources:
        state = (
            "refused"
            if s.is_refused
            else "truncated"
            if s.is_truncated
            else "shuffled"
            if s.is_shuffled
            else "read"
        )
        write(
            (
                guard(s.name), s.sha256, s.key, s.channel, s.messages, s.evidence, s.matched, s.unmatched,
                s.first or "", s.last or "", s.zone, s.order or "", state, s.fault_count,
            )
        )  # fmt: skip


def write_members(stream: IO[str], findings: Findings) -> None:
    """Write membership.csv: who is shown in the group; "no" only against a membership list of their office."""
    write = csv.writer(stream, lineterminator="\n").writerow
    write(MEMBER_COLUMNS)
    for person, state, source, line in membership(findings):
        write((guard(person.id), guard(person.unit), guard(person.name), state, guard(source), line or ""))


def membership(findings: Findings) -> Iterator[tuple[Person, str, str, int]]:
    """Yield (person, "yes", "no" or "unknown", source, line) for everyone whom a membership table selects."""
    listed = set().union(*(s.units for s in findings.sources if s.key == "members"))
    for number, person in enumerate(findings.roster.people):
        if not findings.chosen[number] or not any(t.for_.takes(person) for t in findings.settings.membership):
            continue
        found = findings.members.get(number)
        if found is not None:
            yield person, "yes", findings.sources[found[0]].name, found[1]
        else:
            yield person, "no" if person.unit in listed else "unknown", "", 0


def one_line(text: str) -> str:
    """Return a text from a file without line breaks and control characters."""
    return "".join(c if c.isprintable() else " " for c in text)[:200]
