"""One unit's sheet: letterhead, grid of person × day, totals, notes and signature, as its head signs it."""

from __future__ import annotations

from itertools import groupby

from scheduler.language import Bilingual
from scheduler.problem import Policy, Signature
from scheduler.roster import NOT_EMPLOYED, OFF
from scheduler.table_format import DATES_MARK, REVISION_MARK, UNIT_MARK
from scheduler.write.board import BoardDay, BoardRow
from scheduler.write.facts import letter_line
from scheduler.write.labels import (
    STATUS_LABELS,
    format_period,
    month_name,
    role_label,
    status_label,
    weekday_short,
)
from scheduler.write.text import one_line
from scheduler.write.workbook.grid_foot import write_foot
from scheduler.write.workbook.grid_format import finish_sheet
from scheduler.write.workbook.grid_layout import (
    DATE,
    FIRST_DAY,
    FIRST_PERSON,
    GAP,
    GROUP,
    HIDDEN_DATES,
    HIDDEN_UNIT,
    ID,
    LETTER,
    MONTH,
    NAME,
    NIP,
    NUMBER,
    PERIOD,
    POSITION,
    TITLE,
    UNIT_NAME,
    WEEKDAY,
    GridLayout,
)
from scheduler.write.workbook.page_layout import lines_needed
from scheduler.write.workbook.sheet_page import Page
from scheduler.write.workbook.styles import Styles

HEADING = Bilingual(
    id="JADWAL KERJA DI KANTOR (WFO) DAN DARI RUMAH (WFH)", en="OFFICE AND WORK-FROM-HOME ROSTER"
)
BALANCE_NOTE = Bilingual(
    id="Hari WFH yang dijalani dikurangi bagiannya, dengan sisa periode lalu; dihitung saat diterbitkan.",
    en="Days at home less the share due, with what earlier periods left; computed when published.",
)


def write_grid_sheet(
    page: Page, layout: GridLayout, policy: Policy, signature: Signature, revision: int
) -> None:
    """Fill a unit's sheet."""
    _write_letterhead(page, layout, policy)
    page.text(HIDDEN_UNIT, NUMBER, f"{REVISION_MARK}{revision}", page.styles.hidden)
    _write_header(page, layout)
    _write_people(page, layout)
    foot = write_foot(page, layout, signature)
    finish_sheet(page, layout, foot, revision)


def _write_letterhead(page: Page, layout: GridLayout, policy: Policy) -> None:
    board, styles = layout.board, page.styles
    page.text(HIDDEN_UNIT, ID, UNIT_MARK, styles.hidden)
    page.text(HIDDEN_UNIT, GROUP, board.unit.name, styles.hidden)
    page.height(HIDDEN_UNIT, 12, hidden=True)
    period = page.say("Periode ", "Period: ") + format_period(
        board.days[0].day, board.days[-1].day, page.language
    )
    across = layout.width_of(NUMBER, layout.last_banner_column)
    for row, text, style, height in (
        (TITLE, HEADING.in_language(page.language), styles.title, 20.0),
        (UNIT_NAME, one_line(board.unit.name).upper(), styles.subtitle, 16.0),
        (PERIOD, f"{one_line(policy.title)} · {period}" if policy.title else period, styles.line, 14.0),
        (LETTER, letter_line(policy.letter, page.language), styles.line, 14.0),
    ):
        page.text(row, NUMBER, text, style)
        page.merge(row, NUMBER, layout.last_banner_column)
        page.height(row, height * lines_needed(text, across, size=12 if row == UNIT_NAME else 9, bold=True))
    page.height(GAP, 6)


