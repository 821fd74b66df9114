"""Peers answer with rosters that the scorer can judge; the exact ones prove what giliran proves, where the two aims agree."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import compare
from benchmarks.instances import make_unit
from benchmarks.peers.facts import facts_of, roster_of
from benchmarks.peers.giliran_sum import WEIGHED_LIKE_PEERS
from benchmarks.scorer import WEIGHTS, judge, lower_bound
from scheduler.problem import Unit
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit

ROOT = Path(__file__).resolve().parent.parent.parent


def _tiny() -> Unit:
    """A unit so small that every exact peer proves its optimum at once."""
    return make_unit(12, 5, 1)


def _answer(peer: str, unit: Unit, limit: float) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.peers.{peer}", "--limit", str(limit)]
    done = subprocess.run(
        command, input=json.dumps(facts_of(unit)), capture_output=True, text=True, check=True, cwd=ROOT
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("peer", ["cp_sat", "highs", "cbc"])
def test_an_exact_peer_proves_the_sum_of_the_optimum_that_giliran_proves(peer: str) -> None:
    unit = _tiny()
    answer = _answer(peer, unit, 60)
    found = judge(unit, roster_of(unit, answer["home"], answer["roles"]))
    assert found.broken == ()
    assert float(found.cost) == pytest.approx(answer["bound"], abs=0.01)
    assert found.cost >= lower_bound(unit)
    solution = solve_unit(unit, Effort(limit=20.0))
    assert all(objective.is_optimal for objective in solution.objectives)
    assert found.cost == judge(unit, solution.roster).cost


def test_where_the_sum_is_lower_an_earlier_objective_was_sold_for_a_later_one_as_giliran_does_when_told_to() -> (
    None
):
    unit = make_unit(15, 10, 3)
    answer = _answer("highs", unit, 60)
    theirs = judge(unit, roster_of(unit, answer["home"], answer["roles"]))
    solution = solve_unit(unit, Effort(limit=20.0))
    ours = judge(unit, solution.roster)
    assert all(objective.is_optimal for objective in solution.objectives)
    assert theirs.cost < ours.cost
    assert [ours.parts[name] for name in WEIGHTS] < [theirs.parts[name] for name in WEIGHTS]
    weighed = solve_unit(replace(unit, weights=WEIGHED_LIKE_PEERS), Effort(limit=20.0))
    assert all(objective.is_optimal for objective in weighed.objectives)
    assert judge(unit, weighed.roster).cost == theirs.cost


def test_the_hand_rota_is_judged_and_breaks_rules_but_no_pin() -> None:
    unit = make_unit(60, 10, 1)
    answer = _answer("hand", unit, 1)
    found = judge(unit, roster_of(unit, answer["home"], answer["roles"]))
    assert found.broken and found.parts["shortfall"] > 0
    assert not any("pinned" in sentence or "cannot use IT" in sentence for sentence in found.broken)


def test_a_kept_result_stands_for_its_own_code_and_stands_in_for_later_code(tmp_path: Path) -> None:
    hand = next(engine for engine in compare.ENGINES if engine.key == "hand")
    task = compare.Task(hand, 15, 10, 1, 5.0)
    kept = compare.Kept(tmp_path / "kept.jsonl")
    assert kept.get(task) is None
    kept.add(compare.run(task))
    again = compare.Kept(tmp_path / "kept.jsonl")
    found = again.get(task)
    assert found is not None and found["broken"] > 0
    assert again.get(compare.Task(hand, 15, 10, 2, 5.0)) is None
    changed = compare.Kept(tmp_path / "changed.jsonl")
    changed.add({**found, "code": "of a former version"})
    assert changed.get(task) is None
    assert changed.latest(task) == {**found, "code": "of a former version"}


def test_the_table_counts_unlawful_rosters_and_names_the_best_of_a_row(tmp_path: Path) -> None:
    engines = compare.ENGINES[:4]
    kept = compare.Kept(tmp_path / "kept.jsonl")
    costs = {"giliran": (100.0, 0), "giliran_sum": (90.0, 0), "hand": (50.0, 7), "cp_sat": (120.0, 0)}
    tasks = [compare.Task(engine, 15, 10, 1, 5.0) for engine in engines]
    for task in tasks:
        cost, broken = costs[task.engine.key]
        parts = dict.fromkeys(compare.WEIGHTS, 0) | {"preferences": int(cost)}
        kept.add({**task.key(), "cost": cost, "broken": broken, "parts": parts, "seconds": 1.0})
    lines = list(compare.report(compare.rows(kept, tasks), engines))
    ours, weighed, hand, cp_sat = lines[1:5]
    assert "100.0 " in ours and "90.0*" in weighed and "120.0 " in cp_sat
    assert "7 broken" in hand and "0/1" in hand
    duels = [line.split() for line in lines[7:] if " × " in line]
    in_sum = [(words[3], next(word for word in words if word.endswith("/1"))) for words in duels]
    assert in_sum[:3] == [("giliran,", "0/1"), ("two-group", "1/1"), ("CP-SAT,", "1/1")]
    assert in_sum[3:] == [("giliran", "1/1"), ("two-group", "1/1"), ("CP-SAT,", "1/1")]
