"""Rules, holidays and records of tables whose dates lie outside the period and all phases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from scheduler.errors import Fault
from scheduler.language import Bilingual, format_date
from scheduler.read.policy import PolicyFile


def _whole(file: PolicyFile) -> tuple[date, date]:
    """Return the first and last day of all phases together, or of the period."""
    firsts = [file.period.first, *(phase.first for phase in file.phases)]
    lasts = [file.period.last, *(phase.last for phase in file.phases)]
    return min(firsts), max(lasts)


def _span(first: date, last: date) -> Bilingual:
    return Bilingual(
        id=f"{format_date(first, 'id')} s.d. {format_date(last, 'id')}",
        en=f"{format_date(first, 'en')} to {format_date(last, 'en')}",
    )


def never_holding(file: PolicyFile) -> Iterator[Fault]:
    """Yield a warning for each rule, and each day off or exception, that no day of the period can meet."""
    first, last = _whole(file)
    for rule in file.policy.rules:
        when = rule.when
        outside = (when.first is not None and when.first > last) or (
            when.last is not None and when.last < first
        )
        if outside or (when.dates and not any(first <= day <= last for day in when.dates)):
            yield file.source.fault(
                (*file.places[rule.label], "when"),
                Bilingual(
                    id="di luar periode: aturan ini tidak pernah berlaku",
                    en="outside the period: this rule never holds",
                ),
                value=", ".join(str(day) for day in (*when.dates, when.first, when.last) if day),
                allowed=_span(first, last),
                warning=True,
            )
    for key, days in (("extra", file.period.extra), ("except", file.period.except_)):
        strange = [day for day in days if not first <= day <= last]
        if strange:
            yield file.source.fault(
                ("period", key),
                Bilingual(id="tanggal di luar periode", en="dates outside the period"),
                value=", ".join(map(str, strange)),
                allowed=_span(first, last),
                warning=True,
            )


def records_outside(
    file: PolicyFile, spans: Iterable[tuple[str, int, date, date]], files: Mapping[str, Path]
) -> Iterator[Fault]:
    """Yield a warning for each record of a table wholly outside the period and all phases.

    Parameters
    ----------
    spans : (table, row, first day, last day) of each record.
    """
    first, last = _whole(file)
    for table, row, begins, ends in spans:
        if ends < first or begins > last:
            yield Fault(
                file=next((str(path) for name, path in files.items() if name.startswith(table + ".")), table),
                row=row,
                value=str(begins) if begins == ends else f"{begins} – {ends}",
                problem=Bilingual(id="di luar periode, tidak dipakai", en="outside the period, not used"),
                allowed=_span(first, last),
                warning=True,
            )
