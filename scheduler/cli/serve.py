"""`giliran serve [OUTPUT...]`: calendar feeds and the phone check-in page."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.cli import spoken
from scheduler.cli.options import FOLDER, Terminal, common_options, database_option, moved_option
from scheduler.language import Bilingual

PORT = 8000


@spoken.command(
    "serve",
    indonesian="""Jalankan umpan kalender dan presensi ponsel; OUTPUT diterbitkan lebih dahulu.

Tautannya dibuat dengan `giliran tokens make`. Ponsel hanya memberi lokasi lewat HTTPS: pasang proxy ber-TLS di
depannya.""",
)
@spoken.argument("outputs", nargs=-1, type=FOLDER, metavar="[OUTPUT...]")
@database_option
@spoken.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help=Bilingual(id="Alamat tempat peladen mendengarkan.", en="Address to listen on."),
)
@spoken.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help=Bilingual(id="Porta; 0 memilih yang kosong.", en="Port; 0 takes a free one."),
)
@spoken.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help=Bilingual(
        id="Jumlah proses peladen; lebih dari satu hanya untuk PostgreSQL.",
        en="Server processes; more than one is for PostgreSQL.",
    ),
)
@moved_option
@common_options
def command(
    outputs: tuple[Path, ...],
    database: str | None,
    host: str,
    port: int,
    processes: int,
    scenario: Path | None,
    terminal: Terminal,
) -> None:
    """Serve calendar feeds and phone check-in; OUTPUT is published first.

    Links are made by `giliran tokens make`. Phones give their location over HTTPS only: put a proxy with TLS in
    front.
    """
    from scheduler.server.needs import require_server

    require_server()
    _read_environment()  # what is wrong in it is said before anything is opened
    from scheduler.cli.publish import publish_folders
    from scheduler.server.serving.processes import run_processes
    from scheduler.server.serving.running import listen, run
    from scheduler.server.store.database import database_url, open_database

    url = database_url(database)
    engine = open_database(url)
    try:
        if outputs:
            publish_folders(engine, outputs, terminal, scenario)
        listening = listen(host, port)
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
        terminal.answer({"address": address})
        terminal.say(
            Bilingual(
                id=f"Melayani di {address}; hentikan dengan Ctrl-C.",
                en=f"Serving on {address}; stop with Ctrl-C.",
            )
        )
        level = "DEBUG" if terminal.verbose else "WARNING" if terminal.quiet else "INFO"
        if processes > 1:
            engine.dispose()
            run_processes(url, listening, processes, level)
        else:
            run(engine, listening, level)
    finally:
        engine.dispose()


def _read_environment() -> None:
    import os

    from scheduler.server.board.audit_retention import read_audit_days
    from scheduler.server.telegram.settings import read_settings
    from scheduler.server.web.rates import read_rates

    read_settings(os.environ)
    read_audit_days(os.environ)
    read_rates(os.environ)
