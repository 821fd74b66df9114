"""CP-SAT with one weighted sum, in the style of OR-Tools' own examples (`shift_scheduling_sat.py`): its default search.

One boolean a person and day, window sums for the stints, the extremes and absolute values as integer variables, and
everything in one objective; two workers, no hint, no bounds worked out beforehand.
"""

from __future__ import annotations

import time
from typing import Any

from ortools.sat.python import cp_model

from benchmarks.peers.facts import PER_POINT, WEIGHTS
from benchmarks.peers.talk import Answer, run


def solve(facts: dict[str, Any], limit: float) -> Answer:
    """Build the model and solve it with what is left of the limit."""
    started = time.monotonic()
    model = cp_model.CpModel()
    home, held, cost = build(model, facts)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = max(0.1, limit - (time.monotonic() - started))
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(note=solver.status_name(status))
    return Answer(
        home=[[int(solver.boolean_value(cell)) for cell in row] for row in home],
        roles=[[i, k, name] for (i, k, name), literal in held.items() if solver.boolean_value(literal)],
        bound=solver.best_objective_bound / PER_POINT,
        note=solver.status_name(status),
    )


def build(
    model: cp_model.CpModel, facts: dict[str, Any]
) -> tuple[list[list[Any]], dict[Any, Any], list[Any]]:
    """Add the rules; return the cells, the roles by (person, day, name), and the terms of the sum."""
    days, cells, most = facts["days"], facts["cells"], facts["most_home"]
    yes, no = model.new_constant(1), model.new_constant(0)
    home = [
        [model.new_bool_var(f"home {i} {k}") if letter == "." else yes if letter == "H" else no
         for k, letter in enumerate(row)]
        for i, row in enumerate(cells)
    ]  # fmt: skip
    cost: list[Any] = []
    for i, (status, length, longest) in enumerate(facts["rows"]):
        if longest is None:
            continue
        for k in range(days - most):
            model.add_bool_or([~cell for cell in home[i][k : k + most + 1]])
        if status == "home" and 0 < most + 1 - length <= days:
            model.add_bool_or([~cell for cell in home[i][: most + 1 - length]])
        for k in range(days - longest):
            if cells[i][k : k + longest + 1] == "." * (longest + 1):
                model.add_bool_or(home[i][k : k + longest + 1])
        first = longest + 1 - length
        if status == "office" and 0 < first <= days and cells[i][:first] == "." * first:
            model.add_bool_or(home[i][:first])
        if facts["prefer"] is not None:
            for size in range(1, most + 1):
                for k in range(1, days - size) if size != facts["prefer"] else ():
                    if any(cells[i][x] not in ".H" for x in range(k, k + size)):
                        continue
                    odd = model.new_bool_var("")
                    model.add_bool_or(
                        [odd, home[i][k - 1], home[i][k + size], *[~c for c in home[i][k : k + size]]]
                    )
                    cost.append(WEIGHTS["stint"] * odd)
    for group in facts["groups"]:
        for k, target in enumerate(group["targets"]):
            model.add(sum(home[i][k] for i in group["members"]) == target)
        turns = {i: home[i] for i, _ in group["offset"]}
        _balance(model, turns, group["offset"], WEIGHTS["spread"], WEIGHTS["total"], cost)
        at_border = {i: [home[i][k] for k in facts["border_days"]] for i, _ in group["border"]}
        _balance(model, at_border, group["border"], WEIGHTS["border"], 0, cost)
    for k, people, least in facts["floors"]:
        model.add(sum(home[i][k] for i in people) <= len(people) - least)
    held: dict[Any, Any] = {}
    alone: dict[tuple[int, int], list[Any]] = {}
    for role in facts["roles"]:
        taken: dict[int, list[Any]] = {i: [] for i, _ in role["offset"]}
        for k, officers in enumerate(role["officers"]):
            for i in officers:
                literal = held[i, k, role["name"]] = model.new_bool_var(f"{role['name']} {i} {k}")
                model.add_implication(literal, ~home[i][k])
                taken[i].append(literal)
                if role["alone"]:
                    alone.setdefault((i, k), []).append(literal)
            model.add(sum(held[i, k, role["name"]] for i in officers) == role["number"])
        _balance(model, taken, role["offset"], WEIGHTS["spread"], WEIGHTS["total"], cost)
    for literals in alone.values():
        if len(literals) > 1:
            model.add_at_most_one(literals)
    for i, k, wants_home, weight in facts["wishes"]:
        cost.append(WEIGHTS["wish"] * weight * ((1 - home[i][k]) if wants_home else home[i][k]))
    return home, held, cost


def _balance(
    model: cp_model.CpModel,
    taken: dict[int, list[Any]],
    offsets: Any,
    spread: int,
    total: int,
    cost: list[Any],
) -> None:
    """Add the spread of offset + 1000 × turns, and the sum of their sizes where `total` is no zero."""
    if not offsets:
        return
    reach = max(abs(offset) for _, offset in offsets) + 1000 * max(len(cells) for cells in taken.values())
    top, bottom = (model.new_int_var(-reach, reach, name) for name in ("top", "bottom"))
    for i, offset in offsets:
        balance = 1000 * sum(taken[i]) + offset
        model.add(balance <= top)
        model.add(balance >= bottom)
        if total:
            size = model.new_int_var(0, reach, "")
            model.add(size >= balance)
            model.add(size >= -balance)
            cost.append(total * size)
    cost.append(spread * (top - bottom))


if __name__ == "__main__":
    run(solve)
