"""The table of what each piece of the engine earns speaks of the engine as it is."""

from __future__ import annotations

import pytest

from benchmarks.ablation import ALL, PIECES, one, without


@pytest.mark.parametrize("piece", [ALL, *PIECES])
def test_every_piece_named_is_one_that_can_be_switched_off(piece: str) -> None:
    with without(piece):
        pass


def test_what_is_switched_off_is_back_afterwards() -> None:
    from scheduler.solve import unit

    before = unit.find_ideal
    with without("whole rows"):
        assert unit.find_ideal is not before
    assert unit.find_ideal is before


def test_one_run_tells_what_it_found() -> None:
    found = one(ALL, (16, 22, 0.0), 1, 2.0)
    assert found["proven"] and not found["broken"] and found["cost"] > 0
