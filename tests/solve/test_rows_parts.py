"""Parts of a unit solved one by one: together they are what brute force over the whole unit finds best."""

from __future__ import annotations

import random

import pytest

from scheduler.problem import Unit
from scheduler.roster import HOME, OBJECTIVES, OFFICE
from scheduler.solve.model import UnitModel
from scheduler.solve.rows.parts import parts, views
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from tests.constraints.problems import best_values, make_rule, make_unit

RANKS = ("pengawas", "pengawas", "pelaksana", "pelaksana")


def _two_ranks(seed: int, *, common: bool = False) -> Unit:
    """Two people of each of two ranks with quotas of their own; `common` demands one of the four on site."""
    draw = random.Random(f"parts {seed}")
    cells = [(i, k) for i in range(4) for k in range(2)]
    rules = [
        *(
            make_rule(
                "home_quota", name=rank, **{"for": {"rank": rank}}, share=draw.choice(["50%", "1/3", "1"])
            )
            for rank in sorted(set(RANKS))
        ),
        make_rule("stint", home=[1, 2], prefer=draw.choice([None, 1])),
    ]
    if common:
        rules.append(make_rule("min_on_site", at_least=1))
    return make_unit(
        rules,
        [{"rank": rank} for rank in RANKS],
        2,
        absences={cell: "leave" for cell in cells if draw.random() < 0.1},
        pins={cell: draw.choice([HOME, OFFICE]) for cell in cells if draw.random() < 0.1},
        history={
            i: {"balance": draw.randint(-900, 900), "last_status": HOME, "last_stint": draw.randint(1, 2)}
            for i in range(4)
        },
        preferences=[(*draw.choice(cells), draw.choice([HOME, OFFICE]), 2) for _ in range(3)],
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_best_of_each_part_is_the_best_of_the_unit(seed: int) -> None:
    unit = _two_ranks(seed)
    lowest = best_values(unit)
    if lowest is None:
        return
    best = dict(zip(OBJECTIVES, lowest, strict=True))
    found = solve_unit(unit, Effort(limit=2.0))
    assert {o.name: o.value for o in found.objectives} == {
        name: best[name] for name in (o.name for o in found.objectives)
    }
    assert all(o.is_optimal for o in found.objectives)


def test_ranks_are_parts_unless_a_rule_connects_them() -> None:
    apart = UnitModel(_two_ranks(2))
    found = parts(apart)
    assert len(found) == 2
    seen = list(views(apart, found))
    assert [len(view.turns) for view in seen] == [1, 1]
    assert sum(len(view.cp.proto.constraints) for view in seen) == len(apart.cp.proto.constraints)
    assert len(parts(UnitModel(_two_ranks(2, common=True)))) == 1
