"""`giliran requests`: who asked by phone to be away."""

from __future__ import annotations

import time
from getpass import getuser

from scheduler.cli import spoken
from scheduler.cli.options import Terminal, common_options, database_option, published_option
from scheduler.errors import UsageError
from scheduler.language import Bilingual

KEYS = (
    "id", "scenario", "unit", "person_id", "name", "first_day", "last_day", "kind", "reason", "received_at",
    "decision", "decided_by",
)  # fmt: skip
_UNKNOWN = Bilingual(
    id="Nomor permintaan tidak ditemukan; tidak ada yang diubah. Lihat `giliran requests`.",
    en="There is no request of that number; nothing was changed. See `giliran requests`.",
)


@spoken.command(
    "requests",
    indonesian="""Daftar permintaan pegawai dari halaman presensi; kabulkan atau tolak menurut nomornya.

Ketidakhadiran berlaku lewat `replan` dengan pilihan yang ditampilkan; izin keluar, setelah dikabulkan, di `checkins`.""",
)
@database_option
@published_option
@spoken.option(
    "--accept",
    "accepted",
    multiple=True,
    type=int,
    metavar="N",
    help=Bilingual(id="Kabulkan permintaan bernomor ini.", en="Accept the request of this number."),
)
@spoken.option(
    "--refuse",
    "refused",
    multiple=True,
    type=int,
    metavar="N",
    help=Bilingual(id="Tolak permintaan bernomor ini.", en="Refuse the request of this number."),
)
@spoken.option(
    "--by",
    default="",
    metavar="NAME",
    help=Bilingual(
        id="Siapa yang memutuskan; bawaannya pengguna komputer ini.",
        en="Who decides; default the user of this computer.",
    ),
)
@common_options
def command(
    database: str | None,
    name: str | None,
    accepted: tuple[int, ...],
    refused: tuple[int, ...],
    by: str,
    terminal: Terminal,
) -> None:
    """List the requests that people sent from the check-in page, and accept or refuse them by their number.

    An absence takes effect by `replan` with the flag shown; leave to go out, once accepted, in `checkins`.
    """
    from scheduler.server.needs import require_server

    require_server()
    from sqlalchemy.exc import SQLAlchemyError

    from scheduler.cli.screen import bullet
    from scheduler.server.phone.arrivals import requests
    from scheduler.server.phone.permits import ACCEPTED, DECISIONS, OUTING, REFUSED, decide, kind_label
    from scheduler.server.store.database import database_url, open_database, unreachable, writing

    engine = open_database(database_url(database))
    try:
        with writing(engine) as connection:
            now = time.time_ns() // 1_000_000
            for numbers, decision in ((accepted, ACCEPTED), (refused, REFUSED)):
                if numbers and decide(connection, numbers, decision, by or getuser(), now) != len(
                    set(numbers)
                ):
                    raise UsageError(_UNKNOWN)
            rows = requests(connection, name)
    except SQLAlchemyError as error:
        raise unreachable(str(engine.url), error) from error
    finally:
        engine.dispose()
    terminal.answer([{key: row[key] for key in KEYS} for row in rows])
    for row in rows:
        state = DECISIONS[row["decision"]].in_language(terminal.language)
        days = f"{row['first_day']}..{row['last_day']}"
        what = f"{kind_label(row['kind'], terminal.language)} {days}"
        flag = "" if row["kind"] == OUTING else f" · --absent '{row['person_id']}:{days}={row['kind']}'"
        said = f"{row['id']} · {state} · {row['unit']}, {row['name']}: {what}, {row['reason']}{flag}"
        terminal.say(bullet(said))
    if not rows:
        terminal.say(Bilingual(id="Tidak ada permintaan.", en="There are no requests."))
