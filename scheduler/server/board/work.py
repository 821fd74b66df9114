"""What jobs do: a change looked at and then published, the next period made and then published.

A change is worked out twice: once to be looked at, and again when it is confirmed, from the very revision that was
looked at. Equal inputs give equal rosters, so what is published is what was shown; where it is not, or where
another revision came in between, nothing is published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine, RowMapping, select

from scheduler.errors import Fault, UsageError
from scheduler.language import Bilingual
from scheduler.notice import Notice
from scheduler.read.requests import Words
from scheduler.revise.replan import LEAD_MINUTES, Plan, Request, planned, publish_plan
from scheduler.server.board import audit, jobs
from scheduler.server.board.accounts import account
from scheduler.server.board.folders import remember_folder
from scheduler.server.phone.permits import ACCEPTED, decide
from scheduler.server.publishing.publication import read_publication
from scheduler.server.publishing.store import publish
from scheduler.server.store.board_tables import FOLDER
from scheduler.server.store.database import writing
from scheduler.server.store.tables import REVISION

EFFORT = 6.0
"""Deterministic seconds for each pass: a head waits for the answer."""
WORKERS = 2
MOST_WARNINGS = 20


@dataclass(frozen=True, slots=True)
class Task:
    """A job under way; `upload` is its file in a folder that ends with it."""

    engine: Engine
    row: RowMapping
    asked: Mapping[str, Any]
    upload: Path | None
    note: audit.Note
    clock: Callable[[], float]

    def progress(self, done: int, total: int) -> None:
        """Tell how far it is."""
        with writing(self.engine) as connection:
            jobs.change(connection, self.row["id"], self.clock(), done=done, total=total)


def preview(task: Task) -> dict[str, Any]:
    """Work out a change and return its notice; nothing is written."""
    with _plan(task, _place(task)) as plan:
        return {
            "base": plan.kept.number,
            "as_of": plan.notice.as_of,
            "mark": mark(plan.notice),
            "proven": _is_proven(plan),
            "people": plan.notice.people,
            "moves": [_move(move) for move in plan.notice.moves],
            "warnings": _told(plan.warnings[:MOST_WARNINGS], task.row["file_name"]),
        }


def _told(warnings: Sequence[Fault], file_name: str) -> list[list[str]]:
    """Return what an upload's reader had to assume, under the name that its sender knows."""
    named = [replace(warning, file=file_name) for warning in warnings]
    return [[warning.describe("id"), warning.describe("en")] for warning in named]


def confirm(task: Task) -> dict[str, Any]:
    """Publish a change that was looked at, to the folder and to calendars and phones.

    Raises
    ------
    UsageError
        Where another revision came in between, or the change would no longer be the one that was shown.
    """
    place = _place(task)
    if place.number != task.asked["base"]:
        raise UsageError(_overtaken(task.asked["base"], place.number))
    with _plan(task, place) as plan:
        if mark(plan.notice) != task.asked["mark"]:
            raise UsageError(_changed())
        done = publish_plan(plan)
    number = done.outcome.roster.number
    detail = f"revision {number}: {len(plan.notice.moves)} person-days"
    _publish(task, place.folder, place.scenario, detail)
    return {"revision": number, "moves": len(plan.notice.moves), "unchanged": done.outcome.unchanged}


def _publish(task: Task, folder: Path, scenario: Path | None, detail: str) -> None:
    new = read_publication(folder, scenario)
    with writing(task.engine) as connection:
        published = publish(connection, new, int(task.clock()))
        remember_folder(connection, published.revision_id, folder, scenario)
        if "request" in task.asked:
            decide(connection, [task.asked["request"]], ACCEPTED, task.note.account, int(task.clock() * 1000))
        audit.write(connection, task.note, "published", task.clock(), f"{new.first}..{new.last} {detail}")


