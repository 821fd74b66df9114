"""`giliran generate SCENARIO`: the main job."""

from __future__ import annotations

import time
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.cli import spoken
from scheduler.cli.options import FOLDER, Terminal, common_options, history_option
from scheduler.cli.search_options import search_options, tweak_options
from scheduler.language import Bilingual

if TYPE_CHECKING:
    from scheduler.pipeline import Order, Outcome
    from scheduler.read.scenario import Scenario
    from scheduler.read.tweaks import Tweaks

LEAVING = 0.2
"""Seconds that ending the process takes, for which the user waits too."""


@spoken.command(
    "generate",
    indonesian="""Susun, periksa dan tulis jadwal dari sebuah folder skenario.

Membaca policy.toml dan daftar pegawai, menyusun jadwal setiap unit, memeriksanya dengan pemeriksa tersendiri, lalu
menulis buku kerja, kalender dan tabel. Jadwal yang melanggar aturan tidak pernah ditulis.""",
)
@spoken.argument("scenario", type=FOLDER)
@tweak_options
@search_options
@history_option
@spoken.option(
    "--dry-run",
    is_flag=True,
    help=Bilingual(
        id="Tampilkan unit, hari, sasaran dan bacaan tanpa menyusun.",
        en="Show units, days, targets and readings without solving.",
    ),
)
@common_options
def command(
    scenario: Path,
    tweaks: Tweaks,
    search: dict[str, Any],
    history: tuple[Path, ...],
    dry_run: bool,
    terminal: Terminal,
) -> None:
    """Make, verify and write a roster from a scenario folder.

    Reads policy.toml and the staff list, solves each unit, verifies it independently, and writes workbooks,
    calendars and tables. A roster that breaks a rule is never written.
    """
    from scheduler.pipeline import Order

    order = Order(scenario=scenario, tweaks=tweaks, history=history, language=terminal.asked, **search)
    if dry_run:
        show_plan(order, terminal)
    else:
        run(order, terminal)


def run(order: Order, terminal: Terminal) -> None:
    """Carry out an order and tell what came of it.

    Raises
    ------
    KeyboardInterrupt
        Where it was interrupted; what there was is written and shown.
    UnfinishedError
        Where some units have no roster; the others' are written and shown.
    """
    from scheduler.cli.screen import progress
    from scheduler.pipeline import generate, read_problem
    from scheduler.solve.executors import open_executor
    from scheduler.solving import unfinished_error

    with open_executor(order.executor, order.workers) as executor:
        for warning in executor.warnings:
            terminal.warn(warning)
        executor.prepare()
        scenario = read_problem(order)
        show_warnings(scenario, terminal)
        with progress(terminal, len(scenario.problem.units)) as report:
            outcome = generate(order, report, scenario, executor, report.stage)
    show_outcome(outcome, terminal)
    show_unproven(outcome, terminal)
    show_failures(outcome, terminal)
    show_lateness(order, terminal)
    unfinished = outcome.roster.unfinished
    if unfinished:
        if terminal.verbose:
            terminal.warn("\n".join(outcome.details))
        said = Bilingual(
            id=f"Jadwal unit lainnya ditulis ke {outcome.folder}.",
            en=f"The other units' rosters are written to {outcome.folder}.",
        )
        if not outcome.interrupted:
            raise unfinished_error(unfinished, said)
        terminal.warn(unfinished_error(unfinished, said).describe(terminal.language))
    if outcome.interrupted:
        raise KeyboardInterrupt


def show_unproven(outcome: Outcome, terminal: Terminal) -> None:
    """Say what the marks in the table mean where not every roster is proven the best, and what to do."""
    from scheduler.cli.screen import bullet

    results = outcome.roster.results
    proven = sum(result.is_optimal and not result.interrupted for result in results)
    if proven == len(results):
        return
    said = Bilingual(
        id=f"{proven} dari {len(results)} unit terbukti mendapat jadwal terbaik. Jadwal lainnya sah, tetapi mungkin masih "
        "dapat diperbaiki: ± ialah selisih terbesarnya dari yang terbaik. Untuk itu susun lagi dengan waktu lebih.",
        en=f"{proven} of {len(results)} units have a roster proven to be the best. The others are lawful, but may be "
        "made better: ± is how far at most they are from the best. For that make them again with more time.",
    )
    terminal.say(bullet(said.in_language(terminal.language)))


def show_failures(outcome: Outcome, terminal: Terminal, most: int = 10) -> None:
    """Print whose solver failed though there is a roster: what happened, and what roster that is."""
    from scheduler.cli.screen import bullet

    lines = [
        f"{r.unit.name}: {r.retried.in_language(terminal.language)}."
        for r in outcome.roster.results
        if r.retried
    ]
    for line in lines[:most]:
        terminal.warn(bullet(line))
    if len(lines) > most:
        said = Bilingual(
            id=f"dan {len(lines) - most} unit lagi; lihat certificate.json.",
            en=f"and {len(lines) - most} more units; see certificate.json.",
        )
        terminal.warn(bullet(said.in_language(terminal.language)))


