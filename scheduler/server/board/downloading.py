"""Files to take away: a unit's own part of what a revision holds, and everything for who sees everything."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from fastapi import Response
from sqlalchemy import RowMapping, select

from scheduler.checkins.findings import Findings
from scheduler.read.outputs.order import INPUTS
from scheduler.server.board import judging
from scheduler.server.board.changing import latest
from scheduler.server.board.errors import not_found
from scheduler.server.board.folders import Office
from scheduler.server.board.render import page
from scheduler.server.board.roster_days import unit_rows
from scheduler.server.board.today import chosen_day, today
from scheduler.server.board.visit import Stop, Visit
from scheduler.server.store.tables import REVISION
from scheduler.write.labels import PRIVATE

TEXT, CSV = "text/plain; charset=utf-8", "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHOLE = {
    "roster.xlsx": XLSX,
    "roster.csv": CSV,
    "roster.html": "text/html; charset=utf-8",
    "changes.xlsx": XLSX,
    "changes.txt": TEXT,
    "ledger.csv": CSV,
    "policy.toml": TEXT,
}
"""What may be had of a revision's folder; of its `inputs/`, which hold keys and everybody's data, the policy alone."""
POLICY = "policy.toml"


def whole_path(folder: Path, name: str) -> Path:
    """Return where a file of `WHOLE` lies in a revision's folder."""
    return folder / INPUTS / name if name == POLICY else folder / name


def form(visit: Visit) -> Response:
    """Return the list of one unit's files."""
    revision = latest(visit, chosen_day(visit))
    office = visit.tools.offices.find(revision)
    names = [name for name in FILES if _offers(visit, office, name)] if office is not None else []
    return page(visit, "downloads.html", {"section": "downloads", "revision": revision, "names": names})


def _offers(visit: Visit, office: Office, name: str) -> bool:
    if name in ("roster.xlsx", "roster.csv", "attendance.xlsx") and not visit.may_change:
        return False  # they tell who is ill
    return name != "changes.txt" or (office.kept.folder / "changes.txt").is_file()


def unit_file(visit: Visit) -> Response:
    """Return one file of one unit."""
    name = visit.path.rsplit("/", 1)[-1]
    revision = latest(visit, chosen_day(visit))
    office = visit.tools.offices.find(revision)
    visit.detail = name
    if office is None or name not in FILES or not _offers(visit, office, name):
        return not_found(visit)
    content, kind = FILES[name](visit, office, revision)
    stem, dot, ending = name.rpartition(".")
    day = chosen_day(visit).isoformat() if name == "today.txt" else revision["first_day"]
    return _attachment(content, kind, f"{stem}-{visit.office['key']}-{day}{dot}{ending}")


def whole_file(visit: Visit) -> Response:
    """Return one file of a whole revision."""
    number, name = visit.path.rsplit("/", 2)[-2:]
    visit.detail = f"{name} {number}"
    with visit.engine.connect() as connection:
        mine = (REVISION.c.scenario_id == visit.place["id"], REVISION.c.is_current)
        rows = connection.execute(select(REVISION).where(*mine)).mappings().all()
    revision = next((row for row in rows if str(row["id"]) == number), None)
    office = visit.tools.offices.find(revision) if revision is not None else None
    if office is None or name not in WHOLE or not (path := whole_path(office.kept.folder, name)).is_file():
        return not_found(visit)
    stem, dot, ending = name.rpartition(".")
    assert revision is not None
    return _attachment(path.read_bytes(), WHOLE[name], f"{stem}-{revision['first_day']}{dot}{ending}")


def _attachment(content: bytes, kind: str, name: str) -> Response:
    from urllib.parse import quote

    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(
        content, 200, {"Content-Disposition": disposition, "Content-Security-Policy": "sandbox"}, kind
    )


# Each file ----------------------------------------------------------------------------------------------------------


