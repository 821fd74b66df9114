"""The words that people read on sheets and pages: statuses, roles, weekdays, dates and headings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from scheduler.language import MONTHS_EN, MONTHS_ID, Bilingual, Language, format_date

STATUS_LABELS = {
    "office": Bilingual(id="WFO", en="Office"),
    "home": Bilingual(id="WFH", en="WFH"),
    "leave": Bilingual(id="Cuti", en="Leave"),
    "sick": Bilingual(id="Sakit", en="Sick"),
    "travel": Bilingual(id="Dinas Luar", en="Travel"),
    "isolation": Bilingual(id="Isolasi", en="Isolation"),
    "hospital": Bilingual(id="Dirawat", en="Hospital"),
    "permit": Bilingual(id="Izin", en="Permit"),
    "study": Bilingual(id="Tugas Belajar", en="Study"),
    "off": Bilingual(id="Libur", en="Off"),
}
"""What stands in a cell for each of `scheduler.roster.STATUSES`; in one language no two are alike."""

STATUS_MEANINGS = {
    "office": Bilingual(id="bekerja di kantor", en="works at the office"),
    "home": Bilingual(id="bekerja dari rumah", en="works from home"),
    "leave": Bilingual(id="sedang cuti", en="on leave"),
    "sick": Bilingual(id="tidak masuk karena sakit", en="away, sick"),
    "travel": Bilingual(id="perjalanan dinas", en="official travel"),
    "isolation": Bilingual(id="isolasi mandiri", en="self-isolation"),
    "hospital": Bilingual(id="dirawat di rumah sakit", en="in hospital"),
    "permit": Bilingual(id="tidak masuk dengan izin", en="away with permission"),
    "study": Bilingual(id="sedang tugas belajar", en="study assignment"),
    "off": Bilingual(id="bukan hari kerja", en="not a working day"),
}

AWAY = Bilingual(id="Tidak masuk", en="Absent")
PRIVATE = frozenset(("permit", "sick", "isolation", "hospital"))
"""Statuses that a page made to be passed around shows as `AWAY`: health is specific personal data (UU 27/2022,
article 4), and a permit stands beside it so that the word itself does not tell."""

SELF_EXPLAINING = frozenset(("leave", "sick", "permit", "study", "off"))
"""Statuses whose label says it all, so that short legends leave them out."""

ROLE_LABELS = {
    "monitor": Bilingual(id="Pemantau", en="Monitor"),
    "deputy": Bilingual(id="Wakil pemantau", en="Deputy monitor"),
}
"""Roles that are not names of service posts."""

WEEKDAYS_SHORT = {
    "id": ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}

ESTIMATED = Bilingual(id="perkiraan", en="estimate")


def status_label(status: str, language: Language) -> str:
    """Return what stands in a cell for `status`; empty for a day outside employment."""
    label = STATUS_LABELS.get(status)
    return label.in_language(language) if label else status


def role_label(role: str, language: Language) -> str:
    """Return a role as people read it; service posts bear their own names."""
    label = ROLE_LABELS.get(role)
    return label.in_language(language) if label else role


def weekday_short(day: date, language: Language) -> str:
    """Return the weekday in three letters."""
    return WEEKDAYS_SHORT[language][day.weekday()]


def month_name(day: date, language: Language) -> str:
    """Return the month with its year: `Juli 2021`."""
    months = MONTHS_ID if language == "id" else MONTHS_EN
    return f"{months[day.month - 1]} {day.year}"


def format_period(first: date, last: date, language: Language) -> str:
    """Return a period as a letter writes it, with the year and month said once where they are the same.

    Examples
    --------
    >>> format_period(date(2021, 7, 28), date(2021, 8, 5), "id")
    '28 Juli s.d. 5 Agustus 2021'
    >>> format_period(date(2021, 8, 2), date(2021, 8, 13), "en")
    '2 to 13 August 2021'
    """
    if first == last:
        return format_date(first, language)
    start = format_date(first, language)
    if first.year == last.year:
        start = start.rsplit(" ", 1)[0]
        if first.month == last.month:
            start = start.split(" ")[0]
    return f"{start} {'s.d.' if language == 'id' else 'to'} {format_date(last, language)}"


def format_days(days: Iterable[date], language: Language) -> str:
    """Return some days with each month said once: `28, 29 Juli dan 2 Agustus 2021`."""
    months = []
    for _, group in groupby(sorted(set(days)), key=lambda day: (day.year, day.month)):
        same = list(group)
        months.append((", ".join(str(day.day) for day in same), month_name(same[0], language)))
    parts = [f"{numbers} {month}" for numbers, month in months]
    years = {month.rsplit(" ", 1)[1] for _, month in months}
    if len(years) == 1:
        parts = [part.rsplit(" ", 1)[0] for part in parts[:-1]] + parts[-1:]
    joint = " dan " if language == "id" else " and "
    return joint.join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
