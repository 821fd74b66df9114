"""One unit's part of the page: its board, legend, notes, and a picture of who is owed and who owes turns."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from scheduler.language import Language, format_date, format_number
from scheduler.roster import HOME, NOT_EMPLOYED, OFF, OFFICE, BalanceSheet, UnitResult
from scheduler.write.board import (
    Board,
    BoardDay,
    BoardQuota,
    BoardRow,
    count_other,
    holiday_lines,
    quota_label,
)
from scheduler.write.labels import (
    AWAY,
    PRIVATE,
    STATUS_LABELS,
    STATUS_MEANINGS,
    month_name,
    role_label,
    status_label,
    weekday_short,
)
from scheduler.write.text import one_line, shorten

OPEN_UP_TO = 40
"""The fairness picture of a unit of more people than these is folded away."""

MANY_DAYS = 12
"""A board of more working days than these is printed in smaller letters."""


def board_section(result: UnitResult, board: Board, anchor: str, language: Language) -> str:
    """Return one unit's section."""
    name = _text(board.unit.name)
    period = f"{len(board.rows)} {'pegawai' if language == 'id' else 'people'}"
    look = "board long" if board.workday_count > MANY_DAYS else "board"
    table = (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table class="{look}">'
        f"<thead>{_header(board, language)}</thead><tbody>{_people(board, language)}</tbody>"
        f"<tfoot>{_totals(board, language)}</tfoot></table></div>"
    )
    return (
        f'<section class="unit" id="{anchor}" data-unit="{name.lower()}"><h2>{name}</h2><p class="soft">{period}</p>'
        f"{table}{_legend(board, language)}{_notes(board, language)}{_fairness(result, board, language)}</section>"
    )


def _text(value: str) -> str:
    return escape(one_line(value))


def _kind(day: BoardDay) -> str:
    return {"work": "", "weekend": "weekend", "holiday": "hol"}[day.kind]


def _attribute(name: str) -> str:
    return f' class="{name}"' if name else ""


def _header(board: Board, language: Language) -> str:
    id_ = language == "id"
    months: list[list[BoardDay]] = []
    for day in board.days:
        if months and months[-1][0].day.replace(day=1) == day.day.replace(day=1):
            months[-1].append(day)
        else:
            months.append([day])
    totals = [status_label(HOME, language), status_label(OFFICE, language), "Lain" if id_ else "Other"]
    if _has_balance(board):
        totals.append("Saldo (hari)" if id_ else "Balance (days)")
    first = f'<tr><th class="who" rowspan="2" scope="col">{"Nama" if id_ else "Name"}</th>' + "".join(
        f'<th colspan="{len(same)}" scope="colgroup">{_month(same, language)}</th>' for same in months
    )
    first += "".join(f'<th rowspan="2" scope="col">{label}</th>' for label in totals) + "</tr>"
    second = "".join(
        f'<th scope="col" data-day="{day.day.isoformat()}"{_attribute(_kind(day))}'
        f' title="{_text(format_date(day.day, language, weekday=True) + (": " + day.holiday if day.holiday else ""))}">'
        f"{weekday_short(day.day, language)}<br>{day.day.day}</th>"
        for day in board.days
    )
    return f"{first}<tr>{second}</tr>"


def _month(days: Sequence[BoardDay], language: Language) -> str:
    """Return the heading above a month's days, shortened where it would make one or two columns wide."""
    name = month_name(days[0].day, language)
    return name[:3] if len(days) < 3 else name


def _people(board: Board, language: Language) -> str:
    kinds = [_kind(day) for day in board.days]
    cells = {
        status: f'<td class="s-{_shown(status)}">{_label(status, language)}</td>' for status in STATUS_LABELS
    }
    away = {kind: f"<td{_attribute(kind)}></td>" for kind in ("", "weekend", "hol")}
    has_balance = _has_balance(board)
    lines = []
    for row in board.rows:
        person = row.person
        line = [
            f'<tr><th scope="row" class="who"><span class="number">{row.number}.</span> '
            f"{_text(person.display_name)}<small>{_text(person.position)}</small></th>"
        ]
        for n, status in enumerate(row.statuses):
            if status == NOT_EMPLOYED:
                line.append('<td class="gone"></td>' if not kinds[n] else away[kinds[n]])
            elif status == OFF and kinds[n]:
                line.append(away[kinds[n]])
            elif n in row.roles:
                line.append(_role_cell(row, n, status, language))
            else:
                line.append(cells[status])
        line.append(f"<td>{row.home_days}</td><td>{row.office_days}</td><td>{row.other_days}</td>")
        if has_balance:
            line.append(f"<td>{'' if row.balance is None else _signed(row.balance, language)}</td>")
        lines.append("".join(line) + "</tr>")
    return "\n".join(lines)


