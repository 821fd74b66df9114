"""`giliran doctor`: whether this installation is sound."""

from __future__ import annotations

import time
from pathlib import Path

import click

from scheduler.cli import spoken
from scheduler.cli.options import FOLDER, Terminal, common_options
from scheduler.language import Bilingual

MARKS = {"good": "✓", "doubtful": "!", "bad": "✗"}


@spoken.command(
    "doctor",
    indonesian="""Periksa versi, basis data, alamat, disk, jam, zona, hari libur, dan sisa berkas; kode 7 bila ada yang buruk.""",
)
@spoken.option(
    "--database",
    metavar="URL",
    help=Bilingual(
        id="Basis data; bawaannya $GILIRAN_DATABASE atau sqlite:///output/giliran.db.",
        en="By default $GILIRAN_DATABASE or sqlite:///output/giliran.db.",
    ),
)
@spoken.option(
    "--output",
    type=FOLDER,
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
    from scheduler.server.needs import require_server

    require_server()
    from scheduler.cli.screen import bullet
    from scheduler.server.database import database_url
    from scheduler.server.doctor import examine

    found = list(examine(database_url(database), output, time.time(), url))
    terminal.answer(
        [{"about": f.about, "state": f.state, "said": f.said.in_language(terminal.language)} for f in found]
    )
    for finding in found:
        terminal.say(
            bullet(f"{MARKS[finding.state]} {finding.about}: {finding.said.in_language(terminal.language)}")
        )
    if any(finding.state == "bad" for finding in found):
        raise click.exceptions.Exit(7)
