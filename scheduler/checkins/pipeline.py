"""The whole job as a recipe: evidence and roster in, reports out, all of them or none."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from scheduler.checkins.alias_file import read_filled
from scheduler.checkins.findings import Findings
from scheduler.checkins.place import Region
from scheduler.checkins.report.page import make_page
from scheduler.checkins.report.section import Report
from scheduler.checkins.report.tables import (
    unmatched_writer,
    write_aliases,
    write_members,
    write_sources,
    write_verdicts,
)
from scheduler.checkins.report.workbook import write_workbook
from scheduler.checkins.roster_days import RosterDays
from scheduler.checkins.run import read_evidence
from scheduler.checkins.settings import CheckinSettings
from scheduler.checkins.streams.dates import Order
from scheduler.checkins.tally import Tally, count
from scheduler.checkins.validate import Validator
from scheduler.errors import ExportError
from scheduler.language import Bilingual, Language

FILES = (
    "checkins.csv", "checkins.xlsx", "checkins.html", "unmatched.csv", "aliases.csv", "membership.csv", "sources.csv",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to judge, by which policy, and about whom to report.

    Attributes
    ----------
    title : the policy's, for headings.
    exporter_zone : of clock times without an offset.
    aliases : person ids by sender, from the scenario; those filled in in the report folder are added.
    permits : (first, last) days by person id in which the area may be left.
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
    permits: Mapping[str, Sequence[tuple[date, date]]] = field(default_factory=dict)
    region: Region | None = None
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
    """Judge the evidence and write every report into `folder`.

    Raises
    ------
    InputError
        Where the aliases filled in contradict themselves.
    ExportError
        Where a report cannot be written; those of before then stay as they were.
    """
    kept = read_filled(folder / "aliases.csv")
    with _collector_paused(), _written_together(folder) as draft:
        with _text(draft / "unmatched.csv") as stream:
            validator = Validator(
                request.roster,
                request.settings,
                request.zone,
                since=request.since,
                until=request.until,
                aliases={**request.aliases, **kept},
                permits=request.permits,
                region=request.region,
                units=request.units,
                as_of=request.as_of,
                unmatched=unmatched_writer(stream, request.zone, request.roster.people),
            )
            read_evidence(
                evidence, validator, exporter_zone=request.exporter_zone, order=request.order, began=began
            )
        findings = validator.settle()
        with _text(draft / "checkins.csv") as stream:
            tally = count(findings, write_verdicts(stream, findings))
        unknown = validator.shown_unknown()
        report = Report(findings, tally, unknown, request.title, request.language)
        write_workbook(report, draft / "checkins.xlsx")
        with _text(draft / "checkins.html") as stream:
            stream.writelines(make_page(report))
        with _text(draft / "aliases.csv") as stream:
            write_aliases(stream, unknown, kept, request.roster.people)
        with _text(draft / "sources.csv") as stream:
            write_sources(stream, findings.sources)
        if request.settings.membership:
            with _text(draft / "membership.csv") as stream:
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


@contextmanager
def _written_together(folder: Path) -> Iterator[Path]:
    """Give a folder to write drafts in; put them in place once all are whole."""
    draft = folder.with_name(f".{folder.name}.draft")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        yield draft
        folder.mkdir(exist_ok=True)
        for name in FILES:
            made = draft / name
            if made.exists():
                with made.open("rb") as stream:
                    os.fsync(stream.fileno())
                made.replace(folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
    except OSError as e:
        place = Path(e.filename2 or e.filename or folder).name
        raise ExportError(
            Bilingual(
                id=f"{place} tidak dapat ditulis ({e.strerror}). Tutup berkasnya di Excel, atau periksa ruang dan izin, lalu ulangi.",
                en=f"{place} cannot be written ({e.strerror}). Close it in Excel, or look at space and permissions, and try again.",
            )
        ) from e
    finally:
        shutil.rmtree(draft, ignore_errors=True)