def generate_next(task: Task) -> dict[str, Any]:
    """Make the period that follows a published one; it is not published yet."""
    from scheduler.pipeline import generate, order_next, read_problem
    from scheduler.read.tweaks import Tweaks

    folder, scenario, _ = _place(task)
    search = {"effort": EFFORT, "workers": WORKERS}
    order = order_next(folder, scenario, Tweaks(), None, search)
    made = read_problem(order)
    problem, total = made.problem, len(made.problem.units)
    order = replace(order, out=folder.parent / f"{problem.first}_{problem.last}")
    done = 0
    task.progress(0, total)

    def report(unit: str) -> None:
        nonlocal done
        done += 1
        task.progress(min(done, total), total)

    outcome = generate(order, report, made)
    roster = outcome.roster
    return {
        "folder": str(outcome.folder.resolve()),
        "revision": roster.number,
        "first": problem.first,
        "last": problem.last,
        "unchanged": outcome.unchanged,
        "warnings": [[w.describe("id"), w.describe("en")] for w in made.warnings[:MOST_WARNINGS]],
        "units": [
            {
                "name": result.unit.name,
                "people": len(result.unit.people),
                "proven": result.is_optimal,
                "shortfall": result.audit.objectives.get("shortfall", 0),
            }
            for result in roster.results
        ],
    }


def publish_made(task: Task) -> dict[str, Any]:
    """Publish a period that was made before."""
    from scheduler.read.outputs.output_folder import read_certificate

    _, scenario, _ = _place(task)
    folder = Path(task.asked["folder"])
    found = int(read_certificate(folder)["revision"])
    if found != task.asked["revision"]:
        raise UsageError(_overtaken(task.asked["revision"], found))
    _publish(task, folder, scenario, f"revision {found}")
    return {"revision": found, "folder": str(folder)}


def check_staff(task: Task) -> dict[str, Any]:
    """Read the scenario with a new staff list in the place of its own, and tell what would differ."""
    from scheduler.server.board.staff_list import compare

    folder, scenario, _ = _place(task)
    assert task.upload is not None
    return compare(folder, scenario, task.upload)


def take_staff(task: Task) -> dict[str, Any]:
    """Put a staff list that was looked at into the scenario folder; the next period is made from it."""
    from scheduler.server.board.staff_list import compare, replace_list

    folder, scenario, _ = _place(task)
    assert task.upload is not None
    found = compare(folder, scenario, task.upload)
    if found["before"] != task.asked["before"]:
        raise UsageError(_changed())
    name = replace_list(folder, scenario, task.upload)
    with writing(task.engine) as connection:
        audit.write(connection, task.note, "published", task.clock(), f"{name}: {found['people']} people")
    return {"people": found["people"], "name": name}


WORK: Mapping[str, Callable[[Task], dict[str, Any]]] = {
    "preview": preview,
    "confirm": confirm,
    "generate": generate_next,
    "publish": publish_made,
    "staff": check_staff,
    "take staff": take_staff,
}
"""What carries out each kind of job."""


# Parts ----------------------------------------------------------------------------------------------------------------


class _Place(NamedTuple):
    """A published period: its folder, the scenario's where it had moved, and the number of its revision."""

    folder: Path
    scenario: Path | None
    number: int


def _place(task: Task) -> _Place:
    """Return where the period that a job is about lies, as it was when it was published."""
    with task.engine.connect() as connection:
        joined = FOLDER.join(REVISION, FOLDER.c.revision_id == REVISION.c.id)
        wanted = select(FOLDER, REVISION.c.number).select_from(joined).where(
            REVISION.c.scenario_id == task.row["scenario_id"],
            REVISION.c.first_day == task.asked["first"],
            REVISION.c.last_day == task.asked["last"],
            REVISION.c.is_current,
        )  # fmt: skip
        row = connection.execute(wanted).mappings().first()
    if row is None:
        raise UsageError(
            Bilingual(
                id="Folder keluaran jadwal ini tidak dikenal peladen. Terbitkan lagi dengan `giliran publish FOLDER`.",
                en="The server does not know this roster's output folder. Publish it again by `giliran publish FOLDER`.",
            )
        )
    return _Place(Path(row["output"]), Path(row["scenario"]) if row["scenario"] else None, row["number"])


@contextmanager
def _plan(task: Task, place: _Place) -> Iterator[Plan]:
    """Yield the change that a job asks for, worked out from the published revision."""
    with planned(_request(task, place), _now(task)) as plan:
        if plan.kept.number != place.number:
            raise UsageError(
                Bilingual(
                    id=f"Folder keluaran memuat revisi {plan.kept.number}, yang terbit revisi {place.number}. Terbitkan dulu revisi itu di halaman Kelola jadwal.",
                    en=f"The output folder holds revision {plan.kept.number}, but revision {place.number} is published. Publish that one first, on the page that manages the roster.",
                )
            )
        _refuse_others(task, plan)
        yield plan


