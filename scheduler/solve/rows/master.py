"""The linear programme over whole rows: one column a row, one row a coupling, one a person (Dantzig and Wolfe, 1960).

GLOP solves it from its last basis; an iteration cap and a cold start guard against a warm start that cycles.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from ortools.linear_solver import pywraplp

from scheduler.solve.rows.relaxation import FAR

Number = npt.NDArray[np.float64]
WARM_START = "use_preprocessing: false use_scaling: false"
"""What would hide from GLOP that only columns are new; it takes a third more time with them."""

DEVEX = "optimization_rule: DEVEX feasibility_rule: DEVEX"
"""What takes more iterations, each in half the time: worth it for the large programmes of long periods."""

COLD_STARTS = (
    "max_number_of_iterations: 50000 use_dual_simplex: true",
    "max_number_of_iterations: 100000 use_dual_simplex: true perturb_costs_in_dual_simplex: true",
    "use_preprocessing: false max_number_of_iterations: 100000",
)


class MasterError(Exception):
    """GLOP found no optimum in any way tried."""


class Master:
    """Columns and rows so far; what a column costs can be changed, and rows added, without starting anew.

    Parameters
    ----------
    bounds : least and most of each coupling.
    people : how many people choose a row.
    penalty : what missing a coupling by one costs; more than any dual that is worth having.
    is_large : whether iterations are dear.
    """

    def __init__(
        self, bounds: Sequence[tuple[int, int]], people: int, penalty: float, *, is_large: bool = False
    ) -> None:
        self.way = f"{WARM_START} {DEVEX}" if is_large else WARM_START
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.endless = self.solver.infinity()
        self.objective = self.solver.Objective()
        self.objective.SetMinimization()
        self.choice = [self.solver.Constraint(1, 1) for _ in range(people)]
        self.rows: list[Any] = []
        self.missing: list[tuple[Any, float]] = []
        self.penalty = penalty
        for row in self.choice:
            self._allow_missing(row, (1,), 100)
        for low, high in bounds:
            self.add_row(low, high)
        self.columns: list[Any] = []
        self.others: list[Any] = []

    def add_row(self, low: int, high: int) -> None:
        """Add a coupling; its coefficients come with `add_column`, `add_other` and `extend_row`."""
        row = self.solver.Constraint(
            -self.endless if low <= -FAR // 2 else low, self.endless if high >= FAR // 2 else high
        )
        self.rows.append(row)
        self._allow_missing(row, (1, -1), 1)

    def extend_row(self, columns: Sequence[float], others: Sequence[float]) -> None:
        """Give the last row its coefficients for all columns and others there are."""
        for variables, values in ((self.columns, columns), (self.others, others)):
            for variable, value in zip(variables, values, strict=True):
                if value:
                    self.rows[-1].SetCoefficient(variable, value)

    def _allow_missing(self, row: Any, signs: Sequence[int], times: float) -> None:
        for sign in signs:
            self.missing.append((self._variable(times * self.penalty, self.endless, [(row, sign)]), times))

    def set_penalty(self, penalty: float) -> None:
        """Change what missing a coupling costs."""
        self.penalty = penalty
        for variable, times in self.missing:
            self.objective.SetCoefficient(variable, times * penalty)

    def set_costs(self, columns: Sequence[float], others: Sequence[float]) -> None:
        """Change what columns and others cost."""
        for variables, values in ((self.columns, columns), (self.others, others)):
            for variable, value in zip(variables, values, strict=True):
                self.objective.SetCoefficient(variable, value)

    def _variable(
        self, cost: float, most: float, terms: Sequence[tuple[Any, float]], least: float = 0
    ) -> Any:
        variable = self.solver.NumVar(least, most, "")
        self.objective.SetCoefficient(variable, cost)
        for row, coefficient in terms:
            row.SetCoefficient(variable, coefficient)
        return variable

    def add_other(self, cost: float, least: int, most: int, terms: Sequence[tuple[int, int]]) -> None:
        """Add a variable that belongs to nobody's row; terms are (coupling, coefficient)."""
        self.others.append(self._variable(cost, most, [(self.rows[r], c) for r, c in terms], least))

    def add_column(
        self, person: int, cost: float, couplings: Sequence[int], coefficients: Sequence[int]
    ) -> None:
        """Add a whole row of `person`."""
        variable = self.solver.NumVar(0, self.endless, "")
        self.objective.SetCoefficient(variable, cost)
        self.choice[person].SetCoefficient(variable, 1)
        for r, c in zip(couplings, coefficients, strict=True):
            self.rows[r].SetCoefficient(variable, c)
        self.columns.append(variable)

    def close(self, column: int, *, closed: bool) -> None:
        """Forbid a column, or allow it again."""
        self.columns[column].SetUb(0 if closed else self.endless)

    def solve(self) -> tuple[float, Number, Number]:
        """Return the value, the duals of the couplings and the duals of the people.

        Raises
        ------
        MasterError
            Where no way of starting reaches an optimum.
        """
        self.solver.SetSolverSpecificParametersAsString(
            f"{self.way} max_number_of_iterations: {5000 + 2 * len(self.columns)}"
        )
        status = self.solver.Solve()
        if status != pywraplp.Solver.OPTIMAL:
            cold = pywraplp.MPSolverParameters()
            cold.SetIntegerParam(cold.INCREMENTALITY, cold.INCREMENTALITY_OFF)
            for text in COLD_STARTS:
                self.solver.SetSolverSpecificParametersAsString(text)
                status = self.solver.Solve(cold)
                if status == pywraplp.Solver.OPTIMAL:
                    break
            else:
                raise MasterError
        duals = np.array([row.dual_value() for row in self.rows])
        prices = np.array([row.dual_value() for row in self.choice])
        return self.objective.Value(), duals, prices

    def weights(self) -> Number:
        """Return how far each column is chosen."""
        return np.array([column.solution_value() for column in self.columns])

    @property
    def missed(self) -> float:
        """By how much couplings and people are missed in all."""
        return float(sum(variable.solution_value() for variable, _ in self.missing))
