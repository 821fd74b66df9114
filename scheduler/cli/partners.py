"""`giliran partners OUTPUT`: who may lawfully swap with somebody on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from scheduler.cli import spoken
from scheduler.cli.options import DAY, FOLDER, Terminal, common_options
from scheduler.errors import UsageError
from scheduler.language import Bilingual, format_date

MOST_REFUSED = 12


@spoken.command(
    "partners",
    indonesian="""Tampilkan siapa yang boleh bertukar dengan seseorang pada hari itu, dan aturan apa yang menghalangi yang lain.""",
)
@spoken.argument("output", type=FOLDER)
@spoken.option(
    "--person",
    required=True,
    metavar="P",
    help=Bilingual(id="Id, NIP, atau nama yang tidak mendua.", en="Id, NIP or unambiguous name."),
)
@spoken.option(
    "--date",
    "day",
    type=DAY,
    required=True,
    help=Bilingual(id="Hari yang hendak ditukar.", en="The day to swap."),
)
@common_options
def command(output: Path, person: str, day: date, terminal: Terminal) -> None:
    """Show who may lawfully swap with a person that day, and for the others which rule forbids it."""
    from scheduler.cli.screen import bullet
    from scheduler.read.outputs.kept import read_revision
    from scheduler.read.requests import find_person
    from scheduler.revise.partners import find_partners
    from scheduler.write.labels import status_label

    kept = read_revision(output)
    asked, unit = find_person(kept.scenario.problem, person)
    roster = kept.rosters[unit.name]
    if day not in roster.days:
        first, last = roster.days[0], roster.days[-1]
        raise UsageError(
            Bilingual(
                id=f"--date {day}: di luar jadwal ini; yang boleh: {first} sampai {last}.",
                en=f"--date {day}: outside this roster; allowed: {first} to {last}.",
            )
        )
    language = terminal.language
    status = roster.statuses[roster.people.index(asked.id)][roster.days.index(day)]
    found = find_partners(unit, roster, asked.id, day)
    lawful = [partner for partner in found if partner.lawful]
    terminal.answer(
        {
            "person_id": asked.id,
            "date": day.isoformat(),
            "status": status,
            "partners": [{"person_id": p.person.id, "name": p.person.name} for p in lawful],
            "refused": [
                {
                    "person_id": p.person.id,
                    "name": p.person.name,
                    "rule": p.broken.rule,
                    "en": p.broken.sentence.en,
                }
                for p in found
                if p.broken
            ],
        }
    )
    where = status_label(status, language)
    on = format_date(day, language, weekday=True)
    terminal.say(f"{asked.name}, {on}: {where}")
    if not lawful:
        terminal.say(Bilingual(id="Tidak ada yang boleh bertukar.", en="Nobody may swap."))
    else:
        terminal.say(Bilingual(id="Boleh bertukar dengan:", en="May swap with:"))
    for partner in lawful:
        terminal.say(bullet(f"{partner.person.name} ({partner.person.id})"))
    refused = [partner for partner in found if partner.broken]
    if refused:
        terminal.say(Bilingual(id="Tidak boleh:", en="May not:"))
    reasons: dict[str, list[str]] = {}
    for partner in refused:
        if partner.broken:
            reasons.setdefault(partner.broken.sentence.in_language(language), []).append(partner.person.name)
    for reason, names in list(reasons.items())[:MOST_REFUSED]:
        more = f" (+{len(names) - 4})" if len(names) > 4 else ""
        terminal.say(bullet(f"{', '.join(names[:4])}{more}: {reason}"))
