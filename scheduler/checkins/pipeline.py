"""The whole job as a recipe: evidence and roster in, reports out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from scheduler.checkins.evidence.base import Evidence
from scheduler.checkins.findings import Findings
from scheduler.checkins.place import Region
from scheduler.checkins.report.page import make_page
from scheduler.checkins.report.section import Report
from scheduler.checkins.report.senders import write_senders
from scheduler.checkins.report.tables import (
    unmatched_writer,
    write_aliases,
    write_members,
    write_sources,
    write_verdicts,
)
from scheduler.checkins.report.workbook import write_workbook
from scheduler.checkins.roster_days import RosterDays
from scheduler.checkins.run import read_evidence, take_entries
from scheduler.checkins.settings import CheckinSettings
from scheduler.checkins.streams.dates import Order
from scheduler.checkins.tally import Tally, count
from scheduler.checkins.validate import Validator
from scheduler.language import Bilingual, Language


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to judge, by which policy, and about whom to report.

    Attributes
    ----------
    title : the policy's, for headings.
    exporter_zone : of clock times without an offset.
    aliases : person ids by sender, from the scenario; `filled_in` those of the aliases.csv handed out before,
        which are handed out again.
    permits : (first, last) days by person id in which the area may be left.
    entries : work entered in a table of the scenario, `entries_file` its name.
    units : the offices reported on; None for all.
    as_of : now, seconds since 1970 UTC; None where everything is past.
    """

    roster: RosterDays
    settings: CheckinSettings
    zone: ZoneInfo
    exporter_zone: ZoneInfo
    title: str = ""
    language: Language = "id"
    order: Order | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    filled_in: Mapping[str, str] = field(default_factory=dict)
    permits: Mapping[str, Sequence[tuple[date, date]]] = field(default_factory=dict)
    region: Region | None = None
    entries: Sequence[Evidence] = ()
    entries_file: str = ""
    units: Collection[str] | None = None
    since: date | None = None
    until: date | None = None
    as_of: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What was found and counted, and who the aliases name that nobody is."""

    findings: Findings
    tally: Tally
    unknown_senders: int
    unknown_aliases: tuple[str, ...]


def check(
    request: Request,
    evidence: Sequence[Path],
    folder: Path,
    began: Callable[[str, Bilingual], None] = lambda name, title: None,
) -> Outcome:
    """Judge the evidence and write every report into `folder`, which is empty and published by the caller.

    Raises
    ------
    OSError
        Where a report cannot be written.
    """
    people = request.roster.people
    with _collector_paused():
        with _text(folder / "unmatched.csv") as stream:
            validator = Validator(
                request.roster,
                request.settings,
                request.zone,
                since=request.since,
                until=request.until,
                aliases={**request.aliases, **request.filled_in},
                permits=request.permits,
                region=request.region,
                units=request.units,
                as_of=request.as_of,
                unmatched=unmatched_writer(stream, request.zone, people),
            )
            read_evidence(
                evidence, validator, exporter_zone=request.exporter_zone, order=request.order, began=began
            )
            if request.entries:
                take_entries(request.entries, validator, request.entries_file)
        findings = validator.settle()
        with _text(folder / "checkins.csv") as stream:
            tally = count(findings, write_verdicts(stream, findings))
        unknown = validator.shown_unknown()
        report = Report(findings, tally, unknown, request.title, request.language)
        write_workbook(report, folder / "checkins.xlsx")
        with _text(folder / "checkins.html") as stream:
            stream.writelines(make_page(report))
        with _text(folder / "aliases.csv") as stream:
            write_aliases(stream, unknown, request.filled_in, people)
        write_senders(
            unknown,
            request.filled_in,
            people,
            folder / "aliases.xlsx",
            language=request.language,
            made=max(request.roster.days, default=date(2000, 1, 1)),
        )
        with _text(folder / "sources.csv") as stream:
            write_sources(stream, findings.sources)
        if request.settings.membership:
            with _text(folder / "membership.csv") as stream:
                write_members(stream, findings)
    return Outcome(findings, tally, len(unknown), tuple(validator.directory.unknown_aliases))


def _text(path: Path) -> IO[str]:
    return path.open("w", encoding="utf-8", newline="", errors="replace")


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python from searching for cycles: millions of small tuples hold none, and the search takes a quarter."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
