"""What several tests of the solver ask of a solution."""

from __future__ import annotations

from scheduler.problem import Unit
from scheduler.roster import OBJECTIVES
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit, false_claims


def assert_optimal(unit: Unit, best: tuple[int, ...] | None) -> None:
    """The unit's roster is lawful and worth what it claims: the best values, all of them proven."""
    solution = solve_unit(unit, Effort())
    found = audit(unit, solution.roster)
    assert found.broken == ()
    assert list(false_claims(solution.objectives, found.objectives)) == []
    assert all(objective.is_optimal for objective in solution.objectives)
    assert tuple(found.objectives[name] for name in OBJECTIVES) == best
