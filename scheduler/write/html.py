"""`roster.html`: one self-contained page with summary, boards, fairness and readings.

It is made to be passed around, so it bears names and positions but no NIP, telephone or place, and one word for
all that has to do with health (UU PDP 27/2022); the signed workbooks have them in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from scheduler.language import Language, format_number
from scheduler.roster import Roster, UnitResult
from scheduler.write.board import Board, make_board
from scheduler.write.facts import all_readings, all_rules, letter_facts, letter_line
from scheduler.write.labels import format_period
from scheduler.write.page.css import SCRIPT, page_css
from scheduler.write.page.unit_board import board_section
from scheduler.write.rule_words import Line, reading_lines, rule_line
from scheduler.write.summary import UnitSummary, summarise
from scheduler.write.text import one_line


def write_page(roster: Roster, path: Path, language: Language) -> None:
    """Write the page; equal rosters give equal bytes.

    Raises
    ------
    OSError
        Where the path cannot be written.
    """
    path.write_bytes(make_page(roster, language).encode())


def make_page(roster: Roster, language: Language) -> str:
    """Return the page as text."""
    boards = [make_board(result) for result in roster.results]
    units = [summarise(result, board, language) for result, board in zip(roster.results, boards, strict=True)]
    heading = text(roster.problem.policy.title or roster.problem.name)
    period = format_period(roster.problem.first, roster.problem.last, language)
    sections = [
        board_section(result, board, f"u{number}", language)
        for number, (result, board) in enumerate(zip(roster.results, boards, strict=True), start=1)
    ]
    parts = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">',
        f'<meta name="generator" content="giliran"><title>{heading} · {period}</title><style>{page_css()}</style></head>',
        f"<body><header><h1>{heading}</h1>{_head(roster, period, language)}</header><main>",
        _summary(units, language),
        *sections,
        _readings(roster, boards, language),
        f"</main><footer>giliran · {_revision(roster, language)}</footer><script>{SCRIPT}</script></body></html>\n",
    )
    return "\n".join(parts)


def text(value: str) -> str:
    """Return text that is safe inside an element and inside quotes."""
    return escape(one_line(value))


def _revision(roster: Roster, language: Language) -> str:
    id_ = language == "id"
    revision = f"{'Revisi' if id_ else 'Revision'} {roster.number}"
    if roster.replaced is not None:
        revision += f" ({'menggantikan revisi' if id_ else 'replaces revision'} {roster.replaced})"
    return revision


def _head(roster: Roster, period: str, language: Language) -> str:
    letter = letter_line(roster.problem.policy.letter, language)
    lines = [
        f"{'Periode' if language == 'id' else 'Period:'} <b>{period}</b> · {_revision(roster, language)}",
        text(letter),
    ]
    return "".join(f'<p class="soft">{line}</p>' for line in lines if line)


def _summary(units: Sequence[UnitSummary], language: Language) -> str:
    id_ = language == "id"
    people, rotating, target, home, shortfall = (sum(counts) for counts in zip(*(u.counts for u in units), strict=True)) if units else (0,) * 5  # fmt: skip
    cards = (
        (people, f"pegawai di {len(units)} unit" if id_ else f"people in {len(units)} units"),
        (rotating, "ikut giliran WFH" if id_ else "take turns at home"),
        (home, f"hari WFH dari target {target}" if id_ else f"days at home of a target of {target}"),
        (shortfall, "kekurangan (orang-hari)" if id_ else "shortfall (person-days)"),
    )
    headers = (
        (
            "Unit",
            "Pegawai",
            "Ikut giliran",
            "Target WFH",
            "WFH",
            "Kekurangan",
            "Selisih saldo (hari)",
            "Pembuktian",
        )
        if id_
        else ("Unit", "People", "Take turns", "Target", "Home", "Shortfall", "Spread (days)", "Proof")
    )
    lines = [
        f'<tr data-unit="{text(unit.name).lower()}"><td class="text"><a href="#u{number}">{text(unit.name)}</a></td>'
        + "".join(f"<td>{format_number(value, language, 0)}</td>" for value in unit.counts)
        + f"<td>{'–' if unit.spread is None else format_number(unit.spread / 1000, language)}</td>"
        + f'<td class="text">{text(unit.proof)}</td></tr>'
        for number, unit in enumerate(units, start=1)
    ]
    return (
        f'<section id="summary"><h2>{"Ringkasan" if id_ else "Summary"}</h2><div class="cards">'
        + "".join(
            f"<div><b>{format_number(value, language, 0)}</b><span>{label}</span></div>"
            for value, label in cards
        )
        + f'</div><p class="filter" hidden><label for="filter">{"Cari unit" if id_ else "Find a unit"}</label> '
        + '<input id="filter" type="search" autocomplete="off"></p>'
        + '<div class="scroll" tabindex="0"><table><thead><tr>'
        + "".join(
            f'<th scope="col"{" class=text" if n in (0, 7) else ""}>{header}</th>'
            for n, header in enumerate(headers)
        )
        + f"</tr></thead><tbody>{''.join(lines)}</tbody></table></div></section>"
    )


def _readings(roster: Roster, boards: Sequence[Board], language: Language) -> str:
    id_ = language == "id"
    results: Sequence[UnitResult] = roster.results
    rules = all_rules(results, roster.problem.policy.rules)
    notes = [Line(board.unit.name, note.in_language(language)) for board in boards for note in board.notes]
    sections = (
        (
            "Surat dan revisi" if id_ else "Letter and revision",
            [Line(*fact) for fact in letter_facts(roster, language)],
        ),
        ("Aturan" if id_ else "Rules", [rule_line(rule, language) for rule in rules]),
        (
            "Pembacaan di mana surat tidak menyebutkan" if id_ else "Readings where the letter is silent",
            reading_lines(all_readings(roster, results), rules, language),
        ),
        ("Catatan" if id_ else "Notes", list(dict.fromkeys(notes))),
    )
    tables = "".join(
        f'<h3>{heading}</h3><div class="scroll" tabindex="0"><table class="words"><tbody>'
        + "".join(
            f'<tr><th scope="row">{text(line.about)}</th><td>{text(line.text)}'
            + (f"<br><small>{text(line.other)}</small>" if line.other else "")
            + "</td></tr>"
            for line in lines
        )
        + "</tbody></table></div>"
        for heading, lines in sections
        if lines
    )
    return f'<section id="rules"><h2>{"Aturan dan pembacaan" if id_ else "Rules and readings"}</h2>{tables}</section>'
