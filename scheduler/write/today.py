"""Who is where on one day, as text to paste into a WhatsApp group."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from scheduler.errors import UsageError
from scheduler.language import Bilingual, Language, format_date
from scheduler.read.outputs.revision import PersonDay
from scheduler.roster import HOME, OFF, OFFICE

_AWAY = Bilingual(id="Tidak masuk", en="Absent")
_GROUPS: tuple[tuple[tuple[str, ...], Bilingual], ...] = (
    ((OFFICE,), Bilingual(id="Di kantor", en="At the office")),
    ((HOME,), Bilingual(id="Di rumah", en="At home")),
    (("travel",), Bilingual(id="Dinas luar", en="On official travel")),
    (("study",), Bilingual(id="Tugas belajar", en="On study assignment")),
    (("leave",), Bilingual(id="Cuti", en="On leave")),
    # Health is nobody's business in a chat group (UU 27/2022, article 4): these share one heading with permits,
    # so that the heading itself does not tell.
    (("permit", "sick", "isolation", "hospital"), _AWAY),
    ((OFF,), Bilingual(id="Libur", en="Day off")),
)
_ROLES = {"monitor": Bilingual(id="pemantau", en="monitor"), "deputy": Bilingual(id="wakil", en="deputy")}


def today_text(
    statuses: Mapping[tuple[str, date], PersonDay], day: date, language: Language, *, title: str = ""
) -> str:
    """Return who is where on `day`, unit by unit, with counts; no NIP, and no kind of illness.

    Parameters
    ----------
    statuses : of a whole roster, as `read_statuses` returns them; units and people keep their order.
    title : of the roster, printed under the date.

    Raises
    ------
    UsageError
        Where the roster has nobody on that day.
    """
    units: dict[str, list[PersonDay]] = {}
    for (_, when), line in statuses.items():
        if when == day:
            units.setdefault(line.unit, []).append(line)
    if not units:
        raise UsageError(_outside(statuses, day))
    heading = [f"*{format_date(day, language, weekday=True)}*"]
    if title:
        heading.append(_plain(title))
    blocks = ["\n".join(heading)]
    if len(units) > 1:
        everyone = [line for lines in units.values() for line in lines]
        blocks.append("\n".join(_counts(everyone, language)))
    blocks.extend(_unit_block(unit, lines, language) for unit, lines in units.items())
    return "\n\n".join(blocks) + "\n"


def _outside(statuses: Mapping[tuple[str, date], PersonDay], day: date) -> Bilingual:
    days = sorted({when for _, when in statuses})
    if not days:
        return Bilingual(id="Jadwal ini kosong.", en="This roster is empty.")
    first, last = days[0], days[-1]
    return Bilingual(
        id=f"{format_date(day, 'id')} di luar jadwal ini, yang berlaku {format_date(first, 'id')} sampai "
        f"{format_date(last, 'id')}. Pilih hari lain dengan --date.",
        en=f"{format_date(day, 'en')} is outside this roster, which runs from {format_date(first, 'en')} to "
        f"{format_date(last, 'en')}. Choose another day with --date.",
    )


def _counts(lines: Sequence[PersonDay], language: Language) -> list[str]:
    groups = ((heading, _of(lines, statuses)) for statuses, heading in _GROUPS)
    return [f"{heading.in_language(language)}: {len(group)}" for heading, group in groups if group]


def _unit_block(unit: str, lines: Sequence[PersonDay], language: Language) -> str:
    block = [f"*{_plain(unit)}*"]
    if all(line.status == OFF for line in lines):
        return "\n".join([*block, Bilingual(id="Libur", en="Day off").in_language(language)])
    for statuses, heading in _GROUPS:
        group = _of(lines, statuses)
        if group:
            block.append(f"_{heading.in_language(language)} ({len(group)})_")
            block.extend(f"- {_plain(line.name)}{_roles(line.roles, language)}" for line in group)
    return "\n".join(block)


def _of(lines: Iterable[PersonDay], statuses: Sequence[str]) -> list[PersonDay]:
    return [line for line in lines if line.status in statuses]


def _roles(roles: Sequence[str], language: Language) -> str:
    names = [_ROLES[role].in_language(language) if role in _ROLES else _plain(role) for role in roles]
    return f" ({', '.join(names)})" if names else ""


def _plain(text: str) -> str:
    """Return one line in which WhatsApp finds no marks of its own (`*_~` and the backtick)."""
    kept = "".join(" " if c in "*_~`" or unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join(kept.split())
