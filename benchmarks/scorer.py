"""One number for a roster, to compare peers that can only minimise a weighted sum: from the verifier's measures.

1000 a day of spread and 50 a day of absolute balance over the fairest's own units, 200 a day of spread over Mondays
and Fridays, wishes and soft rules by their weight, 1 a stint of an unwanted length (issue 4). Independent of any
solver: it counts cells, by `scheduler.verify`.
"""

from __future__ import annotations

from fractions import Fraction

from scheduler.problem import Unit
from scheduler.roster import UnitRoster
from scheduler.verify import audit

WEIGHTS = {
    "shortfall": Fraction(10_000),
    "fairness_spread": Fraction(1),
    "fairness_total": Fraction(50, 1000),
    "role_spread": Fraction(1),
    "role_total": Fraction(50, 1000),
    "monday_friday": Fraction(200, 1000),
    "preferences": Fraction(1),
    "stints": Fraction(1),
}
"""Cost of one unit of each objective; balances are in thousandths of a day."""


def score(unit: Unit, roster: UnitRoster) -> tuple[int, Fraction]:
    """Return how many hard rules a roster breaks, and its weighted sum."""
    found = audit(unit, roster)
    return len(found.broken), sum(
        (weight * found.objectives[name] for name, weight in WEIGHTS.items()), Fraction(0)
    )
