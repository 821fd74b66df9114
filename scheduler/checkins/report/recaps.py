"""The recap that each office sends on: by day, by supervisor, by person, and person by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scheduler.checkins.report.section import (
    Cell,
    Column,
    Mark,
    Report,
    Section,
    people_in_order,
    speaker,
    unit_order,
    weekday,
)
from scheduler.checkins.tally import CATEGORIES, DayMark
from scheduler.checkins.verdicts import VERDICTS
from scheduler.language import Language


def daily(report: Report) -> Section:
    """Return the categories of each unit and day."""
    order = unit_order(report)
    say = speaker(report.language)
    rows: list[list[Cell]] = [
        [unit, day, weekday(day, report.language), *_recap_cells(dict(counts))]
        for (unit, day), counts in sorted(
            report.tally.by_day.items(), key=lambda item: (order[item[0][0]], item[0][1])
        )
    ]
    first = (
        Column(say("Unit kerja", "Unit"), width=34),
        Column(say("Tanggal", "Date"), "day", 12),
        Column(say("Hari", "Day"), width=10),
    )
    return Section(
        "daily",
        say("Rekap harian", "Daily recap"),
        say(
            "Hadir = di kantor menurut jadwal + hadir dari rumah. Tugas belajar dihitung Dinas Luar; isolasi dan rawat inap dihitung Sakit.",
            "Present = at the office by the roster + present from home. Study counts as travel; isolation and hospital as sick.",
        ),
        _recap_columns(report, first),
        rows,
    )  # fmt: skip


def heads(report: Report) -> Section:
    """Return the categories of each supervisor's people by day."""
    say = speaker(report.language)
    names = {p.id: p for p in report.findings.roster.people}
    none = say("(tanpa atasan di daftar)", "(no supervisor in the list)")

    def label(head: str) -> tuple[str, str]:
        person = names.get(head)
        return (person.display_name, person.unit) if person else (head or none, "")

    rows: list[list[Cell]] = [
        [*label(head), day, *_recap_cells(dict(counts))]
        for (head, day), counts in sorted(
            report.tally.by_head.items(), key=lambda item: (label(item[0][0])[::-1], item[0][1])
        )
    ]
    first = (
        Column(say("Atasan langsung", "Supervisor"), width=34),
        Column(say("Unit kerja", "Unit"), width=26),
        Column(say("Tanggal", "Date"), "day", 12),
    )
    return Section(
        "supervisors",
        say("Per atasan", "By supervisor"),
        say("Bawahan langsung setiap atasan.", "The people who report directly to each supervisor."),
        _recap_columns(report, first),
        rows,
    )


def people(report: Report) -> Section:
    """Return each person's days, rates and runs."""
    say = speaker(report.language)
    shown = [verdict for verdict in VERDICTS if report.tally.verdicts[verdict]]
    rows: list[list[Cell]] = []
    for someone in people_in_order(report):
        rows.append(
            [
                someone.person.display_name, someone.person.unit, someone.home_days, someone.presence_rate,
                someone.on_time_rate, someone.longest_run, someone.current_run,
                *(someone.categories[c] for c in CATEGORIES), someone.flags, *(someone.verdicts[v] for v in shown),
            ]
        )  # fmt: skip
    columns = (
        Column(say("Nama", "Name"), width=32),
        Column(say("Unit kerja", "Unit"), width=26),
        Column(say("Hari WFH", "Home days"), "number", 9),
        Column(say("Kehadiran", "Presence"), "percent", 10),
        Column(say("Ketepatan", "Punctuality"), "percent", 10),
        Column(say("Beruntun terpanjang", "Longest run"), "number", 10),
        Column(say("Beruntun terakhir", "Current run"), "number", 10),
        *(Column(label.in_language(report.language), "number", 10) for label in CATEGORIES.values()),
        Column(say("Ditandai", "Flagged"), "number", 9),
        *(Column(VERDICTS[v].in_language(report.language), "number", 11) for v in shown),
    )
    return Section(
        "people",
        say("Per orang", "By person"),
        say(
            "Kehadiran dan ketepatan hanya atas yang dapat diputuskan. Beruntun = hari WFH berturut-turut yang seluruhnya tepat waktu.",
            "Presence and punctuality only over what can be decided. A run counts home days in a row fully on time.",
        ),
        columns,
        rows,
        on_paper=len(columns) - len(shown),
    )  # fmt: skip


def heat_map(report: Report) -> Section:
    """Return one mark for each person and day."""
    say = speaker(report.language)
    days = report.findings.roster.days
    worked = [d for d in days if any((p, d) in report.tally.marks for p in report.tally.people)]
    rows: list[list[Cell]] = [
        [
            someone.person.display_name,
            someone.person.unit,
            *(_day_mark(report.tally.marks.get((someone.person.id, day)), report.language) for day in worked),
        ]
        for someone in people_in_order(report)
    ]
    columns = (
        Column(say("Nama", "Name"), width=34),
        Column(say("Unit kerja", "Unit"), width=26),
        *(Column(f"{weekday(day, report.language)[:3]}\n{day.day}/{day.month}", "mark", 6) for day in worked),
    )
    return Section(
        "map",
        say("Peta orang × hari", "Person × day"),
        say(
            "3/4 = tiga dari empat waktu terlihat · TK tanpa keterangan · ? belum terbukti · K kantor · S sakit · I izin · C cuti · DL dinas luar",
            "3/4 = seen at three of four times · A without notice · ? not proven · O office · S sick · P permit · L leave · T travel",
        ),
        columns,
        rows,
    )  # fmt: skip


def _recap_columns(report: Report, first: Sequence[Column]) -> tuple[Column, ...]:
    say = speaker(report.language)
    return (
        *first,
        Column(say("Pegawai", "People"), "number", 10),
        Column(say("Hadir", "Present"), "number", 9),
        *(Column(label.in_language(report.language), "number", 12) for label in CATEGORIES.values()),
    )


def _recap_cells(counts: Mapping[str, int]) -> list[Cell]:
    numbers = [counts.get(category, 0) for category in CATEGORIES]
    return [sum(numbers), counts.get("office", 0) + counts.get("home", 0), *numbers]


def _day_mark(mark: DayMark | None, language: Language) -> Mark:
    if mark is None:
        return Mark("", "off")
    letters = {
        "office": ("K", "O"), "sick": ("S", "S"), "permit": ("I", "P"), "leave": ("C", "L"), "travel": ("DL", "T"),
        "absent": ("TK", "A"), "unproven": ("?", "?"),
    }  # fmt: skip
    if mark.category == "home":
        if not mark.asked:
            return Mark("WFH", "office")
        tone = "full" if mark.shown == mark.asked and not mark.against else "part"
        return Mark(f"{mark.shown}/{mark.asked}", tone)
    letter = letters[mark.category][0 if language == "id" else 1]
    tones = {"office": "office", "absent": "none", "unproven": "unproven"}
    return Mark(letter, tones.get(mark.category, "away"))
