"""What stands behind the recap: verdicts and reasons, exceptions, the monitor's sheet, members, senders, files."""

from __future__ import annotations

from datetime import date, datetime

from scheduler.checkins.coverage import SourceReport
from scheduler.checkins.flags import FLAGS
from scheduler.checkins.report.section import Cell, Column, Mark, Report, Section, speaker, unit_order
from scheduler.checkins.report.tables import membership, suggestions
from scheduler.checkins.tally import MOST_EXCEPTIONS
from scheduler.checkins.verdicts import GRADES, MEANINGS, REASONS, VERDICTS, Verdict, checkpoint_text
from scheduler.language import Bilingual, Language
from scheduler.problem import Person

MOST_UNKNOWN = 2_000
MOST_FAULTS = 500


def summary(report: Report) -> Section:
    """Return how many verdicts there are, and for which reasons."""
    say = speaker(report.language)
    tally = report.tally
    rows: list[list[Cell]] = [
        [
            label.in_language(report.language),
            tally.verdicts[verdict],
            MEANINGS[verdict].in_language(report.language),
        ]
        for verdict, label in VERDICTS.items()
    ]
    for (verdict, reason), number in sorted(tally.reasons.items(), key=lambda item: (-item[1], item[0])):
        label = REASONS.get(reason, Bilingual(id=reason, en=reason)).in_language(report.language)
        at = 1 + next(
            i for i, row in enumerate(rows) if row[0] == VERDICTS[verdict].in_language(report.language)
        )
        while at < len(rows) and str(rows[at][0]).startswith("↳"):
            at += 1
        rows.insert(at, ["↳ " + say("karena", "because"), number, label])
    flagged = sum(1 for row in tally.exceptions if row.flags)
    more = tally.exception_count > MOST_EXCEPTIONS
    rows.append([say("Ditandai untuk ditinjau", "Flagged for review"), Mark(f"{flagged}+", "") if more else flagged, say(
        "tanda bukan pelanggaran dan tidak mengubah putusan", "a flag is no breach and changes no verdict")])  # fmt: skip
    return Section(
        "summary",
        say("Ringkasan", "Summary"),
        say(
            "“Tidak dapat dibuktikan” bukan “tidak ada”: berkas yang ada tidak cukup untuk memutuskan.",
            "“Unprovable” is not “missing”: the files at hand do not suffice to decide.",
        ),
        (Column(say("Putusan", "Verdict"), width=28), Column(say("Jumlah", "Count"), "number", 10), Column(say("Arti", "Meaning"), width=72)),
        rows,
    )  # fmt: skip


def exceptions(report: Report) -> Section:
    """Return what is to be looked at, each with the line that it rests on."""
    say = speaker(report.language)
    names = {p.id: p for p in report.findings.roster.people}
    rows = [_exception(row, names[row.person_id], report) for row in report.tally.exceptions]
    count = report.tally.exception_count
    cut = say(
        f" Hanya {len(rows)} dari {count} yang tercantum; semuanya ada di checkins.csv.",
        f" Only {len(rows)} of {count} are listed; checkins.csv has all.",
    )
    return Section(
        "exceptions",
        say("Perlu dilihat", "To look at"),
        say(
            "Setiap baris menunjuk berkas dan baris asalnya (di layar, di kanan; tidak ikut dicetak).",
            "Each line names the file and line that it rests on (on the screen, at the right; not printed).",
        )
        + (cut if count > len(rows) else ""),
        (
            Column(say("Tanggal", "Date"), "day", 12),
            Column(say("Unit kerja", "Unit"), width=25),
            Column(say("Nama", "Name"), width=29),
            Column(say("Waktu", "Checkpoint"), width=18),
            Column(say("Putusan", "Verdict"), width=19),
            Column(say("Alasan", "Reason"), width=50),
            Column(say("Terlihat", "Seen"), width=9),
            Column(say("Jarak (m)", "Distance (m)"), "number", 9),
            Column(say("Tanda tinjauan", "Review flags"), width=30),
            Column(say("Tingkat bukti", "Grade"), width=24),
            Column(say("Berkas", "File"), width=48),
            Column(say("Baris", "Line"), "number", 9),
        ),
        rows,
        on_paper=9,
    )


