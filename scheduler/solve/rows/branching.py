"""Picking among whole rows by branch and cut: SCIP dives from the linear programme, and seldom needs a second node.

Its floating point proves nothing: what it finds is checked in whole numbers, and that it finds nothing says nothing.
CP-SAT, which proves, takes many times longer to find where hundreds of rows compete for a hundred couplings.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ortools.linear_solver import pywraplp

from scheduler.solve.effort import Effort
from scheduler.solve.rows.relaxation import FAR

SETTINGS = (
    "limits/solutions = 1",
    "presolving/maxrounds = 0",
    "separating/maxrounds = 0",
    "separating/maxroundsroot = 0",
)
"""The first solution is as good as any; presolve and cuts take longer than the few nodes that they save."""

MOST_NODES = 60


class Line(NamedTuple):
    """low ≤ Σ coefficient × variable ≤ high, by indices of variables."""

    variables: Sequence[int]
    coefficients: Sequence[int]
    low: int
    high: int


def branch(model: Any, effort: Effort, nodes: int = MOST_NODES) -> list[int] | None:
    """Return a solution of a CP-SAT model, of any cost; None where a few nodes show none, or a constraint is not linear."""
    domains = [list(variable.domain) for variable in model.proto.variables]
    lines = [line for constraint in model.proto.constraints for line in _lines(constraint)]
    solver = pywraplp.Solver.CreateSolver("SCIP")
    if solver is None or effort.is_over or any(line is None for line in lines):
        return None
    if any(len(domain) > 2 for domain in domains):
        return None
    known = [line for line in lines if line is not None]
    used = sorted({v for line in known for v in line.variables})
    variables = {v: solver.IntVar(domains[v][0], domains[v][-1], "") for v in used}
    endless = solver.infinity()
    for line in known:
        row = solver.Constraint(
            -endless if line.low <= -FAR else line.low, endless if line.high >= FAR else line.high
        )
        for v, coefficient in zip(line.variables, line.coefficients, strict=True):
            row.SetCoefficient(variables[v], coefficient)
    solver.SetSolverSpecificParametersAsString("\n".join((*SETTINGS, f"limits/totalnodes = {nodes}", "")))
    if effort.deadline is not None:
        solver.SetTimeLimit(max(1, int(1000 * (effort.deadline - time.monotonic()))))
    if solver.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return None
    values = [domain[0] for domain in domains]
    for v, variable in variables.items():
        values[v] = round(variable.solution_value())
    return values if _holds(values, domains, known) else None


def _holds(values: Sequence[int], domains: Sequence[Sequence[int]], lines: Sequence[Line]) -> bool:
    return all(
        domain[0] <= value <= domain[-1] for value, domain in zip(values, domains, strict=True)
    ) and all(
        line.low
        <= sum(c * values[v] for v, c in zip(line.variables, line.coefficients, strict=True))
        <= line.high
        for line in lines
    )


def _lines(constraint: Any) -> Iterator[Line | None]:
    """Yield a constraint as lines; None for one that is not linear."""
    condition = list(constraint.enforcement_literal)
    if constraint.has_linear() and not condition:
        domain = list(constraint.linear.domain)
        if len(domain) > 2:
            yield None
        else:
            yield _line(constraint.linear.vars, constraint.linear.coeffs, domain[0], domain[-1])
    elif constraint.has_exactly_one() and not condition:
        yield _counted(list(constraint.exactly_one.literals), 1, 1)
    elif constraint.has_at_most_one() and not condition:
        yield _counted(list(constraint.at_most_one.literals), -FAR, 1)
    elif constraint.has_bool_or():
        yield _counted([*constraint.bool_or.literals, *(-n - 1 for n in condition)], 1, FAR)
    elif constraint.has_bool_and():
        for literal in constraint.bool_and.literals:
            yield _counted([literal, *(-n - 1 for n in condition)], 1, FAR)
    else:
        yield None


def _counted(literals: Sequence[int], low: int, high: int) -> Line:
    return _line(literals, [1] * len(literals), low, high)


def _line(literals: Sequence[int], coefficients: Sequence[int], low: int, high: int) -> Line:
    """Return a line over literals as one over variables: a negated one is 1 less its variable."""
    sums: dict[int, int] = {}
    offset = 0
    for n, c in zip(literals, coefficients, strict=True):
        if n >= 0:
            sums[n] = sums.get(n, 0) + c
        else:
            sums[-n - 1] = sums.get(-n - 1, 0) - c
            offset += c
    return Line(tuple(sums), tuple(sums.values()), low - offset, high - offset)
