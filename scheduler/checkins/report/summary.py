"""What the command says in the end: a few lines for people, one object for machines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scheduler.checkins.pipeline import Outcome
from scheduler.checkins.tally import CATEGORIES
from scheduler.checkins.verdicts import NOT_REQUIRED, VERDICTS
from scheduler.language import Bilingual


def lines(outcome: Outcome, folder: Path) -> Iterator[Bilingual]:
    """Yield the files read, the verdicts and where the reports are."""
    for source in outcome.findings.sources:
        if source.channel:
            reach = f"{source.first} … {source.last}" if source.first else "–"
            yield Bilingual(
                id=f"{source.name}: {source.title.id}, {source.messages} pesan, {source.evidence} bukti, "
                f"{source.unmatched} tak dikenal, {reach}, tanggal {source.order or '–'}",
                en=f"{source.name}: {source.title.en}, {source.messages} messages, {source.evidence} pieces of evidence, "
                f"{source.unmatched} unmatched, {reach}, dates {source.order or '–'}",
            )
    counts = [(words, outcome.tally.verdicts[v]) for v, words in VERDICTS.items() if v != NOT_REQUIRED]
    yield Bilingual(
        id=", ".join(f"{words.id} {n}" for words, n in counts),
        en=", ".join(f"{words.en} {n}" for words, n in counts),
    )
    if outcome.unknown_senders:
        yield Bilingual(
            id=f"{outcome.unknown_senders} pengirim tidak dikenal: pilih orangnya di {folder / 'aliases.xlsx'} lalu ulangi.",
            en=f"{outcome.unknown_senders} senders not recognised: choose who they are in {folder / 'aliases.xlsx'} and run again.",
        )
    yield Bilingual(id=f"Laporan: {folder}", en=f"Reports: {folder}")


def answer(outcome: Outcome, folder: Path) -> dict[str, Any]:
    """Return the same for machines."""
    tally = outcome.tally
    units: dict[str, dict[str, int]] = {}
    for (unit, _), counts in tally.by_day.items():
        into = units.setdefault(unit, dict.fromkeys(CATEGORIES, 0))
        for category, number in counts.items():
            into[category] += number
    return {
        "folder": str(folder),
        "verdicts": {verdict: tally.verdicts[verdict] for verdict in VERDICTS},
        "against": tally.against,
        "reasons": [{"verdict": v, "reason": r, "count": n} for (v, r), n in sorted(tally.reasons.items())],
        "person_days": units,
        "unknown_senders": outcome.unknown_senders,
        "sources": [
            {
                "source": s.name,
                "sha256": s.sha256,
                "kind": s.key,
                "zone": s.zone,
                "date_order": s.order,
                "messages": s.messages,
                "evidence": s.evidence,
                "unmatched": s.unmatched,
                "first_day": s.first,
                "last_day": s.last,
                "truncated": s.is_truncated,
                "refused": s.is_refused,
                "faults": [{"row": f.row, "problem": f.problem.en, "value": f.value} for f in s.faults],
            }
            for s in outcome.findings.sources
        ],
    }
