"""checkins.html: the same report as one self-contained page; no picture, font, link or script from outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from itertools import groupby

from scheduler.checkins.report.content import sections
from scheduler.checkins.report.section import Cell, Column, Mark, Report, Section, period_line, speaker
from scheduler.checkins.verdicts import VERDICTS
from scheduler.language import Language, format_number
from scheduler.write.text import one_line

MOST_ROWS = 3_000
"""Of one section on the page; the workbook and the tables have them all."""

CSS = """
:root{--ink:#1d2733;--soft:#5d6b7a;--line:#c9d2db;--paper:#fff;--ground:#f3f6f9;--head:#e4ecf3;--accent:#1f4e79;
--full:#cfe5be;--fulltext:#254a10;--part:#ffe08a;--parttext:#5c4300;--none:#e9aeae;--nonetext:#5e0f0f;
--unproven:#c9d3dc;--unproventext:#26323c;--away:#eee3f5;--awaytext:#43215c}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#9fb0c0;--line:#3a4754;--paper:#1b232b;--ground:#12181e;
--head:#26323d;--accent:#8fc1ee;--full:#2f4f22;--fulltext:#d9f0ca;--part:#5e4a12;--parttext:#ffe9ad;--none:#6b2323;
--nonetext:#ffd6d6;--unproven:#3a4754;--unproventext:#dbe4ec;--away:#43305a;--awaytext:#eadcf7}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,"Segoe UI",Roboto,Arial,sans-serif}
header,main,footer{max-width:1280px;margin:0 auto;padding:0 16px}
header{padding-top:24px}
h1{font-size:1.5rem;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
p{margin:4px 0}.soft{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(135px,1fr));gap:10px;margin:14px 0}
.cards div{border:1px solid var(--line);border-radius:8px;padding:8px 12px;background:var(--paper)}
.cards b{display:block;font-size:1.4rem;line-height:1.2;font-variant-numeric:tabular-nums}
.cards span{color:var(--soft);font-size:.85rem}
nav{display:flex;flex-wrap:wrap;gap:6px;margin:8px 0}
nav a{border:1px solid var(--line);border-radius:999px;padding:4px 12px;background:var(--paper);color:var(--accent);
text-decoration:none;font-size:.9rem}
details{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:10px 16px 16px;margin:14px 0}
summary{cursor:pointer;font-weight:600;font-size:1.1rem;color:var(--accent);padding:4px 0}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px;max-width:100%;margin-top:8px}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th,td{border-right:1px solid var(--line);border-bottom:1px solid var(--line);padding:4px 6px;text-align:left;
background:var(--paper);vertical-align:top}
tr>:last-child{border-right:0}
thead th{background:var(--head);font-weight:600;white-space:pre-line;vertical-align:bottom}
tbody th{font-weight:400;position:sticky;left:0;z-index:1;box-shadow:1px 0 0 var(--line);min-width:9rem;max-width:15rem;
overflow-wrap:anywhere}
thead th:first-child{position:sticky;left:0;z-index:2}
tbody.unit>tr:first-child>td{background:var(--ground);font-weight:600;position:sticky;left:0}
td.n{text-align:right;white-space:nowrap}td.d{white-space:nowrap}td.w{min-width:9rem}
td.m{text-align:center;white-space:nowrap}
.full{background:var(--full);color:var(--fulltext)}.part{background:var(--part);color:var(--parttext)}
.none{background:var(--none);color:var(--nonetext)}.unproven{background:var(--unproven);color:var(--unproventext)}
.away{background:var(--away);color:var(--awaytext)}.office{color:var(--soft)}.off{background:var(--ground)}
.remark td{color:var(--soft);font-size:12px}
footer{padding:8px 16px 32px;color:var(--soft);font-size:.85rem}
@media (max-width:480px){header,main,footer{padding-left:10px;padding-right:10px}details{padding:8px 10px 12px}
tbody th{min-width:6.5rem;max-width:8.5rem}.cards{grid-template-columns:repeat(2,1fr)}}
@media print{body{background:#fff;font-size:11px}nav{display:none}details{border:0;padding:0;break-inside:auto}
.scroll{overflow:visible;border:0}tr{break-inside:avoid}thead{display:table-header-group}}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
CARDS = ("on_time", "late", "early", "out_of_area", "missing", "unprovable", "excused")
OPEN = frozenset({"summary", "daily", "map"})
KINDS = {"number": "n", "percent": "n", "day": "d", "mark": "m", "text": "w"}


def make_page(report: Report) -> Iterator[str]:
    """Yield the page in pieces."""
    language = report.language
    say = speaker(language)
    title = escape(f"{say('Presensi WFH', 'Check-ins')} · {one_line(report.heading)}")
    parts = sections(report)
    yield (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f'<meta name="generator" content="giliran"><title>{title}</title><style>{CSS}</style></head>\n'
    )
    yield f'<body><header><h1>{title}</h1><p class="soft">{escape(period_line(report))}</p>'
    yield '<div class="cards">'
    for verdict in CARDS:
        number = format_number(report.tally.verdicts[verdict], language, 0)
        yield f"<div><b>{number}</b><span>{escape(VERDICTS[verdict].in_language(language))}</span></div>"
    yield "</div><nav>"
    yield from (f'<a href="#{part.key}">{escape(part.title)}</a>' for part in parts)
    yield "</nav></header><main>\n"
    for part in parts:
        yield from _section(part, language)
    note = say(
        "Tanda tinjauan bukan pelanggaran. Halaman ini tidak memuat koordinat.",
        "Review flags are no breaches. This page holds no coordinates.",
    )
    yield f"</main><footer>giliran · {escape(note)}</footer></body></html>\n"


def _section(part: Section, language: Language) -> Iterator[str]:
    opened = " open" if part.key in OPEN else ""
    yield f'<details id="{part.key}"{opened}><summary>{escape(part.title)}</summary><p class="soft">{escape(part.note)}</p>'
    if not part.rows:
        empty = "Tidak ada." if language == "id" else "Nothing."
        yield f"<p>{empty}</p></details>\n"
        return
    yield '<div class="scroll"><table><thead><tr>'
    columns = part.columns if part.key != "map" else (part.columns[0], *part.columns[2:])
    yield from (f'<th scope="col">{escape(column.title)}</th>' for column in columns)
    yield "</tr></thead>\n"
    shown = part.rows[:MOST_ROWS]
    if part.key == "map":
        for unit, rows in groupby(shown, key=lambda row: row[1]):
            yield f'<tbody class="unit"><tr><td>{escape(str(unit))}</td><td colspan="{len(columns) - 1}"></td></tr>'
            for row in rows:
                yield _row([row[0], *row[2:]], columns, language)
            yield "</tbody>\n"
    else:
        yield "<tbody>"
        for row in shown:
            yield _row(row, columns, language)
        yield "</tbody>"
    yield "</table></div>"
    if len(part.rows) > len(shown):
        more = format_number(len(part.rows) - len(shown), language, 0)
        yield f"<p class='soft'>{'… dan' if language == 'id' else '… and'} {more} {'baris lagi di checkins.xlsx' if language == 'id' else 'more rows in checkins.xlsx'}</p>"
    yield "</details>\n"


def _row(cells: Sequence[Cell], columns: Sequence[Column], language: Language) -> str:
    if len(cells) == 1 and isinstance(cells[0], str):
        return f'<tr class="remark"><td colspan="{len(columns)}">{escape(one_line(cells[0]))}</td></tr>\n'
    parts = []
    for index, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        text = escape(_text(cell, column, language))
        tone = f" {cell.tone}" if isinstance(cell, Mark) and cell.tone else ""
        if index == 0 and column.kind == "text":
            parts.append(f'<th scope="row">{text}</th>')
        else:
            parts.append(f'<td class="{KINDS[column.kind]}{tone}">{text}</td>')
    return f"<tr>{''.join(parts)}</tr>\n"


def _text(cell: Cell, column: Column, language: Language) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Mark):
        return cell.text
    if isinstance(cell, str):
        return one_line(cell)
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if column.kind == "percent":
        return f"{round(cell * 100)} %"
    return format_number(cell, language, 0)
