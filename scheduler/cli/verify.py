"""`giliran verify OUTPUT_OR_XLSX`: checks a roster against every rule, without the solver."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import spoken
from scheduler.cli.options import FOLDER, Terminal, common_options
from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual

if TYPE_CHECKING:
    from scheduler.checking import Check


@spoken.command(
    "verify",
    indonesian="""Periksa jadwal terhadap semua aturan, tanpa penyusunnya; kode keluar 5 bila ada yang dilanggar.

OUTPUT adalah folder hasil, atau buku kerja darinya, sudah diubah tangan atau belum.""",
)
@spoken.argument("output", type=FOLDER)
@spoken.option(
    "--policy",
    type=FOLDER,
    metavar="FILE",
    help=Bilingual(
        id="Periksa terhadap berkas kebijakan lain, bukan yang dipakai menyusunnya.",
        en="Check against another policy file than the one it was made from.",
    ),
)
@spoken.option(
    "--against",
    type=FOLDER,
    metavar="DIR",
    help=Bilingual(
        id="Folder hasil dari buku kerja yang berada di tempat lain.",
        en="The output folder of a workbook that lies elsewhere.",
    ),
)
@common_options
def command(output: Path, policy: Path | None, against: Path | None, terminal: Terminal) -> None:
    """Check a roster against every rule, without the solver; exit with 5 where one is broken.

    OUTPUT is an output folder, or a workbook from one, edited by hand or not.
    """
    from scheduler.read.files.tables import SUFFIXES

    is_workbook = output.suffix.casefold() in SUFFIXES
    if is_workbook and not output.exists():
        raise InputError([_missing(output)])
    if is_workbook and output.is_file():
        from scheduler.cli.edited import show_workbook
        from scheduler.revise.edits import check_workbook

        edited = check_workbook(output, against, policy)
        show_workbook(edited, terminal)
        if edited.faults:
            raise InputError(edited.faults)
        if edited.is_broken:
            raise click.exceptions.Exit(5)
        return
    from scheduler.checking import check_output

    check = check_output(output, policy)
    report(check, terminal)
    if check.is_broken:
        raise click.exceptions.Exit(5)


def _missing(workbook: Path) -> Fault:
    return Fault(
        file=workbook.as_posix(),
        problem=Bilingual(id="berkas ini tidak ada", en="there is no such file"),
        remedy=Bilingual(
            id="Periksa nama dan foldernya; nama yang memuat spasi ditulis di antara tanda kutip.",
            en="Check its name and folder; a name with spaces goes between quotation marks.",
        ),
    )


def report(check: Check, terminal: Terminal) -> None:
    """Print what was checked, each violation, and each claim or file that does not stand."""
    from scheduler.cli.screen import bullet, table

    language = terminal.language
    terminal.answer(check.as_dict())
    id_ = language == "id"
    heading = (
        ("Unit", "Orang", "Hari kerja", "Pelanggaran")
        if id_
        else ("Unit", "People", "Working days", "Violations")
    )
    rows = [heading] + [
        (unit.name, str(len(unit.people)), str(len(unit.horizon.workdays)), str(len(audit.broken)))
        for unit, audit in zip(check.units, check.audits, strict=True)
    ]
    terminal.say(table(rows))
    for audit in check.audits:
        for violation in audit.broken:
            sentence = violation.sentence.in_language(language)
            rule = "" if sentence.startswith(violation.rule) else f" [{violation.rule}]"
            terminal.say(bullet(f"{audit.unit}: {sentence}{rule}"))
    for doubt in check.doubts:
        terminal.say(bullet(doubt.in_language(language)))
    if check.breaks_rules:
        said = "Jadwal ini TIDAK memenuhi aturan." if id_ else "This roster does NOT keep the rules."
    elif check.is_broken:
        said = (
            "Jadwal ini memenuhi semua aturan, tetapi TIDAK lagi seperti yang ditulis giliran: lihat di atas."
            if id_
            else "This roster keeps every rule, but is NOT as giliran wrote it: see above."
        )
    else:
        said = "Jadwal ini memenuhi semua aturan." if id_ else "This roster keeps every rule."
    terminal.say("\n" + said)
