"""`giliran diff A B`: two rosters compared by person and day."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from scheduler.cli import spoken
from scheduler.cli.options import FOLDER, Terminal, common_options
from scheduler.language import Bilingual, format_date


@spoken.command(
    "diff",
    indonesian="""Bandingkan dua jadwal menurut orang dan hari: folder hasil, revisinya, atau berkas roster.csv.

Misalnya OUTPUT/revisions/1 dan OUTPUT.""",
)
@spoken.argument("first", type=FOLDER)
@spoken.argument("second", type=FOLDER)
@common_options
def command(first: Path, second: Path, terminal: Terminal) -> None:
    """Compare two rosters by person and day: output folders, revisions of them, or roster.csv files.

    For example OUTPUT/revisions/1 and OUTPUT.
    """
    from scheduler.cli.screen import bullet
    from scheduler.revise.history import compare
    from scheduler.write.changes import place

    found = compare(first, second)
    language = terminal.language
    terminal.answer([{**item._asdict(), "day": item.day.isoformat()} for item in found])
    people = len({item.person_id for item in found})
    terminal.say(
        Bilingual(id="Kedua jadwal sama.", en="The two rosters are the same.")
        if not found
        else Bilingual(
            id=f"{len(found)} hari-orang berbeda, {people} orang:",
            en=f"{len(found)} person-days differ, of {people} people:",
        )
    )
    for unit, of_unit in groupby(found, key=lambda item: item.unit):
        terminal.say("\n" + unit)
        for day, items in groupby(of_unit, key=lambda item: item.day):
            terminal.say(f"  {format_date(day, language, weekday=True)}")
            for item in items:
                before = place(item.before, item.roles_before, language)
                after = place(item.after, item.roles_after, language)
                terminal.say(bullet(f"{item.name}: {before} → {after}"))
