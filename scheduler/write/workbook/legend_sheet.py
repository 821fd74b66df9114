"""The legend: every status with its colour, the marks of the grid, and how to change a sheet."""

from __future__ import annotations

from scheduler.language import Bilingual
from scheduler.roster import Roster
from scheduler.write.labels import ROLE_LABELS, STATUS_LABELS, STATUS_MEANINGS
from scheduler.write.workbook.page_layout import A4, Printing, lines_needed
from scheduler.write.workbook.sheet_page import Page

WIDTHS = (18, 90)

HOW_TO = (
    Bilingual(
        id="Ubah status dengan memilih dari daftar pada sel; warna, jumlah dan perbandingan dengan target ikut berubah.",
        en="Change a status by choosing from the list in its cell; colours, totals and targets follow.",
    ),
    Bilingual(
        id="Baris boleh diurutkan atau disisipi; kolom tersembunyi A–B dan baris tersembunyi 1–2 jangan dihapus.",
        en="Rows may be sorted or inserted; keep the hidden columns A–B and the hidden rows 1–2.",
    ),
    Bilingual(
        id="Setelah diubah, periksa dengan `giliran verify` sebelum ditandatangani.",
        en="After a change, check it with `giliran verify` before it is signed.",
    ),
    Bilingual(
        id="Kolom Saldo dihitung saat diterbitkan dan tidak ikut berubah.",
        en="The column of balances was computed when published and does not follow changes.",
    ),
)


def write_legend_sheet(page: Page, roster: Roster) -> None:
    """Fill the legend."""
    styles, at = page.styles, 3
    page.set_widths(WIDTHS)
    page.text(1, 1, page.say("KETERANGAN", "LEGEND"), styles.title)
    page.merge(1, 1, len(WIDTHS))
    page.height(1, 22)
    page.text(at, 1, "Status", styles.heading)
    statuses = [
        (
            label.in_language(page.language),
            styles.swatch[status],
            STATUS_MEANINGS[status].in_language(page.language),
        )
        for status, label in STATUS_LABELS.items()
    ]
    for text, style, meaning in (*statuses, *_marks(page)):
        at += 1
        page.text(at, 1, text, style)
        page.text(at, 2, meaning, styles.cell)
        page.height(at, 16)
    at += 2
    page.text(at, 1, page.say("Mengubah lembar", "Changing a sheet"), styles.heading)
    for sentence in HOW_TO:
        at += 1
        text = f"• {sentence.in_language(page.language)}"
        page.text(at, 1, text, styles.note)
        page.merge(at, 1, len(WIDTHS))
        page.height(at, 11.0 * lines_needed(text, sum(WIDTHS), size=8) + 4)
    page.set_print(Printing(A4, 1, 1.0), roster.problem.policy.title or roster.problem.name, roster.number)


def _marks(page: Page) -> list[tuple[str, int, str]]:
    styles = page.styles
    roles = ", ".join(label.in_language(page.language).lower() for label in ROLE_LABELS.values())
    return [
        (
            STATUS_LABELS["office"].in_language(page.language),
            styles.status_role,
            page.say(
                f"bertugas di loket atau piket, atau sebagai {roles}", f"serves at a post, or as {roles}"
            ),
        ),
        (
            "",
            styles.weekend,
            page.say("bukan hari kerja unit (akhir pekan)", "not a working day of the unit (weekend)"),
        ),
        (
            "",
            styles.holiday,
            page.say("hari libur; namanya di bawah tabel", "holiday; its name stands beneath the grid"),
        ),
        (
            "",
            styles.not_employed,
            page.say(
                "belum atau tidak lagi bekerja di unit ini", "not yet or no longer employed in this unit"
            ),
        ),
    ]
