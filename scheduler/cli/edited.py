"""What the terminal shows of a hand-edited workbook."""

from __future__ import annotations

from scheduler.cli.options import Terminal
from scheduler.language import Bilingual
from scheduler.revise.edits import Broken, EditedCheck, lines


def show_workbook(check: EditedCheck, terminal: Terminal) -> None:
    """Print each cell that was changed and each rule that it breaks, with addresses."""
    from scheduler.cli.screen import bullet

    language = terminal.language
    terminal.answer(
        {
            "workbook": check.workbook.path.as_posix(),
            "revision": check.kept.number,
            "edits": [
                {
                    "cell": str(edit.address),
                    "unit": edit.unit,
                    "person_id": edit.person_id,
                    "date": edit.day,
                    "before": edit.before,
                    "after": edit.after,
                    "typed": edit.typed,
                }
                for edit in check.edits
            ],
            "violations": [_plain(broken) for broken in check.broken],
            "soft": [_plain(broken) for broken in check.soft],
            "faults": [fault.describe("en") for fault in check.faults],
            "warnings": [warning.describe("en") for warning in check.warnings],
        }
    )
    for warning in check.warnings:
        terminal.warn(bullet(warning.describe(language)))
    count, number = len(check.edits), check.kept.number
    terminal.say(
        Bilingual(
            id=f"{count} sel berbeda dari revisi {number}" + (":" if count else "."),
            en=f"{count} cell{'s' if count != 1 else ''} differ{'s' if count == 1 else ''} from revision {number}"
            + (":" if count else "."),
        )
    )
    for line in lines(check, language):
        terminal.say(bullet(line))
    if check.broken:
        terminal.say("")
        terminal.say(Bilingual(id="Aturan yang dilanggar:", en="Rules broken:"))
    for broken in check.broken:
        terminal.say(bullet(_line(broken, terminal)))
    terminal.say("")
    if check.broken:
        terminal.say(
            Bilingual(
                id="Jadwal ini TIDAK memenuhi aturan; perbaiki dengan `giliran replan --from-xlsx`.",
                en="This roster does NOT keep the rules; repair it by `giliran replan --from-xlsx`.",
            )
        )
    elif check.faults:
        terminal.say(
            Bilingual(
                id="Yang terbaca memenuhi semua aturan; yang berikut tidak terbaca dan dianggap tidak berubah.",
                en="What could be read keeps every rule; what follows could not be read and was taken as unchanged.",
            )
        )
    else:
        terminal.say(Bilingual(id="Jadwal ini memenuhi semua aturan.", en="This roster keeps every rule."))


def _line(broken: Broken, terminal: Terminal) -> str:
    sentence = broken.violation.sentence.in_language(terminal.language)
    cells = ", ".join(map(str, broken.addresses))
    rule = broken.violation.rule
    said = sentence if sentence.startswith(rule) else f"{sentence} [{rule}]"
    return said + (f" → {cells}" if cells else "")


def _plain(broken: Broken) -> dict[str, object]:
    violation = broken.violation
    return {
        "rule": violation.rule,
        "unit": violation.unit,
        "date": violation.day,
        "people": list(violation.people),
        "cells": [str(address) for address in broken.addresses],
        "id": violation.sentence.id,
        "en": violation.sentence.en,
    }
