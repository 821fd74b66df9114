"""`giliran restore FILE`: puts a backup into an empty database."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.cli import spoken
from scheduler.cli.options import Terminal, common_options, database_option
from scheduler.language import Bilingual


@spoken.command(
    "restore",
    indonesian="""Pulihkan tulisan `giliran backup` ke basis data kosong, SQLite atau PostgreSQL, dari mana pun asalnya.

Tautan, kalender dan presensi kembali seperti semula; yang sudah dihapus karena masa simpan ikut kembali sampai
peladen menghapusnya lagi ketika mulai.""",
)
@spoken.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@database_option
@common_options
def command(file: Path, database: str | None, terminal: Terminal) -> None:
    """Put what `giliran backup` wrote into an empty database, SQLite or PostgreSQL, whichever it was taken from.

    Links, calendars and check-ins are as they were; what the retention has deleted since comes back until the
    server deletes it again, at its start.
    """
    from scheduler.server.needs import require_server

    require_server()
    from dataclasses import asdict

    from scheduler.server.store.database import database_url
    from scheduler.server.upkeep.backup import restore

    made = restore(file, database_url(database))
    terminal.answer({"file": str(file), **asdict(made)})
    terminal.say(
        Bilingual(
            id=f"Dipulihkan dari {file} ({made.made_at}): {made.rows['checkin']} presensi, {made.rows['revision']} revisi.",
            en=f"Restored from {file} ({made.made_at}): {made.rows['checkin']} check-ins, {made.rows['revision']} revisions.",
        )
    )
