"""A job under way: the published period that it is about, and the change that it asks for, worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine, RowMapping, select

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.read.requests import Words
from scheduler.revise.replan import LEAD_MINUTES, Plan, Request, planned
from scheduler.server.board import audit, jobs
from scheduler.server.board.accounts import account
from scheduler.server.store.board_tables import FOLDER
from scheduler.server.store.database import writing
from scheduler.server.store.tables import REVISION

EFFORT = 6.0
"""Deterministic seconds for each pass: a head waits for the answer."""
WORKERS = 2


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


class Place(NamedTuple):
    """A published period: its folder, the scenario's where it had moved, and the number of its revision."""

    folder: Path
    scenario: Path | None
    number: int


def place_of(task: Task) -> Place:
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
    return Place(Path(row["output"]), Path(row["scenario"]) if row["scenario"] else None, row["number"])


@contextmanager
def plan_of(task: Task, place: Place) -> Iterator[Plan]:
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


def _request(task: Task, place: Place) -> Request:
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


def _absences(task: Task, place: Place) -> tuple[str, ...]:
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
