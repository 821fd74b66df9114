"""Units that a new revision leaves as they are: their rosters are read back and verified under the new inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scheduler.errors import VerificationError
from scheduler.language import Bilingual
from scheduler.problem import Unit
from scheduler.read.outputs.kept import Kept
from scheduler.roster import ObjectiveValue, Replaced, UnitResult
from scheduler.solving import readings, warnings
from scheduler.verify import audit
from scheduler.weighing import WEIGHED, WEIGHTED_SUM, objectives_of


def keep_result(unit: Unit, kept: Kept, replaced: Replaced | None) -> UnitResult:
    """Return one unit's result as the current revision has it.

    What was proven under other facts says nothing now, nor does a claim that the roster does not bear out.

    Parameters
    ----------
    replaced : the same roster where it counts as replaced (no changes then), or what it replaced in its time.

    Raises
    ------
    VerificationError
        Where the roster breaks a rule under the new inputs, so that the unit must be planned again.
    """
    roster = kept.rosters[unit.name]
    found = audit(unit, roster, replaced)
    if found.broken:
        raise VerificationError(
            Bilingual(
                id=f"{unit.name}: jadwal yang berlaku tidak lagi memenuhi aturan; susun lagi unit ini juga (--unit). "
                + " ".join(v.sentence.id for v in found.broken[:3]),
                en=f"{unit.name}: the present roster no longer meets the rules; plan this unit again too (--unit). "
                + " ".join(v.sentence.en for v in found.broken[:3]),
            )
        )
    return UnitResult(
        unit=unit,
        roster=roster,
        objectives=_claims(
            unit,
            kept.claims.get(unit.name, ()),
            found.objectives,
            counts_changes=replaced is not None,
            are_facts_kept=any(_says_the_same(unit, before) for before in kept.scenario.problem.units),
        ),
        audit=replace(found, notes=(*warnings(unit), *found.notes)),
        readings=tuple(readings(unit, roster.attained)),
        interrupted=unit.name in kept.interrupted,
    )


def _says_the_same(unit: Unit, before: Unit) -> bool:
    """Whether the facts of a unit are what they were, wherever in their files they stand."""

    def plain(facts: Unit) -> Unit:
        return replace(facts, people=tuple(replace(person, row=0) for person in facts.people))

    return unit.name == before.name and plain(unit) == plain(before)


def _claims(
    unit: Unit,
    claimed: Sequence[ObjectiveValue],
    values: Mapping[str, int],
    *,
    counts_changes: bool,
    are_facts_kept: bool,
) -> tuple[ObjectiveValue, ...]:
    """Return the claims with the values found now; a bound holds only where the facts and its value are the same.

    Where the policy weighs objectives now and did not, or no longer does, others are claimed.
    """
    is_weighed = any(c.name == WEIGHTED_SUM for c in claimed)
    if claimed and is_weighed != (unit.weights is not None):
        claimed = [
            ObjectiveValue(
                name=name, value=values[name], bound=0, is_part=unit.weights is not None and name in WEIGHED
            )
            for name in objectives_of(unit.weights, with_changes=False)
        ]
    kept = [
        replace(c, value=values[c.name], bound=c.bound if are_facts_kept and c.value == values[c.name] else 0)
        for c in claimed
        if c.name != "changes"
    ]
    if counts_changes:
        changes = ObjectiveValue(name="changes", value=values["changes"], bound=values["changes"])
        kept[1:1] = [changes]
    return tuple(kept)
