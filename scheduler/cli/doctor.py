"""`giliran doctor`: whether this installation is sound."""

from __future__ import annotations

import time
from pathlib import Path

import click

from scheduler.cli import spoken
from scheduler.cli.options import FOLDER, Terminal, common_options, database_option
from scheduler.language import Bilingual

ABOUT_ID = {
    "versions": "versi", "server": "peladen", "database": "basis data", "integrity": "keutuhan", "clock": "jam",
    "retention": "masa simpan", "address": "alamat", "zones": "zona waktu", "holidays": "hari libur",
    "leftovers": "sisa berkas",
}  # fmt: skip
MARKS = {"good": "✓", "doubtful": "!", "bad": "✗"}


@spoken.command(
    "doctor",
    indonesian="""Periksa versi, basis data, alamat, disk, jam, zona, hari libur, dan sisa berkas; kode 7 bila ada yang buruk.""",
)
@database_option
@spoken.option(
    "--output",
    type=FOLDER,
    metavar="DIR",
    default=Path("output"),
    show_default=True,
    help=Bilingual(id="Folder hasil.", en="Folder of the outputs."),
)
@spoken.option(
    "--url",
    metavar="URL",
    help=Bilingual(
        id="Alamat peladen bagi pegawai: dicoba, dan diperiksa HTTPS-nya.",
        en="Where people reach the server: tried, and whether it is HTTPS.",
    ),
)
@common_options
def command(database: str | None, output: Path, url: str | None, terminal: Terminal) -> None:
    """Look at versions, database, address, disk, clock, zones, holidays, leftovers; exit with 7 where one is bad."""
    from scheduler.cli.screen import bullet
    from scheduler.server.needs import missing_modules
    from scheduler.server.upkeep.doctor import examine

    at = ""
    if not missing_modules():
        from scheduler.server.store.database import database_url

        at = database_url(database)
    found = list(examine(at, output, time.time(), url))
    terminal.answer(
        [{"about": f.about, "state": f.state, "said": f.said.in_language(terminal.language)} for f in found]
    )
    for finding in found:
        about = ABOUT_ID.get(finding.about, finding.about) if terminal.language == "id" else finding.about
        said = finding.said.in_language(terminal.language)
        terminal.say(bullet(f"{MARKS[finding.state]} {about}: {said}"))
    if any(finding.state == "bad" for finding in found):
        raise click.exceptions.Exit(7)