def show_lateness(order: Order, terminal: Terminal) -> None:
    """Say where a limit of time was exceeded, by how much and why, and what to allow instead."""
    from scheduler.cli.screen import bullet
    from scheduler.language import format_number

    if order.time_limit is None or order.started is None:
        return
    took = time.monotonic() - order.started + LEAVING
    if took <= order.time_limit:
        return
    enough, places = 10 * ceil(took / 5), 0 if order.time_limit.is_integer() else 1
    said = Bilingual(
        id=f"Batas waktu {format_number(order.time_limit, 'id', places)} detik terlampaui: {format_number(took, 'id', 1)} detik "
        "sampai semua diperiksa dan ditulis. Tidak ada unit yang ditinggalkan tanpa jadwal demi batas itu. "
        f"Untuk jadwal yang lebih baik beri waktu lebih, misalnya --time-limit {enough}",
        en=f"The limit of {format_number(order.time_limit, 'en', places)} seconds was exceeded: {format_number(took, 'en', 1)} "
        "seconds until all was verified and written. No unit is left without a roster for the sake of the limit. "
        f"For better rosters allow more, such as --time-limit {enough}",
    )
    terminal.warn(bullet(said.in_language(terminal.language)))


def show_warnings(scenario: Scenario, terminal: Terminal, most: int = 10) -> None:
    """Print what is doubtful in the input, the first few."""
    from scheduler.cli.screen import bullet
    from scheduler.cli.warnings import gathered

    warnings = gathered(scenario.warnings)
    for warning in warnings[:most]:
        terminal.warn(bullet(warning.describe(terminal.language)))
    if len(warnings) > most:
        more = len(warnings) - most
        terminal.warn(
            bullet(
                Bilingual(
                    id=f"dan {more} peringatan lagi; lihat `giliran staff`.",
                    en=f"and {more} more warnings; see `giliran staff`.",
                ).in_language(terminal.language)
            )
        )


def show_outcome(outcome: Outcome, terminal: Terminal) -> None:
    """Print the summary, the readings, the notes and where to look."""
    from scheduler.cli.screen import bullet, notes, said_readings, summary
    from scheduler.read.outputs.output_folder import read_certificate

    roster, language = outcome.roster, terminal.language
    if terminal.as_json:
        terminal.answer(
            {"folder": outcome.folder.as_posix(), "certificate": read_certificate(outcome.folder)}
        )
        return
    readings = [reading for result in roster.results for reading in result.readings]
    parts = [
        summary(roster, language),
        said_readings(roster.problem, readings, language),
        notes(roster, language),
    ]
    terminal.say("\n\n".join(part for part in parts if part) + "\n")
    if outcome.unchanged:
        said = Bilingual(
            id=f"Tidak ada yang berubah: revisi {roster.number} di {outcome.folder} tetap berlaku.",
            en=f"Nothing changed: revision {roster.number} in {outcome.folder} stands.",
        )
    else:
        said = Bilingual(
            id=f"Revisi {roster.number} ditulis ke {outcome.folder}: roster.xlsx untuk dibuka, units/ untuk ditandatangani.",
            en=f"Revision {roster.number} written to {outcome.folder}: roster.xlsx to open, units/ to sign.",
        )
    terminal.say(bullet(said.in_language(language)).lstrip(" •-"))


def show_plan(order: Order, terminal: Terminal) -> None:
    """Print units, days, targets and readings without solving."""
    from scheduler.cli.screen import bullet, filled, said_readings, table
    from scheduler.pipeline import fixed_home_days, planned_targets, read_problem, readings

    scenario = read_problem(order)
    problem, language = scenario.problem, terminal.language
    show_warnings(scenario, terminal)
    rows: list[tuple[str, ...]] = [
        ("Unit", "Orang", "Hari", "Aturan", "Hari WFH")
        if language == "id"
        else ("Unit", "People", "Days", "Rule", "Home days")
    ]
    plans = []
    for unit in problem.units:
        targets, fixed = planned_targets(unit), fixed_home_days(unit)
        people, days = len(unit.people), len(unit.horizon.workdays)
        plans.append({"unit": unit.name, "people": people, "days": days, "targets": targets, "fixed": fixed})
        lines = [(label, _daily(numbers)) for label, numbers in targets.items()]
        if fixed or not lines:
            label = Bilingual(id="ditetapkan aturan", en="fixed by rules").in_language(language)
            lines.append((label if fixed else "–", str(fixed) if fixed else "–"))
        for number, line in enumerate(lines):
            rows.append((unit.name, str(people), str(days), *line) if number == 0 else ("", "", "", *line))
    found = [reading for unit in problem.units for reading in readings(replace(unit), {})]
    terminal.answer(
        {"units": plans, "readings": {r.key: r.sentence.en for r in (*problem.policy.readings, *found)}}
    )
    terminal.say(table(rows, left=(0, 3, 4)))
    terminal.say("\n" + said_readings(problem, found, language))
    away = sum(len(unit.absences) for unit in problem.units)
    said = Bilingual(
        id=f"Berkas yang dibaca: {', '.join(scenario.inputs)}. Tidak masuk: {away} hari-orang.",
        en=f"Files read: {', '.join(scenario.inputs)}. Away: {away} person-days.",
    )
    terminal.say("\n" + filled(said.in_language(language)))
    said = Bilingual(
        id="Uji coba: tidak ada yang disusun atau ditulis.", en="Dry run: nothing was solved or written."
    )
    terminal.say("\n" + bullet(said.in_language(language)).lstrip(" •-"))


def _daily(numbers: list[int], most: int = 10) -> str:
    """Return a sum with its days: `52 (7 8 7 8 7 8 7)`, `90 (9 × 10)`; long ones are cut."""
    if len(numbers) > 2 and len(set(numbers)) == 1:
        return f"{sum(numbers)} ({numbers[0]} × {len(numbers)})"
    shown = " ".join(map(str, numbers[:most])) + (" …" if len(numbers) > most else "")
    return f"{sum(numbers)} ({shown})"
