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
from scheduler.language import Bilingual, format_number
from scheduler.problem import Problem, Unit
from scheduler.roster import HOME, Audit
from scheduler.solve.conflicts.change import Change, setting_text
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
    def sentence(self) -> Bilingual:
        """What is asked more of, and what it costs, for people."""
        id_, en = self._asked()
        costs = self._costs()
        if costs is None:
            return Bilingual(id=f"{id_}: tidak ada jadwal lagi.", en=f"{en}: no roster is left.")
        doubt = Bilingual(id="", en="")
        if not self.proven:
            doubt = Bilingual(id=" (perkiraan: belum terbukti optimal)", en=" (about: not proven optimal)")
        if not costs:
            return Bilingual(id=f"{id_}: tanpa biaya{doubt.id}.", en=f"{en}: costs nothing{doubt.en}.")
        return Bilingual(
            id=f"{id_}: {', '.join(cost.id for cost in costs)}{doubt.id}.",
            en=f"{en}: {', '.join(cost.en for cost in costs)}{doubt.en}.",
        )

    def _asked(self) -> tuple[str, str]:
        rule, value = self.change.rule, setting_text(self.change.value)
        name = rule.partition("[")[2].removesuffix("]")
        if self.change.field == "share":
            return (
                f"Kuota {name}".strip() + f" satu poin lagi ({value})",
                f"One point more of the quota {name}".strip() + f" ({value})",
            )
        if rule.startswith("service_post"):
            return (
                f"Satu petugas lagi di {name} (menjadi {value})",
                f"One more officer at {name} (making {value})",
            )
        return (
            f"Satu orang lagi di kantor, {rule} (menjadi {value})",
            f"One more on site, {rule} (making {value})",
        )

    def _costs(self) -> list[Bilingual] | None:
        if self.after is None:
            return None
        home = self.after.home - self.before.home
        short = self.after.shortfall - self.before.shortfall
        spread = self.after.spread - self.before.spread
        costs = []
        if home:
            days = f"day{'' if abs(home) == 1 else 's'}"
            costs.append(
                Bilingual(
                    id=f"hari WFH {'bertambah' if home > 0 else 'berkurang'} {abs(home)}",
                    en=f"{abs(home)} {'more' if home > 0 else 'fewer'} home {days}",
                )
            )
        if short:
            places = f"place{'' if abs(short) == 1 else 's'}"
            costs.append(
                Bilingual(
                    id=f"jatah WFH yang kosong {'bertambah' if short > 0 else 'berkurang'} {abs(short)}",
                    en=f"{abs(short)} {'more' if short > 0 else 'fewer'} home {places} left empty",
                )
            )
        if spread:
            amount = abs(spread) / 1000
            costs.append(
                Bilingual(
                    id=f"selisih giliran {'melebar' if spread > 0 else 'menyempit'} {format_number(amount, 'id', 2)} hari",
                    en=f"turns {'less' if spread > 0 else 'more'} even by {format_number(amount, 'en', 2)} days",
                )
            )
        return costs


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
        before, proven, found = _solve(unit, effort)
        counted = {quota.rule for quota in found.quotas if any(day.base for day in quota.days)}
        for change in changes:
            if change.field == "share" and change.rule not in counted:
                continue  # everybody it is for is outside its base
            try:
                after, also, _ = _solve(change.apply(unit), effort)
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
    if rule.key == "service_post":
        return any(True for _ in rule.offers_roles(unit))
    taken = sum(rule.for_.takes(person) for person in unit.people)
    # A floor asks for no more than there are.
    return taken > (rule.at_least if rule.key == "min_on_site" else 0)  # type: ignore[attr-defined]


def _solve(unit: Unit, effort: Effort) -> tuple[Outcome, bool, Audit]:
    solution = solve_unit(unit, effort)
    found: Audit = audit(unit, solution.roster)
    home = sum(status == HOME for row in solution.roster.statuses for status in row)
    spreads = [sheet.spread for sheet in found.balances if sheet.kind == "home"]
    outcome = Outcome(home, found.objectives["shortfall"], max(spreads, default=0))
    return outcome, all(objective.is_optimal for objective in solution.objectives), found
