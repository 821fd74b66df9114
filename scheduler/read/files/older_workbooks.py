"""Reads .xls and .xlsb in a process of its own with bounded memory and time.

Their cells cannot be looked through beforehand as an xlsx's can, and one stray cell far out makes any reader
fill gigabytes; here that ends the child alone. Run as a module this is the child: the workbook on standard
input, its sheets as JSON on standard output.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from scheduler.language import Bilingual
from scheduler.read.files.cell_scan import Refused
from scheduler.read.files.cells import Cell

MOST_MEMORY = 1536 * 1024 * 1024
"""Bytes of address space of the child."""
MOST_SECONDS = 120

_ROOT = str(Path(__file__).parents[3])


def read_apart(data: bytes) -> list[dict[str, Any]]:
    """Return name, rows, merged rectangles and visibility of each sheet.

    Raises
    ------
    Refused
        If the workbook is broken or locked, or takes more memory or time than any staff list.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", "scheduler.read.files.older_workbooks"],
            input=data,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([_ROOT, os.environ.get("PYTHONPATH", "")])},
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as e:
        raise _too_much() from e
    if child.returncode:
        raise _too_much()
    answer = json.loads(child.stdout)
    if "refused" in answer:
        id_, en = answer["refused"]
        raise Refused(Bilingual(id=id_, en=en))
    sheets: list[dict[str, Any]] = answer["sheets"]
    for sheet in sheets:
        sheet["rows"] = [[_from_json(cell) for cell in row] for row in sheet["rows"]]
    return sheets


def _too_much() -> Refused:
    return Refused(
        Bilingual(
            id="lembar kerja rusak, atau memakan memori tak wajar (sel tersesat jauh dari daftar?)",
            en="the workbook is broken, or takes an unreasonable amount of memory (a stray cell far from the list?)",
        ),
        remedy=Bilingual(
            id="Buka dengan Excel atau LibreOffice, simpan sebagai .xlsx, lalu ulangi.",
            en="Open it in Excel or LibreOffice, save it as .xlsx and try again.",
        ),
    )


def _to_json(cell: Cell) -> object:
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    return str(cell) if isinstance(cell, time | timedelta) else cell


def _from_json(cell: Any) -> Cell:
    if isinstance(cell, dict):
        text = next(iter(cell.values()))
        return datetime.fromisoformat(text) if "datetime" in cell else date.fromisoformat(text)
    value: Cell = cell
    return value


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows; there the child is apart but unbounded
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _main() -> None:
    from scheduler.read.files.workbooks import open_with_calamine

    _limit_memory()
    try:
        sheets = open_with_calamine(sys.stdin.buffer.read())
        answer: dict[str, object] = {
            "sheets": [
                {
                    "name": sheet.name,
                    "rows": [[_to_json(cell) for cell in row] for row in sheet.rows],
                    "merged": sheet.merged,
                    "visible": sheet.visible,
                }
                for sheet in sheets
            ]
        }
    except Refused as e:
        answer = {"refused": list(e.problem)}
    with io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8") as out:
        json.dump(answer, out)


if __name__ == "__main__":
    _main()
