"""What the terminal shows of a finished or planned roster: tables of at most 80 columns, plain where it must be."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scheduler.cli.options import Terminal
from scheduler.language import Bilingual, Language, format_date, format_number
from scheduler.problem import Reading
from scheduler.weighing import IN_THOUSANDTHS, WEIGHTED_SUM

if TYPE_CHECKING:
    from scheduler.problem import Problem
    from scheduler.roster import Roster, UnitResult
    from scheduler.rounds import Stage

WIDTH = 80
_FLAG = re.compile(r"--[a-z][a-z-]+ (?:'[^']*'|[^\s;,)]*[^\s;,.)])")
"""A flag with its value: kept on one line, so that it can be copied as it stands."""


def width() -> int:
    """The columns to use: those of the terminal, at least 60; 80 where there is none."""
    return max(60, shutil.get_terminal_size((WIDTH, 24)).columns)


_STAGES: dict[str, Bilingual] = {
    "first": Bilingual(id="Jadwal pertama", en="First rosters"),
    "solving": Bilingual(id="Menyusun", en="Solving"),
    "completing": Bilingual(id="Melengkapi", en="Completing"),
    "writing": Bilingual(id="Menulis", en="Writing"),
}
_STOPPING = Bilingual(
    id="Dihentikan: yang sudah ada diperiksa dan ditulis. Ctrl-C lagi: tidak ada yang ditulis.",
    en="Stopping: what there is will be verified and written. Ctrl-C again: nothing is.",
)


SEARCH_ENDED = Bilingual(id="pencarian belum selesai", en="the search has not ended")
"""Why places may be empty that a longer search would fill."""


class Progress:
    """How far a job is: called with a unit's name when it is done, and told of each stage. Silent in itself."""

    def __call__(self, unit: str) -> None:
        """Count a unit as done in this stage."""

    def stage(self, name: Stage) -> None:
        """Begin a stage."""


