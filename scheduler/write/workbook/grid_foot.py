"""What stands beneath a unit's grid: totals against targets, roles, notes and the signature."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

from scheduler.problem import Signature
from scheduler.roster import HOME, OFFICE, QuotaDay
from scheduler.write.board import BoardQuota, count_other
from scheduler.write.labels import STATUS_LABELS, role_label
from scheduler.write.signatory import name_lines, place_and_day, title_lines
from scheduler.write.text import one_line
from scheduler.write.workbook.grid_layout import (
    FIRST_DAY,
    FIRST_PERSON,
    GROUP,
    NAME,
    NIP,
    NUMBER,
    POSITION,
    GridLayout,
)
from scheduler.write.workbook.grid_notes import write_notes
from scheduler.write.workbook.package import column_letters
from scheduler.write.workbook.sheet_page import Page

SIGNATURE_WIDTH = 44.0
"""The least width of the signature block, in characters."""

SPACE_TO_SIGN = 4
"""Blank rows between title and name, for the signature and the stamp."""

MOST_HOLDERS = 8
"""More people than these in one role on one day are counted, not listed."""


class Foot(NamedTuple):
    """Rows of the foot: the first and last of all, and of each quota (counted, target)."""

    first: int
    last: int
    quotas: tuple[tuple[int, int], ...]


def write_foot(page: Page, layout: GridLayout, signature: Signature) -> Foot:
    """Write the foot and return where it stands."""
    first = at = layout.last_person + 1
    quotas = []
    for index, quota in enumerate(layout.board.quotas):
        if not quota.report.people:
            continue
        _write_quota(page, layout, quota, index, at)
        quotas.append((at, at + 1))
        at += 2
    at = _write_totals(page, layout, at)
    at = _write_roles(page, layout, at)
    page.height(at, 6)
    column = _signature_column(layout)
    beneath = _write_signature(page, layout, signature, at + 1, column)
    left = NIP if layout.printing.pages_wide > 1 else NUMBER
    last = write_notes(page, layout, at + 1, (left, column - 1), beneath)
    return Foot(first, max(last, beneath), tuple(quotas))


def _write_quota(page: Page, layout: GridLayout, quota: BoardQuota, index: int, at: int) -> None:
    styles = page.styles
    name = one_line(quota.label.in_language(page.language))
    _label(page, layout, at, f"{name}: {page.say('terisi', 'filled')}", styles.total_label)
    _label(page, layout, at + 1, f"{name}: target", styles.target_label)
    home = STATUS_LABELS[HOME].in_language(page.language)
    members = [row for row in layout.board.rows if index in row.quotas]
    letters = column_letters(GROUP)
    group = f'${letters}${FIRST_PERSON}:${letters}${layout.last_person},"*;{index};*"'
    counted = targeted = 0
    for n, day in enumerate(layout.board.days):
        column, item = FIRST_DAY + n, quota.days.get(n)
        if item is None:
            _shade(page, at, column, day.kind)
            _shade(page, at + 1, column, day.kind)
            continue
        count = sum(row.statuses[n] == HOME for row in members)
        page.formula(
            at, column, f'COUNTIFS({group},{layout.people_of(column)},"{home}")', count, styles.total
        )
        page.number(at + 1, column, item.target, styles.target)
        counted, targeted = counted + count, targeted + item.target
        if item.shortfall or item.excused or item.causes:
            page.comment(at, column, _why(page, item))
    for row, value, style in ((at, counted, styles.total), (at + 1, targeted, styles.target)):
        _sum(page, layout, row, (layout.home_total, value), style)


def _why(page: Page, item: QuotaDay) -> str:
    lines = [f"{page.say('Kurang', 'Short by')} {item.shortfall}"] if item.shortfall else []
    if item.excused:
        lines.append(
            f"{item.excused} {page.say('dilepas karena peran atau panggilan', 'gave way to a role or recall')}"
        )
    return "\n".join([*lines, *(cause.in_language(page.language) for cause in item.causes)])


def _write_totals(page: Page, layout: GridLayout, at: int) -> int:
    board = layout.board
    home, office, off = (STATUS_LABELS[s].in_language(page.language) for s in (HOME, OFFICE, "off"))
    total = page.say("Jumlah", "Total")
    other = page.say("Cuti, dinas luar, sakit dan lainnya", "Leave, travel, sick and other")
    for row, text, status, column_of_sum in (
        (at, f"{total} {home}", HOME, layout.home_total),
        (at + 1, f"{total} {office}", OFFICE, layout.home_total + 1),
        (at + 2, other, "", layout.home_total + 2),
    ):
        _label(page, layout, row, text, page.styles.total_label)
        everything = 0
        for n, day in enumerate(board.days):
            column = FIRST_DAY + n
            value = board.count(status, n) if status else count_other(board, n)
            if day.kind != "work" and not value:
                _shade(page, row, column, day.kind)
                continue
            people = layout.people_of(column)
            if status:
                formula = f'COUNTIF({people},"{home if status == HOME else office}")'
            else:
                formula = f"COUNTA({people})" + "".join(
                    f'-COUNTIF({people},"{w}")' for w in (home, office, off)
                )
            page.formula(row, column, formula, value, page.styles.total)
            everything += value
        _sum(page, layout, row, (column_of_sum, everything), page.styles.total)
    return at + 3


def _write_roles(page: Page, layout: GridLayout, at: int) -> int:
    for role in layout.board.roles:
        name = one_line(role_label(role.role, page.language))
        _label(page, layout, at, f"{name} ({page.say('nomor urut', 'by No')})", page.styles.total_label)
        most = 1
        for n, day in enumerate(layout.board.days):
            numbers = role.holders.get(n, ())
            if numbers:
                listed = [str(number) for number in numbers]
                if len(listed) > MOST_HOLDERS:
                    listed = [str(len(numbers)), page.say("orang", "people")]
                page.text(at, FIRST_DAY + n, "\n".join(listed), page.styles.total_list)
                most = max(most, len(listed))
            else:
                _shade(page, at, FIRST_DAY + n, day.kind)
        for column in range(layout.home_total, layout.last_column + 1):
            page.blank(at, column, page.styles.total)
        page.height(at, max(14.0, 10.5 * most + 3))
        at += 1
    return at


def _label(page: Page, layout: GridLayout, row: int, text: str, style: int) -> None:
    """Write the heading of a row of totals; where pages stand side by side, within what each repeats."""
    last = NAME if layout.printing.pages_wide > 1 else POSITION
    page.banner(row, (NUMBER, last), text, style)
    for column in range(last + 1, POSITION + 1):
        page.blank(row, column, style)
    page.height(row, 13)


def _shade(page: Page, row: int, column: int, kind: str) -> None:
    styles = page.styles
    page.blank(row, column, {"work": styles.total, "weekend": styles.weekend}.get(kind, styles.holiday))


def _sum(page: Page, layout: GridLayout, row: int, total: tuple[int, int], style: int) -> None:
    """Write the sum of a row's days into one of the columns of totals, and leave the others blank."""
    for column in range(layout.home_total, layout.last_column + 1):
        if column == total[0]:
            page.formula(row, column, f"SUM({layout.days_of(row)})", total[1], style)
        else:
            page.blank(row, column, style)


def _signature_column(layout: GridLayout) -> int:
    column = layout.last_column
    while layout.width_of(column, layout.last_column) < SIGNATURE_WIDTH and column > POSITION:
        column -= 1
    return column


def _write_signature(page: Page, layout: GridLayout, signature: Signature, at: int, column: int) -> int:
    """Write place, title, space, name, grade and NIP; return the last row."""
    above: Sequence[str] = (
        place_and_day(signature, layout.board.days[0].day, page.language),
        *(part for line in title_lines(signature) for part in wrap(line, int(SIGNATURE_WIDTH)) or [line]),
        *[""] * SPACE_TO_SIGN,
    )
    name, *beneath = name_lines(signature)
    for row, text in enumerate((*above, name, *beneath), start=at):
        is_name = row == at + len(above) and bool(signature.name)
        page.text(row, column, one_line(text), page.styles.sign_name if is_name else page.styles.sign)
        page.merge(row, column, layout.last_column)
        page.height(row, 14)
    return at + len(above) + len(beneath)
