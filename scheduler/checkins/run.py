"""Reads evidence files into a validator: each file by the source that recognises it, faults and all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.checkins.coverage import SourceReport
from scheduler.checkins.evidence import discover
from scheduler.checkins.evidence.activities import Activities
from scheduler.checkins.evidence.base import Evidence, Reading, Source
from scheduler.checkins.streams.dates import Order
from scheduler.checkins.streams.opened import Opened, open_evidence
from scheduler.checkins.validate import Validator
from scheduler.errors import Fault
from scheduler.language import Bilingual

SHUFFLED_FROM = 10
"""Lines out of order from which a file counts as shuffled, where they are also a tenth of it."""


def read_evidence(
    paths: Sequence[Path],
    validator: Validator,
    *,
    exporter_zone: ZoneInfo,
    order: Order | None = None,
    began: Callable[[str, Bilingual], None] = lambda name, title: None,
) -> None:
    """Read every file, as far as it can be read; what was found out stands in `validator.sources`.

    Parameters
    ----------
    exporter_zone : of clock times without an offset in what a phone or computer exported; those of tables are
        the policy's.
    order : how dates are written, where they cannot tell themselves.
    began : called with the name and kind of each file as it is begun.
    """
    for path in paths:
        for opened in open_evidence(path):
            if isinstance(opened, Fault):
                report = SourceReport(opened.file, is_refused=True, faults=(opened,), fault_count=1)
                validator.sources.append(report)
            else:
                _read(opened, validator, exporter_zone, order, is_member="/" in opened.name, began=began)


def take_entries(entries: Sequence[Evidence], validator: Validator, name: str) -> None:
    """Take work entered in a table of the scenario, as if it had been read from a log of that name."""
    report = SourceReport(name, key="activities", title=Activities.title, channel=Activities.channel)
    validator.sources.append(report)
    for item in entries:
        validator.take(item, len(validator.sources) - 1)
        report.messages += 1


def _read(
    file: Opened,
    validator: Validator,
    zone: ZoneInfo,
    order: Order | None,
    *,
    is_member: bool,
    began: Callable[[str, Bilingual], None],
) -> None:
    report = SourceReport(file.name, file.sha256)
    source = _recognise(file)
    if source is None:
        if not is_member:  # what an export brings along is passed over; what the user names is not
            report.is_refused = True
        report.faults, report.fault_count = (_unknown(file),), 1
        validator.sources.append(report)
        return
    report.key, report.title, report.channel = source.key, source.title, source.channel
    report.is_export, report.keeps_newest = source.is_export, source.keeps_newest
    zone = zone if source.tells_exporters_time else validator.zone
    report.zone = zone.key
    validator.sources.append(report)
    began(file.name, source.title)
    jump = validator.settings.review.clock_jump_minutes * 60
    reading = Reading(file, zone=zone, days=validator.known_days, order=order, jump_seconds=jump)
    index = len(validator.sources) - 1
    take = validator.take
    for item in source.read(reading):
        take(item, index)
        report.messages += 1
    report.order = reading.order
    report.is_truncated, report.is_refused = reading.is_truncated, reading.is_refused
    report.is_shuffled = reading.disordered >= SHUFFLED_FROM and reading.disordered * 10 >= reading.messages
    report.faults, report.fault_count = tuple(reading.faults), reading.fault_count


def _recognise(file: Opened) -> Source | None:
    sure = [(source.recognises(file), source.key, source) for source in discover()]
    best = max(sure, key=lambda entry: entry[:2])
    return best[2] if best[0] else None


def _unknown(file: Opened) -> Fault:
    return Fault(
        file=file.name,
        problem=Bilingual(
            id="isi berkas tidak dikenali sebagai bukti presensi",
            en="its content is not recognised as evidence",
        ),
        allowed=Bilingual(
            id="; ".join(source.title.id for source in discover()),
            en="; ".join(source.title.en for source in discover()),
        ),
        remedy=Bilingual(
            id="Periksa bahwa berkasnya utuh; tabel perlu baris judul dengan orang dan waktu.",
            en="See that the file is whole; a table needs headings for person and time.",
        ),
    )