def _write_header(page: Page, layout: GridLayout) -> None:
    styles = page.styles
    for column, text in _standing_headers(page, layout):
        page.text(MONTH, column, text, styles.header if column <= POSITION else styles.header_small)
        page.blank(WEEKDAY, column, styles.header)
        page.blank(DATE, column, styles.header)
        page.merge(MONTH, column, column, last_row=DATE)
    if layout.has_balance:
        page.comment(MONTH, layout.balance, BALANCE_NOTE.in_language(page.language))
    columns = [(FIRST_DAY + n, day) for n, day in enumerate(layout.board.days)]
    # on paper several pages wide nobody knows where a page ends: a month is named anew each week
    weekly = layout.printing.pages_wide > 1
    for _, group in groupby(
        columns, key=lambda c: (c[1].day.year, c[1].day.month, c[1].day.isocalendar().week if weekly else 0)
    ):
        same = list(group)
        text = month_name(same[0][1].day, page.language)
        narrow = sum(layout.width(column) for column, _ in same) < 14
        page.banner(MONTH, (same[0][0], same[-1][0]), text[:3] if narrow else text, styles.header)
    page.text(HIDDEN_DATES, ID, DATES_MARK, styles.hidden)
    for column, day in columns:
        style = _day_style(day, styles)
        page.day(HIDDEN_DATES, column, day.day, styles.hidden_day)
        weekday = weekday_short(day.day, page.language)
        page.text(WEEKDAY, column, weekday if layout.width(column) > 3 else weekday[0], style)
        page.number(DATE, column, day.day.day, style)
        if day.holiday:
            page.comment(WEEKDAY, column, day.holiday)
    page.height(HIDDEN_DATES, 12, hidden=True)
    for row in (MONTH, WEEKDAY, DATE):
        page.height(row, 13)


def _standing_headers(page: Page, layout: GridLayout) -> list[tuple[int, str]]:
    home = layout.home_total
    headers = [
        (NUMBER, "No"),
        (NAME, page.say("Nama", "Name")),
        (NIP, "NIP"),
        (POSITION, page.say("Jabatan", "Position")),
        (home, STATUS_LABELS["home"].in_language(page.language)),
        (home + 1, STATUS_LABELS["office"].in_language(page.language)),
        (home + 2, page.say("Lain", "Other")),
    ]
    if layout.has_balance:
        headers.append((layout.balance, page.say("Saldo (hari)", "Bal. (days)")))
    return headers


def _day_style(day: BoardDay, styles: Styles) -> int:
    if day.kind == "work":
        return styles.header
    return styles.header_holiday if day.kind == "holiday" else styles.header_weekend


def _write_people(page: Page, layout: GridLayout) -> None:
    styles = page.styles
    labels = {status: status_label(status, page.language) for status in STATUS_LABELS}
    long = {status for status, label in labels.items() if " " in label}
    home, office, off = (labels[status] for status in ("home", "office", "off"))
    plain = {"work": styles.status, "weekend": styles.weekend, "holiday": styles.holiday}
    background = [plain[day.kind] for day in layout.board.days]
    for at, row in enumerate(layout.board.rows, start=FIRST_PERSON):
        _write_person(page, layout, row, at)
        for n, status in enumerate(row.statuses):
            column, works = FIRST_DAY + n, background[n] == styles.status
            if status == OFF and not works:
                page.blank(at, column, background[n])
            elif status == NOT_EMPLOYED:
                page.blank(at, column, styles.not_employed if works else background[n])
            elif n in row.roles:
                page.text(at, column, labels[status], styles.status_role)
                page.comment(at, column, "\n".join(role_label(role, page.language) for role in row.roles[n]))
            else:
                page.text(at, column, labels[status], styles.status_long if status in long else background[n])
        days, first = layout.days_of(at), layout.home_total
        page.formula(at, first, f'COUNTIF({days},"{home}")', row.home_days, styles.number)
        page.formula(at, first + 1, f'COUNTIF({days},"{office}")', row.office_days, styles.number)
        others = f"COUNTA({days})" + "".join(f'-COUNTIF({days},"{word}")' for word in (home, office, off))
        page.formula(at, first + 2, others, row.other_days, styles.number)


def _write_person(page: Page, layout: GridLayout, row: BoardRow, at: int) -> None:
    person, styles = row.person, page.styles
    page.text(at, ID, person.id, styles.hidden)
    page.text(
        at, GROUP, "".join(f";{index}" for index in row.quotas) + ";" if row.quotas else "", styles.hidden
    )
    page.number(at, NUMBER, row.number, styles.number)
    name, position = one_line(person.display_name), one_line(person.position)
    page.text(at, NAME, name, styles.name)
    page.text(at, NIP, person.nip, styles.nip)
    page.text(at, POSITION, position, styles.position)
    widths = layout.widths
    lines = max(lines_needed(name, widths.name - 1.4), lines_needed(position, widths.position - 1.4, size=8))
    page.height(at, max(15.0, 11.5 * lines + 2))
    if layout.has_balance and row.balance is not None:
        page.number(at, layout.balance, row.balance / 1000, styles.balance)
    elif layout.has_balance:
        page.blank(at, layout.balance, styles.balance)
