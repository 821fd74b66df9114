"""Workbooks: `roster.xlsx` for all units, and one workbook for each unit as its head signs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.language import Bilingual, Language
from scheduler.roster import Roster, UnitResult
from scheduler.write.board import make_board
from scheduler.write.signatory import signatory
from scheduler.write.text import clean, sheet_names
from scheduler.write.workbook.grid_layout import make_layout
from scheduler.write.workbook.grid_sheet import write_grid_sheet
from scheduler.write.workbook.legend_sheet import write_legend_sheet
from scheduler.write.workbook.package import save
from scheduler.write.workbook.rules_sheet import write_rules_sheet
from scheduler.write.workbook.sheet_page import Page
from scheduler.write.workbook.styles import Styles
from scheduler.write.workbook.summary_sheet import write_summary_sheet

if TYPE_CHECKING:
    from openpyxl import Workbook

SUMMARY = Bilingual(id="Ringkasan", en="Summary")
RULES = Bilingual(id="Aturan", en="Rules")
LEGEND = Bilingual(id="Keterangan", en="Legend")

FORMAT = 1
"""The number of the sheets' layout, for whoever reads them back."""


def write_workbook(roster: Roster, path: Path, language: Language) -> None:
    """Write all units into one workbook: summary, a sheet for each unit, rules and readings, legend.

    Equal rosters give equal bytes. Text stays text whatever it begins with.

    Raises
    ------
    OSError
        Where the path cannot be written.
    """
    _write(roster, roster.results, path, language, with_summary=True)


def write_unit_workbook(roster: Roster, result: UnitResult, path: Path, language: Language) -> None:
    """Write one unit's own workbook: its sheet as its head signs it, the rules and readings, the legend.

    Raises
    ------
    OSError
        Where the path cannot be written.
    """
    _write(roster, (result,), path, language, with_summary=False)


def _write(
    roster: Roster, results: Sequence[UnitResult], path: Path, language: Language, *, with_summary: bool
) -> None:
    fixed = [label.in_language(language) for label in (SUMMARY, RULES, LEGEND)]
    summary, rules, legend, *units = sheet_names([*fixed, *(result.unit.name for result in results)])
    workbook, pages = _start([summary] * with_summary + units + [rules, legend], language)
    policy = roster.problem.policy
    boards = [make_board(result) for result in results]
    if with_summary:
        write_summary_sheet(pages[summary], roster, boards, units)
    for title, board in zip(units, boards, strict=True):
        signature = signatory(board.unit, policy.signature)
        write_grid_sheet(pages[title], make_layout(board), policy, signature, roster.number)
    write_rules_sheet(pages[rules], roster, results)
    write_legend_sheet(pages[legend], roster)
    _describe(workbook, roster, "" if with_summary else results[0].unit.name, language)
    save(workbook, pages, path, _made_on(roster))


def _start(order: Sequence[str], language: Language) -> tuple[Workbook, dict[str, Page]]:
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheets = [workbook.create_sheet(title) for title in order]
    styles = Styles(workbook)
    return workbook, {sheet.title: Page(sheet, styles, language) for sheet in sheets}


def _describe(workbook: Workbook, roster: Roster, unit: str, language: Language) -> None:
    """Put into the workbook's properties what tells a reader which roster this is."""
    from openpyxl.packaging.custom import IntProperty, StringProperty

    problem = roster.problem
    properties: Any = workbook.custom_doc_props  # type: ignore[attr-defined]  # missing from the stubs
    workbook.properties.creator = "giliran"
    workbook.properties.title = clean(" · ".join(filter(None, (problem.policy.title, unit))))
    workbook.properties.language = language
    for name, value in (("format", FORMAT), ("revision", roster.number)):
        properties.append(IntProperty(name=f"giliran.{name}", value=value))
    for name, text in (
        ("scenario", problem.name),
        ("unit", unit),
        ("from", problem.first.isoformat()),
        ("to", problem.last.isoformat()),
        ("language", language),
    ):
        if text:
            properties.append(StringProperty(name=f"giliran.{name}", value=clean(text)))


def _made_on(roster: Roster) -> date:
    """The date in the file's properties: the letter's, else the period's first; never the clock's."""
    return roster.problem.policy.letter.day or roster.problem.first
