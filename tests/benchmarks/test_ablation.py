"""The table of what each piece of the engine earns speaks of the engine as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.ablation import Kept, losses, one
from benchmarks.pieces import ALL, PIECES, Case, Piece, without


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
def test_every_piece_named_is_one_that_can_be_switched_off(piece: Piece) -> None:
    assert piece.switches and piece.cases
    with without(piece.name):
        pass


def test_what_is_switched_off_is_back_afterwards() -> None:
    from scheduler.solve import unit

    before = unit.find_ideal
    with without("whole rows"):
        assert unit.find_ideal is not before
    assert unit.find_ideal is before


def test_one_run_tells_what_it_found() -> None:
    found = one(ALL, Case(16), 1, 2.0)
    assert found["proven"] and not found["broken"] and found["cost"] == found["bound"] > 0


def test_a_run_that_is_kept_is_found_again_unless_the_effort_differs(tmp_path: Path) -> None:
    case = Case(20)
    Kept(tmp_path / "kept.jsonl", 20.0).add("whole rows", case, 1, {"stopped": True})
    assert Kept(tmp_path / "kept.jsonl", 20.0).get("whole rows", case, 1) == {"stopped": True}
    assert Kept(tmp_path / "kept.jsonl", 20.0).get("mending", case, 1) is None
    assert Kept(tmp_path / "kept.jsonl", 10.0).get("mending", case, 1) is None


def test_a_loss_is_told_where_a_run_is_slower_unproven_or_without_a_roster() -> None:
    on = {"cpu": 1.0, "proven": True, "broken": False, "cost": 100.0, "bound": 100.0}
    case = Case(20, stop=5)
    assert losses(case, [(on, on)]) == ""
    assert losses(case, [({**on, "cpu": 2.0}, on)]) == "2.0 times the CPU"
    worse = {**on, "proven": False, "cost": 101.0}
    assert losses(case, [(worse, on)]) == "1 not proven, gap 1.00% wider, sum 1.00% higher"
    assert losses(case, [({"cpu": 1.0}, on)]) == "1 without a roster"
    assert losses(case, [({"stopped": True}, on)]) == "1 stopped, 5.0 times the CPU at least"


def test_a_loss_is_told_where_fewer_are_near_their_bounds_in_time() -> None:
    on = {"cpu": 3.0, "proven": False, "broken": False, "cost": 100.4, "bound": 100.0}
    off = {**on, "bound": 99.0}
    pairs = [(on, on), (on, on), (off, on)]
    assert losses(Case(60, limit=3), pairs) == "1 fewer within 0.5%, gap 0.34% wider"