def _exception(row: Verdict, person: Person, report: Report) -> list[Cell]:
    language = report.language
    seen = ""
    if row.seen_at is not None:
        local = datetime.fromtimestamp(row.seen_at, report.findings.zone)
        seen = f"{local:%H:%M}" if local.date() == row.day else f"{local:%d/%m %H:%M}"
    tone = {
        "missing": "none",
        "out_of_area": "none",
        "late": "part",
        "early": "part",
        "unprovable": "unproven",
    }
    return [
        row.day,
        row.unit,
        person.display_name,
        checkpoint_text(row.checkpoint, language),
        Mark(VERDICTS[row.verdict].in_language(language), tone.get(row.verdict, "")),
        REASONS.get(row.reason, Bilingual(id=row.reason, en=row.reason)).in_language(language),
        seen,
        row.distance,
        "; ".join(FLAGS[flag].in_language(language) for flag in row.flags),
        GRADES[row.grade].in_language(language),
        row.source,
        row.line or None,
    ]


def monitor(report: Report) -> Section:
    """Return the sheet of each office's monitor."""
    say = speaker(report.language)
    roles = report.findings.settings.monitor.roles
    held: dict[tuple[str, date], dict[str, str]] = {}
    for person in report.findings.roster.people:
        for day in report.findings.roster.days:
            for role in report.findings.roster.roles.get((person.id, day), ()):
                if role in roles:
                    held.setdefault((person.unit, day), {}).setdefault(role, person.display_name)
    rows: list[list[Cell]] = []
    order = unit_order(report)
    for unit, day in sorted(report.tally.by_day, key=lambda key: (key[1], order[key[0]])):
        counts = report.tally.by_day[unit, day]
        at_home = counts["home"] + counts["absent"] + counts["unproven"]
        if not at_home:
            continue
        holders = held.get((unit, day), {})
        watcher = next((holders[role] for role in roles if role in holders), "")
        names = report.tally.followed_up.get((unit, day), [])
        verdicts = report.tally.verdicts_by_day[unit, day]
        rows.append(
            [
                day,
                unit,
                watcher,
                at_home,
                counts["home"],
                verdicts["on_time"],
                len(names),
                ", ".join(names[:40]),
                "",
            ]
        )
    return Section(
        "monitor",
        say("Lembar pemantau", "Monitor’s sheet"),
        say(
            "Satu baris per kantor dan hari; kolom terakhir diisi pemantau.",
            "One line for each office and day; the monitor fills in the last column.",
        ),
        (
            Column(say("Tanggal", "Date"), "day", 12),
            Column(say("Unit kerja", "Unit"), width=30),
            Column(say("Pemantau", "Monitor"), width=28),
            Column(say("Di rumah", "At home"), "number", 9),
            Column(say("Terlihat", "Seen"), "number", 9),
            Column(say("Tepat waktu", "On time"), "number", 9),
            Column(say("Perlu dihubungi", "To be contacted"), "number", 11),
            Column(say("Nama", "Names"), width=60),
            Column(say("Tindak lanjut", "Follow-up"), width=30),
        ),
        rows,
    )


