"""How many are at home each day: every way that shortfalls and roles leave open.

A quota's target less the least shortfall is the number, unless roles excuse places or no roster fills them all.
Each such way is a variant, with numbers of its own for whom turns are due to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scheduler.constraints.base import Turns
from scheduler.solve.model import Shortfall, UnitModel
from scheduler.solve.rows.relaxation import Coupling
from scheduler.solve.search import Effort, search

Fewer = tuple[tuple[int, int], ...]
"""(index among the model's shortfalls, places empty beyond the least shortfall), where there are any."""

MOST_VARIANTS = 300
"""Where there are more variants, only the first is looked at, and what is found is no bound."""


FEW_PEOPLE = 30
"""Of so few people CP-SAT says in milliseconds which numbers some roster has: most of the variants have none."""

MOST_ATTAINABLE = 12
"""Where more variants have rosters, the passes settle few people's sooner than each is looked at by itself."""


def most_excused(shortfall: Shortfall) -> int:
    """Return how many places roles can excuse that day."""
    if isinstance(shortfall.excused, int):
        return 0
    return int(list(shortfall.excused.proto.domain)[-1])


def variants(model: UnitModel, extra: int) -> list[Fewer] | None:
    """Return the ways to leave places empty with `extra` shortfalls beyond the least; None where they are too many."""
    open_days = []
    ways = 1
    for n, shortfall in enumerate(model.shortfalls):
        most = min(shortfall.target - shortfall.least, most_excused(shortfall) + extra)
        if shortfall.variable is not None and most > 0:
            open_days.append((n, most, most_excused(shortfall)))
            ways *= most + 1 if not extra else 1
    if ways > MOST_VARIANTS:
        return None
    found = []
    for numbers in _choices([most for _, most, _ in open_days], [free for _, _, free in open_days], extra):
        found.append(tuple((n, f) for (n, _, _), f in zip(open_days, numbers, strict=True) if f))
        if len(found) > MOST_VARIANTS:
            return None
    return found


def _choices(most: Sequence[int], excused: Sequence[int], extra: int) -> Iterator[tuple[int, ...]]:
    """Yield numbers up to `most` of which at most `extra` in all are beyond `excused`."""
    if not most:
        yield ()
        return
    for number in range(most[0] + 1):
        beyond = max(0, number - excused[0])
        if beyond <= extra:
            for rest in _choices(most[1:], excused[1:], extra - beyond):
                yield (number, *rest)


def attainable(model: UnitModel, effort: Effort) -> tuple[int, list[Fewer] | None] | None:
    """Return the least shortfalls beyond the least by counting, and all variants that have a roster with no more.

    None for the variants where they are more than `MOST_ATTAINABLE`; None for all where CP-SAT does not tell, or where
    roles excuse places.
    """
    shortfalls = [(n, s) for n, s in enumerate(model.shortfalls) if s.variable is not None]
    if any(not isinstance(s.excused, int) for _, s in shortfalls):
        return None
    least = sum(s.least for _, s in shortfalls)
    cp = model.cp.clone()
    empty = sum(s.variable for _, s in shortfalls)
    if shortfalls:
        cp.add(empty >= least)
        cp.minimize(empty)
    answer = search(cp, effort, alone=True)
    if answer.values is None:
        return None
    reached = sum(answer.values[s.variable.index] for _, s in shortfalls)
    if reached == least:
        return 0, [()]
    if answer.bound < reached:
        return None
    cp.clear_objective()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
    cp.add(empty == reached)
    found: list[Fewer] = []
    more: dict[tuple[int, int], Any] = {}
    while answer.values is not None:
        if len(found) == MOST_ATTAINABLE:
            return reached - least, None
        numbers = [(n, s, answer.values[s.variable.index]) for n, s in shortfalls]
        found.append(tuple((n, number - s.least) for n, s, number in numbers if number > s.least))
        # With as many empty places in all, any other variant has more of them on some day.
        for n, s, number in numbers:
            if number < s.target and (n, number) not in more:
                more[n, number] = cp.new_bool_var("")
                cp.add(s.variable > number).only_enforce_if(more[n, number])
        cp.add_bool_or([more[n, number] for n, s, number in numbers if number < s.target])
        answer = search(cp, effort, alone=True)
    return (reached - least, sorted(found)) if answer.is_infeasible else None


def places(model: UnitModel, shortfalls: Sequence[Shortfall] | None = None) -> list[int | None]:
    """Return for each shortfall how many of those who take turns are at home where no place is empty beyond the least.

    None where others' places are open, or more than the target may be at home.
    """
    eligible = {
        (t.name, k): set(people)
        for t in model.turns
        if t.kind == "home"
        for k, people in enumerate(t.eligible)
    }
    found: list[int | None] = []
    for shortfall in model.shortfalls if shortfalls is None else shortfalls:
        rule, k = shortfall.rule, shortfall.day
        if rule is None or rule.weight_for("over") is not None or (rule.label, k) not in eligible:
            found.append(None)
            continue
        inside = eligible[rule.label, k]
        others = [
            model.home(i, k)
            for i in rule.among(model.people, model.days[k])
            if i not in inside and model.home(i, k) is not False and not model.is_exempt(i, k)
        ]
        excused = shortfall.excused if isinstance(shortfall.excused, int) else 0
        held = sum(truth for truth in others if isinstance(truth, bool))
        is_open = any(not isinstance(truth, bool) for truth in others)
        found.append(None if is_open else shortfall.target - shortfall.least - excused - held)
    return found


def settled_numbers(
    model: UnitModel,
    turns: Turns,
    places: Sequence[int | None],
    shortfalls: Sequence[Shortfall] | None = None,
) -> dict[int, int]:
    """Return, by day, how many take a turn where the rule says it, or `places` for the rule's own shortfall."""
    settled = {k: number for k, number in enumerate(turns.numbers) if number is not None}
    for shortfall, number in zip(
        model.shortfalls if shortfalls is None else shortfalls, places, strict=False
    ):
        if number is not None and shortfall.rule is not None and shortfall.rule.label == turns.name:
            settled[shortfall.day] = number
    return settled


def less(places: Sequence[int | None], fewer: Fewer) -> list[int | None]:
    """Return the places of a variant."""
    found = list(places)
    for n, number in fewer:
        before = found[n]
        found[n] = None if before is None else before - number
    return found


def couplings(model: UnitModel, places: Sequence[int | None]) -> list[Coupling]:
    """Return lines that say how many of each quota are at home on the days of its targets."""
    turns = {t.name: t for t in model.turns if t.kind == "home"}
    found = []
    for shortfall, number in zip(model.shortfalls, places, strict=True):
        if shortfall.variable is None or number is None or shortfall.rule is None:
            continue
        group = turns[shortfall.rule.label]
        taken = [group.taken[i, shortfall.day] for i in group.eligible[shortfall.day]]
        variables = tuple(truth.index for truth in taken if not isinstance(truth, bool))
        rest = number - sum(truth for truth in taken if isinstance(truth, bool))
        if variables:
            found.append(Coupling(variables, (1,) * len(variables), rest, rest))
    return found
