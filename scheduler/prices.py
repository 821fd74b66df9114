"""What one more of each demand would cost: each is tried by solving again.

One more officer at a counter, one more leader on site, one point more of a quota: in days at home and in fairness.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scheduler.constraints.base import Rule
from scheduler.errors import InfeasibleError, NoRosterFoundError
from scheduler.language import Bilingual
from scheduler.problem import Problem, Unit
from scheduler.roster import HOME, Audit
from scheduler.solve.conflicts.change import Change
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit

ONE_POINT = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a unit's roster gives: person-days at home, empty home places, and the spread of balances."""

    home: int
    shortfall: int
    spread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one more of a demand costs in one unit; `after` is None where no roster is left."""

    unit: str
    change: Change
    before: Outcome
    after: Outcome | None
    proven: bool

    @property
    def label(self) -> Bilingual:
        """What is asked more of."""
        field, rule = self.change.field, self.change.rule
        if field == "share":
            return Bilingual(id=f"{rule}: satu poin persen lagi", en=f"{rule}: one more point")
        return Bilingual(
            id=f"{rule}: satu orang lagi ({self.change.value})",
            en=f"{rule}: one more person ({self.change.value})",
        )


def find_prices(problem: Problem, effort: Effort) -> Iterator[Price]:
    """Yield the prices of every unit's demands, by unit and rule.

    Raises
    ------
    InfeasibleError, NoRosterFoundError
        Where a unit has no roster to begin with.
    """
    for unit in problem.units:
        changes = [change for rule in unit.rules if (change := _one_more(rule, unit)) is not None]
        if not changes:
            continue
        before, proven = _solve(unit, effort)
        for change in changes:
            try:
                after, also = _solve(change.apply(unit), effort)
            except InfeasibleError:
                yield Price(unit=unit.name, change=change, before=before, after=None, proven=True)
            except NoRosterFoundError:
                continue
            else:
                yield Price(unit=unit.name, change=change, before=before, after=after, proven=proven and also)


def _one_more(rule: Rule, unit: Unit) -> Change | None:
    """Return the change to one more of what a rule demands of this unit; None where it demands nothing here."""
    fields: dict[str, str] = {"service_post": "at_least", "min_on_site": "at_least", "home_quota": "share"}
    field = fields.get(rule.key)
    if field is None or not _concerns(rule, unit):
        return None
    value: Any = getattr(rule, field)
    more = value + ONE_POINT if isinstance(value, Fraction) else value + 1
    if isinstance(more, Fraction) and more > 1:
        return None
    return Change(cost=0, unit=unit.name, rule=rule.label, field=field, before=value, value=more)


def _concerns(rule: Rule, unit: Unit) -> bool:
    offered = any(True for _ in rule.offers_roles(unit))
    return offered if rule.key == "service_post" else any(rule.for_.takes(person) for person in unit.people)


def _solve(unit: Unit, effort: Effort) -> tuple[Outcome, bool]:
    solution = solve_unit(unit, effort)
    found: Audit = audit(unit, solution.roster)
    home = sum(status == HOME for row in solution.roster.statuses for status in row)
    spreads = [sheet.spread for sheet in found.balances if sheet.kind == "home"]
    outcome = Outcome(home, found.objectives["shortfall"], max(spreads, default=0))
    return outcome, all(objective.is_optimal for objective in solution.objectives)