def _workbook(visit: Visit, office: Office, _: RowMapping) -> tuple[bytes, str]:
    from scheduler.write.file_names import unit_file_names

    name = unit_file_names(office.kept.rosters)[visit.office["key"]]
    return _read(visit, office.kept.folder / "units" / f"{name}.xlsx"), XLSX


def _roster(visit: Visit, office: Office, _: RowMapping) -> tuple[bytes, str]:
    from scheduler.table_format import guard

    lines = csv.reader(io.StringIO(_read(visit, office.kept.folder / "roster.csv").decode("utf-8-sig")))
    head = next(lines)
    column, unit = head.index("unit"), guard(visit.office["key"])
    return _table([head, *(line for line in lines if line[column] == unit)]), CSV


def _notice(visit: Visit, office: Office, _: RowMapping) -> tuple[bytes, str]:
    """Return the change notice with the blocks of this unit alone."""
    from scheduler.write.text import one_line

    text = _read(visit, office.kept.folder / "changes.txt").decode("utf-8")
    blocks = text.rstrip("\n").split("\n\n")
    own = [block for block in blocks[1:] if block.split("\n", 1)[0] == f"*{one_line(visit.office['key'])}*"]
    none = visit.say("Tidak ada hari yang berubah di unit ini.", "No day of this unit changes.")
    return ("\n\n".join([blocks[0], *(own or [none])]) + "\n").encode(), TEXT


def _today(visit: Visit, office: Office, _: RowMapping) -> tuple[bytes, str]:
    from scheduler.write.today import today_text

    unit = visit.office["key"]
    own = {key: cell for key, cell in office.kept.statuses.items() if cell.unit == unit}
    title = office.kept.scenario.problem.policy.title
    return today_text(own, chosen_day(visit), visit.language, title=title).encode(), TEXT


def _attendance(visit: Visit, office: Office, revision: RowMapping) -> tuple[bytes, str]:
    from scheduler.checkins.report.tables import write_verdicts

    stream = io.StringIO()
    for _ in write_verdicts(stream, _findings(visit, office, revision)):
        pass
    if visit.may_change:
        return stream.getvalue().encode(), CSV
    lines = list(csv.reader(io.StringIO(stream.getvalue())))
    reason = lines[0].index("reason")
    return _table(
        [
            [*line[:reason], "away" if line[reason] in PRIVATE else line[reason], *line[reason + 1 :]]
            for line in lines
        ]
    ), CSV


def _recap(visit: Visit, office: Office, revision: RowMapping) -> tuple[bytes, str]:
    from scheduler.checkins.report.section import Report
    from scheduler.checkins.report.workbook import write_workbook
    from scheduler.checkins.tally import count

    findings = _findings(visit, office, revision)
    tally = count(findings, findings.verdicts())
    title = office.kept.scenario.problem.policy.title
    with tempfile.TemporaryDirectory(prefix="giliran-recap-") as folder:
        path = Path(folder) / "recap.xlsx"
        write_workbook(Report(findings, tally, (), title, visit.language), path)
        return path.read_bytes(), XLSX


FILES: Mapping[str, Callable[[Visit, Office, RowMapping], tuple[bytes, str]]] = {
    "today.txt": _today,
    "roster.xlsx": _workbook,
    "roster.csv": _roster,
    "changes.txt": _notice,
    "attendance.xlsx": _recap,
    "attendance.csv": _attendance,
}
"""What can be had of one unit."""


def _findings(visit: Visit, office: Office, revision: RowMapping) -> Findings:
    first, last = date.fromisoformat(revision["first_day"]), date.fromisoformat(revision["last_day"])
    until = min(last, today(visit.now, visit.place["timezone"]))
    days = list(_days(first, until)) or [first]
    with visit.engine.connect() as connection:
        rows = unit_rows(connection, visit.office["key"], [(revision["id"], day) for day in days])
        return judging.judge(connection, office, visit.office["key"], rows, days, visit.now)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _read(visit: Visit, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Stop(not_found(visit)) from None


def _table(lines: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(lines)
    return stream.getvalue().encode()
