"""What counting says of turns, put to use before and beside the passes: rosters looked for that meet it, bounds raised by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scheduler.roster import ObjectiveValue
from scheduler.solve.fairness import Group
from scheduler.solve.model import UnitModel
from scheduler.solve.rows.fair_shares import constrain, exactly
from scheduler.solve.rows.ideal import NEEDS, Ideal
from scheduler.solve.rows.sharing import Shared, Sharing
from scheduler.solve.search import Effort, search
from scheduler.solve.standing import Objective, Standing

AIMING = 0.25
"""The part of a pass's effort that is spent on meeting a bound by counting, before minimising in earnest."""


class Aiming(Standing):
    """The present solution, and what is known of the best one.

    Attributes
    ----------
    ideal : what whole rows told before the passes.
    reached : the objectives that passes are done with, by name.
    """

    def __init__(self, model: UnitModel, effort: Effort) -> None:
        super().__init__(model)
        self.effort = effort
        self.ideal = Ideal()
        self.reached: dict[str, ObjectiveValue] = {}

    def _aim_at(self, groups: Sequence[Group], keeping: Sequence[Group] = ()) -> bool:
        """Look for a roster in which everybody takes as many turns as the fairest sharing out by counting says.

        Everybody of `keeping` keeps the number of turns they have now. Return whether the fairest is reached; a
        failure proves nothing, as other people may take the odd turns.
        """
        wanted = [(g, aim.turns) for g in groups if (aim := g.aim) and not self.meets(g, aim)]
        if all(self.turns_of(group) == turns for group, turns in wanted):
            return True
        return self._look_for([*wanted, *((group, self.turns_of(group)) for group in keeping)])

    def _look_for(self, wanted: Sequence[tuple[Group, tuple[int, ...]]]) -> bool:
        """Look for a roster in which everybody takes just so many turns."""
        if self.effort.is_over:
            return False
        attempt = self.model.cp.clone()
        attempt.clear_objective()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
        for group, turns in wanted:
            constrain(attempt, group, exactly(group, turns))
        # Alone and without a hint: interleaved subsolvers of OR-Tools 9.15 abort where the model is infeasible.
        answer = search(attempt, self.effort.share(AIMING), alone=True)
        if answer.values is None:
            return False
        self.take(answer.values)
        return True

    def _are_posts_ideal(self, posts: Sequence[Group]) -> bool:
        """Whether turns in posts are as fair as is known before the passes that they can be."""
        bounds = self.ideal.bounds
        if any(
            name not in bounds or self.reached[name].value != bounds[name] for name in NEEDS["role_spread"]
        ):
            return False
        return bounds.get("role_spread") == sum(g.spread(self.value_of) for g in posts) and bounds.get(
            "role_total"
        ) == sum(g.sum_of_sizes(self.value_of) for g in posts)

    def _shared(self, homes: Sequence[Group], posts: Sequence[Group]) -> Shared | None:
        """Return the fairest turns in posts by counting them beside turns at home; None where that is not needed."""
        sharing = self._sharing(homes, posts)
        aims = [aim for group in posts if (aim := group.aim) is not None]
        if sharing is None or len(aims) < len(posts) or all(map(self.meets, posts, aims)):
            return None
        spread, shared = sharing.least_spread(self.effort, sum(aim.spread for aim in aims))
        counted = sum(aim.cost for aim in aims)
        return sharing.least_total(self.effort, spread, counted)[1] if shared is not None else None

    def _raised(self, objective: Objective, homes: Sequence[Group], groups: Sequence[Group]) -> Objective:
        """Return an objective of groups with the bound that counting them beside turns at home gives."""
        spread = sum(group.spread(self.value_of) for group in groups)
        is_total = objective.name.endswith("total")
        is_even = spread <= sum(aim.spread for group in groups if (aim := group.aim))
        if is_even and not homes:
            return objective
        known = max(objective.bound, self.ideal.bound(objective.name, self.reached))
        if self.worth(objective) <= known or (sharing := self._sharing(homes, groups)) is None:
            return objective
        found = (
            sharing.least_total(self.effort, spread, known)
            if is_total
            else sharing.least_spread(self.effort, known)
        )
        return replace(objective, bound=found[0])

    def _sharing(self, homes: Sequence[Group], posts: Sequence[Group]) -> Sharing | None:
        """Return the programme of turns where their numbers are settled, with those at home as fair as they are now."""
        if self.effort.is_over or any(group.total is None for group in (*homes, *posts)):
            return None
        sharing = Sharing(self.model, homes, posts)
        sharing.keep_homes(
            sum(group.spread(self.value_of) for group in homes),
            sum(group.sum_of_sizes(self.value_of) for group in homes),
        )
        return sharing