def members(report: Report) -> Section | None:
    """Return who is shown in the group, where the policy asks for it."""
    if not report.findings.settings.membership:
        return None
    say = speaker(report.language)
    words = {
        "yes": Mark(say("ya", "yes"), "full"),
        "no": Mark(say("tidak ada di daftar", "not on the list"), "none"),
        "unknown": Mark(say("belum terbukti", "not proven"), "unproven"),
    }
    rows: list[list[Cell]] = [
        [person.unit, person.display_name, words[state], source, line or None]
        for person, state, source, line in membership(report.findings)
    ]
    return Section(
        "members",
        say("Anggota grup", "Group members"),
        ", ".join(t.group for t in report.findings.settings.membership if t.group),
        (
            Column(say("Unit kerja", "Unit"), width=30),
            Column(say("Nama", "Name"), width=34),
            Column(say("Anggota grup", "Member"), width=22),
            Column(say("Berkas", "File"), width=28),
            Column(say("Baris", "Line"), "number", 9),
        ),
        rows,
    )


def unknown_senders(report: Report) -> Section | None:
    """Return the senders that no person was found for."""
    if not report.unknown:
        return None
    say = speaker(report.language)
    rows: list[list[Cell]] = [
        [
            entry.sender or ";".join(entry.ids),
            entry.lines,
            say("cocok dengan beberapa orang", "fits several people")
            if entry.reason == "ambiguous"
            else say("tidak dikenal", "not known"),
            suggestions(entry.near, report.findings.roster.people),
            entry.source,
            entry.line,
        ]
        for entry in report.unknown[:MOST_UNKNOWN]
    ]
    return Section(
        "unknown",
        say("Pengirim tak dikenal", "Unknown senders"),
        say(
            "Tidak ada yang ditebak: isi kolom Pegawai di aliases.xlsx (- bila bukan pegawai), lalu jalankan lagi.",
            "Nobody is guessed: fill in the column Person id of aliases.xlsx (- for who is not of the staff) and run again.",
        ),
        (
            Column(say("Pengirim", "Sender"), width=34),
            Column(say("Baris", "Lines"), "number", 9),
            Column(say("Sebab", "Why"), width=24),
            Column(say("Mungkin", "Perhaps"), width=60),
            Column(say("Berkas pertama", "First file"), width=28),
            Column(say("Baris pertama", "First line"), "number", 10),
        ),
        rows,
    )


def sources(report: Report) -> Section:
    """Return the files read, how far they reach, and what could not be read in them."""
    say = speaker(report.language)
    rows: list[list[Cell]] = []
    for source in report.findings.sources:
        rows.append(
            [
                source.name, source.title.in_language(report.language), source.messages, source.evidence, source.matched,
                source.unmatched, source.first, source.last, source.zone, source.order or "",
                _state(source, report.language), source.sha256[:16],
            ]
        )  # fmt: skip
        rows.extend(["   " + f.describe(report.language)] for f in source.faults[:MOST_FAULTS])
    return Section(
        "sources",
        say("Berkas bukti", "Evidence files"),
        say(
            "Jam tanpa selisih UTC dibaca dalam zona yang tertera.",
            "Clock times without an offset are read in the zone shown.",
        ),
        (
            Column(say("Berkas", "File"), width=34),
            Column(say("Jenis", "Kind"), width=24),
            Column(say("Pesan", "Messages"), "number", 10),
            Column(say("Bukti", "Evidence"), "number", 10),
            Column(say("Dikenali", "Matched"), "number", 10),
            Column(say("Tak dikenal", "Unmatched"), "number", 11),
            Column(say("Dari", "From"), "day", 12),
            Column(say("Sampai", "To"), "day", 12),
            Column(say("Zona", "Zone"), width=16),
            Column(say("Urutan tanggal", "Date order"), width=10),
            Column(say("Keadaan", "State"), width=14),
            Column("SHA-256", width=18),
        ),
        rows,
    )


def _state(source: SourceReport, language: Language) -> Mark:
    say = speaker(language)
    if source.is_refused:
        return Mark(say("ditolak", "refused"), "none")
    if source.is_truncated:
        return Mark(say("terpotong", "truncated"), "part")
    if source.is_shuffled:
        return Mark(say("tidak urut", "out of order"), "part")
    return Mark(say("terbaca", "read"), "full")