def _request(task: Task, place: _Place) -> Request:
    asked, upload = task.asked, task.asked.get("upload")
    words = {name: tuple(texts) for name, texts in asked.get("words", {}).items()}
    if upload == "absences":
        words["absent"] = _absences(task, place)
    return Request(
        output=place.folder,
        words=Words(**words),
        from_xlsx=task.upload if upload == "workbook" else None,
        staff=task.upload if upload == "staff" else None,
        policy=task.upload if upload == "policy" else None,
        to_revision=asked.get("to_revision"),
        scenario=place.scenario,
        lead_minutes=int(asked.get("lead", LEAD_MINUTES)),
        effort=EFFORT,
        workers=WORKERS,
    )


def _absences(task: Task, place: _Place) -> tuple[str, ...]:
    """Return the rows of an uploaded table of absences as `replan` is told them."""
    from scheduler.read.outputs.kept import read_kept
    from scheduler.read.scenario_tables import read_absences

    assert task.upload is not None
    problem = read_kept(place.folder).problem
    people = [person for unit in problem.units for person in unit.people]
    found = read_absences(task.upload, people)
    inside = [a for a in found if a.last >= problem.first and a.first <= problem.last]
    return tuple(f"{a.person_id}:{a.first}..{min(a.last, problem.last)}={a.kind}" for a in inside)


def _now(task: Task) -> datetime:
    return datetime.fromtimestamp(task.clock(), UTC)


def _refuse_others(task: Task, plan: Plan) -> None:
    """Refuse a change of offices that are not the account's: of the account as it is now."""
    with task.engine.connect() as connection:
        who = account(connection, task.row["account_id"])
    touched = {move.unit for move in plan.notice.moves} | _asked_units(plan)
    foreign = sorted(u for u in touched if who is None or not who.sees(task.row["scenario_id"], u))
    is_whole = "to_revision" in task.asked or task.asked.get("upload") in ("policy", "staff")
    if foreign or who is None or who.role == "monitor" or (is_whole and who.role != "admin"):
        names = ", ".join(foreign[:5])
        raise UsageError(
            Bilingual(
                id=f"Perubahan ini menyangkut unit di luar wewenang akun ini: {names}.",
                en=f"This change concerns units that are not this account's: {names}.",
            )
        )


def _asked_units(plan: Plan) -> set[str]:
    step = plan.facts.steps[-1]
    people = {a.person_id for a in step.absences} | {pin.person_id for pin in step.pins}
    people |= set(step.leaves) | set(step.joins)
    units = plan.scenario.problem.units
    return {unit.name for unit in units if any(person.id in people for person in unit.people)}


def mark(notice: Notice) -> str:
    """Return what two notices have in common exactly when they say the same."""
    said = [notice.as_of.isoformat(), notice.replaces, *(_move(move) for move in notice.moves)]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def _move(move: Any) -> dict[str, Any]:
    return {
        "unit": move.unit,
        "person": move.person.id,
        "name": move.person.display_name,
        "day": move.day.isoformat(),
        "before": move.before,
        "after": move.after,
        "roles_before": list(move.roles_before),
        "roles_after": list(move.roles_after),
        "why": list(move.why),
        "asked": move.asked,
    }


def _is_proven(plan: Plan) -> bool:
    return all(
        objective.is_optimal
        for result in plan.roster.results
        for objective in result.objectives
        if objective.name in ("shortfall", "changes")
    )


def _overtaken(base: int, current: int) -> Bilingual:
    return Bilingual(
        id=f"Yang Anda lihat dihitung dari revisi {base}, tetapi sementara itu revisi {current} terbit. Tidak ada yang diterbitkan; lihat dulu perubahannya dari revisi yang berlaku.",
        en=f"What you saw was worked out from revision {base}, but meanwhile revision {current} was published. Nothing was published; look at the change from the current revision first.",
    )


def _changed() -> Bilingual:
    return Bilingual(
        id="Perubahannya tidak lagi sama dengan yang Anda lihat (hari sudah berganti, atau data berubah). Tidak ada yang diterbitkan; lihat dulu yang baru.",
        en="The change is no longer the one that you saw (the day has turned, or facts changed). Nothing was published; look at the new one first.",
    )