def _role_cell(row: BoardRow, column: int, status: str, language: Language) -> str:
    roles = ", ".join(role_label(role, language) for role in row.roles[column])
    return f'<td class="s-{_shown(status)} role" title="{_text(roles)}">{_label(status, language)}</td>'


def _shown(status: str) -> str:
    """Return the status in whose colour a cell is shown."""
    return "permit" if status in PRIVATE else status


def _label(status: str, language: Language) -> str:
    """Return the word for a status; one word for all that is private."""
    return AWAY.in_language(language) if status in PRIVATE else status_label(status, language)


def _totals(board: Board, language: Language) -> str:
    id_ = language == "id"
    lines = []
    for index, quota in enumerate(board.quotas):
        if quota.report.people:
            lines += _quota_lines(board, quota, index, language)
    total = "Jumlah" if id_ else "Total"
    for place, (label, status) in enumerate(
        (
            (f"{total} {status_label(HOME, language)}", HOME),
            (f"{total} {status_label(OFFICE, language)}", OFFICE),
            ("Lainnya" if id_ else "Other", ""),
        )
    ):
        counts = [board.count(status, n) if status else count_other(board, n) for n in range(len(board.days))]
        shown = [
            str(count) if count or day.kind == "work" else ""
            for count, day in zip(counts, board.days, strict=True)
        ]
        lines.append(_total_line(board, label, shown, (place, sum(counts))))
    for role in board.roles:
        names = {row.number: row.person.display_name for row in board.rows}
        cells = []
        for n, day in enumerate(board.days):
            holders = role.holders.get(n, ())
            title = "; ".join(f"{number}. {names[number]}" for number in holders)
            cells.append(f'<td{_attribute(_kind(day))} title="{_text(title)}">{", ".join(map(str, holders))}</td>' if holders else f"<td{_attribute(_kind(day))}></td>")  # fmt: skip
        rest = "<td></td>" * (4 if _has_balance(board) else 3)
        label = f"{role_label(role.role, language)} ({'nomor' if id_ else 'number'})"
        lines.append(f'<tr><th scope="row" class="who">{_text(label)}</th>{"".join(cells)}{rest}</tr>')
    return "".join(lines)


def _quota_lines(board: Board, quota: BoardQuota, index: int, language: Language) -> list[str]:
    id_ = language == "id"
    members = [row for row in board.rows if index in row.quotas]
    cells, total_home, total_target = [], 0, 0
    for n, day in enumerate(board.days):
        item = quota.days.get(n)
        if item is None:
            cells.append(f"<td{_attribute(_kind(day))}></td>")
            continue
        home = sum(row.statuses[n] == HOME for row in members)
        total_home, total_target = total_home + home, total_target + item.target
        causes = "; ".join(cause.in_language(language) for cause in item.causes)
        miss = _attribute("miss" if home != item.target else "")
        title = f' title="{_text(causes)}"' if causes else ""
        cells.append(f"<td{miss}{title}>{home}<span class=target>/{item.target}</span></td>")
    label = _text(quota.label.in_language(language))
    rest = "<td></td>" * (3 if _has_balance(board) else 2)
    head = f'<th scope="row" class="who">{label}<small>{"terisi/target" if id_ else "filled/target"}</small></th>'
    return [
        f"<tr>{head}{''.join(cells)}<td>{total_home}<span class=target>/{total_target}</span></td>{rest}</tr>"
    ]


def _total_line(board: Board, label: str, shown: list[str], total: tuple[int, int]) -> str:
    cells = "".join(
        f"<td{_attribute(_kind(day))}>{count}</td>" for count, day in zip(shown, board.days, strict=True)
    )
    sums = "".join(
        f"<td>{total[1] if place == total[0] else ''}</td>"
        for place in range(4 if _has_balance(board) else 3)
    )
    return f'<tr><th scope="row" class="who">{_text(label)}</th>{cells}{sums}</tr>'


