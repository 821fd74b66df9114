"""Objectives weighed against each other instead of minimised in turn: a policy's `[objectives] weights`.

Shortfall and changes stay first, each by itself. The sum of the others is a whole number of thousandths: a weight is
for a day of balance, or for a unit of weight or a stint, and balances are in thousandths of a day (CONTRACT).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scheduler.roster import OBJECTIVES

if TYPE_CHECKING:
    from scheduler.problem import Weights

WEIGHTED_SUM = "weighted_sum"
"""The name of the sum among a unit's objectives; the certificate has it in thousandths."""

WEIGHED = OBJECTIVES[2:]
"""What a policy may weigh: all but shortfall and changes."""

IN_THOUSANDTHS = frozenset(
    ("fairness_spread", "fairness_total", "role_spread", "role_total", "monday_friday")
)
"""Objectives counted in thousandths of a day; the others in whole units."""


def coefficient(weights: Weights, name: str) -> int:
    """Return what one unit of an objective, as it is counted, adds to the sum in thousandths."""
    return weights.get(name, 0) * (1 if name in IN_THOUSANDTHS else 1000)


def weighted_sum(weights: Weights, values: Mapping[str, int]) -> int:
    """Return the sum of values by objective, in thousandths."""
    return sum(coefficient(weights, name) * values[name] for name in WEIGHED)


def objectives_of(weights: Weights | None, *, with_changes: bool) -> tuple[str, ...]:
    """Return the names of the objectives that a unit's roster is judged by, in order; the sum before its parts."""
    first = OBJECTIVES[:2] if with_changes else OBJECTIVES[:1]
    return (*first, *((WEIGHTED_SUM,) if weights is not None else ()), *WEIGHED)
