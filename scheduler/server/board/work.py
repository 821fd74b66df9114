"""What jobs do: a change looked at and then published, the next period made and then published.

A change is worked out twice: once to be looked at, and again when it is confirmed, from the very revision that was
looked at. Equal inputs give equal rosters, so what is published is what was shown; where it is not, or where
another revision came in between, nothing is published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scheduler.errors import Fault, UsageError
from scheduler.language import Bilingual
from scheduler.notice import Notice
from scheduler.revise.replan import Plan, publish_plan
from scheduler.server.board import audit
from scheduler.server.board.folders import remember_folder
from scheduler.server.board.tasks import EFFORT, WORKERS, Task, place_of, plan_of
from scheduler.server.phone.permits import ACCEPTED, decide
from scheduler.server.publishing.publication import read_publication
from scheduler.server.publishing.store import publish
from scheduler.server.store.database import writing

MOST_WARNINGS = 20


def preview(task: Task) -> dict[str, Any]:
    """Work out a change and return its notice; nothing is written."""
    with plan_of(task, place_of(task)) as plan:
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
    place = place_of(task)
    if place.number != task.asked["base"]:
        raise UsageError(_overtaken(task.asked["base"], place.number))
    with plan_of(task, place) as plan:
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

    folder, scenario, _ = place_of(task)
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

    _, scenario, _ = place_of(task)
    folder = Path(task.asked["folder"])
    found = int(read_certificate(folder)["revision"])
    if found != task.asked["revision"]:
        raise UsageError(_overtaken(task.asked["revision"], found))
    _publish(task, folder, scenario, f"revision {found}")
    return {"revision": found, "folder": str(folder)}


def check_staff(task: Task) -> dict[str, Any]:
    """Read the scenario with a new staff list in the place of its own, and tell what would differ."""
    from scheduler.server.board.staff_list import compare

    folder, scenario, _ = place_of(task)
    assert task.upload is not None
    return compare(folder, scenario, task.upload)


def take_staff(task: Task) -> dict[str, Any]:
    """Put a staff list that was looked at into the scenario folder; the next period is made from it."""
    from scheduler.server.board.staff_list import compare, replace_list

    folder, scenario, _ = place_of(task)
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