@contextmanager
def progress(terminal: Terminal, units: int | None = None) -> Iterator[Progress]:
    """Show a bar by unit on standard error while units are solved and written; `units` is how many, where that is known."""
    if not terminal.shows_progress:
        yield Progress()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("[progress.description]{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True, no_color="NO_COLOR" in os.environ)

    class Shown(Progress):
        """A bar that begins anew with each stage."""

        said = _STAGES["solving"].in_language(terminal.language)

        def __call__(self, unit: str) -> None:
            bar.update(task, advance=1, description=f"{self.said}: {_cut(unit, 25)}")

        def stage(self, name: Stage) -> None:
            if name == "stopping":
                console.print(_STOPPING.in_language(terminal.language), highlight=False)
                return
            self.said = _STAGES[name].in_language(terminal.language)
            bar.reset(task, description=self.said, start=False)
            bar.start_task(task)

    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(_STAGES["solving"].in_language(terminal.language), total=units)
        yield Shown()


def table(rows: Sequence[Sequence[str]], *, left: Sequence[int] = (0,), ends: int = 0) -> str:
    """Return rows as aligned text; the first is a heading. Columns `left` are left-aligned and may be cut.

    `ends` rows at the foot are set apart as totals.
    """
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    over = sum(widths) + 2 * (len(widths) - 1) - width()
    widths[0] = max(12, widths[0] - max(0, over))
    lines = []
    for number, row in enumerate(rows):
        cells = [
            _cut(cell, widths[c]).ljust(widths[c]) if c in left else cell.rjust(widths[c])
            for c, cell in enumerate(row)
        ]
        lines.append("  ".join(cells).rstrip())
        if number == 0 or (ends and number == len(rows) - 1 - ends):
            lines.append("─" * min(width(), sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(lines)


def summary(roster: Roster, language: Language) -> str:
    """Return the table of units: people, home person-days against target, spread, proof, seconds."""
    id_ = language == "id"
    heading = (
        ("Unit", "Orang", "WFH", "Sasaran", "Selisih", "Optimal", "Detik")
        if id_
        else ("Unit", "People", "Home", "Target", "Spread", "Proven", "Secs")
    )
    rows: list[tuple[str, ...]] = [heading]
    home = target = people = 0
    for result in roster.results:
        days = [day for quota in result.audit.quotas for day in quota.days]
        unit_home, unit_target = _home_days(result), sum(day.target for day in days)
        home, target, people = home + unit_home, target + unit_target, people + len(result.unit.people)
        spreads = [sheet.spread for sheet in result.audit.balances if sheet.kind == "home"]
        spread = format_number(max(spreads) / 1000, language, 2) if spreads else "–"
        rows.append(
            (
                result.unit.name,
                str(len(result.unit.people)),
                str(unit_home),
                str(unit_target) if days else "–",
                spread,
                proof(result, language),
                format_number(result.seconds, language, 1),
            )
        )
    has_targets = any(result.audit.quotas for result in roster.results)
    total = str(target) if has_targets else "–"
    rows.append(("Jumlah" if id_ else "Total", str(people), str(home), total, "", "", ""))
    return table(rows, ends=1)


def _home_days(result: UnitResult) -> int:
    return sum(status == "home" for row in result.roster.statuses for status in row)


def proof(result: UnitResult, language: Language) -> str:
    """Return "yes", or within what: the first pass that is not proven, with its gap."""
    if result.is_optimal and not result.interrupted:
        return "ya" if language == "id" else "yes"
    gap = next((o for o in result.objectives if not o.is_optimal), None)
    if gap is None:
        return "terhenti" if language == "id" else "stopped"
    size = gap.value - gap.bound
    if gap.name in IN_THOUSANDTHS or gap.name == WEIGHTED_SUM:
        return f"± {format_number(size / 1000, language, 2)}"
    return f"± {size}"


def said_readings(problem: Problem, readings: Sequence[Reading], language: Language) -> str:
    """Return the readings assumed, each once with the rules that it is about, wrapped."""
    found = {reading.key: reading for reading in (*problem.policy.readings, *readings)}
    if not found:
        return ""
    rules: dict[Bilingual, list[str]] = {}
    for reading in found.values():
        rules.setdefault(reading.text, []).append(reading.rule)
    said = (
        ": ".join(part for part in (", ".join(dict.fromkeys(labels)), text.in_language(language)) if part)
        for text, labels in rules.items()
    )
    heading = "Bacaan yang dipakai:" if language == "id" else "Readings assumed:"
    return "\n".join([heading, *(bullet(line) for line in said)])


def notes(roster: Roster, language: Language, most: int = 12) -> str:
    """Return what the units' heads must know, at most `most` lines."""
    found = [(r.unit.name, note) for r in roster.results for note in (*r.audit.notes, *shortfalls(r))]
    lines = [bullet(f"{unit}: {note.in_language(language)}") for unit, note in found[:most]]
    if len(found) > most:
        more = len(found) - most
        lines.append(
            bullet(
                Bilingual(
                    id=f"dan {more} catatan lagi di lembar Ringkasan.",
                    en=f"and {more} more notes on the summary sheet.",
                ).in_language(language)
            )
        )
    return "\n".join([Bilingual(id="Catatan:", en="Notes:").in_language(language), *lines]) if lines else ""


def shortfalls(result: UnitResult) -> Iterator[Bilingual]:
    """Yield one line per quota that has empty home places: how many, and why."""
    is_open = any(o.name == "shortfall" and not o.is_optimal for o in result.objectives)
    for quota in result.audit.quotas:
        short = [day for day in quota.days if day.shortfall]
        if short:
            count = sum(day.shortfall for day in short)
            first = short[0]
            searched = [SEARCH_ENDED] if is_open else []
            causes_id = ", ".join(cause.id for cause in (*first.causes, *searched))
            causes_en = ", ".join(cause.en for cause in (*first.causes, *searched))
            yield Bilingual(
                id=f"{quota.rule}: {count} tempat WFH tidak terisi pada {len(short)} hari (mis. {format_date(first.day, 'id')}: {causes_id}).",
                en=f"{quota.rule}: {count} home places stay empty on {len(short)} days (e.g. {format_date(first.day, 'en')}: {causes_en}).",
            )


def bullet(text: str) -> str:
    """Return a wrapped line with a mark in front."""
    mark = "•" if (sys.stdout.encoding or "").lower().startswith("utf") else "-"
    return filled(text, f"  {mark} ")


def filled(text: str, start: str = "") -> str:
    """Return text wrapped beneath its start; a flag and its value stay on one line, to be copied as they stand."""
    whole = _FLAG.sub(lambda flag: flag[0].replace(" ", "\u2007"), text)
    lines = textwrap.fill(
        whole, width(), initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False
    )
    return lines.replace("\u2007", " ")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