def _legend(board: Board, language: Language) -> str:
    used = {status for row in board.rows for status in row.statuses}
    items = [
        f'<li><b class="s-{status}">{label.in_language(language)}</b>'
        f"{STATUS_MEANINGS[status].in_language(language)}</li>"
        for status, label in STATUS_LABELS.items()
        if status in used - PRIVATE and status != OFF
    ]
    if used & PRIVATE:
        meaning = (
            "izin, sakit, isolasi atau dirawat" if language == "id" else "permit, sick, isolation or hospital"
        )
        items.append(f'<li><b class="s-permit">{AWAY.in_language(language)}</b>{meaning}</li>')
    if board.roles:
        meaning = (
            "bertugas di loket, piket atau memantau" if language == "id" else "serves at a post or monitors"
        )
        items.append(
            f'<li><b class="role" style="text-decoration:underline">{status_label(OFFICE, language)}</b>{meaning}</li>'
        )
    return f'<ul class="legend">{"".join(items)}</ul>'


def _notes(board: Board, language: Language) -> str:
    lines = [
        f"{'Libur' if language == 'id' else 'Holiday'}: {line}"
        for line in holiday_lines(board.days, language)
    ]
    lines += [note.in_language(language) for note in board.notes]
    return f'<ul class="notes">{"".join(f"<li>{_text(line)}</li>" for line in lines)}</ul>' if lines else ""


# Fairness ------------------------------------------------------------------------------------------------------------


def _fairness(result: UnitResult, board: Board, language: Language) -> str:
    names = {row.person.id: row.person.display_name for row in board.rows}
    pictures = [
        _picture(sheet, board, names, language)
        for sheet in result.audit.balances
        if sheet.balance and sheet.balance.keys() <= names.keys()
    ]
    if not pictures:
        return ""
    open_ = " open" if len(board.rows) <= OPEN_UP_TO else ""
    heading = "Saldo giliran (hari)" if language == "id" else "Balances of turns (days)"
    meaning = (
        "Kanan: sudah lebih dari bagiannya; kiri: masih kurang dan didahulukan berikutnya."
        if language == "id"
        else "Right: more than the share due; left: less, and first in turn next."
    )
    return f'<details{open_}><summary>{heading}</summary><p class="soft">{meaning}</p>{"".join(pictures)}</details>'


def _picture(sheet: BalanceSheet, board: Board, names: dict[str, str], language: Language) -> str:
    """Return bars of one group's balances, most first, drawn 360 units wide so that they are legible on a phone."""
    people = sorted(sheet.balance, key=lambda person: -sheet.balance[person])
    scale = 70 / max(1000, *(abs(value) for value in sheet.balance.values()))
    height, centre = 18 * len(people) + 4, 240
    bars = []
    for place, person in enumerate(people):
        value, top = sheet.balance[person], 18 * place + 3
        width = abs(value) * scale
        left = centre if value >= 0 else centre - width
        name = names[person]
        bars.append(
            f"<g><title>{_text(name)}: {_signed(value, language)}</title>"
            f'<text x="158" y="{top + 10}" text-anchor="end">{_text(shorten(one_line(name), 26))}</text>'
            f'<rect class="{"more" if value >= 0 else "less"}" x="{left:.1f}" y="{top}" width="{width:.1f}" height="12" rx="1"/>'
            f'<text x="356" y="{top + 10}" text-anchor="end">{_signed(value, language)}</text></g>'
        )
    spread = f"{'selisih' if language == 'id' else 'spread'} {format_number(sheet.spread / 1000, language)}"
    is_role = sheet.kind == "role"
    group = (
        role_label(sheet.name, language)
        if is_role
        else quota_label(sheet.name, board.unit).in_language(language)
    )
    label = _text(f"{group}: {spread}")
    return (
        f'<h3>{label}</h3><svg class="fair" role="img" aria-label="{label}" viewBox="0 0 360 {height}">'
        f'<line x1="{centre}" y1="0" x2="{centre}" y2="{height}"/>{"".join(bars)}</svg>'
    )


def _signed(thousandths: int, language: Language) -> str:
    """Return a balance in days with its sign; what rounds to nothing has none."""
    size = abs(thousandths)
    sign = "" if size < 50 else "+" if thousandths > 0 else "−"
    return sign + format_number(size / 1000, language)


def _has_balance(board: Board) -> bool:
    return any(row.balance is not None for row in board.rows)
