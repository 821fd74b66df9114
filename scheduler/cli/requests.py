"""`giliran requests`: who asked by phone to be away."""

from __future__ import annotations

import click

from scheduler.cli.options import Terminal, common_options
from scheduler.language import Bilingual

KEYS = ("scenario", "unit", "person_id", "name", "first_day", "last_day", "kind", "reason", "received_at")


@click.command("requests")
@click.option(
    "--database", metavar="URL", help="By default $GILIRAN_DATABASE or sqlite:///output/giliran.db."
)
@click.option("--scenario", "name", metavar="NAME", help="Only of this scenario.")
@common_options
def command(database: str | None, name: str | None, terminal: Terminal) -> None:
    """List the requests to be away that people sent from the check-in page, each with its flag for `replan`."""
    from scheduler.server.needs import require_server

    require_server()
    from sqlalchemy.exc import SQLAlchemyError

    from scheduler.cli.screen import bullet
    from scheduler.server.arrivals import requests
    from scheduler.server.database import database_url, open_database, unreachable

    engine = open_database(database_url(database))
    try:
        with engine.connect() as connection:
            rows = requests(connection, name)
    except SQLAlchemyError as error:
        raise unreachable(str(engine.url), error) from error
    finally:
        engine.dispose()
    terminal.answer([{key: row[key] for key in KEYS} for row in rows])
    for row in rows:
        flag = f"--absent '{row['person_id']}:{row['first_day']}..{row['last_day']}={row['kind']}'"
        terminal.say(bullet(f"{row['unit']}, {row['name']}: {row['reason']} · {flag}"))
    if not rows:
        terminal.say(Bilingual(id="Tidak ada permintaan.", en="There are no requests."))
