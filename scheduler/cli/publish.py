"""`giliran publish OUTPUT`: makes a roster's current revision the one that calendars and phones show."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.cli import spoken
from scheduler.cli.options import FOLDER, Terminal, common_options, database_option, moved_option
from scheduler.language import Bilingual

if TYPE_CHECKING:
    from sqlalchemy import Engine


@spoken.command(
    "publish",
    indonesian="""Terbitkan revisi yang berlaku dari OUTPUT ke kalender dan ponsel.

OUTPUT adalah folder satu periode, atau folder di atasnya untuk semua periodenya. Revisi lama tetap di basis data.""",
)
@spoken.argument("outputs", nargs=-1, required=True, type=FOLDER, metavar="OUTPUT...")
@database_option
@moved_option
@spoken.option(
    "--force",
    is_flag=True,
    help=Bilingual(
        id="Terbitkan walaupun sudah ada revisi lain atau yang lebih baru.",
        en="Publish even over a later or another revision.",
    ),
)
@common_options
def command(
    outputs: tuple[Path, ...], database: str | None, scenario: Path | None, force: bool, terminal: Terminal
) -> None:
    """Publish the current revision of OUTPUT to calendars and phones.

    OUTPUT is a period's folder, or the folder above it for all its periods. Former revisions stay in the database.
    """
    from scheduler.server.needs import require_server

    require_server()
    from scheduler.server.store.database import database_url, open_database

    url = database_url(database)
    engine = open_database(url)
    try:
        terminal.answer({"published": publish_folders(engine, outputs, terminal, scenario, force=force)})
    finally:
        engine.dispose()


def publish_folders(
    engine: Engine,
    outputs: Sequence[Path],
    terminal: Terminal,
    scenario: Path | None = None,
    *,
    force: bool = False,
) -> list[dict[str, Any]]:
    """Publish every period found, all in one transaction, and say so; return it for machines."""
    from sqlalchemy.exc import SQLAlchemyError

    from scheduler.server.board.folders import remember_folder
    from scheduler.server.publishing.publication import find_periods, read_publication
    from scheduler.server.publishing.store import publish
    from scheduler.server.store.database import unreachable, writing

    folders = [folder for output in outputs for folder in find_periods(output)]
    found = [read_publication(folder, scenario) for folder in folders]
    try:
        with writing(engine) as connection:
            done = [publish(connection, one, int(time.time()), force=force) for one in found]
            for folder, published in zip(folders, done, strict=True):
                remember_folder(connection, published.revision_id, folder, scenario)
    except SQLAlchemyError as error:
        raise unreachable(str(engine.url), error) from error
    for one, published in zip(found, done, strict=True):
        people = sum(subject.kind == "person" for subject in one.calendars)
        what = f"{one.name} {one.first}..{one.last}"
        if published.unchanged:
            terminal.say(
                Bilingual(
                    id=f"{what}: revisi {one.number} sudah terbit.",
                    en=f"{what}: revision {one.number} is published already.",
                )
            )
        else:
            units = sum(subject.kind == "unit" for subject in one.calendars)
            terminal.say(
                Bilingual(
                    id=f"{what}: revisi {one.number} terbit, {people} orang di {units} unit.",
                    en=f"{what}: published revision {one.number}, {people} people in {units} units.",
                )
            )
    return [
        {
            "scenario": one.name,
            "from": one.first,
            "to": one.last,
            "revision": one.number,
            "unchanged": p.unchanged,
        }
        for one, p in zip(found, done, strict=True)
    ]
