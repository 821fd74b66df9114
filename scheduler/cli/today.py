"""`giliran today OUTPUT`: who is where, per unit, as text to paste into WhatsApp."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from scheduler.cli import spoken
from scheduler.cli.options import DAY, FOLDER, Terminal, common_options
from scheduler.language import Bilingual


@spoken.command("today", indonesian="""Cetak siapa berada di mana hari ini, untuk ditempel di WhatsApp.""")
@spoken.argument("output", type=FOLDER)
@spoken.option(
    "--date",
    "day",
    type=DAY,
    help=Bilingual(
        id="Hari lain, bukan hari ini menurut zona waktu kebijakan.",
        en="Another day than today in the policy's time zone.",
    ),
)
@common_options
def command(output: Path, day: date | None, terminal: Terminal) -> None:
    """Print who is where today, to paste into WhatsApp."""
    from scheduler.read.outputs.output_folder import read_certificate, resolve_day, resolve_output
    from scheduler.read.outputs.revision import read_statuses
    from scheduler.write.today import today_text

    zone = ZoneInfo(read_certificate(resolve_output(output))["timezone"])
    day = day or datetime.now(zone).date()
    folder = resolve_day(output, day)
    document = read_certificate(folder)
    statuses = read_statuses(folder)
    text = today_text(statuses, day, terminal.asked or document["language"], title=document["title"])
    rows = [
        {
            "person_id": person_id,
            "unit": cell.unit,
            "name": cell.name,
            "status": cell.status,
            "roles": list(cell.roles),
        }
        for (person_id, on), cell in statuses.items()
        if on == day
    ]
    terminal.answer({"date": day.isoformat(), "people": rows})
    if not terminal.as_json:
        click.echo(text)
