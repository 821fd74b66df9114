"""`giliran backup FILE`: the server's whole database as one file, while the server runs."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.cli import spoken
from scheduler.cli.options import Terminal, common_options, database_option
from scheduler.language import Bilingual


@spoken.command(
    "backup",
    indonesian="""Tulis seluruh simpanan peladen ke FILE, sebagaimana adanya pada satu saat; presensi tetap berjalan.

`giliran restore FILE` memulihkannya ke SQLite atau PostgreSQL. FILE memuat kiriman pegawai: simpan dengan aman, tidak
lebih lama dari masa simpan menurut kebijakan.""",
)
@spoken.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@database_option
@common_options
def command(file: Path, database: str | None, terminal: Terminal) -> None:
    """Write all that the server stores to FILE, as it is at one moment; check-ins go on meanwhile.

    `giliran restore FILE` puts it into SQLite or PostgreSQL. FILE holds what people sent: keep it safe, and no
    longer than the policy's retention.
    """
    from scheduler.server.needs import require_server

    require_server()
    from dataclasses import asdict

    from scheduler.server.store.database import database_url
    from scheduler.server.upkeep.backup import back_up

    made = back_up(database_url(database), file)
    terminal.answer({"file": str(file), **asdict(made)})
    size = f"{file.stat().st_size / 1e6:.1f} MB"
    terminal.say(
        Bilingual(
            id=f"Cadangan tertulis: {file}, {size}, {made.rows['checkin']} presensi, {made.rows['revision']} revisi, tingkat {made.level}.",
            en=f"Backup written: {file}, {size}, {made.rows['checkin']} check-ins, {made.rows['revision']} revisions, level {made.level}.",
        )
    )
