"""`giliran log OUTPUT`: the revisions of a roster."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.cli import spoken
from scheduler.cli.options import FOLDER, Terminal, common_options
from scheduler.language import Bilingual, format_date

if TYPE_CHECKING:
    from scheduler.revise.history import LogEntry


@spoken.command(
    "log",
    indonesian="""Tampilkan revisi-revisi OUTPUT, yang terakhir dahulu: apa yang diminta dan seberapa banyak yang berubah.

Setiap revisi tersimpan utuh di OUTPUT/revisions/N; `giliran replan OUTPUT --to-revision N` kembali kepadanya.""",
)
@spoken.argument("output", type=FOLDER)
@common_options
def command(output: Path, terminal: Terminal) -> None:
    """Show the revisions of OUTPUT, the latest first: what was asked, and how much changed.

    Each stays whole in OUTPUT/revisions/N; `giliran replan OUTPUT --to-revision N` goes back to one.
    """
    from scheduler.cli.screen import bullet, width
    from scheduler.revise.history import read_log

    entries = read_log(output)
    terminal.answer(
        [
            {
                "revision": entry.number,
                "folder": entry.folder.as_posix(),
                "current": entry.is_current,
                "optimal": entry.optimal,
                "as_of": entry.step.as_of if entry.step else None,
                "restores": entry.step.restores if entry.step else None,
                "flags": dict(entry.flags),
                "changed": entry.changed,
                "people": entry.people,
            }
            for entry in entries
        ]
    )
    for entry in entries:
        heading = _heading(entry).in_language(terminal.language)
        terminal.say(textwrap.fill(heading, width(), subsequent_indent="  "))
        for flag, value in entry.flags.items():
            terminal.say(bullet(f"{flag} {value}"))


def _heading(entry: LogEntry) -> Bilingual:
    id_, en = f"Revisi {entry.number}", f"Revision {entry.number}"
    if entry.is_current:
        id_, en = f"{id_} (berlaku)", f"{en} (current)"
    if entry.step is not None:
        id_ += f", mulai {format_date(entry.step.as_of, 'id')}"
        en += f", from {format_date(entry.step.as_of, 'en')}"
        if entry.step.restores is not None:
            id_ += f", kembali ke revisi {entry.step.restores}"
            en += f", back to revision {entry.step.restores}"
    if entry.number > 1:
        id_ += f": {entry.changed} hari-orang berubah, {entry.people} orang"
        en += f": {entry.changed} person-days changed, {entry.people} people"
    proof = (", terbukti optimal", ", proven optimal") if entry.optimal else ("", "")
    return Bilingual(id=id_ + proof[0], en=en + proof[1])
